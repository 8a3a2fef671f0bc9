"""Settings and figures beyond what can be meant are refused in words, for every method that takes a user's own file."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import GammaInterval, UncertainInterval, cusum, estimate_r, farrington
from wardkeeper.outbreaks.area_tables import Received, join_tables
from wardkeeper.outbreaks.delays.columns import type_columns
from wardkeeper.outbreaks.growth import reproduction_from_growth
from wardkeeper.outbreaks.incidence import from_table
from wardkeeper.outbreaks.series.histories import from_frame

WEEKS = pl.DataFrame(
    {"date": [date(2010, 1, 4) + timedelta(weeks=at) for at in range(400)], "n": [5 + at % 3 for at in range(400)]}
)


@pytest.mark.parametrize("left_out", [300, 10_000])
def test_so_many_weeks_left_out_that_nothing_is_left_to_learn_from_are_refused(left_out):
    with pytest.raises(BadInput, match="past_weeks_not_included: So many rows just before are left out"):
        farrington(WEEKS, method="flexible", past_weeks_not_included=left_out)


@pytest.mark.parametrize("mean", [float("nan"), float("inf"), 0.0])
def test_an_expected_count_that_is_no_number_above_0_is_refused(mean):
    with pytest.raises(BadInput, match="The setting m must be a number above 0"):
        cusum(WEEKS, m=mean)


@pytest.mark.parametrize(("mean", "sd"), [(1e9, 1), (1e308, 1e308), (2, 1e-300), (float("nan"), 1), (1, 1)])
def test_a_serial_interval_that_nobody_has_is_refused(mean, sd):
    with pytest.raises(BadInput, match="cannot be used"):
        GammaInterval(mean, sd)


def test_a_seed_below_0_is_refused():
    with pytest.raises(BadInput, match="The seed is below 0"):
        estimate_r(np.arange(1, 20), UncertainInterval(2.6, 1.5, mean_sd=0.5, draws=10), seed=-1)


def test_growth_that_gives_no_r_gives_none_and_not_infinity():
    assert np.isnan(reproduction_from_growth(0.1, GammaInterval(1000, 1))).all()


def test_people_that_nobody_can_have_counted_are_refused():
    people = Received(pl.DataFrame({"area": ["a", "b"], "population": ["1e308", "5"]}), "people.csv")
    cases = Received(pl.DataFrame({"area": ["a"], "cases": ["1"]}), "cases.csv")
    with pytest.raises(BadInput, match=r"people\.csv, row 1, column population"):
        join_tables(cases, people)


# A count too large to be one of people

TAKERS = {
    "trend": lambda text: from_table(pl.DataFrame({"cases": ["3", text]})),
    "detect": lambda text: from_frame(pl.DataFrame({"cases": ["3", text]})),
    "detect, numbers": lambda text: from_frame(pl.DataFrame({"cases": [3, int(text)]})),
    "triangle": lambda text: type_columns(
        pl.DataFrame({"report": ["2020-10-30"], "specimen": ["2020-10-29"], "area": ["A"], "cases": [text]})
    ),
}


@pytest.mark.parametrize("count", ["10000000", "1000000000"])
@pytest.mark.parametrize("taker", TAKERS)
def test_a_count_that_is_too_large_is_called_so(taker, count):
    with pytest.raises(BadInput) as raised:
        TAKERS[taker](count)
    assert raised.value.message == "A count is greater than 9,999,999, the most that is taken."


@pytest.mark.parametrize("taker", TAKERS)
def test_the_greatest_count_is_taken(taker):
    assert TAKERS[taker]("9999999")
