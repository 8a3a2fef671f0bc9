"""Neither the order of rows, nor of columns, nor of frames, nor what rows are called changes what linking frames finds."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_households import generate
from resident_tables import groups_of, steady_entropy
from wardkeeper.residents import link, link_frames
from wardkeeper.residents.linking import ROLES
from wardkeeper.residents.roles import Role

NAMED = {name: role.value for name, role in ROLES.items() if role is not Role.ID}
UNNAMED = {name: role for name, role in NAMED.items() if role != Role.SOURCE}
"""Without a column of sources each frame is a source."""
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=5)


def town(seed, households=60):
    return generate(seed, households).records


def read(linked, frames):
    """Groups as sets of record ids, and each pair's log odds by its two ids: what must not depend on any order."""
    ids = [frame["record_id"].to_list() for frame in frames]
    groups = {}
    for frame, row, cluster in linked.clusters.iter_rows():
        groups.setdefault(cluster, set()).add(ids[frame][row])
    flat = [name for part in ids for name in part]
    pairs = {
        frozenset((flat[left], flat[right])): odds
        for left, right, odds in linked.pairs.select("left", "right", "log_odds").iter_rows()
    }
    return {frozenset(group) for group in groups.values()}, pairs


def agree(one, other):
    assert one[0] == other[0]
    assert one[1].keys() == other[1].keys()
    assert all(odds == pytest.approx(other[1][pair], abs=1e-6) for pair, odds in one[1].items())


@FEW
@given(seed=SEEDS, chance=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_changes_nothing(seed, chance):
    records = town(seed)
    shuffled = records.sample(fraction=1, shuffle=True, seed=chance.randrange(1000))
    shuffled = shuffled.select(chance.sample(records.columns, len(records.columns)))
    names = chance.sample(list(NAMED), len(NAMED))
    one, other = link_frames(records, NAMED), link_frames(shuffled, {name: NAMED[name] for name in names})
    agree(read(one, [records]), read(other, [shuffled]))
    assert (one.model, one.candidates, one.keys) == (other.model, other.candidates, other.keys)


@FEW
@given(seed=SEEDS, chance=st.randoms(use_true_random=False))
def test_the_order_of_frames_changes_nothing(seed, chance):
    frames = town(seed).partition_by("source")
    shuffled = chance.sample(frames, len(frames))
    agree(read(link_frames(frames, UNNAMED), frames), read(link_frames(shuffled, UNNAMED), shuffled))


@FEW
@given(seed=SEEDS)
def test_frames_under_each_other_are_as_good_as_one(seed):
    records = town(seed)
    frames = records.partition_by("source")
    agree(read(link_frames(records, NAMED), [records]), read(link_frames(frames, NAMED), frames))


@FEW
@given(seed=SEEDS)
def test_frames_are_linked_as_records_are(seed):
    records = town(seed)
    linked, frames = link(records, None, entropy=steady_entropy), link_frames(records, NAMED)
    groups, pairs = read(frames, [records])
    free = linked.pairs.filter(pl.col("veto") == 0).select("left", "right", "log_odds")
    named = {frozenset((left, right)): odds for left, right, odds in free.iter_rows()}
    assert named == pytest.approx(pairs, abs=1e-6)
    # Equal claims are settled by their ids there, and by what the rows say here.
    assert len(groups & groups_of(linked.membership)) > 0.8 * len(groups)


@FEW
@given(seed=SEEDS, name=st.text(min_size=1, max_size=9))
def test_what_records_are_called_changes_nothing(seed, name):
    """Ids may hold the truth: a file's own numbering of people, or rows sorted by it."""
    records = town(seed)
    renamed = records.with_columns(record_id=pl.lit(name) + pl.col("record_id").reverse())
    one, other = (link_frames(frame, {**NAMED, "record_id": "id"}) for frame in (records, renamed))
    assert one.clusters.equals(other.clusters)
    assert one.pairs.equals(other.pairs)
