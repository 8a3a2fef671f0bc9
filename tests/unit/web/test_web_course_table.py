"""Growth and R as a small table: in words on the page, as numbers in the file."""

from datetime import date, timedelta

import pytest

from wardkeeper.outbreaks.course import Course, Growth
from wardkeeper.outbreaks.growth import Direction
from wardkeeper.outbreaks.transmission import Basis, Transmission
from wardkeeper.web.course_table import COLUMNS, course_frame, course_rows

FIRST, LAST = date(2020, 5, 9), date(2020, 6, 6)
DAYS = LAST - timedelta(6), LAST


def growth(direction, *figures):
    return Growth(FIRST, LAST, direction, *figures)


GROWING = growth(Direction.GROWING, 0.03, 0.01, 0.05, 23.1, 13.9, 69.3)
SHRINKING = growth(Direction.SHRINKING, -0.03, -0.05, -0.01, -23.1, -69.3, -13.9)
UNCLEAR = growth(Direction.NOT_CLEAR, 0.001, -0.01, 0.012, 693.0, None, None)
FEW = growth(Direction.TOO_FEW, *[None] * 6)
R = Transmission(*DAYS, Basis.DAYS, 1.14, 0.98, 1.31)
NO_R = Transmission(FIRST, LAST, Basis.GROWTH)


def rows_of(growth, found):
    return [
        tuple(str(row[name]).replace("\xa0", " ") for name in ("measure", "value", "span"))
        for row in course_rows(Course(None, growth, found))
    ]


@pytest.mark.parametrize(
    ("growth", "rows"),
    [
        (GROWING, [("+23%", "+7% to +42%"), ("Days in which cases double", "23", "14 to 69")]),
        (SHRINKING, [("-19%", "-30% to -7%"), ("Days in which cases halve", "23", "14 to 69")]),
        (UNCLEAR, [("+1%", "-7% to +9%"), ("Days in which cases double or halve", "Not clear which", "")]),
        (
            FEW,
            [("Not enough cases to say", ""), ("Days in which cases double or halve", "Not enough cases to say", "")],
        ),
    ],
)
def test_growth_is_told_by_week_with_the_days_of_doubling_or_halving(growth, rows):
    change, days = rows_of(growth, None)
    assert (change[1:], days) == (rows[0], rows[1])


def test_r_is_told_with_its_range_and_what_it_comes_from():
    (row,) = course_rows(Course(None, None, R))
    assert (row["value"], row["span"]) == ("1.14", "0.98 to 1.31")
    assert row["basis"] == "Cases by day, of days whose reports are in: 31 May 2020 to 6 June 2020"


def test_without_enough_cases_there_is_no_figure_of_r():
    (row,) = course_rows(Course(None, None, NO_R))
    assert (row["value"], row["span"]) == ("Not enough cases to say", "")
    assert row["basis"].startswith("Growth by week, as cases by day are not held: weeks ending 9 May 2020")


def test_the_file_holds_the_figures_as_numbers():
    frame = course_frame(Course(None, GROWING, R))
    assert dict(frame.schema) == COLUMNS
    assert frame.select("measure", "value", "low", "high").rows() == [
        ("growth", 0.03, 0.01, 0.05),
        ("doubling time", 23.1, 13.9, 69.3),
        ("R", 1.14, 0.98, 1.31),
    ]
    few = course_frame(Course(None, FEW, NO_R))
    assert few["value"].null_count() == 3
    assert few["finding"].to_list() == ["too few cases"] * 3


def test_without_weeks_and_days_there_is_no_row():
    assert course_rows(Course(None, None)) == []
    assert course_frame(Course(None, None)).is_empty()
