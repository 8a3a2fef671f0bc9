"""R now, in one figure: from cases by day where they are held, else from how weeks grow, and "not enough" where there are few.

from wardkeeper.outbreaks.transmission import count_days, from_days
from_days(count_days(lines, until=date(2020, 6, 7)))
# R over the last week of days whose reports are in, with its 95 % interval
"""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wardkeeper.outbreaks.counts import DayCounts
from wardkeeper.outbreaks.growth import reproduction_from_growth
from wardkeeper.outbreaks.transmission import INTERVAL, Basis, count_days, from_days, from_growth, say_interval

FIRST = date(2020, 5, 1)


def days_of(rate: float, level: float = 200.0, days: int = 60) -> DayCounts:
    """Cases that grow by `rate` a day and are `level` on the last."""
    return DayCounts(FIRST, tuple(round(level * float(np.exp(rate * (day - days + 1)))) for day in range(days)))


@pytest.mark.parametrize("rate", [-0.03, 0.0, 0.03])
def test_r_from_days_is_that_of_the_growth(rate):
    found = from_days(days_of(rate))
    expected = float(reproduction_from_growth(rate, INTERVAL))
    assert found.r == pytest.approx(expected, abs=0.03)
    assert found.low < found.r < found.high
    assert (found.basis, found.first, found.last) == (Basis.DAYS, FIRST + timedelta(53), FIRST + timedelta(59))


def test_steady_cases_infect_one_each():
    assert from_days(days_of(0.0)).r == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("cases", [(0,) * 60, (1, *(0,) * 59), (0,) * 50 + (1,) * 10])
def test_with_few_cases_there_is_no_figure(cases):
    found = from_days(DayCounts(FIRST, cases))
    assert (found.r, found.low, found.high) == (None, None, None)


def test_with_fewer_than_four_weeks_of_days_there_is_no_answer():
    assert from_days(days_of(0.0, days=27)) is None


def test_r_from_weeks_follows_the_growth_and_its_ends():
    found = from_growth(FIRST, FIRST + timedelta(28), (0.0, -0.05, 0.05))
    assert found.r == pytest.approx(1.0)
    assert found.low < 1 < found.high
    assert found.basis is Basis.GROWTH


def test_growth_that_is_not_known_gives_no_r():
    assert from_growth(FIRST, FIRST, (None, None, None)).r is None


def test_days_are_counted_up_to_the_last_settled_one_with_zeros_between():
    lines = pl.DataFrame(
        {
            "event_date": [FIRST, FIRST, FIRST + timedelta(2), FIRST + timedelta(4), FIRST + timedelta(2)],
            "area": ["E01006100", "E01006100", "E01006200", "E01006100", None],
        }
    )
    assert count_days(lines, until=FIRST + timedelta(3)) == DayCounts(FIRST, (2, 0, 1, 0))
    assert count_days(lines, until=FIRST - timedelta(1)) is None
    assert count_days(lines.clear(), until=FIRST) is None


def test_what_is_assumed_is_said():
    assert "4.7 days" in say_interval()
    assert "COVID-19" in say_interval()
