import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import polars as pl
import pytest

from resident_tables import record_frame
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.changes import Changes
from wardkeeper.sources.dating import read_extract_day, say_extract_day
from wardkeeper.sources.findings import SCHEMA
from wardkeeper.sources.profiles import EMPTY, OTHER, ColumnQuality, count_codes, hide_small
from wardkeeper.sources.quality import NoteCount, read_report, report
from wardkeeper.sources.rules import WORDING, Rule
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import (
    ColumnTerm,
    Contract,
    DateForm,
    FactorTerm,
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


def judge(cells, *, records=(), findings=(), terms=TERMS):
    frame = pl.DataFrame(cells, schema=["row", "Name", "Born", "Day"], orient="row")
    found = pl.DataFrame(list(findings), schema=SCHEMA, orient="row")
    return report(frame, record_frame(list(records)), found, terms, extracted_on=ON, assumed=["so"])


def rows(count, born="01/02/1950"):
    return [(number, "A B", born, "20/11/2026") for number in range(1, count + 1)]


def test_completeness_validity_and_variety_of_each_column():
    cells = [(1, "A B", "31/02/1950", "x"), (2, "C D", " ", "x"), (3, "", "01/02/1950", "x")]
    quality = judge(cells, findings=[(1, "Born", "impossible-date"), (2, "Name", "repeated-key")])
    assert quality.columns == (
        ColumnQuality("Name", 2, 2, 2),
        ColumnQuality("Born", 2, 1, 3),
        ColumnQuality("Day", 3, 3, 1),
    )
    assert (quality.rows, quality.records, quality.repeated) == (3, 0, 1)
    assert quality.assumed == ("so",)


@pytest.mark.parametrize("rule", ["lost-zero", "unknown-postcode", "shared-key", "joint-name", "unseen-letters"])
def test_a_value_that_was_put_back_or_kept_is_valid(rule):
    assert judge(rows(3), findings=[(1, "Name", rule)]).columns[0].valid == 3


def test_a_finding_on_an_empty_cell_takes_no_other_value_away():
    cells = [(1, "", "", "x"), (2, "VOID", "", "x"), (3, "A B", "", "x")]
    name = judge(cells, findings=[(1, "Name", "no-name"), (2, "Name", "no-name"), (2, "Name", "no-name")]).columns[0]
    assert (name.filled, name.valid) == (2, 1)


CODED = replace(
    TERMS,
    columns=(*COLUMNS[:2], ColumnTerm("Day", Meaning.FACT)),
    factors=(
        FactorTerm("Day", when=(("Oxygen", "oxygen-at-home"), ("Hoist", "uses-hoist")), known=("None",), split=";"),
    ),
)


def test_codes_are_counted_by_the_contracts_own_words():
    cells = [(1, "A B", "", "oxygen; Hoist"), (2, "A B", "", "none"), (3, "A B", "", ""), (4, "A B", "", "a piano")]
    counted = count_codes(pl.DataFrame(cells, schema=["row", "Name", "Born", "Day"], orient="row"), CODED)
    assert counted == {"Day": (("Oxygen", 1), ("Hoist", 1), ("None", 1), (EMPTY, 1), (OTHER, 1))}


def test_a_small_count_of_a_special_fact_is_hidden_and_others_are_rounded():
    cells = [(1, "A B", "", "Oxygen"), *[(number, "A B", "", "None") for number in range(2, 25)]]
    day = judge(cells, terms=CODED).columns[2]
    assert day.codes == (("Oxygen", None), ("Hoist", 0), ("None", 20), (EMPTY, 0), (OTHER, 0))
    assert (day.filled, day.valid) == (20, 20)


def test_how_many_different_values_is_hidden_too_where_each_may_be_one_persons():
    unused = replace(TERMS, columns=(*COLUMNS[:2], ColumnTerm("Day", Meaning.UNUSED)))
    assert judge(rows(3), terms=unused).columns[2] == ColumnQuality("Day", None, None, None)


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (7, None), (8, 5), (12, 10), (14, 10), (15, 15)])
def test_small_counts(count, told):
    assert hide_small(count) == told


