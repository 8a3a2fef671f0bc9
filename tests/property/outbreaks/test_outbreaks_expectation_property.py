"""Expected cases against a plain day-by-day sum, with people of any dates, groups and steps."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wardkeeper.outbreaks.space.expectation import average_people, expect_cases

START = date(2020, 1, 1)
AREAS = ("a", "b", "c")
GROUPS = ("young", "old")
PARTS = 24
"""Parts of a day: people change all the time, so that a sum over whole days is a little off."""

PEOPLE = st.dictionaries(
    st.tuples(st.sampled_from(AREAS), st.integers(-20, 60), st.sampled_from(GROUPS)),
    st.integers(1, 1000),
    min_size=2,
    max_size=12,
)
CASES = st.lists(st.tuples(st.sampled_from(AREAS), st.integers(1, 9), st.sampled_from(GROUPS)), min_size=1, max_size=6)
LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=4)


def day(number: float) -> date:
    return START + timedelta(days=number)


def people_at(people: dict, area: str, group: str, moment: float) -> float:
    """Give the people of a group at a moment: a straight line between the area's dates, level beyond them."""
    dates = sorted({at for place, at, _ in people if place == area})
    if not dates:
        return 0.0
    numbers = [people.get((area, at, group), 0) for at in dates]
    return float(np.interp(moment, dates, numbers))


def plain(cases: list, people: dict, spans: list[tuple[int, int]]) -> np.ndarray:
    """Sum person-time in small parts of a day, group by group."""
    time = {
        (area, group, at): sum(
            people_at(people, area, group, first + (part + 0.5) / PARTS) / PARTS
            for part in range((last - first) * PARTS)
        )
        for area in AREAS
        for group in GROUPS
        for at, (first, last) in enumerate(spans)
    }
    expected = np.zeros((len(AREAS), len(spans)))
    for group in GROUPS:
        total = sum(amount for (_, one, _), amount in time.items() if one == group)
        number = sum(count for _, count, one in cases if one == group)
        for row, area in enumerate(AREAS):
            for at in range(len(spans)):
                expected[row, at] += number * time[area, group, at] / total if total else 0.0
    return expected


def lived(people: dict, spans: list[tuple[int, int]]) -> set[str]:
    """Give the groups that somebody belongs to during the spans."""
    moments = [first + part / 4 for first, last in spans for part in range((last - first) * 4)]
    return {
        group
        for group in GROUPS
        if any(people_at(people, area, group, moment) > 0 for area in AREAS for moment in moments)
    }


def frames(cases: list, people: dict) -> tuple[pl.DataFrame, pl.DataFrame]:
    return (
        pl.DataFrame(cases, schema=["area", "cases", "age"], orient="row"),
        pl.DataFrame(
            [(area, day(at), age, number) for (area, at, age), number in people.items()],
            schema=["area", "date", "age", "population"],
            orient="row",
        ),
    )


@settings(max_examples=40)
@given(cases=CASES, people=PEOPLE, lengths=LENGTHS)
def test_expected_cases_are_those_of_a_plain_sum(cases, people, lengths):
    spans = list(pairwise(np.cumsum([0, *lengths]).tolist()))
    cases = [one for one in cases if one[2] in lived(people, spans)]
    assume(cases)
    counted, population = frames(cases, people)
    found = expect_cases(counted, population, AREAS, [(day(first), day(last - 1)) for first, last in spans])
    assert found == pytest.approx(plain(cases, people, spans), rel=1e-3, abs=1e-3)
    assert found.sum() == pytest.approx(counted["cases"].sum())


@given(cases=CASES, people=PEOPLE, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(cases, people, order):
    cases = [one for one in cases if one[2] in lived(people, [(0, 14)])]
    assume(cases)
    shuffled = list(people.items())
    order.shuffle(shuffled)
    steps = [(day(0), day(6)), (day(7), day(13))]
    first = expect_cases(*frames(cases, people), AREAS, steps)
    assert expect_cases(*frames(cases[::-1], dict(shuffled)), AREAS, steps) == pytest.approx(first)


@given(people=PEOPLE)
def test_average_people_lie_between_the_least_and_the_most_of_the_dates(people):
    _, population = frames([("a", 1, "young")], people)
    found = average_people(population, AREAS, [(day(0), day(29))])
    summed = population.group_by("area", "date").agg(pl.col("population").sum())
    for area, number in zip(AREAS, found, strict=True):
        known = summed.filter(pl.col("area") == area)["population"]
        low, high = (known.min(), known.max()) if len(known) else (0, 0)
        assert low - 1e-6 <= number <= high + 1e-6
