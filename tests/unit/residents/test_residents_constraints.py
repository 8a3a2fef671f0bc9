"""What may never be joined, pair by pair."""

from dataclasses import replace

import pytest

from resident_tables import encode_table
from wardkeeper.residents.cells import BirthRule
from wardkeeper.residents.constraints import WORDS, Veto, find_vetoes


def veto(heading, one, other, rule=None):
    """What forbids joining two records; the rule for birth dates is the one that encoding finds, or the one given."""
    encoded = encode_table(f"id | {heading}\na:1 | {one}\nb:1 | {other}")
    encoded = encoded if rule is None else replace(encoded, birth_rule=rule)
    (there,), (back,) = (find_vetoes(encoded, *ends) for ends in _both_ways(encoded))
    assert there == back
    return Veto(there)


def _both_ways(encoded):
    one, other = encoded.rank()[:1], encoded.rank()[1:]
    return (one, other), (other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("9990000018", "9990000026", Veto.NHS_NUMBER),
        ("9990000018", "9990000018", Veto.NONE),
        ("9990000018", "-", Veto.NONE),
        ("-", "-", Veto.NONE),
    ],
)
def test_two_nhs_numbers(one, other, expected):
    assert veto("nhs", one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1945-02-07 | uprn:1 | - | -", "1945-02-07 | uprn:2 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-07-02 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-07-02 | uprn:2 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "1945-02-17 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-02-17 | uprn:2 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "1945-03-17 | uprn:1 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | +441614960123 | -", "1945-02-17 | uprn:2 | +441614960123 | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | +441614960123 | -", "1975-02-07 | uprn:1 | +441614960123 | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | a@b.org", "1945-02-17 | uprn:2 | - | a@b.org", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1946-01-01 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1958-01-01 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1959-01-01 | uprn:1 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "1900-01-01 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "- | uprn:1 | - | -", Veto.NONE),
    ],
)
def test_birth_dates_that_no_slip_explains(one, other, expected):
    assert veto("born | home | phone | email", one, other) is expected


@pytest.mark.parametrize("number", ["nhs", "ni"])
def test_any_birth_date_is_believed_to_be_a_slip_where_a_number_given_to_one_person_agrees(number):
    same = {"nhs": "9990000018", "ni": "QQ123456C"}[number]
    heading = f"born | home | {number}"
    assert veto(heading, f"1945-02-07 | uprn:1 | {same}", f"1971-06-21 | uprn:2 | {same}") is Veto.NONE


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("1945-02-07", Veto.NONE),
        ("1945-07-02", Veto.NONE),
        ("1945-02-17", Veto.NONE),
        ("1954-02-17", Veto.BIRTH_DATE),
        ("1945-03-17", Veto.NONE),
        ("1971-02-07", Veto.NONE),
        ("1971-06-21", Veto.BIRTH_DATE),
        ("1999-01-01", Veto.NONE),
        ("-", Veto.NONE),
    ],
)
def test_where_no_home_is_told_only_dates_that_differ_widely_forbid(other, expected):
    assert veto("born", "1945-02-07", other) is expected
    assert veto("born", "1945-02-07", other, BirthRule.LENIENT) is expected


@pytest.mark.parametrize("other", ["1945-02-17", "1971-06-21", "1999-01-01"])
def test_unreliable_birth_dates_forbid_nothing(other):
    assert veto("born | home", "1945-02-07 | uprn:1", f"{other} | uprn:1", BirthRule.NONE) is Veto.NONE


@pytest.mark.parametrize(
    ("title", "born", "expected"),
    [
        ("MRS", "2025-11-20", Veto.AGE),
        ("MISS", "2025-11-20", Veto.NONE),
        ("MRS", "1985-11-20", Veto.NONE),
        ("DR", "2014-11-20", Veto.NONE),
        ("DR", "2015-11-20", Veto.AGE),
    ],
)
def test_a_child_and_an_adults_title(title, born, expected):
    assert veto("title | born", f"{title} | -", f"- | {born}") is expected


def test_a_child_who_is_given_an_adults_title_by_mistake_is_still_the_child():
    assert veto("title | born", "MRS | 2025-11-20", "- | 2025-11-20") is Veto.NONE


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("yes | uprn:1", "no | uprn:2", Veto.PROTECTED),
        ("yes | uprn:1", "yes | uprn:2", Veto.PROTECTED),
        ("yes | uprn:1", "no | -", Veto.PROTECTED),
        ("yes | -", "no | -", Veto.PROTECTED),
        ("yes | uprn:1", "no | uprn:1", Veto.NONE),
        ("no | uprn:1", "no | uprn:2", Veto.NONE),
    ],
)
def test_protected_people_are_known_by_their_home_alone(one, other, expected):
    assert veto("protected | home", one, other) is expected


def test_protection_is_told_before_any_other_reason():
    heading = "protected | home | nhs"
    assert veto(heading, "yes | uprn:1 | 9990000018", "no | uprn:2 | 9990000026") is Veto.PROTECTED


def test_every_veto_has_words():
    assert set(WORDS) == set(Veto)
