"""Fast answers against plain, slow ones: R by loops, growth by a general optimiser, smoothing by full matrices and grids."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import gammaln
from scipy.stats import gamma, norm, poisson

from wardkeeper.outbreaks import KnownInterval, UncertainInterval, estimate_growth, estimate_r
from wardkeeper.outbreaks.areal.factors import Pattern
from wardkeeper.outbreaks.areal.graphs import make_graph, scale_parts
from wardkeeper.outbreaks.areal.marshall import smooth_globally, smooth_locally
from wardkeeper.outbreaks.areal.propagation import Field, Observed, first_sites, propagate
from wardkeeper.outbreaks.growth import GrowthFit
from wardkeeper.outbreaks.hidden import expect_between
from wardkeeper.outbreaks.serial_intervals import draw_shares

COUNTS = st.lists(st.integers(0, 300), min_size=12, max_size=25)
WEIGHTS = st.lists(st.floats(0.01, 1), min_size=1, max_size=8)


def interval_of(weights) -> KnownInterval:
    return KnownInterval((0.0, *(np.array(weights) / sum(weights)).tolist()))


@given(cases=COUNTS, weights=WEIGHTS, window=st.integers(1, 9))
def test_r_is_the_plain_loop_over_days_and_earlier_days(cases, weights, window):
    interval = interval_of(weights)
    found = estimate_r(cases, interval, window=window)
    assert found.height == len(cases) - window
    for row in found.iter_rows(named=True):
        pressure, total = 0.0, 0
        for day in range(row["start"] - 1, row["end"]):
            total += cases[day]
            for back in range(1, day + 1):
                pressure += cases[day - back] * (interval.shares[back] if back < len(interval.shares) else 0.0)
        shares = interval.shares[: len(cases)]
        if row["end"] <= sum(days * share for days, share in enumerate(shares)) + 1e-12:
            assert row["mean"] is None  # too early: the window ends within a mean serial interval
            continue
        plain = gamma(1 + total, scale=1 / (1 / 5 + pressure))
        assert row["mean"] == pytest.approx(plain.mean(), rel=1e-10)
        assert row["q025"] == pytest.approx(plain.ppf(0.025), rel=1e-8)
        assert row["q975"] == pytest.approx(plain.ppf(0.975), rel=1e-8)


@settings(max_examples=15)
@given(cases=COUNTS, seed=st.integers(0, 50))
def test_an_uncertain_intervals_figures_are_those_of_the_mixture_of_its_draws(cases, seed):
    unsure = UncertainInterval(4.0, 2.0, mean_sd=1.0, sd_sd=0.5, draws=40)
    row = estimate_r(cases, unsure, seed=seed).row(-1, named=True)
    parts = []
    for shares in draw_shares(unsure, len(cases), seed):
        days = range(row["start"] - 1, row["end"])
        pressure = sum(cases[day - back] * shares[back] for day in days for back in range(1, day + 1))
        parts.append(gamma(1 + sum(cases[day] for day in days), scale=1 / (0.2 + pressure)))
    assert row["mean"] == pytest.approx(np.mean([part.mean() for part in parts]), rel=1e-9)
    for column, level in (("q025", 0.025), ("median", 0.5), ("q975", 0.975)):
        assert np.mean([part.cdf(row[column]) for part in parts]) == pytest.approx(level, abs=1e-8)


@settings(max_examples=25)
@given(rate=st.floats(-0.1, 0.1), level=st.floats(15, 60), seed=st.integers(0, 1000))
def test_growth_with_hidden_counts_is_the_most_likely_one(rate, level, seed):
    steps = np.arange(10) - 4.5
    counts = np.random.default_rng(seed).poisson(level * np.exp(rate * steps)).astype(float)
    counts[0] += 5
    low, high = np.where(counts <= 4, 0.0, counts), np.where(counts <= 4, 4.0, counts)

    def unlikely(place):
        mean = np.exp(np.clip(place[0] + place[1] * steps, -20, 20))
        chance = np.where(low == high, poisson.pmf(low, mean), poisson.cdf(high, mean))
        return -np.log(np.maximum(chance, 1e-300)).sum()

    about = [[np.log(level), 0.0], [np.log(level) + 0.2, 0.0], [np.log(level), 0.1]]
    precise = {"xatol": 1e-8, "fatol": 1e-11, "maxfev": 4000, "initial_simplex": about}
    plain = minimize(unlikely, about[0], method="Nelder-Mead", options=precise)
    found = estimate_growth(low, GrowthFit(window=10), high=high).row(0, named=True)
    assert found["growth"] == pytest.approx(plain.x[1], abs=2e-5)


@given(low=st.integers(0, 10), width=st.integers(0, 12), mean=st.floats(0.01, 40))
def test_a_hidden_counts_expected_value_is_the_plain_sum(low, width, mean):
    counts = np.arange(low, low + width + 1)
    logs = counts * np.log(mean) - gammaln(counts + 1)
    chances = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    first, variance = expect_between(np.array([low * 1.0]), np.array([low + width * 1.0]), np.array([mean]))
    assert first[0] == pytest.approx((counts * chances).sum())
    assert variance[0] == pytest.approx((counts**2 * chances).sum() - first[0] ** 2, abs=1e-8)


@st.composite
def graphs(draw, most=14):
    size = draw(st.integers(3, most))
    pairs = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=3 * size))
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return make_graph(first, second, size)


@given(graph=graphs(), seed=st.integers(0, 100))
def test_a_factor_solves_and_inverts_as_full_matrices_do(graph, seed):
    chance = np.random.default_rng(seed)
    diagonal = graph.degree + chance.uniform(0.1, 2, graph.size)
    plain = np.diag(diagonal) - graph.borders.toarray()
    factor = Pattern(csr_array(-graph.borders)).factor(diagonal)
    right = chance.normal(size=(graph.size, 2))
    assert np.allclose(factor.solve(right), np.linalg.solve(plain, right))
    assert np.allclose(factor.inverse_diagonal, np.diag(np.linalg.inv(plain)))
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(plain)[1], abs=1e-9)


@given(graph=graphs())
def test_each_parts_scale_is_that_of_its_generalised_inverse(graph):
    scale = scale_parts(graph)
    laplacian = np.diag(graph.degree) - graph.borders.toarray()
    for part in range(graph.part.max() + 1):
        members = np.flatnonzero(graph.part == part)
        if len(members) == 1:
            assert scale[members[0]] == 1
            continue
        inverse = np.linalg.pinv(laplacian[np.ix_(members, members)])
        assert np.allclose(scale[members], np.exp(np.log(np.diag(inverse)).mean()))


def plain_prior(graph, strength, share):
    """Give the full covariance of the log relative risks: level, shared field held to sum to 0 in each part, own effects."""
    scale = scale_parts(graph)
    laplacian = np.diag(graph.degree) - graph.borders.toarray()
    shared = np.linalg.pinv(laplacian * np.sqrt(scale[:, None] * scale[None, :]))
    shared[graph.alone, graph.alone] = 1.0
    return 100 + strength**2 * (share * shared + (1 - share) * np.eye(graph.size))


@settings(max_examples=30)
@given(graph=graphs(), seed=st.integers(0, 1000), strength=st.floats(0.1, 1.5), share=st.floats(0.05, 0.95))
def test_the_sparse_fit_is_the_full_gaussian_one_with_the_same_terms(graph, seed, strength, share):
    chance = np.random.default_rng(seed)
    expected = chance.uniform(0.5, 8, graph.size)
    low = chance.poisson(expected).astype(float)
    high = np.where(chance.random(graph.size) < 0.3, low + 2, low)
    seen = Observed(low, high, expected)
    fitted = propagate(Field.from_graph(graph), seen, strength, share, first_sites(seen))
    inverse = np.linalg.inv(plain_prior(graph, strength, share))
    covariance = np.linalg.inv(inverse + np.diag(fitted.sites.precision))
    assert np.allclose(fitted.mean, covariance @ fitted.sites.shift, atol=1e-6)
    assert np.allclose(fitted.variance, np.diag(covariance), rtol=1e-5)


@settings(max_examples=10, deadline=None)
@given(
    first=st.integers(1, 12), second=st.integers(1, 12), strength=st.floats(0.2, 1.2), share=st.floats(0.1, 0.9),
    hidden=st.booleans(),
)  # fmt: skip
def test_two_areas_means_variances_and_evidence_are_those_of_a_fine_grid(first, second, strength, share, hidden):
    """The exact posterior of two areas by brute force: what propagation only approaches."""
    graph = make_graph(np.array([0]), np.array([1]), 2)
    low, expected = np.array([first, second], dtype=float), np.array([3.0, 5.0])
    high = low + np.array([3.0 if hidden else 0.0, 0.0])
    fitted = propagate(
        Field.from_graph(graph),
        Observed(low, high, expected),
        strength,
        share,
        first_sites(Observed(low, high, expected)),
    )
    # A level is all but free, so its sum and difference are looked over widely.
    axis = np.linspace(-9, 4, 800)
    one, two = np.meshgrid(axis, axis, indexing="ij")
    covariance = plain_prior(graph, strength, share)
    inverse = np.linalg.inv(covariance)
    logs = -0.5 * (inverse[0, 0] * one**2 + 2 * inverse[0, 1] * one * two + inverse[1, 1] * two**2)
    logs += interval_log(low[0], high[0], expected[0] * np.exp(one)) + interval_log(
        low[1], high[1], expected[1] * np.exp(two)
    )
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    for area, place in enumerate((one, two)):
        mean = (chances * place).sum()
        spread = np.sqrt((chances * (place - mean) ** 2).sum())
        assert fitted.mean[area] == pytest.approx(mean, abs=0.05 * spread + 1e-3)
        assert np.sqrt(fitted.variance[area]) == pytest.approx(spread, rel=0.08)


def interval_log(low, high, mean):
    return np.log(np.maximum(sum(poisson.pmf(count, mean) for count in np.arange(low, high + 1)), 1e-300))


@given(graph=graphs(), seed=st.integers(0, 1000))
def test_local_rates_are_the_plain_loop_over_neighbourhoods(graph, seed):
    chance = np.random.default_rng(seed)
    people = chance.integers(200, 3000, graph.size).astype(float)
    cases = chance.poisson(people * 0.004).astype(float)
    found = smooth_locally(cases, cases, people, graph).estimate
    around = [[place, *np.flatnonzero(row)] for place, row in enumerate(graph.borders.toarray())]
    # An area alone is drawn towards all.
    drawn_globally = smooth_globally(cases, cases, people).estimate
    means = [cases[near].sum() / people[near].sum() for near in around]
    for place, near in enumerate(around):
        if len(near) == 1:
            assert found[place] == drawn_globally[place]
            continue
        spread = sum(people[one] * (cases[one] / people[one] - means[one]) ** 2 for one in near) / people[near].sum()
        common = max(spread - means[place] / (people[near].sum() / len(near)), 0)
        weight = common / (common + means[place] / people[place]) if common else 0
        plain = means[place] + weight * (cases[place] / people[place] - means[place])
        assert found[place] == pytest.approx(plain, abs=1e-12)


def test_the_normal_draws_of_an_uncertain_interval_are_cut_off_where_asked():
    unsure = UncertainInterval(3.0, 1.0, mean_sd=1.0, sd_sd=0.0, mean_limits=(2.0, 5.0), draws=4000)
    shares = draw_shares(unsure, 60, 3)
    means = shares @ np.arange(60)
    assert means.min() > 1.99
    assert means.max() < 5.01
    plain = norm(3, 1).expect(lambda day: day, lb=2, ub=5, conditional=True)
    assert means.mean() == pytest.approx(plain, abs=0.04)
