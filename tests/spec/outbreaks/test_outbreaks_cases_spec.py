"""A line list in, area-week counts out: as known on a day, each case once, with the newest weeks flagged."""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.outbreaks.cases import Weeks, count_line_list
from wardkeeper.outbreaks.line_lists import read_line_list

SALE, STRETFORD = "E01006100", "E01006200"
# Saturday 6 June 2020 ends a week; the day known is the Tuesday after.
KNOWN = Weeks(as_of=date(2020, 6, 9))


def line_list(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["case", "event_date", "report_date", "lsoa"], orient="row")


def count(frame: pl.DataFrame, weeks: Weeks = KNOWN, **settings):
    return count_line_list(read_line_list(frame, as_of=weeks.as_of), ends_on=weeks.ends_on, **settings)


def counted(frame: pl.DataFrame, weeks: Weeks = KNOWN, **settings) -> list[tuple]:
    return count(frame, weeks, **settings).frame.select("area", "week_end", "low").rows()


def test_cases_are_counted_by_area_and_week_with_true_zeros():
    frame = line_list(
        ("1", "2020-05-30", "2020-06-01", SALE),
        ("2", "2020-05-31", "2020-06-02", SALE),
        ("3", "2020-06-06", "2020-06-08", STRETFORD),
    )
    assert counted(frame) == [
        (SALE, date(2020, 5, 30), 1),
        (SALE, date(2020, 6, 6), 1),
        (STRETFORD, date(2020, 5, 30), 0),
        (STRETFORD, date(2020, 6, 6), 1),
    ]


def test_only_what_was_reported_by_the_day_counts():
    frame = line_list(("1", "2020-06-05", "2020-06-09", SALE), ("2", "2020-06-05", "2020-06-10", SALE))
    assert counted(frame) == [(SALE, date(2020, 6, 6), 1)]


def test_a_case_reported_again_counts_once_where_it_was_last_placed():
    counts = count(line_list(("1", "2020-06-02", "2020-06-03", SALE), ("1", "2020-06-02", "2020-06-07", STRETFORD)))
    assert counts.frame.select("area", "low").rows() == [(STRETFORD, 1)]
    assert counts.notes[0] == "Repeated reports of the same case were counted once: 1."


def test_two_cases_alike_in_everything_but_their_id_count_twice():
    frame = line_list(("1", "2020-06-02", "2020-06-03", SALE), ("2", "2020-06-02", "2020-06-03", SALE))
    assert counted(frame) == [(SALE, date(2020, 6, 6), 2)]


def test_the_week_that_is_not_over_is_left_out_and_said():
    counts = count(line_list(("1", "2020-06-08", "2020-06-09", SALE)), areas=[SALE])
    assert counts.frame["low"].to_list() == [0]
    assert "Cases in the week that is not over yet are not counted: 1." in counts.notes


def test_cases_elsewhere_are_left_out_and_said():
    frame = line_list(("1", "2020-06-02", "2020-06-03", SALE), ("2", "2020-06-02", "2020-06-03", STRETFORD))
    counts = count(frame, areas=[SALE])
    assert counts.areas == [SALE]
    assert "Cases in other areas were left out: 1." in counts.notes


def test_areas_of_the_population_table_without_a_case_have_a_true_zero():
    population = pl.DataFrame({"area": [SALE, STRETFORD], "population": [1500, 1600]})
    frame = line_list(("1", "2020-06-02", "2020-06-03", SALE))
    counts = count(frame, population=population)
    assert counts.frame.select("area", "low", "high", "population").rows() == [
        (SALE, 1, 1, 1500),
        (STRETFORD, 0, 0, 1600),
    ]


def test_the_delay_is_measured_on_cases_old_enough_to_be_settled():
    old = [(str(n), "2020-04-01", str(date(2020, 4, 1) + timedelta(days=8 if n < 3 else 2)), SALE) for n in range(20)]
    new = [("new", "2020-06-05", "2020-06-05", SALE)]
    counts = count(line_list(*old, *new))
    # 17 of 20 arrive within 2 days and all within 8: 95 in 100 need 8 days.
    assert counts.delay_days == 8
    newest = counts.frame.tail(2)
    assert newest["week_end"].to_list() == [date(2020, 5, 30), date(2020, 6, 6)]
    assert newest["incomplete"].to_list() == [False, True]
    assert counts.missing[0].endswith("because reports take up to 8 days to arrive.")


def test_a_repeated_report_does_not_lengthen_the_delay():
    first = [(str(n), "2020-04-01", "2020-04-03", SALE) for n in range(20)]
    again = [(str(n), "2020-04-01", "2020-04-29", SALE) for n in range(20)]
    assert count(line_list(*first, *again)).delay_days == 2


def test_with_too_few_settled_cases_the_usual_delay_is_assumed_and_said():
    counts = count(line_list(("1", "2020-06-02", "2020-06-03", SALE)))
    assert counts.delay_days == 5
    assert counts.notes == ("Too few older cases to measure the reporting delay: 5 days were assumed.",)


@pytest.mark.parametrize(
    ("ends_on", "newest"),
    [(6, date(2020, 6, 6)), (7, date(2020, 6, 7)), (1, date(2020, 6, 8)), (2, date(2020, 6, 9)), (3, date(2020, 6, 3))],
)
def test_a_week_may_end_on_any_day(ends_on, newest):
    assert Weeks(as_of=date(2020, 6, 9), ends_on=ends_on).newest == newest
