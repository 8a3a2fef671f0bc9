"""What a published table of counts may look like, and what is said when it can't be right."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.cells import Hidden
from wardkeeper.outbreaks.published import from_published, name_columns
from wardkeeper.outbreaks.roles import is_line_list, parse_map

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
    with pytest.raises(
        BadInput, match=r"does not say which year .* Say the year when loading it, such as --year 2020\."
    ):
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


def test_a_rolling_file_that_lacks_the_day_a_week_ends_on_says_which_weeks_are_lost():
    days = [f"2020-06-{day:02} | {day} | {7 if day < 22 else ''}" for day in range(1, 23) if day != 15]
    long = [
        f"{area} | 2020-06-{day:02} | {day}"
        for area, last in ((HULME, 22), (SALE, 21))
        for day in range(1, last + 1)
        if day != 15
    ]
    for rolling, lost in (
        (table(f"specimenDate | {HULME} | {SALE}\n" + "\n".join(days)), 2),
        (table("area | date | cases7\n" + "\n".join(long)), 3),
    ):
        counts = from_published(rolling, as_of=PUBLISHED_ON)
        assert counts.weeks == [date(2020, 6, day) for day in (1, 8, 22)]
        assert f"Weeks of single areas left out because the file has no total of their Monday: {lost}." in counts.notes


DAY = "Trafford | E08000009 | 2020-11-{day:02} | {count}"


def test_counts_of_days_are_added_up_to_whole_weeks():
    days = [DAY.format(day=day, count="<5" if day == 20 else 2) for day in range(13, 30)]
    daily = table("\n".join(["areaName | areaCode | date | newCasesBySpecimenDate", *days]))
    counts = from_published(daily, as_of=PUBLISHED_ON)
    assert counts.frame.select("week_end", "low", "high").rows() == [
        (date(2020, 11, 21), 12, 16),
        (date(2020, 11, 28), 14, 14),
    ]
    assert counts.notes == (
        "Counts of days were added up to weeks ending on a Saturday; days of weeks that are not whole were left out: 3.",
    )
    assert [row[1] for row in intervals(daily, ends_on=7)] == [date(2020, 11, 22), date(2020, 11, 29)]


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("week_end", "2020-W24"),
        ("week", "2020W24"),
        ("week_commencing", "08/06/2020"),
        ("week ending", "14-Jun-20"),
        ("date", "2020-06-14T00:00:00"),
        ("date", "43996"),
        ("date", "06/14/2020"),
    ],
)
def test_a_week_may_be_told_by_its_last_day_its_first_or_its_number(heading, day):
    frame = pl.DataFrame({"area": [HULME], heading: [day], "cases": ["4"]})
    assert intervals(frame) == [(HULME, date(2020, 6, 14), 4, 4)]


def test_the_daily_metric_of_the_health_security_agency_is_read_and_no_other():
    rows = {"geography_code": ["E08000009"] * 7, "date": [f"2020-11-{day}" for day in range(22, 29)]}
    frame = pl.DataFrame(rows | {"metric_value": ["3.0"] * 7, "metric": ["COVID-19_cases_casesByDay"] * 7})
    assert intervals(frame) == [("E08000009", date(2020, 11, 28), 21, 21)]
    with pytest.raises(BadInput, match=r"metric COVID-19_cases_rateRollingMean, which is no count of cases by day"):
        intervals(frame.with_columns(metric=pl.lit("COVID-19_cases_rateRollingMean")))


def test_a_count_that_is_not_available_is_left_out_and_said():
    counts = from_published(
        table("""
        area      | week_end   | cases
        E02001064 | 2020-11-21 | ..
        E02001064 | 2020-11-28 | 4
        """),
        as_of=PUBLISHED_ON,
    )
    assert counts.weeks == [date(2020, 11, 28)]
    assert counts.notes == ("Counts marked as not available were left out: 1.",)


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
        "street | when\nA | 2020-11-28",
        (
            r"The columns are not those of a table of counts by area and week\. The file has these columns: street, when\. "
            r"Expected area, week_end and cases; .* say what they are: --map \"COLUMN=role\", with one of: area, week-end, .*"
            r"If it is a line list, .* the day \(event-date\) and the place .*Its roles are: case, event-date, report-date"
        ),
    ),
    "a case in the place of headings": (
        "Ann Lee | 2020-11-28 | M33 2AA\nJoe Roe | 2020-11-28 | M33 2AB",
        r"by area and week\. The first line looks like a case: if the file has no headings, add them\. Expected",
    ),
    "unknown column": (
        "area | week_end | cases | vaccinated\nE02001064 | 2020-11-28 | 4 | 9",
        r"column vaccinated, .*The column is not one a published table of counts has\. Say what it is",
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
        r"The date can't be read\. Write dates as 2020-11-28 or 28/11/2020, weeks as 2020-W48\.",
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
    "days in a column of weeks": (
        "area|date|cases\nE02001064|2020-11-27|4\nE02001064|2020-11-28|4",
        r"less than a week apart: each may be of one day, or of seven\. Name the column new_cases where each is of one",
    ),
    "one odd weekday": (
        "area|week_end|cases\nE02001064|2020-11-14|4\nE02001064|2020-11-21|4\nE02001261|2020-11-29|4",
        r"row 3, column week_end, .*most end on a Saturday, this one on a Sunday\. Check the date, and the order",
    ),
    "no whole week of days": (
        "area|date|new cases\nE02001064|2020-11-28|4",
        r"The table has no whole week of daily counts\. Give all seven days of a week",
    ),
    "wards beside districts": (
        "areaType|areaCode|date|cases\nmsoa|E02001064|2020-11-28|4\nltla|E08000003|2020-11-28|40",
        r"The table has areas of several kinds: ltla, msoa\. Their cases would count twice\. Keep the rows of one",
    ),
    "a slip in the year": (
        "area | week_end | cases\nE02001064 | 1020-11-28 | 4",
        r"The day is before 1900\. Check the year of the dates\.",
    ),
    "no area anywhere": (
        "area | week_end | cases\nxxxxxxxxx | 2020-11-28 | 4",
        r"column area, .*No row has an area\. Give each row the code of its area\.",
    ),
    "no count anywhere": (
        "area | week_end | cases\nE02001064 | 2020-11-28 | ..",
        r"column cases, .*Every count is marked as not available\. Ask the publisher",
    ),
    "a name for a code": (
        "area | week_end | cases\nHulme | 2020-11-28 | 4",
        r"row 1, column area, .*The area is not a code such as E02001064\. Use the nine-character ONS code, and take out",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_table_that_cannot_be_right_is_refused_with_the_next_step(fault):
    text, message = BAD[fault]
    with pytest.raises(BadInput, match=message):
        from_published(table(text), as_of=PUBLISHED_ON)


def test_an_error_names_the_first_of_many_and_how_many_more_there_are():
    kinds = pl.DataFrame(
        {"area": [f"E0200{at:04}" for at in range(1900)], "area type": [f"k{at:04}" for at in range(1900)]}
    )
    with pytest.raises(BadInput, match=r"several kinds: k0000, .*k0019 and 1,880 more\. Their cases") as refused:
        from_published(kinds.with_columns(date=pl.lit("2020-11-28"), cases=pl.lit("4")), as_of=PUBLISHED_ON)
    assert len(str(refused.value)) < 400
    with pytest.raises(BadInput, match=r"these columns: c0, .*c19 and 80 more\. Expected"):
        from_published(pl.DataFrame({f"c{at}": ["x"] for at in range(100)}), as_of=PUBLISHED_ON)


def test_a_week_that_the_year_does_not_have_is_refused():
    with pytest.raises(BadInput, match=r"2019 has no such week\. Check the heading and the year\."):
        intervals(table("area | wk_53\nE02001064 | 4"), year=2019)


def test_a_population_table_with_an_area_twice_is_refused():
    twice = pl.DataFrame({"area": [HULME, HULME], "population": [9000, 9001]})
    frame = table("area | week_end | cases\nE02001064 | 2020-11-28 | 4")
    with pytest.raises(BadInput, match="The population table has an area twice"):
        from_published(frame, as_of=PUBLISHED_ON, population=twice)


STRANGE = """
    Place     | Up to      | Positives | Cases expected
    E02001064 | 2020-11-28 | 14        | 9
