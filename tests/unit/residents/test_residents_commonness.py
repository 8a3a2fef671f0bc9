"""How common a record's values are, and how far a file's birth dates and sources can be relied on."""

import polars as pl
import pytest

from resident_tables import codes_of, encode_table
from wardkeeper.residents.cells import BOUNDS, BirthRule, Column, Crowd, Mark
from wardkeeper.residents.commonness import FEWEST_NUMBERS
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.roles import Role

C = Column


def marked(encoded, mark):
    return [bool(marks & mark) for marks in codes_of(encoded, C.MARKS)]


def crowds(encoded, crowd):
    return [marks >> 2 * crowd & 3 for marks in codes_of(encoded, C.CROWDS)]


def test_a_source_repeats_when_it_often_holds_one_name_twice_at_a_home():
    encoded = encode_table("""
        id  | given | family | home
        a:1 | ANN   | LEE    | uprn:1
        a:2 | ANN   | LEE    | uprn:1
        b:1 | ANN   | LEE    | uprn:1
        b:2 | ANN   | LEE    | uprn:2
    """)
    assert marked(encoded, Mark.REPEATS) == [True, True, False, False]


@pytest.mark.parametrize("crowd", Crowd)
def test_every_crowd_has_its_bounds_and_two_bits_hold_their_bins(crowd):
    assert list(BOUNDS[crowd]) == sorted(set(BOUNDS[crowd]))
    assert len(BOUNDS[crowd]) <= 3
    assert 2 * max(Crowd) + 2 < 32


@pytest.mark.parametrize(("homes", "commonness"), [(1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (15, 2), (16, 3)])
def test_a_full_name_is_the_commoner_the_more_homes_it_is_found_at(homes, commonness):
    lines = [f"a:{home} | ANN | LEE | uprn:{home}" for home in range(homes)]
    encoded = encode_table("\n".join(["id | given | family | home", *lines]))
    assert crowds(encoded, Crowd.FULL_NAME) == [commonness] * homes


def test_names_at_a_home_are_counted_once_each():
    lines = [f"{source}:{name} | {name} | LEE | uprn:1" for name in ("ANN", "BOB", "IAN", "EVE") for source in "ab"]
    assert set(crowds(encode_table("\n".join(["id | given | family | home", *lines])), Crowd.NAMES_AT_HOME)) == {0}
    lines.append("a:UNA | UNA | LEE | uprn:1")
    assert set(crowds(encode_table("\n".join(["id | given | family | home", *lines])), Crowd.NAMES_AT_HOME)) == {1}


def numbered(births):
    """Two records for each number, with the births given."""
    rows = [(f"{place:04d}", born) for place, both in enumerate(births) for born in both]
    return pl.DataFrame(rows, schema={"number": pl.String, "born": pl.String}, orient="row")


SAME, OTHER = ("1949-04-11", "1949-04-11"), ("1949-04-11", "1962-07-30")


@pytest.mark.parametrize(
    ("births", "home", "expected"),
    [
        ([SAME] * FEWEST_NUMBERS, True, BirthRule.STRICT),
        ([SAME] * FEWEST_NUMBERS, False, BirthRule.LENIENT),
        ([SAME] * 97 + [OTHER] * 3, True, BirthRule.NONE),
        ([SAME] * 98 + [OTHER] * 2, True, BirthRule.STRICT),
        ([OTHER] * (FEWEST_NUMBERS - 1), True, BirthRule.STRICT),
        ([("1949-04-11", "1949-07-30")] * FEWEST_NUMBERS, True, BirthRule.STRICT),
    ],
    ids=["sound", "no homes", "unsound", "just sound", "too few to tell", "one year"],
)
def test_how_far_birth_dates_are_relied_on_is_told_by_numbers(births, home, expected):
    frame = numbered(births).with_columns(home=pl.lit("h1" if home else None, dtype=pl.String))
    roles = {"number": Role.NUMBER, "born": Role.BIRTH_DATE, "home": Role.HOME}
    assert encode(frame, roles).birth_rule is expected


@pytest.mark.parametrize(
    ("crowd", "table", "expected"),
    [
        (Crowd.FAMILIES_ON_PHONE, "family | phone\n{} | 0161 4960123", [(2, 0), (3, 1), (5, 1), (6, 2)]),
        (Crowd.PEOPLE_ON_EMAIL, "given | family | email\n{} | LEE | a@b.org", [(1, 0), (2, 1)]),
        (Crowd.SAME_FAMILY, "given | family | sex | home\n{} | LEE | F | uprn:1", [(1, 0), (2, 1)]),
        (Crowd.BIRTH_DATE, "given | family | born\n{} | LEE | 1949-04-11", [(5, 0), (6, 1)]),
    ],
)
def test_what_is_counted_once_for_each_name(crowd, table, expected):
    heading, line = table.splitlines()
    names = ("ANN", "BOB", "EVE", "IAN", "UNA", "MAX")
    for people, found in expected:
        lines = [f"{source}:{name} | {line.format(name)}" for name in names[:people] for source in "ab"]
        assert set(crowds(encode_table("\n".join([f"id | {heading}", *lines])), crowd)) == {found}
