"""The epidemic scan against a slow, plain reading of it, and what must hold of every list of alerts."""

from dataclasses import replace
from datetime import date, timedelta
from math import exp, lgamma, log, sqrt

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.outbreaks.alerting.alerts import Reason
from wardkeeper.outbreaks.alerting.finding import find_alerts
from wardkeeper.outbreaks.alerting.ranking import tail_chance
from wardkeeper.outbreaks.alerting.replaying import replay
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.space import epidemic_kernels as kernels
from wardkeeper.outbreaks.space.epidemic import Epidemic, size_classes, split_blocks
from wardkeeper.outbreaks.space.epidemic_scores import Hiding, inside, score
from wardkeeper.outbreaks.space.zones import find_zones

LAST = date(2020, 5, 30)
QUICK = AlertSettings(most=3, epidemic=Epidemic(replicates=5))
few = settings(deadline=None, max_examples=25)


def chance(count, mean, theta):
    """The negative binomial, written out."""
    parts = lgamma(count + theta) - lgamma(theta) - lgamma(count + 1)
    return exp(parts + theta * log(theta / (theta + mean)) + count * log(mean / (theta + mean)))


@given(st.floats(0.1, 40), st.floats(0.3, 50), st.integers(0, 60))
def test_the_chance_of_as_many_cases_is_what_is_left_of_all_lesser_counts(mean, theta, count):
    plain = 1 - sum(chance(one, mean, theta) for one in range(count))
    found = tail_chance(*(np.array([float(one)]) for one in (count, mean, mean + mean**2 / theta)))
    assert abs(found[0] - plain) < 1e-9


@given(st.floats(0.05, 40), st.floats(0.3, 50), st.integers(0, 4), st.integers(0, 6))
def test_a_hidden_counts_mean_is_that_of_the_counts_it_may_be(mean, theta, low, more):
    held = range(low, low + more + 1)
    weights = [chance(one, mean, theta) for one in held]
    middle = sum(one * weight for one, weight in zip(held, weights, strict=True)) / sum(weights)
    found = inside(*(np.array([float(one)]) for one in (low, low + more)), np.array([mean]), theta)
    assert abs(found.chance[0] - sum(weights)) < 1e-9
    assert abs(found.mean[0] - middle) < 1e-6
    assert low - 1e-9 <= found.mean[0] <= low + more + 1e-9


@given(st.floats(0.05, 20), st.floats(0.3, 50), st.integers(0, 4))
def test_scores_are_nought_on_average_and_their_variance_is_the_information(mean, theta, top):
    """Over all counts there are, hidden or not: what makes the statistic comparable between areas."""
    counts = np.arange(0, 4000, dtype=float)
    hidden = counts <= top
    low, high = np.where(hidden, 0.0, counts), np.where(hidden, float(top), counts)
    weights = np.array([chance(int(one), mean, theta) for one in counts])
    scores, information = score(low, high, np.full(len(counts), mean), theta, Hiding(0, top))
    assert abs((weights * scores).sum()) < 1e-6
    assert abs((weights * scores**2).sum() - information[0]) < 1e-4 * max(1.0, information[0])
    assert 0 < information[0] <= mean / (1 + mean / theta) + 1e-12


@few
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 3))
def test_the_search_finds_what_looking_at_every_zone_finds(seed, areas, windows):
    rng = np.random.default_rng(seed)
    scores, information = rng.normal(0, 2, (windows, areas)), rng.uniform(0.1, 3, (windows, areas))
    spread = rng.uniform(0, 0.3, windows)
    zones = find_zones(rng.uniform(0, 1, areas), rng.uniform(0, 1, areas), measure=np.ones(areas), share=1.0)
    classes = size_classes(areas)
    best, sizes, _ = kernels.search(scores, information, spread, classes, zones.neighbours, zones.starts)
    plain = np.zeros((classes.max() + 1, areas))
    for centre in range(areas):
        about = zones.about(centre)
        for size in range(1, areas + 1):
            for window in range(windows):
                total = scores[window, about[:size]].sum()
                weight = information[window, about[:size]].sum()
                value = max(0.0, total) / sqrt(weight + spread[window] * weight**2)
                kind = classes[size - 1]
                plain[kind, centre] = max(plain[kind, centre], value)
    np.testing.assert_allclose(best, plain, rtol=1e-9)
    assert ((sizes > 0) == (best > 0)).all()


