"""What a published table of counts may look like, and what is said when it can't be right."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.cells import Hidden
from wardkeeper.outbreaks.published import from_published

PUBLISHED_ON = date(2020, 11, 30)
HULME, SALE = "E02001064", "E02001261"


def table(text: str) -> pl.DataFrame:
    """Read a small table: a heading, then rows, cells parted by a bar; a cell of spaces is blank."""
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    columns = zip(*rows, strict=True) if rows else [()] * len(heading)
    return pl.DataFrame(
        {name: [cell or None for cell in cells] for name, cells in zip(heading, columns, strict=True)},
        schema=dict.fromkeys(heading, pl.String),
    )


def intervals(frame: pl.DataFrame, **settings) -> list[tuple]:
    return from_published(frame, as_of=PUBLISHED_ON, **settings).frame.select("area", "week_end", "low", "high").rows()


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("14", 14, 14),
        ("14.0", 14, 14),
        ("1,023", 1023, 1023),
        ("0", 0, 0),
        # A hidden count is every count it may stand for, never zero.
        ("-99", 0, 2),
        ("-99.0", 0, 2),
        ("−99", 0, 2),
        ("*", 0, 2),
        ("S", 0, 2),
        ("suppressed", 0, 2),
        ("0-2", 0, 2),
        ("0–2", 0, 2),
        ("1 to 4", 1, 4),
        ("<5", 0, 4),
        ("<= 5", 0, 5),
    ],
)
def test_a_cell_is_a_count_or_the_counts_a_mark_stands_for(cell, low, high):
    frame = pl.DataFrame({"area": [HULME], "week_end": ["2020-11-28"], "cases": [cell]})
    assert intervals(frame) == [(HULME, date(2020, 11, 28), low, high)]


def test_a_blank_is_a_hidden_count_where_the_file_has_no_other_mark():
    counts = from_published(
        table("""
        msoa11cd  | name  | week_end   | cases7 | rate7
        E02001064 | Hulme | 2020-11-21 | 4      | 41.1
        E02001064 | Hulme | 2020-11-28 |        |
        """),
        as_of=PUBLISHED_ON,
    )
    assert counts.frame["high"].to_list() == [4, 2]
    assert counts.notes == ("Blank counts were read as hidden small counts of 0 to 2: 1.",)


def test_a_blank_is_not_published_where_hidden_counts_have_their_own_mark():
    counts = from_published(
        table("""
        area      | week_end   | cases
        E02001064 | 2020-11-14 | *
        E02001064 | 2020-11-21 | 4
        E02001064 | 2020-11-28 |
        """),
        as_of=PUBLISHED_ON,
    )
    assert counts.weeks == [date(2020, 11, 14), date(2020, 11, 21)]
    assert "left out as not published" in counts.notes[0]


def test_the_rolling_file_hides_counts_by_a_mark_or_by_a_blank():
    # On some days it writes S and on others nothing; it shows no count below 3.
    counts = from_published(
        table("""
        specimenDate | E02001064 | E02001261
        2020-11-21   |           | 4
        2020-11-28   | S         | 3
        """),
        as_of=PUBLISHED_ON,
    )
    assert counts.frame["high"].to_list() == [2, 2, 4, 3]


def test_the_reader_can_say_what_a_mark_stands_for():
    frame = table("""
        area      | week_end   | cases
        E02001064 | 2020-11-28 | *
        """)
    assert intervals(frame, hidden=Hidden(1, 7)) == [(HULME, date(2020, 11, 28), 1, 7)]


def test_the_weekly_form_has_a_column_for_each_iso_week_and_needs_the_year():
    weekly = table("""
        lad19_nm | msoa11_cd | wk_41 | wk_42 | latest_7_days
        Trafford | E02001261 | 6     | -99   | 3
                 | xxxxxxxxx | 800   | 900   | 950
        """)
    assert intervals(weekly, year=2020) == [(SALE, date(2020, 10, 11), 6, 6), (SALE, date(2020, 10, 18), 0, 2)]
    with pytest.raises(BadInput, match=r"does not say which year .* Say the year when loading it, such as 2020\."):
        intervals(weekly)


def test_the_rolling_form_has_a_column_for_each_area_and_only_whole_weeks_are_kept():
    days = "\n".join(f"2020-11-{day} | {day} | S" for day in range(18, 26))
    rolling = table(f"specimenDate | {HULME} | {SALE}\n{days}")
    assert intervals(rolling) == [
        (HULME, date(2020, 11, 18), 18, 18),
        (HULME, date(2020, 11, 25), 25, 25),
        (SALE, date(2020, 11, 18), 0, 2),
        (SALE, date(2020, 11, 25), 0, 2),
    ]


def test_newest_first_is_an_order_too():
    newest_first = table("""
        area      | week_end   | cases
        E02001064 | 28/11/2020 | 5
        E02001064 | 21/11/2020 | 4
        """)
    assert [row[2] for row in intervals(newest_first)] == [4, 5]


def test_the_newest_week_is_flagged_while_late_reports_may_still_come():
    frame = table("""
        area      | week_end   | cases
        E02001064 | 2020-11-21 | 4
        E02001064 | 2020-11-28 | 5
        """)
    counts = from_published(frame, as_of=PUBLISHED_ON)
    assert counts.frame["incomplete"].to_list() == [False, True]
    assert counts.missing == (
        "Late reports: the week ending 28 November 2020 may still rise, because reports take up to 5 days to arrive.",
    )


BAD = {
    "empty file": (
        "area | week_end | cases",
        r"The table has no rows\. Check that the whole file was sent\.",
    ),
    "wrong columns": (
        "street | when\nA | B",
        r"The columns are not those of a table of counts by area and week\. Expected area, week_end and cases",
    ),
    "unknown column": (
        "area | week_end | cases | vaccinated\nE02001064 | 2020-11-28 | 4 | 9",
        r"column vaccinated, .*The column is not one a published table of counts has\. Remove it",
    ),
    "area twice": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | 4\nE02001064 | 2020-11-28 | 5",
        r"row 2, .*The area E02001064 is there twice for the week ending 2020-11-28\. Keep one row",
    ),
    "dates out of order": (
        "area|week_end|cases\nE02001064|2020-11-14|4\nE02001064|2020-11-28|4\nE02001064|2020-11-21|4",
        r"row 3, column week_end, .*The dates of the area E02001064 are out of order\. Sort the rows",
    ),
    "week in the future": (
        "area | week_end | cases\nE02001064 | 2021-11-27 | 4",
        r"row 1, .*The week ends after 2020-11-30, in the future\. Check the year of the dates\.",
    ),
    "31 February": (
        "area | week_end | cases\nE02001064 | 2020-02-31 | 4",
        r"The date can't be read\. Write dates as 2020-11-28 or 28/11/2020\.",
    ),
    "negative number": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | -4",
        r"row 1, column cases, .*The count is below zero\. Ask the publisher for the corrected week; only -99",
    ),
    "a word for a count": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | several",
        r"The count is not a whole number or a known mark for a hidden one\. Known marks are",
    ),
    "half a case": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | 4.5",
        r"The count is not a whole number",
    ),
    "crossed interval": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | 4-2",
        r"The count is not a whole number",
    ),
    "a name for a code": (
        "area | week_end | cases\nHulme | 2020-11-28 | 4",
        r"row 1, column area, .*The area is not a code such as E02001064\. Use the nine-character ONS code\.",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_table_that_cannot_be_right_is_refused_with_the_next_step(fault):
    text, message = BAD[fault]
    with pytest.raises(BadInput, match=message):
        from_published(table(text), as_of=PUBLISHED_ON)


def test_a_week_that_the_year_does_not_have_is_refused():
    with pytest.raises(BadInput, match=r"2019 has no such week\. Check the heading and the year\."):
        intervals(table("area | wk_53\nE02001064 | 4"), year=2019)


def test_a_population_table_with_an_area_twice_is_refused():
    twice = pl.DataFrame({"area": [HULME, HULME], "population": [9000, 9001]})
    frame = table("area | week_end | cases\nE02001064 | 2020-11-28 | 4")
    with pytest.raises(BadInput, match="The population table has an area twice"):
        from_published(frame, as_of=PUBLISHED_ON, population=twice)