def test_a_report_is_read_as_it_was_stored():
    quality = replace(
        judge(rows(60, born=""), terms=CODED),
        notes=(NoteCount("Born", "impossible-date", "It is not real.", 3),),
        changes=Changes(1, 2, 3),
    )
    assert read_report(json.dumps(asdict(quality), default=str).encode()) == quality
    assert quality.suspicious, "the test is about concerns too"


def test_a_report_from_before_is_still_readable():
    kept = {
        "columns": [{"column": "Name", "filled": 3, "valid": 2}],
        "repeated": 0,
        "suspicious": ["30% of the values in Born cannot be used"],
        "extracted_on": "2026-11-20",
        "refresh_days": 7,
        "assumed": ["so"],
    }
    quality = read_report(json.dumps(kept).encode())
    assert quality.columns == (ColumnQuality("Name", 3, 2),)
    assert quality.suspicious[0].says == "30% of the values in Born cannot be used"


def test_records_are_counted_by_the_month_of_their_row():
    seen = [date(2026, 9, 1), date(2026, 10, 2), date(2026, 10, 30)]
    made = [{"record_id": f"club:{number}", "seen_on": day} for number, day in enumerate(seen)]
    own_dates = replace(TERMS, columns=(*COLUMNS[:2], ColumnTerm("Day", Meaning.SEEN_ON, DateForm.DAY_MONTH_YEAR)))
    assert judge(rows(3), records=made, terms=own_dates).months == (("2026-09", 1), ("2026-10", 2))
    assert judge(rows(3), records=made).months == ()


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


def test_a_day_that_is_still_to_come_is_refused():
    with pytest.raises(BadInput, match="extracted on 2026-11-21, which is after today, 2026-11-20") as raised:
        read_extract_day(raw(["21/11/2026", "21/11/2026", "20/11/2026"]), TERMS, today=ON)
    assert raised.value.where.column == TERMS.file.dated_by
    assert read_extract_day(raw(["21/11/2026", "20/11/2026"]), TERMS, today=ON) == ON, "as many rows name today"


def test_of_timestamps_one_that_is_still_to_come_dates_no_file():
    stamped = replace(
        TERMS,
        columns=tuple(
            replace(term, meaning=Meaning.SEEN_ON) if term.name == TERMS.file.dated_by else term
            for term in TERMS.columns
        ),
    )
    assert read_extract_day(raw(["20/11/2026", "19/11/2026", "20/11/2062"]), stamped, today=ON) == ON
    with pytest.raises(BadInput, match="after today"):
        read_extract_day(raw(["20/11/2062"]), stamped, today=ON)
    assert say_extract_day(raw(["20/11/2026", "19/11/2026"]), stamped, ON) == ()


def test_what_was_assumed_of_the_day_is_said():
    name = TERMS.file.dated_by
    assert say_extract_day(raw(["20/11/2026", "", "20/11/2026"]), TERMS, ON) == ()
    assert say_extract_day(raw(["20/11/2026", "20/11/2026", "19/11/2026", "x"]), TERMS, ON) == (
        f"{name} names another day in 1 rows: the one that most rows name, 2026-11-20, was taken",
        f"{name} can't be read in 1 rows: the file was taken to be of 2026-11-20",
    )


def test_a_contract_may_leave_the_day_to_the_file_itself():
    by_file = replace(TERMS, file=replace(TERMS.file, dated_by="file"))
    assert read_extract_day(raw(["20/11/2026"]), by_file) is None


def raw(days):
    frame = pl.DataFrame({"Name": ["A"] * len(days), "Born": [""] * len(days), "Day": days})
    return RawTable(frame, pl.Series("row", range(1, len(days) + 1)))


def test_every_rule_has_its_wording_and_none_can_hold_a_value():
    assert set(WORDING) == set(Rule)
    assert all(wording.reason.endswith(".") and "{" not in wording.reason for wording in WORDING.values())
