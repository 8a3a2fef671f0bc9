"""Smoothed relative risks of areas: a level, a field shared with neighbours, and an effect of each area's own (BYM2).

How strong the effects are, and how much of them neighbours share, is uncertain too: the fit of `propagation` is repeated
over a grid of both and averaged by their posterior weights, as integrated nested Laplace approximations do (Rue H,
Martino S, Chopin N (2009), Journal of the Royal Statistical Society B 71: 319-392), with expectation propagation in place
of Laplace's approximation. The answer is the same each time.

Riebler A, Sørbye SH, Simpson D, Rue H (2016), Statistical Methods in Medical Research 25: 1145-1165; Morris M and others
(2019), Bayesian hierarchical spatial models: implementing the Besag York Mollié model in Stan, Spatial and Spatio-temporal
Epidemiology 31: 100301.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.areal.graphs import Graph
from wardkeeper.outbreaks.areal.propagation import Field, Fitted, Observed, Sites, first_sites, propagate

Numbers = NDArray[np.float64]

STRENGTH_SCALE, STRENGTH_FREEDOM = 2.5, 3.0
"""Prior of the standard deviation: the positive half of Student's t with 3 degrees of freedom and scale 2.5."""

LIMITS = ((np.log(0.01), np.log(5.0)), (-6.0, 6.0))
"""Searched: log standard deviation, and logit of the share."""
BEGIN, STRIDE = (float(np.log(0.4)), 0.0), (0.4, 1.0)

FEWEST_SPREAD, MOST_SPREAD = 0.02, 2.0
LEAST_WEIGHT = 6.0
"""Points of the grid this far below the best in log posterior are left out."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How finely strength and share are searched: the grid (in standard deviations), its differences, and when to stop."""

    grid: tuple[float, ...]
    difference: float
    close: float
    steady: float


FINE = Effort(tuple(np.linspace(-3, 3, 9)), difference=0.25, close=0.04, steady=1e-5)
COARSE = Effort((-(3**0.5), 0.0, 3**0.5), difference=0.08, close=0.08, steady=3e-3)
FEW_AREAS = 2000
"""Up to here the fine search costs nothing; beyond it strength and share are so well known that the coarse one will do."""

SETTLED = 0.01
"""Fits whose last round still moved some log relative risk by more, on average, are no answer: that is 1% of a rate."""

