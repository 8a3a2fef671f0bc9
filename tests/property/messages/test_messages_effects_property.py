"""The effect of a campaign against a plain regression, and its interval against thousands of made-up campaigns."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.messages.effects import Design, estimate_effect

FIRST = date(2026, 10, 3)


def days(count):
    return [FIRST + timedelta(weeks=number) for number in range(count)]


def frames(values, starts):
    """Long frames from values [areas, weeks] and each area's start week (None for the comparison)."""
    weeks = days(values.shape[1])
    rows = [(f"A{a:03}", week, float(values[a, w])) for a in range(len(values)) for w, week in enumerate(weeks)]
    outcome = pl.DataFrame(rows, schema=["area", "date", "value"], orient="row")
    begun = [None if start is None else weeks[start] for start in starts]
    groups = pl.DataFrame(
        {"area": [f"A{a:03}" for a in range(len(values))], "start": begun}, schema_overrides={"start": pl.Date}
    )
    return outcome, groups


def regress(values, starts):
    """The two-way fixed-effects coefficient by least squares on dummies: slow and plain."""
    areas, weeks = values.shape
    rows, answers = [], []
    for a in range(areas):
        for w in range(weeks):
            row = np.zeros(areas + weeks + 1)
            row[a] = 1
            row[areas + w] = 1
            row[-1] = starts[a] is not None and w >= starts[a]
            rows.append(row)
            answers.append(values[a, w])
    return np.linalg.lstsq(np.array(rows), np.array(answers), rcond=None)[0][-1]


@given(st.integers(2, 6), st.integers(2, 6), st.integers(2, 6), st.integers(0, 2**32))
def test_with_two_groups_it_is_the_fixed_effects_regression(treated, compared, weeks, seed):
    values = np.random.default_rng(seed).normal(50, 10, (treated + compared, weeks))
    starts = [weeks // 2] * treated + [None] * compared
    found = estimate_effect(*frames(values, starts))
    assert found.design is Design.DIFFERENCES
    assert found.effect == pytest.approx(regress(values, starts), abs=1e-8)
    assert found.low <= found.effect <= found.high


@given(st.integers(3, 8), st.integers(0, 2**32))
def test_an_effect_that_is_there_is_found_whatever_areas_and_weeks_have_of_their_own(areas, seed):
    """Without noise the effect is exact, for a stepped start too."""
    chance = np.random.default_rng(seed)
    values = chance.normal(50, 10, (areas, 1)) + chance.normal(0, 5, (1, 6))
    starts = [2, 4, *([None] * (areas - 2))]
    for area, start in enumerate(starts):
        if start is not None:
            values[area, start:] -= 7.5
    found = estimate_effect(*frames(values, starts))
    assert found.design is Design.STEPPED
    assert found.effect == pytest.approx(-7.5, abs=1e-9)


def simulate(chance, starts, weeks, effect):
    """Counts of areas that differ, in weeks that resemble their neighbours: what an independent count would overrate."""
    areas = len(starts)
    shocks = np.zeros((areas, weeks))
    for week in range(weeks):
        before = shocks[:, week - 1] if week else 0.0
        shocks[:, week] = 0.7 * before + chance.normal(0, 6, areas)
    values = chance.normal(60, 15, (areas, 1)) + chance.normal(0, 5, (1, weeks)) + shocks
    for area, start in enumerate(starts):
        if start is not None:
            values[area, start:] += effect
    return values


@pytest.mark.parametrize(
    ("starts", "campaigns"),
    [
        ([4] * 20 + [None] * 20, 3_000),
        ([4] * 8 + [None] * 30, 3_000),
        ([4] * 5 + [None] * 5, 3_000),
    ],
    ids=["20 and 20 areas", "8 and 30 areas", "5 and 5 areas"],
)
def test_the_interval_holds_the_truth_95_times_in_100(starts, campaigns):
    assert 0.93 <= coverage(starts, campaigns) <= 0.97


def test_the_interval_of_a_stepped_start_holds_it_too():
    assert 0.93 <= coverage([3] * 10 + [5] * 10 + [None] * 20, 1_000) <= 0.97


def coverage(starts, campaigns):
    chance = np.random.default_rng(20_261_122)
    outcome, groups = frames(np.zeros((len(starts), 8)), starts)
    held = 0
    for _ in range(campaigns):
        values = simulate(chance, starts, 8, effect=-4.0)
        found = estimate_effect(outcome.with_columns(value=pl.Series(values.ravel())), groups)
        held += found.low <= -4.0 <= found.high
    return held / campaigns