@given(st.integers(0, 1000), st.integers(1, 200))
def test_blocks_are_of_much_the_same_size_and_do_not_hang_on_the_order(seed, areas):
    rng = np.random.default_rng(seed)
    places, order = rng.uniform(0, 1, (2, areas)), rng.permutation(areas)
    blocks, shuffled = split_blocks(places), split_blocks(places[:, order])
    sizes = np.bincount(blocks)
    assert sizes.max() <= 2 * sizes.min() + 1
    together = blocks[:, None] == blocks[None, :]
    assert (together[np.ix_(order, order)] == (shuffled[:, None] == shuffled[None, :])).all()


def world(seed, weeks=8, areas=60):
    """Counts with a rise somewhere, some hidden, and where the areas are."""
    rng = np.random.default_rng(seed)
    codes = [f"E02{one:06d}" for one in range(areas)]
    x, y = rng.uniform(0, 10, (2, areas))
    counts = rng.poisson(rng.gamma(3, 2, (areas, weeks)))
    near = np.argsort((x - x[0]) ** 2 + (y - y[0]) ** 2)[:6]
    counts[near, -2:] += rng.integers(5, 40)
    hidden = counts <= 2
    frame = pl.DataFrame(
        {
            "area": np.repeat(codes, weeks),
            "week_end": [LAST - timedelta(weeks=back) for _ in codes for back in range(weeks - 1, -1, -1)],
            "low": np.where(hidden, 0, counts).ravel(),
            "high": np.where(hidden, 2, counts).ravel(),
            "population": np.full(areas * weeks, 2_000),
            "incomplete": np.zeros(areas * weeks, bool),
        }
    )
    places = pl.DataFrame({"area": codes, "name": codes, "place": [None] * areas, "x": x, "y": y})
    return Counts(frame, 5), places.with_columns(pl.col("place").cast(pl.String))


@few
@given(st.integers(0, 10_000))
def test_the_order_of_areas_changes_nothing(seed):
    counts, areas = world(seed)
    shuffled = Counts(counts.frame.sample(fraction=1, shuffle=True, seed=seed), 5)
    one = find_alerts(counts, LAST, areas, settings=QUICK)
    other = find_alerts(shuffled, LAST, areas.sample(fraction=1, shuffle=True, seed=seed), settings=QUICK)
    assert one == other


@few
@given(st.integers(0, 10_000))
def test_no_alert_uses_a_later_week(seed):
    counts, areas = world(seed)
    week = LAST - timedelta(weeks=2)
    cut = replace(counts, frame=counts.frame.filter(pl.col("week_end") <= week))
    assert find_alerts(counts, week, areas, settings=QUICK) == find_alerts(cut, week, areas, settings=QUICK)
    told = replay(counts, areas, week, LAST, QUICK).weeks
    assert told[0].alerts == replay(cut, areas, week, week, QUICK).weeks[0].alerts


@few
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_a_list_holds_its_budget_and_its_promises(seed, most):
    counts, areas = world(seed)
    alerts = find_alerts(counts, LAST, areas, settings=replace(QUICK, most=most)).alerts
    everywhere = [area for alert in alerts for area in alert.areas]
    assert len(alerts) <= most
    assert len(everywhere) == len(set(everywhere))
    assert [alert.rank for alert in alerts] == list(range(1, len(alerts) + 1))
    assert [alert.score for alert in alerts] == sorted((alert.score for alert in alerts), reverse=True)
    for alert in alerts:
        assert alert.observed_low >= QUICK.least_cases
        assert alert.observed_low <= alert.observed <= alert.observed_high
        assert alert.observed > alert.expected
        assert 0 <= alert.growing <= 1 <= alert.recurrence_weeks
        assert 0 < alert.chance <= 1


@few
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_places_kept_for_what_chance_seldom_shows_leave_the_rest_of_the_list_as_it_was(seed, most):
    counts, areas = world(seed)
    chosen = replace(QUICK, most=most, seldom=0.5)
    alerts = find_alerts(counts, LAST, areas, settings=chosen).alerts
    seldom = [alert for alert in alerts if alert.listed_for is Reason.SELDOM]
    others = {alert.areas for alert in alerts} - {alert.areas for alert in seldom}
    by_score = replace(chosen, most=most - chosen.places_for_seldom, seldom=0)
    assert {alert.areas for alert in find_alerts(counts, LAST, areas, settings=by_score).alerts} <= others
    assert len(seldom) <= chosen.places_for_seldom
    assert all(len(alert.areas) <= chosen.small and alert.growing > 0.5 for alert in seldom)
