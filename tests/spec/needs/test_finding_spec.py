"""Who is found in a flood, in what order, and what the line says.

Each test is a small street: homes, who lives there, what is known of them; then the list.
"""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.columns import FACT, HOME, LIST, RESIDENT
from wardkeeper.needs.finding import IDENTITY, Ground, aged, find
from wardkeeper.needs.rules import parse

TODAY = date(2026, 11, 22)
TYPES = {"text": pl.String, "int": pl.Int64, "number": pl.Float64, "date": pl.Date, "flag": pl.Boolean}
RULES = parse(
    """
hazard = "flood"
[[need]]
name = "carry-out"
title = "Must be carried out"
weight = 10
any_of = ["uses-wheelchair", "uses-hoist"]
[[need]]
name = "walk"
title = "Needs help to walk out"
weight = 6
any_of = ["frailty", "aged-85-or-over"]
[[need]]
name = "special"
title = "Ring Control first"
weight = 8
any_of = ["special-home"]
[factors]
uses-wheelchair = "Uses a wheelchair"
uses-hoist = "Moved with a hoist"
frailty = "Frail"
aged-85-or-over = "Aged 85 or over"
special-home = "Ring Control first"
""",
    "needs/flood.toml",
)
TITLES = {"asc": "adult social care", "bins": "assisted bins"}


def frame(columns, rows):
    schema = {column.name: TYPES[column.kind] for column in columns}
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def street(people, homes=(), factors=()):
    """People: (id, home, more); factors: (person, factor, source, day). Homes not named are plain houses."""
    named = {home for _, home, _ in people} | {home for home, _ in homes}
    special = dict(homes)
    return Ground(
        frame(
            HOME,
            [
                {
                    "home_id": home,
                    "address": f"{home} STREET",
                    "postcode": "M33 1AA",
                    "longitude": -2.3,
                    "latitude": 53.4,
                    "special": special.get(home),
                }
                for home in sorted(named)
            ],
        ),
        frame(
            RESIDENT,
            [
                {"resident_id": who, "home_id": home, "protected": False, "seen_on": TODAY, **more}
                for who, home, more in people
            ],
        ),
        frame(
            FACT,
            [
                {"resident_id": who, "factor": factor, "source": source, "seen_on": day}
                for who, factor, source, day in factors
            ],
        ),
    )


def lines(ground):
    return find(
        ground, RULES, source_titles=TITLES, today=TODAY, entropy=lambda n: bytes(i % 251 for i in range(n))
    ).lines


def test_a_home_is_listed_with_its_need_reason_source_and_age():
    found = lines(
        street(
            [("jane", "A", {"title": "MRS", "given": "JANE", "family": "O'BRIEN", "phone": "+447700900001"})],
            factors=[("jane", "uses-wheelchair", "asc", date(2026, 11, 19))],
        )
    )
    line = found.row(0, named=True)
    assert found.columns == [column.name for column in LIST]
    assert line["reference"] == "Alpha 1"
    assert (line["rank"], line["score"], line["people"]) == (1, 10.0, 1)
    assert line["needs"] == ["Must be carried out"]
    assert line["reasons"] == ["Uses a wheelchair (adult social care, 3 days ago)"]
    assert (line["sources"], line["oldest_on"]) == ("asc", date(2026, 11, 19))
    assert (line["names"], line["phones"], line["birth_years"]) == (
        ["Mrs Jane O'Brien"],
        ["+447700900001"],
        ["not known"],
    )
    assert (line["address"], line["ring_control"], line["objected"]) == ("A STREET", False, False)


def test_two_facts_for_one_need_are_two_reasons_but_score_once():
    found = lines(
        street(
            [("jane", "A", {})],
            factors=[("jane", "uses-wheelchair", "asc", TODAY), ("jane", "uses-hoist", "asc", TODAY)],
        )
    )
    assert found["score"].to_list() == [10.0]
    assert len(found["reasons"][0]) == 2


def test_two_people_with_one_need_score_twice_and_the_home_stands_once():
    found = lines(
        street(
            [("jane", "A", {}), ("john", "A", {})],
            factors=[("jane", "uses-wheelchair", "asc", TODAY), ("john", "uses-wheelchair", "asc", TODAY)],
        )
    )
    assert (found["score"].to_list(), found["people"].to_list()) == ([20.0], [2])


def test_the_greater_need_comes_first():
    found = lines(
        street(
            [("frail", "A", {}), ("chair", "B", {})],
            factors=[("frail", "frailty", "bins", TODAY), ("chair", "uses-wheelchair", "asc", TODAY)],
        )
    )
    assert found["address"].to_list() == ["B STREET", "A STREET"]
    assert found["rank"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "date not given"),
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "1 day ago"),
        (date(2026, 9, 30), "53 days ago"),
        (date(2026, 5, 1), "6 months ago"),
        (date(2011, 11, 1), "15 years ago"),
    ],
)
def test_every_reason_tells_the_age_of_its_fact(day, words):
    found = lines(street([("jane", "A", {})], factors=[("jane", "frailty", "bins", day)]))
    assert found["reasons"][0].to_list() == [f"Frail (assisted bins, {words})"]


