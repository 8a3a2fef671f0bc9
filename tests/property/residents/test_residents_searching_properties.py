"""A record looked up in a prepared index is scored as a linking with it among the rest would score it, by the same model."""

from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from generated_households import generate
from resident_tables import record_frame
from wardkeeper.residents.blocking import find_candidates
from wardkeeper.residents.cells import Column
from wardkeeper.residents.clustering import UNSCORED
from wardkeeper.residents.comparing import compare, unpack
from wardkeeper.residents.constraints import Veto, find_vetoes
from wardkeeper.residents.crowding import find_locus
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.keys import keys_used
from wardkeeper.residents.linking import ROLES
from wardkeeper.residents.resolving import resolve
from wardkeeper.residents.roles import Role
from wardkeeper.residents.searching import prepare
from wardkeeper.residents.weighing import weigh

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SLOWLY = (HealthCheck.too_slow, HealthCheck.filter_too_much)
SLOW = settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=SLOWLY)
BY_ADDRESS = {name: role for name, role in ROLES.items() if role is not Role.HOME}
ONE_NAME = {"name": Role.NAME, "birth_date": Role.BIRTH_DATE, "postcode": Role.POSTCODE, "sex": Role.SEX}


def as_batch(frame, roles, held, found, rest):
    """Score a row of a frame with the batch's own functions: by row of the rest, its pattern, log odds and veto."""
    # What a file tells only as a whole must be as it was without the record: see `searching`.
    assume("source" not in roles or rest["source"].n_unique() > 1 or frame["source"].n_unique() == 1)
    assume("home_id" not in roles or rest["home_id"].count() > 0 or frame["home_id"].count() == 0)
    whole = encode(frame, roles)
    before = found.encoded.cells
    assume(whole.birth_rule == found.encoded.birth_rule)
    assume(len(found.encoded.related) == len(encode(rest, roles).related))
    row, other = whole.rank()[held], np.arange(whole.size)
    whole_file = [Column.MARKS, Column.SEX]
    assume(np.array_equal(whole.cells[whole.rank()[:-1]][:, whole_file], before[found.encoded.rank()][:, whole_file]))
    assume(find_locus(whole.cells) == find_locus(before))
    pairs = find_candidates(whole)
    assume(keys_used(pairs.keys) == keys_used(found.candidates.keys))
    mine = (pairs.left == row) | (pairs.right == row)
    patterns = compare(whole, pairs.left[mine], pairs.right[mine])
    rows = whole.order[pairs.left[mine] + pairs.right[mine] - row]
    odds = weigh(found.choice.model, unpack(patterns))
    scored = dict(zip(rows.tolist(), zip(patterns.tolist(), odds.tolist(), strict=True), strict=True))
    veto = find_vetoes(whole, np.minimum(other, row).astype(np.int32), np.maximum(other, row).astype(np.int32))
    return scored, dict(zip(whole.order.tolist(), veto.tolist(), strict=True))


def check(frame, roles, place):
    """Hold one row out, link the rest, look the row up, and compare."""
    frame = pl.concat([frame[:place], frame[place + 1 :], frame[place : place + 1]])
    rest, held = frame[:-1], frame.height - 1
    found = resolve(rest, roles)
    scored, vetoes = as_batch(frame, roles, held, found, rest)
    matches = prepare(rest, roles, found).search(frame.row(held, named=True))
    shown = {row: pattern for one in matches for row, pattern in zip(one.rows, one.patterns, strict=True)}
    assert shown == {row: pattern for row, (pattern, _) in scored.items()}
    members = defaultdict(list)
    for row, group in enumerate(found.group[found.encoded.rank()].tolist()):
        members[group].append(row)
    for one in matches:
        links = [scored[row][1] if row in scored else UNSCORED for row in members[one.group]]
        assert one.log_odds == pytest.approx(np.mean(links))
        forbidden = {vetoes[row] for row in members[one.group]} - {0}
        assert (one.veto is not Veto.NONE) == bool(forbidden)
        assert one.veto in (forbidden or {0})


@SLOW
@given(seed=st.integers(0, 10_000), place=st.integers(0, 10_000), roles=st.sampled_from([ROLES, BY_ADDRESS]))
def test_a_record_of_a_town(seed, place, roles):
    records = generate(seed).records
    check(records, roles, place % records.height)


@SLOW
@given(seed=st.integers(0, 10_000), place=st.integers(0, 10_000))
def test_a_record_with_names_in_one_column(seed, place):
    records = generate(seed).records.with_columns(
        name=pl.concat_str("given", "family", separator=" ", ignore_nulls=True)
    )
    check(records.select(list(ONE_NAME)), ONE_NAME, place % records.height)


FEW = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["asc", "nhs", "tax"]),
        "title": st.sampled_from(["MR", "MRS", None]),
        "given": st.sampled_from(["JOHN", "JON", "J", "LIZZY", "ELIZABETH", "MARY ANN", None]),
        "middle": st.sampled_from(["ANN", "JOHN", None, None]),
        "family": st.sampled_from(["DICKENS", "DICKENSON", "BYRON-DICKENS", "JOHN", None]),
        "home_id": st.sampled_from(["uprn:1", "uprn:2", "addr:3", None]),
        "address_original": st.sampled_from(["Flat 1, 2 High St", "2 High Street", None]),
        "postcode": st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", None]),
        "nhs_number": st.sampled_from(["9990000018", "9990000026", None, None]),
        "phone": st.sampled_from(["+447700900001", "+447700900011", None]),
        "email": st.sampled_from(["j@example.org", None]),
        "protected": st.sampled_from([False, False, True]),
    }
)


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=SLOWLY)
@given(rows=st.lists(FEW, min_size=2, max_size=10), roles=st.sampled_from([ROLES, BY_ADDRESS]))
def test_whatever_a_record_says(rows, roles):
    records = record_frame([{**row, "record_id": f"{row['source']}:{number}"} for number, row in enumerate(rows)])
    check(records, roles, len(rows) - 1)


@settings(max_examples=20, deadline=None, phases=PHASES, suppress_health_check=SLOWLY)
@given(size=st.integers(55, 70), same=st.booleans())
def test_a_crowded_key(size, same):
    rows = [
        {
            "record_id": f"tax:{number:03}",
            "source": "tax",
            "given": f"{'JA' if same or number % 2 else 'KA'}{chr(65 + number % 26)}",
            "family": "LEE",
            "home_id": "uprn:1",
            "postcode": "ZZ1 1AA",
        }
        for number in range(size)
    ]
    check(record_frame(rows), ROLES, size - 1)
