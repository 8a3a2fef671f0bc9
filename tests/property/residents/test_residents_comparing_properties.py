"""Patterns hold one level of each feature, whatever the records are."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.residents.cells import Column
from wardkeeper.residents.comparing import SPANS, compare, group_patterns, unpack
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.roles import Role

C = Column
PLACES = {feature.name: place for place, feature in enumerate(FEATURES)}


def some(*values):
    return st.sampled_from([*values, None])


ROWS = st.fixed_dictionaries(
    {
        Role.SOURCE: some("north", "south"),
        Role.TITLE: some("Mr", "Mrs"),
        Role.GIVEN: some("Ann", "Anne", "A", "William", "Bill May", "Lee", "李明") | st.text(max_size=6),
        Role.MIDDLE: some("May", "M", "June"),
        Role.FAMILY: some("Lee", "Lea", "Lee-Oak", "Oak", "Ann", "Abercrombie") | st.text(max_size=6),
        Role.BIRTH_DATE: some("1949-04-11", "11/04/1949", "1949-11-04", "1949-01-01", "1949", "1962-07-30", "?"),
        Role.SEX: some("M", "F"),
        Role.ADDRESS: some("1 Mill Road", "2 Mill Rd", "Flat 3 1 Mill Road", "9 Oak Avenue") | st.text(max_size=9),
        Role.POSTCODE: some("ZZ1 1AA", "ZZ1 2BB", "ZZ7 7ZZ"),
        Role.HOME: some("uprn:1", "uprn:2", "addr:3"),
        Role.PHONE: some("0161 4960123", "0161 4960132", "07700900123"),
        Role.EMAIL: some("a@b.org", "ab@b.org", "z@z.org"),
        Role.NHS_NUMBER: some("9990000018", "9990000026"),
        Role.NI_NUMBER: some("QQ123456C", "QQ123465C", "QQ654321C"),
        Role.NUMBER: some("12345678", "12345687", "99", "98"),
        Role.PLACE: some("Manchester", "Manchster", "Ely"),
        Role.ATTRIBUTE: some("Baker", "Miller"),
    }
)
FRAMES = st.lists(ROWS, min_size=2, max_size=8)


def encoded_frame(rows):
    schema = dict.fromkeys((role.value for role in rows[0]), pl.String)
    frame = pl.DataFrame([tuple(row.values()) for row in rows], schema=schema, orient="row")
    return encode(frame, {name: Role(name) for name in frame.columns})


def all_pairs(size):
    return tuple(np.array(side, np.int32) for side in zip(*combinations(range(size), 2), strict=True))


@settings(max_examples=60)
@given(FRAMES)
def test_every_code_has_its_words_and_the_order_of_two_records_changes_nothing(rows):
    encoded = encoded_frame(rows)
    left, right = all_pairs(len(rows))
    patterns = compare(encoded, left, right)
    levels = unpack(patterns)
    assert (patterns >= 0).all()
    assert (levels < SPANS).all()
    assert compare(encoded, right, left).tolist() == patterns.tolist()


@settings(max_examples=60)
@given(FRAMES)
def test_a_pattern_is_its_levels_one_digit_each_the_first_lowest(rows):
    patterns = compare(encoded_frame(rows), *all_pairs(len(rows)))
    for pattern, levels in zip(patterns.tolist(), unpack(patterns).tolist(), strict=True):
        packed = 0
        for feature, level in reversed(list(zip(FEATURES, levels, strict=True))):
            packed = packed * feature.span + level
        assert packed == pattern


@given(st.lists(st.tuples(*(st.integers(0, feature.span - 1) for feature in FEATURES)), min_size=1, max_size=10))
def test_patterns_unpack_to_the_levels_they_were_packed_from(rows):
    places = np.cumprod([1, *SPANS[:-1].tolist()]).tolist()
    packed = [sum(level * place for level, place in zip(row, places, strict=True)) for row in rows]
    assert [tuple(row) for row in unpack(np.array(packed)).tolist()] == rows


OWN_COLUMNS = {
    "birth date": (C.YEAR, C.MONTH, C.DAY, C.BIRTH),
    "phone": (C.PHONE,),
    "e-mail": (C.EMAIL,),
    "other number": (C.NUMBER,),
    "place": (C.PLACE,),
    "attribute": (C.ATTRIBUTE,),
    "sex": (C.SEX,),
    "source": (C.SOURCE,),
    "NI number": (C.NI_NUMBER,),
    "NHS number": (C.NHS_NUMBER,),
}


@pytest.mark.parametrize("feature", OWN_COLUMNS)
@settings(max_examples=10)
@given(rows=FRAMES)
def test_what_is_missing_shows_nothing_and_leaves_all_other_digits_alone(feature, rows):
    encoded = encoded_frame(rows)
    ends = all_pairs(len(rows))
    blank = encoded.cells.copy()
    blank[::2, OWN_COLUMNS[feature]] = -1
    before, after = (unpack(compare(records, *ends)) for records in (encoded, replace(encoded, cells=blank)))
    missing = (ends[0] % 2 == 0) | (ends[1] % 2 == 0)
    assert not after[missing, PLACES[feature]].any()
    assert np.array_equal(after[~missing], before[~missing])
    assert np.array_equal(np.delete(after, PLACES[feature], axis=1), np.delete(before, PLACES[feature], axis=1))


@given(st.lists(st.integers(0, 5) | st.integers(0, 2**62), max_size=60))
def test_patterns_are_grouped_as_plain_counting_does(patterns):
    found, place, counts = group_patterns(np.array(patterns, dtype=np.int64))
    assert found[place].tolist() == patterns
    assert {pattern: patterns.count(pattern) for pattern in patterns} == dict(
        zip(found.tolist(), counts.tolist(), strict=True)
    )
