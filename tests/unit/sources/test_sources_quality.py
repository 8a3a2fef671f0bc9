from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.dating import read_extract_day
from wardkeeper.sources.findings import SCHEMA
from wardkeeper.sources.quality import FEWEST_ROWS, ColumnQuality, report
from wardkeeper.sources.rules import WORDING, Rule
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import (
    ColumnTerm,
    Contract,
    DateForm,
    FileForm,
    Format,
    Kind,
    Meaning,
)

ON = date(2026, 11, 20)

COLUMNS = (
    ColumnTerm("Name", Meaning.NAME),
    ColumnTerm("Born", Meaning.BIRTH_DATE, DateForm.DAY_MONTH_YEAR),
    ColumnTerm("Day", Meaning.EXTRACT_DATE, DateForm.DAY_MONTH_YEAR),
)

TERMS = Contract(
    name="club",
    title="Club",
    owner="The club",
    contact="club@example.org",
    refresh_days=7,
    kind=Kind.FULL,
    mandate={
        "id": "standing-club",
        "kind": "standing",
        "title": "Club",
        "purposes": ["emergency-planning"],
        "gateways": ["cca-2004"],
        "starts": ON,
        "ends": None,
        "review_by": ON,
        "at_end": "delete",
    },
    file=FileForm(Format.CSV, ("Name", "Born", "Day"), dated_by="Day"),
    columns=COLUMNS,
)


def judge(cells, *, births=(), phones=(), findings=()):
    people = max(len(births), len(phones))
    records = pl.DataFrame(
        {
            "birth_date": [*births, *[None] * (people - len(births))],
            "phone": [*phones, *[None] * (people - len(phones))],
        },
        schema={"birth_date": pl.Date, "phone": pl.String},
    )
    frame = pl.DataFrame(cells, schema=["row", "Name", "Born", "Day"], orient="row")
    found = pl.DataFrame(list(findings), schema=SCHEMA, orient="row")
    return report(frame, records, found, TERMS, extracted_on=ON, assumed=["so"])


def rows(count, born="01/02/1950"):
    return [(number, "A B", born, "20/11/2026") for number in range(1, count + 1)]


def test_completeness_and_validity_of_each_column():
    cells = [(1, "A B", "31/02/1950", "x"), (2, "C D", " ", "x"), (3, "", "01/02/1950", "x")]
    quality = judge(cells, findings=[(1, "Born", "impossible-date"), (2, "Name", "repeated-key")])
    assert quality.columns == (ColumnQuality("Name", 2, 2), ColumnQuality("Born", 2, 1), ColumnQuality("Day", 3, 3))
    assert quality.repeated == 1
    assert quality.assumed == ("so",)


def test_a_column_whose_form_has_changed():
    bad = [(number, "Born", "impossible-date") for number in range(1, 31)]
    assert judge(rows(100), findings=bad).suspicious == (
        "30% of the values in Born cannot be used: has its form changed?",
    )
    assert judge(rows(100), findings=bad[:20]).suspicious == ()
    assert judge(rows(FEWEST_ROWS - 1), findings=bad).suspicious == ()


def test_many_births_on_the_first_of_january():
    usual = [date(1950, 3, 1)] * 90
    stand_ins = judge(rows(1), births=usual + [date(1950, 1, 1)] * 10)
    assert stand_ins.suspicious == ("10% of birth dates are 1 January: many may stand for an unknown day",)
    assert judge(rows(1), births=[*usual, date(1950, 1, 1)]).suspicious == ()


def test_one_telephone_on_many_records():
    assert judge(rows(1), phones=["+44161"] * 11).suspicious == (
        "1 telephone numbers are each on more than 10 records: they may be an office's",
    )
    assert judge(rows(1), phones=["+44161"] * 10 + ["+44162"]).suspicious == ()


def test_late_the_day_after_the_agreed_wait():
    quality = judge(rows(1))
    assert not quality.is_late(ON + timedelta(days=7))
    assert quality.is_late(ON + timedelta(days=8))


@pytest.mark.parametrize(
    ("days", "day"),
    [
        (["20/11/2026", "20/11/2026"], ON),
        (["20/11/2026", "20/11/2026", "20/11/2062"], ON),
        (["19/11/2026", "20/11/2026"], ON),
        (["", "20/11/2026", "x"], ON),
    ],
)
def test_the_day_of_a_file_is_the_one_most_rows_name(days, day):
    assert read_extract_day(raw(days), TERMS) == day


def test_a_promised_day_that_is_nowhere_is_refused():
    with pytest.raises(BadInput, match="No row says on which day the file was extracted"):
        read_extract_day(raw(["", "x"]), TERMS)


def test_a_contract_may_leave_the_day_to_the_file_itself():
    by_file = replace(TERMS, file=replace(TERMS.file, dated_by="file"))
    assert read_extract_day(raw(["20/11/2026"]), by_file) is None


def raw(days):
    frame = pl.DataFrame({"Name": ["A"] * len(days), "Born": [""] * len(days), "Day": days})
    return RawTable(frame, pl.Series("row", range(1, len(days) + 1)))


def test_every_rule_has_its_wording_and_none_can_hold_a_value():
    assert set(WORDING) == set(Rule)
    assert all(wording.reason.endswith(".") and "{" not in wording.reason for wording in WORDING.values())
