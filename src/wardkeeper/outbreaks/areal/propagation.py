"""Expectation propagation for a Poisson model of areas: the smooth field given how strong and how spatial it is.

The logarithm of an area's relative risk is a level, plus a field that borders share, plus an effect of its own. Each
area's count (or the interval of a hidden count) is stood in for by a Gaussian term, tuned until area by area the mean and
variance are those that the count itself would give. This needs no simulation, and is exact about each area's own skewness.

Minka TP (2001), Expectation propagation for approximate Bayesian inference, UAI 17: 362-369; Cseke B, Heskes T (2011),
Approximate marginals in latent Gaussian models, Journal of Machine Learning Research 12: 417-454; Riebler A, Sørbye SH,
Simpson D, Rue H (2016), An intuitive Bayesian spatial model for disease mapping that accounts for scaling, Statistical
Methods in Medical Research 25: 1145-1165 (the model).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln

from wardkeeper.outbreaks.areal.factors import Pattern
from wardkeeper.outbreaks.areal.graphs import Graph, scale_parts

Numbers = NDArray[np.float64]

NODES, WEIGHTS = hermegauss(21)
LEVEL_VARIANCE = 100.0
"""Of the level's prior: ten on the logarithmic scale is as good as no opinion."""

LEAST_PRECISION = 1e-9
STEADY = 1e-5
MOST_ROUNDS = 40
STEEPEST = 30.0
"""A log relative risk beyond this is out of all reason, and would overflow."""


@dataclass(frozen=True, eq=False)
class Observed:
    """Counts from `low` to `high` (equal if exact) and expected counts (0 where nobody lives), one an area."""

    low: Numbers
    high: Numbers
    expected: Numbers

    @cached_property
    def hidden(self) -> NDArray[np.bool_]:
        """Which counts are intervals."""
        return self.low < self.high

    def log_likelihood(self, eta: Numbers) -> Numbers:
        """Give the log likelihood of log relative risks (areas by points), without the counts' own constants if exact."""
        mean = self.expected[:, None] * np.exp(np.minimum(eta, STEEPEST))
        logs = self.low[:, None] * eta - mean
        at = np.flatnonzero(self.hidden & (self.expected > 0))
        if len(at):
            counts = self.low[at, None] + np.arange(int((self.high - self.low)[at].max()) + 1)
            chance = counts * np.log(self.expected[at, None]) - gammaln(counts + 1)
            chance = np.where(counts <= self.high[at, None], chance, -np.inf)
            terms = chance[:, None, :] + counts[:, None, :] * eta[at][:, :, None]
            most = terms.max(axis=2, keepdims=True)
            logs[at] = most[..., 0] + np.log(np.exp(terms - most).sum(axis=2)) - mean[at]
        return np.where(self.expected[:, None] > 0, logs, 0.0)


@dataclass(frozen=True, eq=False)
class Sites:
    """The Gaussian terms that stand in for counts: exp(-precision eta^2 / 2 + shift eta), one an area."""

    precision: Numbers
    shift: Numbers


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fit at one strength and spatial share: each area's cavity, its mean and variance, and the log evidence.

    `moved` is how far the last round would still have moved some area's mean.
    """

    sites: Sites
    cavity_mean: Numbers
    cavity_variance: Numbers
    mean: Numbers
    variance: Numbers
    log_evidence: float
    moved: float = 0.0


@dataclass(frozen=True, eq=False)
class Field:
    """The graph made ready for fitting: its scaled precision, and the factor's pattern."""

    graph: Graph
    scale: Numbers
    pattern: Pattern

    @classmethod
    def from_graph(cls, graph: Graph) -> "Field":
        """Scale each part so that its typical variance is 1. Parts share one scale each, so the matrix stays symmetric."""
        scale = scale_parts(graph)
        weighted = csr_array(graph.borders * scale[:, None])
        return cls(graph, scale, Pattern(csr_array(-weighted)))


def first_sites(seen: Observed) -> Sites:
    """Begin near each area's own count, pulled towards the whole."""
    middle = (seen.low + seen.high) / 2
    eta = np.log((middle + 1) / (seen.expected + 1))
    mean = seen.expected * np.exp(eta)
    return Sites(np.maximum(mean, LEAST_PRECISION), middle - mean + mean * eta)


