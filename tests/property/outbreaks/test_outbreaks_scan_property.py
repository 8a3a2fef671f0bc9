"""The scan against a plain, slow one on small data, and what must not change its answer."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plain_scan import Zone, best_of_each_centre, permuted, ratio, windows
from wardkeeper.outbreaks import scan
from wardkeeper.outbreaks.space.scans import Scan

START = date(2020, 6, 1)
PLACE = st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda at: (at[0] / 7, at[1] / 3))
SHARES = st.sampled_from([0.1, 0.25, 0.5])


@st.composite
def villages(draw: st.DrawFn, steps: int = 1) -> tuple[list, list, list]:
    """Draw areas' places and people, and counts [step][area] with at least two cases."""
    places = draw(st.lists(PLACE, min_size=2, max_size=8, unique=True))
    people = draw(st.lists(st.integers(1, 400), min_size=len(places), max_size=len(places)))
    row = st.lists(st.integers(0, 12), min_size=len(places), max_size=len(places))
    counts = draw(st.lists(row, min_size=steps, max_size=steps))
    assume(sum(map(sum, counts)) > 1)
    return places, people, counts


def frames(places: list, people: list, counts: list, *, dated: bool) -> tuple[pl.DataFrame, ...]:
    names = [f"{at:03}" for at in range(len(places))]
    rows = [
        (name, number, START + timedelta(days=step))
        for step, row in enumerate(counts)
        for name, number in zip(names, row, strict=True)
    ]
    cases = pl.DataFrame(rows, schema=["area", "cases", "date"], orient="row")
    areas = pl.DataFrame({"area": names, "x": [x for x, _ in places], "y": [y for _, y in places]})
    population = pl.DataFrame({"area": names, "population": people})
    return (cases if dated else cases.drop("date")), areas, population


def check_same(found: Scan, centres: list[list[Zone]], total: int) -> None:
    """Check each cluster against the best zones of all centres that touch none of the clusters before it."""
    taken: set[int] = set()
    for cluster in found.clusters:
        mine = tuple(map(int, cluster.areas))
        assert taken.isdisjoint(mine)
        assert cluster.llr == pytest.approx(ratio(cluster.observed, cluster.expected, total), abs=1e-9)
        assert any(
            set(zone.areas) == set(mine) and zone.observed == cluster.observed
            for zone in centres[mine[0]]
            if zone.llr == pytest.approx(cluster.llr, abs=1e-9)
        )
        # Where a centre's best zones tie, either may be the one that is left: then only the first is sure.
        left = [zones[0].llr for zones in centres if len(zones) == 1 and taken.isdisjoint(zones[0].areas)]
        assert cluster.llr >= max(left, default=0.0) - 1e-9
        taken.update(mine)
    most = max(zones[0].llr for zones in centres)
    if found.clusters:
        assert found.clusters[0].llr == pytest.approx(most, abs=1e-9)
    else:
        # A ratio that every simulated data set reaches is no cluster.
        assert most <= found.maxima.min() + 1e-9


@settings(max_examples=60)
@given(village=villages(), share=SHARES)
def test_a_scan_in_space_finds_what_a_plain_one_finds(village, share):
    places, people, counts = village
    cases, areas, population = frames(*village, dated=False)
    total = sum(counts[0])
    expected = [[total * number / sum(people) for number in people]]
    centres = best_of_each_centre(counts, expected, places, people, share=share, spans=[(0, 1)])
    check_same(scan(cases, areas, population, max_population=share, replicates=1), centres, total)


@settings(max_examples=40)
@given(village=villages(steps=5), share=SHARES, longest=st.integers(1, 4), prospective=st.booleans())
def test_a_scan_in_space_and_time_finds_what_a_plain_one_finds(village, share, longest, prospective):
    places, people, counts = village
    cases, areas, population = frames(*village, dated=True)
    total = sum(map(sum, counts))
    expected = [[total * number / sum(people) / len(counts) for number in people] for _ in counts]
    spans = windows(len(counts), longest, prospective=prospective)
    centres = best_of_each_centre(counts, expected, places, people, share=share, spans=spans)
    asked = {"max_population": share, "max_days": longest, "prospective": prospective, "replicates": 1}
    found = scan(cases, areas, population, study_from=START, study_to=START + timedelta(days=4), **asked)
    check_same(found, centres, total)


@settings(max_examples=40)
@given(village=villages(steps=5), share=SHARES, longest=st.integers(1, 4), prospective=st.booleans())
def test_a_permutation_scan_finds_what_a_plain_one_finds(village, share, longest, prospective):
    places, _, counts = village
    cases, areas, _ = frames(*village, dated=True)
    total = sum(map(sum, counts))
    measure = [sum(column) for column in zip(*counts, strict=True)]
    spans = windows(len(counts), longest, prospective=prospective)
    centres = best_of_each_centre(counts, permuted(counts), places, measure, share=share, spans=spans)
    asked = {"max_population": share, "max_days": longest, "prospective": prospective, "replicates": 1}
    found = scan(cases, areas, model="permutation", study_from=START, study_to=START + timedelta(days=4), **asked)
    check_same(found, centres, total)


@settings(max_examples=25)
@given(village=villages(steps=4), order=st.randoms(use_true_random=False))
def test_the_order_of_the_cases_and_people_changes_nothing(village, order):
    cases, areas, population = frames(*village, dated=True)
    shuffled = [frame[order.sample(range(frame.height), frame.height)] for frame in (cases, population)]
    asked = {"replicates": 9, "study_from": START, "study_to": START + timedelta(days=3)}
    first, second = scan(cases, areas, population, **asked), scan(shuffled[0], areas, shuffled[1], **asked)
    assert [(one.areas, one.observed, one.p) for one in first.clusters] == [
        (one.areas, one.observed, one.p) for one in second.clusters
    ]
    assert second.null_q95 == pytest.approx(first.null_q95)


@settings(max_examples=25)
@given(village=villages(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_areas_changes_no_ratio(village, order):
    cases, areas, population = frames(*village, dated=False)
    shuffled = areas[order.sample(range(areas.height), areas.height)]
    first, second = (scan(cases, one, population, replicates=1).clusters for one in (areas, shuffled))
    if first and second:
        assert first[0].llr == pytest.approx(second[0].llr, abs=1e-9)


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_where_chance_alone_is_at_work_p_values_are_even(model):
    chance = np.random.default_rng(20)
    places = chance.uniform(0, 10, (12, 2)).tolist()
    people = chance.integers(50, 500, 12).tolist()
    asked = {"model": model, "replicates": 19, "study_from": START, "study_to": START + timedelta(days=3)}
    found = []
    for seed in range(300):
        weights = np.tile(np.array(people) / sum(people), 4) / 4
        counts = chance.multinomial(400, weights).reshape(4, 12).tolist()
        clusters = scan(*frames(places, people, counts, dated=True), seed=seed, **asked).clusters
        found.append(clusters[0].p if clusters else 1.0)
    ranks = np.bincount((np.array(found) * 20).round().astype(int) - 1, minlength=20)
    # 300 over 20 ranks: 15 in each. The 0.9999 quantile of chi-squared with 19 degrees is 52.
    assert ((ranks - 15) ** 2 / 15).sum() < 52
    assert np.mean(np.array(found) <= 0.05) < 0.11
