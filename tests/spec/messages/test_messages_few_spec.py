"""Counts in; what a table tells of them out. A small one is not told, and does not follow from the total."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.messages.few import FEW, FEWEST, MORE, tell, tell_column

COLUMNS = {
    "nothing is small": ([412, 5], ("412", "5"), "417"),
    "the next smallest goes with it": ([412, 1, 30], ("412", FEW, MORE), "443"),
    "one that is too small to hide it does not do": ([412, 4, 5, 6], ("412", FEW, MORE, "6"), "427"),
    "two more where one is not enough": ([412, 1, 5, 30], ("412", FEW, MORE, MORE), "448"),
    "several small ones": ([412, 1, 1, 30], ("412", FEW, FEW, MORE), "444"),
    "too few rows": ([1, 6], (FEW, MORE), "about 10"),
    "a small one alone": ([3], (FEW,), FEW),
    "none at all": ([0], (FEW,), FEW),
    "no rows": ([], (), "0"),
}


@pytest.mark.parametrize(("counts", "cells", "total"), COLUMNS.values(), ids=COLUMNS)
def test_what_is_told(counts, cells, total):
    found = tell_column(counts)
    assert (found.cells, found.total) == (cells, total)
    assert found.exact == all(count >= FEWEST for count in counts)


@given(counts=st.lists(st.integers(0, 12), max_size=5))
def test_a_small_count_does_not_follow_from_an_exact_total(counts):
    """The slow reference: every column that would be told so is tried; no small count has one value, or misses its top."""
    found = tell_column(counts)
    away = [place for place, told in enumerate(found.counts) if told is None]
    assert {place for place, count in enumerate(counts) if count < FEWEST} <= set(away)
    if not away or not found.total.isdigit():
        return
    hidden = sum(counts) - sum(count for count in found.counts if count is not None)
    could = [range(FEWEST) if found.cells[place] == FEW else range(FEWEST, hidden + 1) for place in away]
    ways = [way for way in product(*could) if sum(way) == hidden]
    for order, place in enumerate(away):
        if counts[place] < FEWEST:
            assert {way[order] for way in ways} >= {FEWEST - 1, FEWEST - 2}


@pytest.mark.parametrize(("count", "told"), [(0, FEW), (4, FEW), (5, "5"), (1234, "1,234")])
def test_one_count_alone(count, told):
    assert tell(count) == told