@pytest.mark.parametrize(
    ("born", "factor"),
    [
        (date(1941, 11, 22), "aged-85-or-over"),
        (date(1941, 11, 24), "aged-75-to-84"),
        (date(1951, 11, 24), None),
        (date(2021, 11, 24), "aged-under-5"),
        (date(2021, 11, 20), None),
        (None, None),
    ],
)
def test_great_age_and_infancy_are_facts_that_no_source_asserts(born, factor):
    ground = street([("jane", "A", {"birth_date": born})])
    assert aged(ground.residents, TODAY)["factor"].to_list() == ([factor] if factor else [])


def test_a_fact_that_follows_from_age_cites_no_source():
    found = lines(street([("old", "A", {})], factors=[("old", "aged-85-or-over", "birth-date", TODAY)]))
    assert found["reasons"].to_list() == [["Aged 85 or over"]]


def test_g10_one_who_may_not_see_names_gets_the_same_homes_without_them():
    ground = street([("jane", "A", {"given": "JANE"})], factors=[("jane", "frailty", "bins", TODAY)])
    nameless = Ground(ground.homes, ground.residents.drop(list(IDENTITY)), ground.facts)
    with_names, without = lines(ground), lines(nameless)
    assert with_names["names"].to_list() == [["Jane"]]
    assert without["names"].to_list() == [[""]]
    assert without["address"].equals(with_names["address"])


def test_nobody_without_a_need_is_listed():
    assert lines(street([("well", "A", {})])).is_empty()


def test_the_dead_are_not_listed():
    ground = street(
        [("gone", "A", {"died_on": date(2026, 10, 1)})], factors=[("gone", "uses-wheelchair", "asc", TODAY)]
    )
    assert lines(ground).is_empty()


def test_g17_a_protected_door_keeps_its_rank_and_shows_nothing_else():
    ground = street(
        [
            ("fled", "A", {"protected": True, "given": "ANN", "family": "HIDDEN", "phone": "+447700900002"}),
            ("frail", "B", {}),
        ],
        factors=[("fled", "uses-wheelchair", "asc", TODAY), ("frail", "frailty", "bins", TODAY)],
    )
    first = lines(ground).row(0, named=True)
    assert first["ring_control"]
    assert first["rank"] == 1
    assert [first[name] for name in ("address", "postcode", "longitude", "latitude")] == [None] * 4
    assert [first[name] for name in ("names", "phones", "birth_years")] == [[], [], []]


def test_g17_one_protected_resident_hides_the_door_for_all_who_live_there():
    ground = street(
        [("fled", "A", {"protected": True}), ("frail", "A", {})], factors=[("frail", "frailty", "bins", TODAY)]
    )
    assert lines(ground)["address"].to_list() == [None]


def test_g17_a_refuge_is_listed_even_when_no_need_is_known_and_says_no_more_than_a_protected_person():
    found = lines(street([], homes=[("A", "refuge")]))
    line = found.row(0, named=True)
    assert (line["ring_control"], line["needs"], line["address"], line["people"]) == (
        True,
        ["Ring Control first"],
        None,
        0,
    )


def test_g17_a_protected_person_and_a_refuge_read_alike():
    ground = street(
        [("fled", "A", {"protected": True}), ("staying", "B", {"protected": True})],
        homes=[("B", "refuge")],
        factors=[("fled", "frailty", "bins", TODAY), ("staying", "frailty", "bins", TODAY)],
    )
    found = lines(ground)
    assert found["needs"].to_list() == [["Ring Control first", "Needs help to walk out"]] * 2
    assert found["reasons"].to_list() == [["Frail (assisted bins, today)"]] * 2


def test_g19_an_objection_never_hides_a_home():
    ground = street([("no", "A", {"objected_on": date(2026, 1, 1)})], factors=[("no", "frailty", "bins", TODAY)])
    assert lines(ground)["objected"].to_list() == [True]


def test_g20_a_caution_is_shown_and_never_lowers_rank():
    ground = street(
        [("a", "A", {"caution": "Attend in pairs"}), ("b", "B", {})],
        factors=[("a", "frailty", "bins", TODAY), ("b", "frailty", "bins", TODAY)],
    )
    found = lines(ground)
    assert found["score"].to_list() == [6.0, 6.0]
    assert found["cautions"].to_list() == [["Attend in pairs"], []]


def test_each_line_stands_for_one_home_that_only_control_can_look_up():
    ground = street([("fled", "A", {"protected": True})], factors=[("fled", "frailty", "bins", TODAY)])
    found = find(ground, RULES, source_titles=TITLES, today=TODAY, entropy=bytes)
    assert found.doors["home_id"].to_list() == ["A"]
    assert found.doors["check_id"].to_list() == found.lines["check_id"].to_list()
