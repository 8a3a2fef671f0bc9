from datetime import date

import polars as pl
import pytest

from wardkeeper.messages.audience import COLUMNS, WORDING, Standing, classify, count_unplaced

AREA, OTHER = "E01006100", "E01006200"
DAY = date(2026, 1, 1)
KINDS = dict.fromkeys(COLUMNS, pl.String) | dict.fromkeys(("birth_date", "objected_on", "died_on"), pl.Date)
KINDS["protected"] = pl.Boolean


def standings(*rows: dict) -> list[str]:
    frame = pl.DataFrame([{"lsoa": AREA} | row for row in rows], schema=KINDS)
    return classify(frame, [AREA], date(2026, 11, 22)).sort("resident_id")["standing"].to_list()


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.OPEN),
        ({"protected": None}, Standing.OPEN),
        ({"objected_on": DAY}, Standing.OBJECTED),
        ({"objected_on": DAY, "died_on": DAY}, Standing.DEATH),
        ({"objected_on": DAY, "died_on": DAY, "protected": True}, Standing.SPECIAL),
        ({"special": "prison"}, Standing.SPECIAL),
    ],
)
def test_the_strongest_mark_counts(facts, standing):
    assert standings({"resident_id": "1", "home_id": "h"} | facts) == [standing]


@pytest.mark.parametrize(
    ("mark", "housemate"),
    [
        ({"protected": True}, Standing.SPECIAL),
        ({"died_on": DAY}, Standing.DEATH),
        ({"objected_on": DAY}, Standing.OPEN),
    ],
)
def test_protection_and_death_close_the_home_and_an_objection_does_not(mark, housemate):
    assert standings({"resident_id": "1", "home_id": "h"} | mark, {"resident_id": "2", "home_id": "h"})[1] == housemate


def test_an_objection_recorded_elsewhere_is_still_the_persons():
    assert standings(
        {"resident_id": "1", "home_id": "h"},
        {"resident_id": "1", "home_id": "k", "lsoa": OTHER, "objected_on": DAY},
    ) == [Standing.OBJECTED]


def test_people_without_a_home_id_are_told_apart_by_address_then_by_themselves():
    rows = [
        {"resident_id": "1", "address": "1 Lark Rise", "postcode": "M33 1AB", "lsoa": AREA},
        {"resident_id": "2", "address": "1 LARK RISE", "postcode": "m33 1ab", "lsoa": AREA},
        {"resident_id": "3", "lsoa": AREA},
    ]
    homes = classify(pl.DataFrame(rows, schema=KINDS), [AREA], DAY).sort("resident_id")["home"].to_list()
    assert homes[0] == homes[1]
    assert homes[2] == "3"


@pytest.mark.parametrize(
    ("born", "adult"),
    [(None, True), (date(2010, 1, 1), True), (date(2010, 1, 2), False), (date(2008, 2, 29), True)],
)
def test_people_are_written_to_by_name_from_16(born, adult):
    frame = pl.DataFrame([{"resident_id": "1", "home_id": "h", "lsoa": AREA, "birth_date": born}], schema=KINDS)
    assert classify(frame, [AREA], DAY)["adult"].to_list() == [adult]


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"resident_id": "1", "home_id": "h", "lsoa": AREA}, 0),
        ({"home_id": "h", "lsoa": AREA}, 0),
        ({"address": "1 Lark Rise", "lsoa": AREA}, 0),
        ({"resident_id": "1"}, 1),
        ({"email": "jo@example.org", "address": " , ", "lsoa": AREA}, 1),
    ],
)
def test_rows_in_no_plan_are_counted(row, count):
    assert count_unplaced(pl.DataFrame([row], schema=KINDS)) == count


def test_every_standing_has_its_words():
    assert set(WORDING) == set(Standing)
