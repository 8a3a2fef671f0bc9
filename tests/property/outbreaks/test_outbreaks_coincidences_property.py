"""Coincidences against a plain reference that looks at every window of every place, one by one."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from wardkeeper.outbreaks.coincidences import find_coincidences

START = date(2020, 6, 1)
CASES = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["M33 2AA", "M33 2AB"]), st.sampled_from(["1", "2", "3", None])),
    max_size=25,
)
PEOPLE = {"M33 2AA": 40, "M33 2AB": 5}


def frame(cases):
    rows = [(START + timedelta(days=day), postcode, home) for day, postcode, home in cases]
    return pl.DataFrame(rows, schema={"event_date": pl.Date, "postcode": pl.String, "home": pl.String}, orient="row")


def plainly(cases, days, least):
    """Runs of a postcode: (postcode, first day, last day, cases, households, most, most_from)."""
    found = []
    for postcode in PEOPLE:
        mine = sorted(
            (day, home or f"alone {number}") for number, (day, where, home) in enumerate(cases) if where == postcode
        )
        windows = []
        for day in sorted({day for day, _ in mine}):
            inside = [one for one in mine if day <= one[0] < day + days]
            homes = {home for _, home in inside}
            if len(homes) >= least:
                windows.append((day, max(one[0] for one in inside), len(homes)))
        runs = []
        for window in windows:
            if runs and window[0] <= runs[-1][-1][1]:
                runs[-1].append(window)
            else:
                runs.append([window])
        for run in runs:
            first, last = run[0][0], max(end for _, end, _ in run)
            inside = [one for one in mine if first <= one[0] <= last]
            most, most_from = max((count, day) for day, _, count in run)
            found.append((postcode, first, last, len(inside), len({home for _, home in inside}), most, most_from))
    return found


@settings(max_examples=300, deadline=None)
@given(CASES, st.integers(1, 10), st.integers(2, 4))
def test_the_same_runs_are_found_as_by_looking_at_every_window(cases, days, least):
    found = find_coincidences(frame(cases), days=days, least=least).frame.filter(pl.col("kind") == "postcode")
    columns = ("place", "first", "last", "cases", "households", "most", "most_from")
    told = [
        tuple((value - START).days if isinstance(value, date) else value for value in row)
        for row in found.select(columns).rows()
    ]
    assert sorted(told) == sorted(plainly(cases, days, least))


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_the_chance_is_that_of_a_poisson_count(cases):
    population = pl.DataFrame({"postcode": list(PEOPLE), "population": list(PEOPLE.values())})
    found = find_coincidences(frame(cases), population=population).frame.filter(pl.col("kind") == "postcode")
    for one in found.iter_rows(named=True):
        days = [(START + timedelta(days=day) - one["most_from"]).days for day, _, _ in cases]
        homes = {cases[row][2] or row for row, day in enumerate(days) if 0 <= day < 7}
        mean = len(homes) * PEOPLE[one["place"]] / 45
        assert one["expected"] == pytest.approx(mean)
        assert one["p"] == pytest.approx(poisson.sf(one["most"] - 1, mean))
    assert found["rank"].is_sorted()


@settings(max_examples=100, deadline=None)
@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(cases, random):
    shuffled = random.sample(cases, len(cases))
    assert find_coincidences(frame(cases)).frame.equals(find_coincidences(frame(shuffled)).frame)
