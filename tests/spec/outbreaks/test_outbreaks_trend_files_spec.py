"""Tables of cases by day, of areas and of neighbours, as they come: what is read, what is noted, what is refused."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.area_tables import Received, join_tables
from wardkeeper.outbreaks.incidence import from_table, interval_from_table


def text(**columns) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [None if cell is None else str(cell) for cell in cells] for name, cells in columns.items()}
    )


def days(*cells, start=1) -> list[str]:
    return [f"2026-11-{start + at:02}" for at, _ in enumerate(cells)]


# Cases by day


def test_a_bare_column_of_counts_is_a_series_without_dates():
    series = from_table(text(I=[1, 0, 5]))
    assert (series.low.tolist(), series.first, series.notes) == ([1, 0, 5], None, ())


@pytest.mark.parametrize("dates", [["2026-11-01", "2026-11-02"], ["01/11/2026", "02/11/2026"]])
def test_dates_are_read_in_either_form(dates):
    series = from_table(text(dates=dates, I=[1, 2]))
    assert (series.first, series.day(2)) == (date(2026, 11, 1), date(2026, 11, 2))


def test_days_out_of_order_are_put_in_order_and_it_is_said():
    series = from_table(text(date=["2026-11-02", "2026-11-01"], cases=[2, 1]))
    assert series.low.tolist() == [1, 2]
    assert series.notes == ("Days were out of order; they were put in order.",)


@pytest.mark.parametrize(("mark", "ends"), [("-99", (0, 2)), ("*", (0, 2)), ("<5", (0, 4)), ("0-2", (0, 2))])
def test_a_hidden_count_is_an_interval_and_it_is_said(mark, ends):
    series = from_table(text(cases=[4, mark, 6]))
    assert (series.low[1], series.high[1]) == ends
    assert series.middle[1] == sum(ends) / 2
    assert "Hidden counts on 1 days" in series.notes[0]


def test_local_and_imported_cases_are_told_apart():
    series = from_table(text(local=[0, 2], imported=[1, 1]))
    assert (series.low.tolist(), series.imported.tolist()) == ([1, 3], [1, 1])


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (text(date=["2026-11-01", "2026-11-04"], cases=[1, 2]), "Days are missing, 2026-11-02 the first"),
        (text(date=["2026-11-01", "2026-11-01"], cases=[1, 2]), "A day is given twice"),
        (text(date=["2026-11-01", "2026-11-08", "2026-11-15"], cases=[1, 2, 3]), "These are weeks"),
        (text(date=["2026-11-01", "soon"], cases=[1, 2]), "A date cannot be read"),
        (text(date=["2026-11-22", "2026-11-23"], cases=[1, 2]), "still to come"),
        (text(cases=[1, -3, 2]), "row 2, column cases: A count is below 0"),
        (text(cases=[1, "", 2]), "row 2, column cases: A day has no count"),
        (text(cases=[1, None, 2]), "A day has no count"),
        (text(cases=[1, "many", 2]), "no whole number"),
        (text(cases=[1, "..", 2]), "row 2, column cases: A count is marked as not available"),
        (text(cases=[1, 2.5, 2]), "no whole number"),
        (text(a=[1], b=[2]), "not known which column"),
        (text(dates=[], cases=[]), "headings and no rows"),
    ],
)
def test_a_series_that_cannot_be_used_is_refused_with_what_to_do(table, says):
    with pytest.raises(BadInput, match=says):
        from_table(table, latest=date(2026, 11, 22))


def test_a_serial_interval_is_read_from_its_column():
    assert interval_from_table(text(k=[0, 1, 2], w=["0", "0.4", "0.6"])).shares == (0.0, 0.4, 0.6)


@pytest.mark.parametrize(
    ("days", "shares", "read"),
    [
        ([1, 2], ["0.4", "0.6"], (0.0, 0.4, 0.6)),
        ([3, 1], ["0.6", "0.4"], (0.0, 0.4, 0.0, 0.6)),
        (["1.0", " 2 "], ["0.4", "0.6"], (0.0, 0.4, 0.6)),
    ],
)
def test_a_serial_interval_is_placed_by_its_own_days_and_a_day_left_out_has_none(days, shares, read):
    assert interval_from_table(text(day=days, si=shares)).shares == read


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([1, 1], "row 2, column day: A day of the serial interval is there twice"),
        ([1, 1.5], "row 2, column day: A day of the serial interval is no whole number"),
        ([-1, 1], "row 1, column day: A day of the serial interval is no whole number"),
        ([1, None], "row 2, column day: A day of the serial interval is no whole number"),
        ([1, 9999], "row 2, column day: A day of the serial interval is no whole number of days, or beyond 3,650"),
        ([0, 1], "The serial interval begins with 0.4: the share of day 0 must be 0"),
    ],
)
def test_days_of_a_serial_interval_that_cannot_be_right_are_refused(days, says):
    with pytest.raises(BadInput, match=says):
        interval_from_table(text(day=days, si=["0.4", "0.6"]))


@pytest.mark.parametrize(
    ("shares", "says"),
    [([], "no rows"), ([0, "x"], "no number"), ([0.1, 0.9], "begins with 0.1"), ([0, 0.5], "add up to 0.5")],
)
def test_a_serial_interval_that_cannot_be_used_is_refused(shares, says):
    with pytest.raises(BadInput, match=says):
        interval_from_table(text(si=shares), file="si.csv")


# Areas

PEOPLE = Received(text(area=["A", "B", "C"], population=[900, "1,100", 1000]), "people.csv")
CASES = Received(text(area=["B", "C", "C"], cases=[3, 4, 5]), "cases.csv")


def test_cases_are_added_up_by_area_and_an_area_without_a_row_has_none():
    joined = join_tables(CASES, PEOPLE)
    assert joined.areas.rows() == [("A", 0, 0, 900), ("B", 3, 3, 1100), ("C", 9, 9, 1000)]
    assert joined.notes == (
        "Rows of one area were added up: 1 more rows than areas.",
        "Areas without a row of cases have none: 1.",
    )


def test_the_list_of_areas_chooses_and_orders_and_what_is_set_aside_is_counted():
    joined = join_tables(
        Received(text(area=["B"], cases=[3]), ""), PEOPLE, Received(text(area=["D", "B"], name=["x", "y"]), "")
    )
    assert joined.areas.rows() == [("D", 0, 0, 0), ("B", 3, 3, 1100)]
    assert "People of areas that are not in the list were set aside: 2 areas." in joined.notes


@pytest.mark.parametrize(
    ("mark", "ends"), [("", (0, 2)), (None, (0, 2)), ("-99", (0, 2)), ("*", (0, 2)), ("<5", (0, 4)), ("0-2", (0, 2))]
)
def test_every_mark_of_a_hidden_count_is_an_interval(mark, ends):
    joined = join_tables(Received(text(area=["A", "B", "C"], cases=[mark, 3, 4]), ""), PEOPLE)
    assert joined.areas.row(0)[1:3] == ends


def test_a_fraction_of_a_case_is_rounded_down_and_it_is_said():
    joined = join_tables(Received(text(area=["A"], cases=["3.0828"]), ""), PEOPLE)
    assert joined.areas.row(0)[1:3] == (3, 3)
    assert "Counts with a fraction were rounded down: 1." in joined.notes


@pytest.mark.parametrize("heading", ["Area code", "areaCode", "LSOA 21 code", "datazone", "Tract", "id"])
def test_areas_are_known_by_any_usual_heading(heading):
    tables = join_tables(Received(text(**{heading: ["A"], "cases": [3]}), "cases.csv"), PEOPLE)
    assert tables.areas.row(0) == ("A", 3, 3, 900)


def test_tables_without_a_column_of_areas_have_their_rows_numbered():
    joined = join_tables(Received(text(cases=[1, 2]), ""), Received(text(pop=[10, 20]), ""))
    assert joined.areas.rows() == [("1", 1, 1, 10), ("2", 2, 2, 20)]
    assert joined.notes == ("A table without a column of areas has its rows numbered from 1.",)


@pytest.mark.parametrize(
    ("cases", "people", "areas", "says"),
    [
        (text(area=["X"], cases=[1]), PEOPLE.table, None, "Cases are in 1 areas that are not in the list of areas: X"),
        (CASES.table, text(area=["A", "A"], population=[1, 2]), None, "An area is given twice"),
        (CASES.table, PEOPLE.table, text(area=["A", "B", "C", "C"]), "An area is given twice"),
        (CASES.table, text(area=["A"], population=["some"]), None, "row 1, column population: The number of people"),
        (CASES.table, text(area=["A"], population=["-1"]), None, "The number of people is not a number"),
        (text(area=["A"], cases=[-1]), PEOPLE.table, None, "row 1, column cases: A count of cases is below 0"),
        (text(area=["A"], cases=["few"]), PEOPLE.table, None, "no whole number"),
        (text(area=["A"], cases=["n/a"]), PEOPLE.table, None, "row 1, column cases: A count of cases is marked as not"),
        (text(area=["A"]), PEOPLE.table, None, "no column of cases"),
        (CASES.table, text(area=["A"]), None, "no column of people"),
    ],
)
def test_tables_that_cannot_be_used_are_refused_with_what_to_do(cases, people, areas, says):
    with pytest.raises(BadInput, match=says):
        join_tables(
            Received(cases, "cases.csv"),
            Received(people, "people.csv"),
            Received(areas, "") if areas is not None else None,
        )


# Neighbours


def neighbours_of(table: pl.DataFrame) -> list[tuple[str, str]]:
    return join_tables(CASES, PEOPLE, None, Received(table, "near.csv")).neighbours.rows()


def test_neighbours_are_pairs_or_a_square_table():
    pairs = [("A", "B"), ("B", "A")]
    assert neighbours_of(text(area=["A", "B"], neighbour=["B", "A"])) == pairs
    assert neighbours_of(text(A=[0, 1, 0], B=[1, 0, 0], C=[0, 0, 0])) == pairs
    assert neighbours_of(text(row=["1", "2", "3"], V1=[0, 1, 0], V2=[1, 0, 0], V3=[0, 0, 0])) == pairs


@pytest.mark.parametrize("listed", ["B C", "B, C", "B;C", " B  C "])
def test_neighbours_may_be_lists(listed):
    assert neighbours_of(text(area=["A", "B"], neighbours=[listed, "A"])) == [("A", "B"), ("A", "C"), ("B", "A")]


def test_a_square_table_whose_rows_have_another_order_than_its_columns_is_read_by_their_names():
    table = text(area=["C", "B", "A"], A=[0, 1, 0], B=[0, 0, 1], C=[0, 0, 0])
    assert sorted(neighbours_of(table)) == [("A", "B"), ("B", "A")]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (text(V1=[0, 1, 0, 0], V2=[1, 0, 0, 0], V3=[0, 0, 0, 0], V4=[0, 0, 0, 0]), "has 4 rows, and there are 3 areas"),
        (text(A=[0, 2, 0], B=[1, 0, 0], C=[0, 0, 0]), "row 2: A square table of neighbours holds 0 and 1 alone"),
        (text(A=["A", "B"], p=["1", "2"], q=["1", "2"], r=["1", "2"]), "neither pairs nor a square table"),
    ],
)
def test_neighbours_that_cannot_be_read_are_refused(table, says):
    with pytest.raises(BadInput, match=says):
        neighbours_of(table)
