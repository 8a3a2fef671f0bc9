"""Blocking agrees with comparing all records with all, key by key."""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.residents.blocking import CAP, FURTHER, KEYS, SHARED_HOMES, find_candidates
from wardkeeper.residents.cells import BirthRule, Column, Encoded, Mark
from wardkeeper.residents.letters import spell

C = Column
NEVER_MISSING = (C.MARKS, C.CROWDS)


def draw_records(rows: int, values: int, missing: float, seed: int) -> Encoded:
    """Records of random codes: so few values, so many rows, that groups of all sizes arise."""
    chance = np.random.default_rng(seed)
    cells = chance.integers(0, values, (rows, len(Column))).astype(np.int32)
    blank = chance.random(cells.shape) < missing
    blank[:, list(NEVER_MISSING)] = False
    cells[blank] = -1
    cells[:, C.MARKS] = np.where(chance.random(rows) < 0.1, Mark.PROTECTED, 0)
    order, related = np.arange(rows), np.zeros(0, np.int64)
    return Encoded(cells, order, order.astype(np.uint64), spell(pl.Series(["A"])), related, BirthRule.STRICT)


def group_rows(cells, rows, columns):
    groups = defaultdict(list)
    for row in rows:
        key = tuple(cells[row][column] for column in columns)
        if min(key) >= 0:
            groups[key].append(row)
    return list(groups.values())


def plain_pairs(cells, key):
    """The pairs of one key, and how many rows it left out: large groups are taken apart by the finer columns, and
    what these leave in large groups, or do not tell, is left out."""
    coarse = group_rows(cells, range(len(cells)), key.columns)
    crowded = sorted(row for group in coarse if len(group) > key.cap for row in group)
    fine = [group for group in group_rows(cells, crowded, (*key.columns, *key.finer)) if len(group) <= CAP]
    kept = [*(group for group in coarse if len(group) <= key.cap), *fine]
    pairs = {pair for group in kept for pair in combinations(group, 2) if not plainly_hidden(cells, *pair)}
    return pairs, len(crowded) - sum(len(group) for group in fine)


def plainly_hidden(cells, one, other):
    protected = (cells[one][C.MARKS] | cells[other][C.MARKS]) & Mark.PROTECTED
    return protected and (cells[one][C.HOME] < 0 or cells[one][C.HOME] != cells[other][C.HOME])


def plainly_share_homes(cells):
    homes = Counter(row[C.HOME] for row in cells if row[C.HOME] >= 0)
    return sum(homes.get(row[C.HOME], 0) > 1 for row in cells) > SHARED_HOMES * len(cells)


@settings(max_examples=25)
@given(
    rows=st.integers(0, 160),
    values=st.sampled_from([1, 2, 5, 60]),
    missing=st.sampled_from([0.0, 0.1, 0.6]),
    seed=st.integers(0, 2**32 - 1),
)
def test_blocking_agrees_with_all_pairs_key_by_key(rows, values, missing, seed):
    records = draw_records(rows, values, missing, seed)
    cells = records.cells.tolist()
    used = KEYS if plainly_share_homes(cells) else (*KEYS, *FURTHER)
    plain = {key.name: plain_pairs(cells, key) for key in used}
    found = find_candidates(records)
    times = Counter(pair for pairs, _ in plain.values() for pair in pairs)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == sorted(times)
    for key in found.keys:
        pairs, left_out = plain.get(key.name, (set(), 0))
        assert (key.pairs, key.left_out) == (len(pairs), left_out), key.name
        assert key.alone == sum(times[pair] == 1 for pair in pairs), key.name


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_pair_is_given_once_the_lower_row_first(seed):
    found = find_candidates(draw_records(150, 8, 0.2, seed))
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert all(left < right for left, right in pairs)
