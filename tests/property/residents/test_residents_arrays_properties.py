"""Compiled counting and numbering agree with plain Python."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.residents.arrays import combine, count_distinct, number

LARGE = st.integers(-1, 2**31 - 1)
SMALL = st.integers(-1, 5)


def columns(rows, width):
    return [np.array([row[place] for row in rows], dtype=np.int32) for place in range(width)]


@given(st.lists(st.tuples(st.integers(-1, 3), SMALL), max_size=25))
def test_distinct_values_are_counted_per_group(rows):
    plain = [len({v for g, v in rows if g == group and v >= 0}) if group >= 0 else 0 for group, _ in rows]
    assert count_distinct(*columns(rows, 2)).tolist() == plain


@given(st.lists(st.tuples(SMALL, SMALL) | st.tuples(LARGE, LARGE), max_size=25))
def test_pairs_of_codes_are_numbered_as_they_are_first_met(rows):
    met = list(dict.fromkeys(row for row in rows if min(row) >= 0))
    assert number(*columns(rows, 2)).tolist() == [met.index(row) if min(row) >= 0 else -1 for row in rows]


@given(st.lists(st.tuples(SMALL, SMALL, LARGE), min_size=1, max_size=20))
def test_combined_codes_are_equal_exactly_when_all_parts_are(rows):
    keys = combine(*columns(rows, 3)).tolist()
    for (one, key), (other, same) in combinations(zip(rows, keys, strict=True), 2):
        if min(one) >= 0 and min(other) >= 0:
            assert (key == same) == (one == other)
    assert [key < 0 for key in keys] == [min(row) < 0 for row in rows]