def propagate(
    field: Field, seen: Observed, strength: float, share: float, sites: Sites, *, steady: float = STEADY
) -> Fitted:
    """Fit the field of standard deviation `strength`, of which the `share` (0 to 1) of variance is shared with neighbours.

    It ends when no area's mean moves by more than `steady`. The log evidence is stationary there: its error is of the square.
    """
    held, damping = None, 1.0
    for _ in range(MOST_ROUNDS):
        fitted, tilted_mean, tilted_variance = _round(field, seen, strength, share, sites)
        moved = np.abs(tilted_mean - fitted.mean).max() if seen.expected.any() else 0.0
        if moved < steady:
            break
        if held is not None and moved > held:
            damping = max(damping / 2, 0.1)
        held = moved
        precision = 1 / tilted_variance - 1 / fitted.cavity_variance
        shift = tilted_mean / tilted_variance - fitted.cavity_mean / fitted.cavity_variance
        # A count that says next to nothing has a term of next to nothing; it is never less than that.
        shift = np.where(precision > LEAST_PRECISION, shift, 0.0)
        precision = np.maximum(precision, LEAST_PRECISION)
        kept = 1 - damping
        sites = Sites(kept * sites.precision + damping * precision, kept * sites.shift + damping * shift)
    return replace(fitted, moved=float(moved))


def _round(
    field: Field, seen: Observed, strength: float, share: float, sites: Sites
) -> tuple[Fitted, Numbers, Numbers]:
    """Give the fit with these terms, and the mean and variance that each count itself would give in its place."""
    own = strength**2 * (1 - share)
    level_mean, level_variance, evidence = _condition(field, strength * np.sqrt(share), own, sites)
    loose = 1 + own * sites.precision
    mean = (level_mean + own * sites.shift) / loose
    variance = own / loose + level_variance / loose**2
    cavity_precision = np.maximum(1 / variance - sites.precision, 1e-6 / variance)
    cavity_variance = 1 / cavity_precision
    cavity_mean = cavity_variance * (mean / variance - sites.shift)
    normaliser, tilted_mean, tilted_variance = tilt(seen, cavity_mean, cavity_variance, mean, variance)
    site_normaliser = 0.5 * (np.log(variance / cavity_variance) + mean**2 / variance - cavity_mean**2 / cavity_variance)
    total = evidence + float((normaliser - site_normaliser).sum())
    return Fitted(sites, cavity_mean, cavity_variance, mean, variance, total), tilted_mean, tilted_variance


def tilt(
    seen: Observed, cavity_mean: Numbers, cavity_variance: Numbers, mean: Numbers, variance: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Give log normaliser, mean and variance of cavity times likelihood, by quadrature about the current mean."""
    spread = np.sqrt(variance)
    eta = mean[:, None] + spread[:, None] * NODES
    logs = seen.log_likelihood(eta) - 0.5 * (eta - cavity_mean[:, None]) ** 2 / cavity_variance[:, None]
    logs += 0.5 * NODES**2 + np.log(WEIGHTS)
    most = logs.max(axis=1, keepdims=True)
    parts = np.exp(logs - most)
    total = parts.sum(axis=1)
    first = (parts * eta).sum(axis=1) / total
    second = (parts * (eta - first[:, None]) ** 2).sum(axis=1) / total
    normaliser = most[:, 0] + np.log(total) + 0.5 * np.log(variance / cavity_variance / (2 * np.pi))
    return normaliser, first, second


def _condition(field: Field, reach: float, own: float, sites: Sites) -> tuple[Numbers, Numbers, float]:
    """Give mean and variance of level plus shared field at each area, and the log evidence of the terms.

    The areas' own effects are summed out first, which leaves a system of the graph's own pattern. Each part's field adds
    up to 0; that condition, and the level, are brought in by a few further solutions (Rue and Held (2005), Gaussian
    Markov Random Fields, section 2.3).
    """
    graph = field.graph
    loose = 1 + own * sites.precision
    weight, pull = sites.precision / loose, sites.shift / loose
    diagonal = graph.degree * field.scale + graph.alone + reach**2 * weight
    factor = field.pattern.factor(diagonal)
    solved = factor.solve(np.column_stack([np.ones(graph.size), reach * weight, reach * pull]))
    ones, tied = solved[:, 0], ~graph.alone
    per_part = np.maximum(graph.sum_parts(ones * tied), np.finfo(float).tiny)
    bound = np.where(tied, ones, 0.0)

    def keep_sums(column: Numbers) -> Numbers:
        return column - bound * (graph.sum_parts(column * tied) / per_part)[graph.part]

    across, pulled = keep_sums(solved[:, 1]), keep_sums(solved[:, 2])
    level_precision = weight.sum() + 1 / LEVEL_VARIANCE - reach * (weight @ across)
    level = (pull.sum() - reach * (weight @ pulled)) / level_precision
    mean = level * (1 - reach * across) + reach * pulled
    inner = factor.inverse_diagonal - bound**2 / per_part[graph.part]
    variance = reach**2 * inner + (1 - reach * across) ** 2 / level_precision
    has_sum = graph.sum_parts(tied.astype(np.float64)) > 0
    determinant = factor.log_determinant + np.log(per_part[has_sum]).sum() + np.log(level_precision * LEVEL_VARIANCE)
    square = reach * (pull @ pulled) + level**2 * level_precision + own * (sites.shift**2 / loose).sum()
    evidence = 0.5 * (square - determinant - np.log(loose).sum())
    return mean, variance, float(evidence)