POINTS = np.linspace(-6, 6, 121)
"""Where each area's posterior is kept, in standard deviations about its mean."""


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Posterior of areas' log relative risks, and of the strength and share (means over the grid).

    `points` (areas by points) and `density` (adds up to 1 over an area's points, times the points' distance).
    """

    points: Numbers
    density: Numbers
    strength: float
    strength_sd: float
    share: float
    share_sd: float

    def mean(self) -> Numbers:
        """Posterior mean of the relative risk."""
        return self._average(np.exp(self.points))

    def sd(self) -> Numbers:
        """Posterior standard deviation of the relative risk."""
        return np.sqrt(np.maximum(self._average(np.exp(2 * self.points)) - self.mean() ** 2, 0.0))

    def above(self, ratio: Numbers | float) -> Numbers:
        """Posterior chance that the relative risk is above `ratio` (one, or one an area)."""
        sought = np.broadcast_to(np.log(np.maximum(ratio, 1e-300)), (len(self.points),))
        step = self.points[:, 1] - self.points[:, 0]
        at = (sought - self.points[:, 0]) / step
        place = np.clip(np.floor(at).astype(np.int64), 0, self.points.shape[1] - 2)
        reached = self._reached()
        rows = np.arange(len(place))
        rest = np.clip(at - place, 0.0, 1.0)
        below = reached[rows, place] * (1 - rest) + reached[rows, place + 1] * rest
        return np.clip(1 - below, 0.0, 1.0)

    def quantile(self, level: float) -> Numbers:
        """Posterior quantile of the relative risk."""
        reached = self._reached()
        place = np.clip((reached < level).sum(axis=1) - 1, 0, self.points.shape[1] - 2)
        rows = np.arange(len(place))
        first, last = reached[rows, place], reached[rows, place + 1]
        rest = (level - first) / np.maximum(last - first, 1e-300)
        step = self.points[:, 1] - self.points[:, 0]
        answer: Numbers = np.exp(self.points[rows, place] + np.clip(rest, 0, 1) * step)
        return answer

    def _average(self, values: Numbers) -> Numbers:
        averaged: Numbers = (values * self.density).sum(axis=1) / self.density.sum(axis=1)
        return averaged

    def _reached(self) -> Numbers:
        middle = (self.density[:, 1:] + self.density[:, :-1]) / 2
        reached = np.concatenate([np.zeros((len(middle), 1)), np.cumsum(middle, axis=1)], axis=1)
        whole: Numbers = reached / reached[:, -1:]
        return whole


def smooth(graph: Graph, seen: Observed) -> Smoothed:
    """Smooth relative risks over the graph. Needs one case or more, and one area with an expected count or more.

    Raises BadInput where rates are so far apart that no fit is found.
    """
    search = _Search(Field.from_graph(graph), seen)
    best = search.climb()
    places, heights, fits = search.explore(best)
    weights = np.exp(heights - heights.max())
    weights /= weights.sum()
    _check_fits(heights.max() if weights @ [one.moved for one in fits] < SETTLED else -np.inf)
    strength, share = np.exp(places[:, 0]), 1 / (1 + np.exp(-places[:, 1]))
    points, density = _mix(seen, fits, weights)
    mean, middle = float(weights @ strength), float(weights @ share)
    return Smoothed(
        points, density, mean, float(np.sqrt(weights @ (strength - mean) ** 2)),
        middle, float(np.sqrt(weights @ (share - middle) ** 2)),
    )  # fmt: skip


class _Search:
    """The search for likely strengths and shares. Each fit begins where the last one ended."""

    def __init__(self, field: Field, seen: Observed) -> None:
        self.field, self.seen = field, seen
        self.sites: Sites = first_sites(seen)
        self.effort = FINE if field.graph.size <= FEW_AREAS else COARSE

    def fit(self, place: Numbers) -> tuple[float, Fitted]:
        """Give log posterior (up to a constant) and fit at a log strength and logit share; minus infinity where it fails."""
        strength, share = float(np.exp(place[0])), float(1 / (1 + np.exp(-place[1])))
        with np.errstate(all="ignore"):
            fitted = propagate(self.field, self.seen, strength, share, self.sites, steady=self.effort.steady)
        if not np.isfinite(fitted.log_evidence):
            return -np.inf, fitted
        self.sites = fitted.sites
        of_strength = -(STRENGTH_FREEDOM + 1) / 2 * np.log1p((strength / STRENGTH_SCALE) ** 2 / STRENGTH_FREEDOM)
        # Change of variables: the prior is flat in the share, and written for the strength itself.
        return fitted.log_evidence + of_strength + place[0] + np.log(share * (1 - share)), fitted

    def climb(self) -> Numbers:
        """Give the most likely place, roughly, by steps along each axis that halve when none leads up: the grid does the rest."""
        best, steps = np.array(BEGIN), np.array(STRIDE)
        height = self.fit(best)[0]
        while steps[0] > self.effort.close:
            held = height
            for move in (*np.diag(steps), *np.diag(-steps)):
                there = self.fit(best + move)[0] if _within(best + move) else -np.inf
                if there > height:
                    best, height = best + move, there
            steps = steps / 2 if height == held else steps
        _check_fits(height)
        return best

    def explore(self, best: Numbers) -> tuple[Numbers, Numbers, list[Fitted]]:
        """Fit over a grid along the ridge's own axes; give places, log posteriors and fits of those that matter."""
        best, axes = self._axes(best)
        steps, kept = self.effort.grid, []
        top = self.fit(best)[0]
        for first in steps:
            for second in steps:
                place = best + axes @ np.array([first, second])
                if first**2 + second**2 > steps[-1] ** 2 * 2.1 or not _within(place):
                    continue
                height, fitted = self.fit(place)
                if height > top - LEAST_WEIGHT:
                    kept.append((place, height, fitted))
        places, heights, fits = zip(*kept, strict=True)
        return np.array(places), np.array(heights), list(fits)

    def _axes(self, best: Numbers) -> tuple[Numbers, Numbers]:
        """Step to the top, and give columns that go one standard deviation from it, by differences about the best place."""
        far = self.effort.difference
        height = {
            move: self.fit(best + far * np.array(move))[0]
            for move in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1))
        }
        _check_fits(*height.values())
        straight = [2 * height[0, 0] - height[1, 0] - height[-1, 0], 2 * height[0, 0] - height[0, 1] - height[0, -1]]
        diagonal = 2 * height[0, 0] - height[1, 1] - height[-1, -1]
        mixed = (diagonal - sum(straight)) / 2
        values, vectors = np.linalg.eigh(np.array([[straight[0], mixed], [mixed, straight[1]]]) / far**2)
        spread = np.clip(1 / np.sqrt(np.maximum(values, 1e-6)), FEWEST_SPREAD, MOST_SPREAD)
        slope = np.array([height[1, 0] - height[-1, 0], height[0, 1] - height[0, -1]]) / (2 * far)
        step = np.clip((vectors.T @ slope) * spread**2, -spread, spread)
        higher = best + vectors @ step
        return (higher if _within(higher) else best), vectors * spread


def _check_fits(*heights: float) -> None:
    """Refuse counts that no fit was found for: their rates differ beyond all reason."""
    if not np.isfinite(heights).all():
        message = "The rates of the areas are too far apart to be smoothed by “bym2”."
        next_step = "Check the population of the areas with the highest rates, or choose marshall or local."
        raise BadInput(message, next_step, Where(rule="rates"))


def _within(place: Numbers) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(place, LIMITS, strict=True))


def _mix(seen: Observed, fits: list[Fitted], weights: Numbers) -> tuple[Numbers, Numbers]:
    """Average each area's posterior over the fits, at points that reach all of them."""
    means, variances = np.array([one.mean for one in fits]), np.array([one.variance for one in fits])
    mean = weights @ means
    spread = np.sqrt(weights @ (variances + (means - mean) ** 2))
    points = mean[:, None] + spread[:, None] * POINTS
    likelihood = seen.log_likelihood(points)
    density = np.zeros_like(points)
    for fitted, weight in zip(fits, weights, strict=True):
        away = points - fitted.cavity_mean[:, None]
        logs = likelihood - 0.5 * away**2 / fitted.cavity_variance[:, None]
        part = np.exp(logs - logs.max(axis=1, keepdims=True))
        density += weight * part / part.sum(axis=1, keepdims=True)
    return points, density
