"""A line list as it comes: headings, dates, places and faults. A table in; typed cases, counts and words out."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.cases import count_line_list
from wardkeeper.outbreaks.line_lists import COLUMNS, read_line_list
from wardkeeper.outbreaks.placing import Gazetteer, read_lookup
from wardkeeper.outbreaks.roles import Role, find_roles, is_line_list, parse_map

SALE, STRETFORD, ISLAND = "E01006100", "E01006200", "E01006300"
PLACES = Gazetteer(
    postcodes=pl.DataFrame({"postcode": ["M33 2AA", "M32 8BB"], "area": [SALE, STRETFORD]}),
    homes=pl.DataFrame({"uprn": ["900000001"], "postcode": ["M32 8BB"], "area": [STRETFORD]}),
    areas=[SALE, STRETFORD, ISLAND],
)
KNOWN = date(2020, 6, 9)


def read(heading: str, *rows: str, **settings):
    columns = heading.split(", ")
    cells = [[cell or None for cell in row.split(", ")] for row in rows]
    table = pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")
    return read_line_list(table, as_of=KNOWN, gazetteer=PLACES, **settings)


def cases(lines, *columns):
    return lines.frame.select(columns).rows()


# Headings

HEADINGS = {
    "England's laboratory file": "FINALID, specimen_date, lab_report_date, postcode",
    "a council's own": "Case reference, Date of specimen, Date reported, Post Code",
    "with area codes": "case, event_date, report_date, lsoa",
    "by UPRN": "Case ID, Test date, Result date, UPRN",
}


@pytest.mark.parametrize("file", HEADINGS)
def test_columns_are_told_by_their_headings(file):
    columns = HEADINGS[file].split(", ")
    assert is_line_list(columns)
    assert {Role.CASE, Role.EVENT, Role.REPORT} < set(find_roles(columns))


ORDERS = {
    "Specimen date": Role.EVENT,
    "Date specimen": Role.EVENT,
    "Sample date": Role.EVENT,
    "Date onset": Role.EVENT,
    "Date tested": Role.EVENT,
    "Date collected": Role.EVENT,
    "Date result": Role.REPORT,
    "Date reported": Role.REPORT,
    "Date lab report": Role.REPORT,
    "Date authorised": Role.REPORT,
    "Authorised date": Role.REPORT,
    "Result authorised date": Role.REPORT,
    "Date of notification": Role.REPORT,
}


@pytest.mark.parametrize("heading", ORDERS)
def test_a_day_is_told_in_whichever_order_its_heading_is_worded(heading):
    assert find_roles([heading]) == {ORDERS[heading]: heading}


def test_two_columns_that_may_both_be_the_day_of_report_are_asked_about():
    with pytest.raises(BadInput) as raised:
        find_roles(["Specimen date", "Date reported", "Date authorised"])
    assert '--map "Date authorised=ignore"' in raised.value.next


def test_published_counts_are_no_line_list():
    # Public Health England's file of 2020: read as a list, each day would be one case.
    assert not is_line_list(["Area name", "Area code", "Specimen date", "Daily lab-confirmed cases"])
    assert not is_line_list(["area", "date", "cases"])
    assert not is_line_list(["msoa11cd", "name", "week_end", "cases7", "rate7"])


def test_a_column_can_be_mapped():
    lines = read(
        "Ref, When, Where",
        "1, 2020-06-01, M33 2AA",
        mapping=parse_map(["Ref=case", "When=event-date", "Where=postcode"]),
    )
    assert cases(lines, "case", "event_date", "area") == [("1", date(2020, 6, 1), SALE)]
    assert lines.frame.columns == list(COLUMNS)


WRONG_MAPS = {
    "no such role": (["When=day"], "“When=day” does not say which column has which role. Write it as column=role"),
    "no sign": (["When"], "Write it as column=role, with one of: case, event-date, report-date, postcode, uprn, area"),
    "no such column": (["Nowhere=postcode"], "The file has no column “Nowhere”"),
}


@pytest.mark.parametrize("fault", WRONG_MAPS)
def test_a_wrong_mapping_is_refused(fault):
    mapping, message = WRONG_MAPS[fault]
    with pytest.raises(BadInput, match=message):
        read("case, specimen_date, postcode", "1, 2020-06-01, M33 2AA", mapping=parse_map(mapping))


def test_two_columns_of_one_role_are_asked_about():
    with pytest.raises(
        BadInput, match=r"“specimen_date” and “onset_date” both look like the event-date. Say which it is"
    ):
        read("case, specimen_date, onset_date, postcode", "1, 2020-06-01, 2020-05-30, M33 2AA")
    lines = read(
        "case, specimen_date, onset_date, postcode",
        "1, 2020-06-01, 2020-05-30, M33 2AA",
        mapping={"onset_date": Role.EVENT},
    )
    assert cases(lines, "event_date") == [(date(2020, 5, 30),)]


@pytest.mark.parametrize(
    ("heading", "missing"),
    [("case, postcode", "the day of the event or specimen"), ("case, specimen_date", "where a case lives")],
)
def test_a_list_without_a_day_or_a_place_is_refused(heading, missing):
    with pytest.raises(BadInput, match=missing):
        read(heading, "1, x")


def test_what_is_not_used_is_not_kept_and_said():
    lines = read("case, specimen_date, postcode, NHS number", "1, 2020-06-01, M33 2AA, 9434765919")
    assert "Columns that are not used were not kept: NHS number." in lines.notes
    assert "9434765919" not in str(lines.frame.rows())


# Dates

DATES = {
    "ISO": "2020-06-01",
    "ISO with a time": "2020-06-01T09:30:00",
    "day first": "01/06/2020",
    "two-digit year": "1/6/20",
    "in words": "1 June 2020",
    "short month": "01-Jun-20",
    "Excel's number": "43983",
    "Excel's number with a time": "43983.4",
}


@pytest.mark.parametrize("form", DATES)
def test_a_date_is_read_as_people_and_spreadsheets_write_it(form):
    assert cases(read("case, specimen_date, postcode", f"1, {DATES[form]}, M33 2AA"), "event_date") == [
        (date(2020, 6, 1),)
    ]


def test_dates_with_the_month_first_are_read_so_when_nothing_else_fits_and_said():
    lines = read("case, specimen_date, postcode", "1, 05/30/2020, M33 2AA", "2, 06/01/2020, M33 2AA")
    assert cases(lines, "event_date") == [(date(2020, 5, 30),), (date(2020, 6, 1),)]
    assert any("only be right with the month first" in note for note in lines.notes)


def test_a_column_that_cannot_tell_day_from_month_is_read_as_the_one_beside_it():
    lines = read("case, specimen_date, report_date, postcode", "1, 05/25/2020, 06/02/2020, M33 2AA")
    assert cases(lines, "event_date", "report_date") == [(date(2020, 5, 25), date(2020, 6, 2))]


def test_dates_that_a_spreadsheet_turned_round_are_set_aside_and_said():
    # 6 May was written as 5 June: after its own report of 7 May, it can't be right.
    lines = read(
        "case, specimen_date, report_date, postcode",
        "1, 2020-06-05, 2020-05-07, M33 2AA",
        *(f"{n}, 2020-05-20, 2020-05-22, M33 2AA" for n in range(2, 12)),
    )
    assert lines.set_aside == {"were reported before they happened": 1}
    assert any("1 would be right with day and month exchanged" in note for note in lines.notes)
    assert any("Nothing was changed" in note for note in lines.notes)


# Faults: set aside and counted, or refused when there are too many

FAULTS = {
    "no id": (", 2020-06-01, 2020-06-02, M33 2AA", "have no case id"),
    "unreadable date": ("9, 31/02/2020, 2020-06-02, M33 2AA", "have no event date that can be read"),
    "unreadable report": ("9, 2020-06-01, soon, M33 2AA", "have a report date that can't be read"),
    "reported first": ("9, 2020-06-02, 2020-05-30, M33 2AA", "were reported before they happened"),
    "in the future": ("9, 2020-07-01, , M33 2AA", "happened in the future"),
    "a century ago": ("9, 1920-06-01, 2020-06-02, M33 2AA", "happened more than 10 years ago"),
    "an id that a spreadsheet cut": (
        "1.23457E+10, 2020-06-01, 2020-06-02, M33 2AA",
        "have a case id that a spreadsheet shortened",
    ),
    "a cell as long as a book": (f"{'9' * 200_000}, 2020-06-01, 2020-06-02, M33 2AA", "have no case id"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_that_cannot_be_right_is_set_aside_with_its_row_and_reason(fault):
    row, why = FAULTS[fault]
    good = [f"{n}, 2020-06-01, 2020-06-02, M33 2AA" for n in range(5)]
    lines = read("case, specimen_date, report_date, postcode", *good, row)
    assert (lines.frame.height, lines.set_aside) == (5, {why: 1})
    assert f"Rows that {why} were set aside: 1 (row 6)." in lines.notes


def test_a_file_with_too_many_faults_is_refused_whole_without_its_values():
    with pytest.raises(BadInput) as refused:
        read("case, specimen_date, postcode", *(f"{n}, never, M33 2AA" for n in range(3)))
    assert str(refused.value) == (
        "row 1, rule line list: 3 of 3 rows can't be right: 3 have no event date that can be read, first in row 1. "
        "Check that the columns and the order of day and month are right (--map COLUMN=role), then load it again."
    )


def test_a_report_still_to_come_is_not_known_yet():
    lines = read("case, specimen_date, report_date, postcode", "1, 2020-06-08, 2020-06-12, M33 2AA")
    assert lines.frame.is_empty()
    assert "Cases reported after 2020-06-09 were left out, as not known yet: 1." in lines.notes


# Places


def test_a_home_goes_before_a_postcode_and_a_postcode_before_a_code():
    lines = read(
        "case, specimen_date, uprn, postcode, lsoa",
        f"1, 2020-06-01, 900000001, M33 2AA, {SALE}",
        f"2, 2020-06-01, , M33 2AA, {STRETFORD}",
        f"3, 2020-06-01, , , {STRETFORD}",
    )
    assert cases(lines, "case", "area") == [("1", STRETFORD), ("2", SALE), ("3", STRETFORD)]
    assert "Cases whose area code differs from their home's or postcode's were placed by the latter: 2." in lines.notes


def test_a_home_gives_its_postcode():
    assert cases(read("case, specimen_date, uprn", "1, 2020-06-01, 900000001.0"), "home", "postcode") == [
        ("900000001", "M32 8BB")
    ]


def test_cases_that_cannot_be_placed_are_kept_and_counted_with_why():
    lines = read(
        "case, specimen_date, uprn, postcode",
        "1, 2020-06-01, , M33 2AA",
        "2, 2020-06-01, , M1 1ZZ",
        "3, 2020-06-01, , somewhere",
        "4, 2020-06-01, 900000999, ",
        "5, 2020-06-01, , ",
    )
    assert (lines.frame.height, lines.unplaced) == (5, 4)
    assert lines.notes[-1] == (
        "Cases that could not be placed in an area are kept, but are in no area's count: 4 (the postcode is not in the "
        "table of postcodes: 1; the UPRN is not on the address list: 1; the place is not written as a postcode, a UPRN "
        "or an area code: 1; there is no place at all: 1). A newer look-up of postcodes may place them."
    )
    assert count_line_list(lines).frame["low"].sum() == 1


def test_a_uprn_is_read_as_spreadsheets_write_it_but_never_from_lost_digits():
    rows = [f"{at}, 2020-06-01, {text}" for at, text in enumerate(["900000001.0", "0900000001", "9.00000E+08"])]
    lines = read("case, specimen_date, uprn", *rows)
    assert cases(lines, "area") == [(STRETFORD,), (STRETFORD,), (None,)]
    assert "not written as a postcode, a UPRN or an area code: 1" in lines.notes[-1]


def test_a_report_whose_place_cannot_be_read_takes_none_away():
    rows = ("1, 2020-06-01, 2020-06-02, M33 2AA", "1, 2020-06-01, 2020-06-04, somewhere")
    assert cases(read("case, specimen_date, report_date, postcode", *rows), "area") == [(SALE,)]


AGES = {"87 years": "80 and over", "90+": "80 and over", "18 months": "0 to 4", "6m": "0 to 4", "under 5": "0 to 4"}


@pytest.mark.parametrize("age", AGES)
def test_an_age_is_read_as_people_write_it(age):
    assert cases(read("case, specimen_date, postcode, age", f"1, 2020-06-01, M33 2AA, {age}"), "age_group") == [
        (AGES[age],)
    ]


@pytest.mark.parametrize("written", ["eighty", "01/02/1980", "1.2.80", "5-6-1999", "1980-02-01"])
def test_an_age_that_cannot_be_read_is_left_out_and_said(written):
    lines = read("case, specimen_date, postcode, age", f"1, 2020-06-01, M33 2AA, {written}")
    assert cases(lines, "age_group") == [(None,)]
    assert "Ages that could not be read were left out: 1." in lines.notes


def test_a_list_that_cannot_be_placed_at_all_is_refused():
    with pytest.raises(BadInput, match="No case could be placed in an area"):
        count_line_list(read("case, specimen_date, postcode", "1, 2020-06-01, M1 1ZZ"))


def test_a_case_that_moved_counts_where_it_was_last_placed():
    lines = read(
        "case, specimen_date, report_date, postcode",
        "1, 2020-06-01, 2020-06-02, M33 2AA",
        "1, 2020-06-01, 2020-06-04, M32 8BB",
        "1, 2020-06-01, 2020-06-05, ",
    )
    assert cases(lines, "area", "report_date") == [(STRETFORD, date(2020, 6, 2))]
    assert "Cases whose place was changed by a later report count where they were last placed: 1." in lines.notes


def test_an_id_used_again_for_somebody_else_is_said_and_reports_of_the_other_are_not_this_ones():
    lines = read(
        "case, event_date, report_date, postcode",
        *("c1, 2020-01-04, 2020-01-06, M33 2AA", "c1, 2020-06-01, 2020-06-03, M32 8BB"),
        *("c2, 2020-05-20, 2020-05-21, M33 2AA", "c2, 2020-05-22, 2020-05-24, M33 2AA"),
    )
    days = [("c2", date(2020, 5, 22), date(2020, 5, 24)), ("c1", date(2020, 6, 1), date(2020, 6, 3))]
    assert cases(lines, "case", "event_date", "report_date") == days
    assert any(note.startswith("Cases with events more than 90 days apart, of which only") for note in lines.notes)
    assert sum(": 1. Ask whether" in note for note in lines.notes) == 1


def test_a_setting_written_as_a_number_is_a_uprn_and_ages_become_groups():
    lines = read(
        "case, specimen_date, postcode, setting, age",
        "1, 2020-06-01, M33 2AA, 900000002, 87",
        "2, 2020-06-01, M33 2AA, Acacia  House, 40-44",
        "3, 2020-06-01, M33 2AA, , 999",
    )
    assert cases(lines, "setting", "setting_home", "age_group") == [
        (None, "900000002", "80 and over"),
        ("Acacia House", None, "40 to 64"),
        (None, None, None),
    ]


# Counts


def test_every_area_has_true_zeros_an_island_too():
    counts = count_line_list(read("case, specimen_date, postcode", "1, 2020-06-01, M33 2AA"), areas=list(PLACES.areas))
    assert counts.frame.select("area", "low", "high").rows() == [(SALE, 1, 1), (STRETFORD, 0, 0), (ISLAND, 0, 0)]


def test_without_ids_or_report_dates_it_is_said():
    lines = read("specimen_date, postcode", "2020-06-01, M33 2AA", "2020-06-01, M33 2AA")
    assert lines.frame.height == 2
    assert any("no case ids" in note for note in lines.notes)
    assert any("no report dates" in note for note in lines.notes)


# A look-up of postcodes


def test_the_column_of_a_look_up_is_the_one_that_knows_the_areas():
    table = pl.DataFrame(
        {"pcds": ["M33 2AA", "M32 8BB"], "lsoa11": ["E01005000", "E01005001"], "lsoa21": [SALE, STRETFORD]}
    )
    assert read_lookup(table, [SALE, STRETFORD]).rows() == [("M33 2AA", SALE), ("M32 8BB", STRETFORD)]


def test_a_look_up_of_another_year_is_refused():
    table = pl.DataFrame({"pcds": ["M33 2AA"], "lsoa11": ["E01005000"]})
    with pytest.raises(BadInput, match="Use a look-up for the same year's areas"):
        read_lookup(table, [SALE])