"""


def test_columns_of_counts_may_be_said_to_be_what_they_are():
    mapping = parse_map(["Place=area", "Up to=week-end", "Positives=cases", "Cases expected=ignore"])
    assert not is_line_list(table(STRANGE).columns, mapping)
    named, said = name_columns(table(STRANGE), mapping)
    assert intervals(named) == [(HULME, date(2020, 11, 28), 14, 14)]
    assert said == ("Columns that were not used: Cases expected.",)


def test_a_day_that_a_week_starts_on_and_counts_of_days_may_be_said():
    assert name_columns(table(STRANGE), parse_map(["Up to=week-start"]))[0].columns[1] == "week_commencing"
    assert name_columns(table(STRANGE), parse_map(["Positives=cases-of-day"]))[0].columns[2] == "new_cases"
    assert name_columns(table(STRANGE), parse_map(["Positives=cases-of-7-days"]))[0].columns[2] == "cases7"


def test_a_column_said_to_be_the_count_stands_for_one_that_looks_like_it():
    named, said = name_columns(
        table("area | week_end | cases | checked\nE02001064 | 2020-11-28 | 3 | 4"), parse_map(["checked=cases"])
    )
    assert intervals(named) == [(HULME, date(2020, 11, 28), 4, 4)]
    assert said == ("Columns that were not used: cases.",)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (["Nowhere=cases"], "The file has no column “Nowhere”.*these columns: Place, Up to, Positives, Cases expected"),
        (["Place=area", "Up to=area"], "Two columns are said to be the area"),
        (["Up to=week-end", "Place=week-start"], "Two columns are said to be the week-start, or like it"),
        (["Up to=event-date"], "Published counts have no event-date. Use each of these once: area, week-end"),
    ],
)
def test_roles_of_counts_that_cannot_be_right_are_refused(mapping, message):
    with pytest.raises(BadInput, match=message):
        name_columns(table(STRANGE), parse_map(mapping))


def test_roles_of_a_line_list_and_of_counts_do_not_go_together():
    with pytest.raises(BadInput, match="The role cases is of published counts, event-date of a line list"):
        is_line_list(["a", "b"], parse_map(["a=cases", "b=event-date"]))
