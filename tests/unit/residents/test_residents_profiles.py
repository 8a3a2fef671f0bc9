"""The best current value of each field, one field at a time."""

from datetime import date

import numpy as np
import pytest

from resident_tables import read_records
from wardkeeper.residents.households import build_households
from wardkeeper.residents.identities import Identities
from wardkeeper.residents.profiles import MATCH_RANK, build_residents


def profile(table):
    """The one resident that all the table's records make."""
    records = read_records(table).sort("record_id")
    group = np.zeros(records.height, dtype=np.int64)
    return build_residents(records, group, Identities(["res-x"], []), np.array([0.9])).row(0, named=True)


@pytest.mark.parametrize(
    ("field", "heading", "rows", "best"),
    [
        ("title", "title", ["2026-01-01 | MISS", "2026-02-01 | MRS"], "MRS"),
        ("title", "title", ["2026-01-01 | MISS", "2026-02-01 | -"], "MISS"),
        ("given", "given", ["2026-01-01 | ADA", "2026-02-01 | A"], "ADA"),
        ("given", "given", ["2026-01-01 | A", "2026-02-01 | B"], "B"),
        ("given", "given", ["2026-01-01 | ADA", "2026-01-01 | ADA", "2026-02-01 | AIDA"], "ADA"),
        ("middle", "middle", ["2026-01-01 | MAY", "2026-02-01 | JUNE"], "JUNE"),
        ("family", "family", ["2026-01-01 | BYRON", "2026-01-02 | BYRON", "2026-02-01 | LOVELACE"], "BYRON"),
        ("family", "family", ["2026-01-01 | BYRON", "2026-02-01 | LOVELACE"], "LOVELACE"),
        ("birth_date", "born", ["2026-01-01 | 1950-03-04", "2026-02-01 | 1950-01-01"], date(1950, 3, 4)),
        ("birth_date", "born", ["2026-01-01 | 1950-03-04", "2026-02-01 | 1950-04-03"], date(1950, 4, 3)),
        ("phone", "phone", ["2026-01-01 | +441", "2026-02-01 | +442"], "+442"),
        ("email", "email", ["2026-01-01 | a@b.org", "2026-02-01 | -"], "a@b.org"),
        ("home_id", "home", ["2026-01-01 | uprn:1", "2026-01-02 | uprn:1", "2026-02-01 | uprn:2"], "uprn:2"),
        ("home_id", "home", ["2026-01-01 | uprn:1", "2026-02-01 | -"], "uprn:1"),
        ("objected_on", "objected_on", ["2026-01-01 | 2025-05-05", "2026-02-01 | -"], date(2025, 5, 5)),
        ("died_on", "died_on", ["2026-01-01 | 2025-05-05", "2026-02-01 | 2025-06-06"], date(2025, 6, 6)),
        ("protected", "protected", ["2026-01-01 | yes", "2026-02-01 | no"], True),
        ("safe_phone", "safe_phone", ["2026-01-01 | +441", "2026-02-01 | -"], "+441"),
        ("seen_on", "given", ["2026-01-01 | ADA", "2026-02-01 | ADA"], date(2026, 2, 1)),
    ],
)
def test_best_value(field, heading, rows, best):
    lines = [f"s{number}:1 | {row}" for number, row in enumerate(rows)]
    assert profile("\n".join([f"id | seen_on | {heading}", *lines]))[field] == best


@pytest.mark.parametrize(("firm", "weak"), [("uprn", "address"), ("address", "new"), ("new", "none")])
def test_of_homes_seen_on_one_day_the_firmest_match_wins(firm, weak):
    assert profile(f"id | home | home_match\na:1 | uprn:1 | {weak}\nb:1 | uprn:2 | {firm}")["home_id"] == "uprn:2"
    assert MATCH_RANK[firm] < MATCH_RANK[weak]


def test_sources_are_named_once_in_order():
    assert profile("id | given\nvote:1 | ADA\nasc:1 | ADA\nasc:2 | ADA")["sources"] == "asc,vote"


def test_what_each_source_says_of_safe_contact_is_kept():
    rows = "id | safe_contact\na:1 | Do not text\nb:1 | -\nc:1 | Letter only\nd:1 | Do not text"
    assert profile(rows)["safe_contact"] == "Do not text; Letter only"


def test_a_caution_said_twice_is_kept_once():
    assert profile("id | caution\na:1 | Dog in yard\nb:1 | Dog in yard")["caution"] == "Dog in yard"


def residents_of(table):
    records = read_records(table).sort("record_id")
    count = records.height
    ids = Identities([f"res-{number:02}" for number in range(count)], [])
    return build_residents(records, np.arange(count), ids, np.ones(count))


def test_people_of_different_names_at_one_home_are_one_household():
    placed, households = build_households(residents_of("id | family | home\na:1 | LEE | uprn:1\nb:1 | OAK | uprn:1"))
    assert placed["household_id"].to_list() == ["hh-00", "hh-00"]
    assert households.rows() == [("hh-00", "uprn:1", 2)]


def test_people_without_a_home_are_of_no_household():
    placed, households = build_households(residents_of("id | family | home\na:1 | LEE | -\nb:1 | OAK | uprn:1"))
    assert placed["household_id"].to_list() == [None, "hh-01"]
    assert households.height == 1


def test_in_a_crowded_home_those_without_a_name_live_alone():
    lines = [f"a:{number:02} | {'LEE' if number < 12 else '-'} | uprn:1" for number in range(14)]
    _, households = build_households(residents_of("\n".join(["id | family | home", *lines])))
    assert sorted(households["size"].to_list()) == [1, 1, 12]
