"""The negative binomial scan: against each area's own past, where a wave makes every Poisson p-value nought."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import scan

WEEKS = 8
LAST = date(2020, 11, 28)
SIDE = 12
RISEN = {"5-5", "5-6", "6-5", "6-6"}


def wave(risen: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A town of 12 by 12 areas in a wave that grows by a tenth each week; in four areas the last week has `risen` times as many."""
    rng = np.random.default_rng(1)
    names = [f"{x}-{y}" for x in range(SIDE) for y in range(SIDE)]
    # Some areas always have four times as many as others: that is no outbreak.
    level = dict(zip(names, rng.choice([5.0, 20.0], len(names)), strict=True))
    rows = []
    for week in range(WEEKS):
        for name in names:
            times = risen if week == WEEKS - 1 and name in RISEN else 1.0
            rows.append(
                (name, int(rng.poisson(level[name] * 1.1**week * times)), LAST - timedelta(7 * (WEEKS - 1 - week)))
            )
    cases = pl.DataFrame(rows, schema=["area", "cases", "date"], orient="row")
    places = [(name, *map(float, name.split("-"))) for name in names]
    return cases, pl.DataFrame(places, schema=["area", "x", "y"], orient="row")


SETTINGS = {
    "model": "negbin", "max_population": 0.1, "aggregate_days": 7, "max_days": 14, "prospective": True,
    "study_from": LAST - timedelta(7 * WEEKS - 1), "study_to": LAST, "replicates": 99,
}  # fmt: skip


def test_areas_that_rise_beyond_their_own_past_are_found():
    found = scan(*wave(risen=3.0), **SETTINGS).clusters[0]
    assert len(RISEN & set(found.areas)) >= 3
    assert found.p <= 0.02
    assert found.end == LAST
    assert found.observed > 1.5 * found.expected
    assert found.recurrence_days > 350


def test_a_wave_that_rises_everywhere_is_no_cluster():
    clusters = scan(*wave(risen=1.0), **SETTINGS).clusters
    assert all(one.p > 0.05 for one in clusters)


def test_without_dates_the_people_tell_what_is_expected():
    areas = pl.DataFrame({"area": ["a", "b", "c", "d"], "x": [0.0, 1, 9, 10], "y": [0.0, 0, 0, 0]})
    cases = pl.DataFrame({"area": ["a", "b", "c", "d"], "cases": [60, 60, 20, 20]})
    people = pl.DataFrame({"area": ["a", "b", "c", "d"], "population": [100] * 4})
    found = scan(cases, areas, people, model="negbin", max_population=0.5, replicates=99).clusters[0]
    assert set(found.areas) <= {"a", "b"}
    assert found.expected == 40 * len(found.areas)


def test_two_weeks_are_too_few_to_know_what_is_usual():
    cases, areas = wave(risen=1.0)
    newest = cases.filter(pl.col("date") > LAST - timedelta(14))
    with pytest.raises(BadInput, match="2 steps of time, too few to know what is usual"):
        scan(newest, areas, **{**SETTINGS, "study_from": LAST - timedelta(13)})
