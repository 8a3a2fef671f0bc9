"""Counts in; what a table tells of them out. A small one is not told, and does not follow from the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.messages.few import FEW, FEWEST, MORE, tell, tell_column

COLUMNS = {
    "nothing is small": ([412, 5], ("412", "5"), "417"),
    "the next smallest goes with it": ([412, 1, 30], ("412", FEW, MORE), "about 440"),
    "one that is too small to hide it does not do": ([412, 4, 5, 6], ("412", FEW, MORE, "6"), "about 430"),
    "two more where one is not enough": ([412, 1, 5, 30], ("412", FEW, MORE, MORE), "about 450"),
    "several small ones": ([412, 1, 1, 30], ("412", FEW, FEW, MORE), "about 440"),
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


@given(counts=st.lists(st.integers(0, 12), max_size=6))
def test_a_small_count_does_not_follow_from_the_others_even_with_the_exact_total(counts):
    """Each small count could be 3 as well as 4, as far as somebody can tell who knows the total and sees what is told."""
    found = tell_column(counts)
    away = [place for place, told in enumerate(found.counts) if told is None]
    small = [place for place, count in enumerate(counts) if count < FEWEST]
    assert set(small) <= set(away)
    hidden, larger = sum(counts[place] for place in away), len(away) - len(small)
    if len(away) == len(counts):
        return
    for value in (3, 4) if small else ():
        rest = hidden - value
        assert FEWEST * larger <= rest, "the others can be at their least"
        assert larger or rest <= 4 * (len(small) - 1), "or at their most"


@pytest.mark.parametrize(("count", "told"), [(0, FEW), (4, FEW), (5, "5"), (1234, "1,234")])
def test_one_count_alone(count, told):
    assert tell(count) == told
