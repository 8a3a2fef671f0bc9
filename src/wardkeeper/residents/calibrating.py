"""Calibrating: honest probabilities from log odds, learned from a few hundred pairs that people have labelled.

The map is monotone: the logit of the probability is a line with a few bends, each piece rising. A handful of labels says little, so
each slope is drawn towards 1 and the offset towards 0, where the model's own log odds are right. The draw is a Student's t: it
holds small deviations back and lets a model that is plainly wrong be put right (Gelman et al., *Bayesian Data Analysis*, 2013,
chapter 17). Platt (1999) is the same with one slope; a free curve such as isotonic regression would follow the noise of 200 labels.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from wardkeeper.residents.arrays import Flags, Reals

KNOTS = (-6.0, -3.0, -1.0, 1.0, 3.0, 6.0)
"""Where the slope may change, in natural log odds."""
SPREADS = (0.5, 0.5, 0.4, 0.2, 0.4, 0.5, 0.5, 0.2)
"""How far each log slope, and last the offset, may stray before many labels are asked for. The ends stray most: there the model
counts evidence that hangs together as if it were independent."""
FREEDOM = 3.0
"""Degrees of freedom of the prior."""
DRAWS = 1_000
"""Draws from the posterior behind every interval."""
REACH = 12.0
"""No log odds lie beyond this, either way."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone map from natural log odds to a probability. `draws` are likely maps, one a row, for intervals."""

    parameters: Reals
    draws: Reals
    labels: int

    def probability(self, log_odds: Reals) -> Reals:
        """Give the probability that each pair is one person, between 0 and 1, rising with the log odds."""
        return np.asarray(_apply(self.parameters[None, :], log_odds)[0])

    def interval(self, log_odds: Reals, share: float = 0.95) -> tuple[Reals, Reals]:
        """Give the lowest and highest probability that the labels allow, at each log odds."""
        bounds = np.quantile(_apply(self.draws, log_odds), [(1 - share) / 2, (1 + share) / 2], axis=0)
        return np.asarray(bounds[0]), np.asarray(bounds[1])

    def sample(self, log_odds: Reals) -> Reals:
        """Give the probabilities under each likely map: one row a map, one column a log odds."""
        return _apply(self.draws, log_odds)


class Use(StrEnum):
    """What joined records are used for. A wrong join and a missed one do not cost the same in each."""

    COUNT = "count"
    CONTACT = "contact"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Costs:
    """What a wrong join costs beside a missed one, and the use in words."""

    words: str
    wrong_join: float
    missed: float


COSTS: dict[Use, Costs] = {
    Use.COUNT: Costs("counting people", 1.0, 1.0),
    Use.CONTACT: Costs("writing to people or visiting them", 2.0, 1.0),
    Use.SHARE: Costs("sharing names and needs with a crew", 9.0, 1.0),
}
"""First values, for an authority to argue about: each is shown beside what it leads to."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Join above this. `log_odds` is infinite where no pair is sure enough."""

    probability: float
    log_odds: float


def calibrate(log_odds: Reals, same: Flags, weights: Reals | None = None) -> Calibration:
    """Learn the map from labelled pairs: the model's log odds (before labels), whether they are one person, and weights.

    Weights stand for how the pairs were drawn, by what else than their log odds: leave them out where only that decided. They are
    scaled to a mean of 1. Pairs picked because somebody saw them do not belong here. The order of the labels changes nothing.
    """
    order = np.lexsort((same, log_odds))
    odds, answers = log_odds[order].astype(np.float64), same[order].astype(np.float64)
    shares = (
        np.ones(len(odds))
        if weights is None
        else weights[order] / max(float(weights.sum()) / max(len(weights), 1), 1e-12)
    )
    pieces = _pieces(odds)
    found = _fit(pieces, answers, shares)
    return Calibration(found, _draw(found, pieces, shares), len(odds))


def uncalibrated() -> Calibration:
    """Give the map without any label: the model's own log odds, with intervals as wide as the prior."""
    return calibrate(np.zeros(0), np.zeros(0, dtype=np.bool_))


def choose_cut(calibration: Calibration, *, cost_of_wrong_join: float, cost_of_missed: float) -> Cut:
    """Give the cut that costs least: join where the probability exceeds the wrong join's share of both costs.

    Both costs must be above zero. Source: Fellegi and Sunter (1969) with costs, as any decision between two faults.
    """
    if cost_of_wrong_join <= 0 or cost_of_missed <= 0:
        raise ValueError("both costs must be above zero: give what each fault costs beside the other")
    wanted = cost_of_wrong_join / (cost_of_wrong_join + cost_of_missed)
    grid = np.linspace(-REACH, REACH, 4801)
    reached = np.flatnonzero(calibration.probability(grid) >= wanted)
    return Cut(wanted, float(grid[reached[0]]) if reached.size else float("inf"))


def _pieces(log_odds: Reals) -> Reals:
    """Give how much of each piece between the knots lies between 0 and the log odds: one row a pair."""
    ends = np.array([-np.inf, *KNOTS, np.inf])
    low, high = ends[:-1], ends[1:]
    return np.asarray(np.clip(log_odds[:, None], low, high) - np.clip(0.0, low, high))


def _apply(parameters: Reals, log_odds: Reals) -> Reals:
    slopes, offset = np.exp(parameters[:, :-1]), parameters[:, -1:]
    return np.asarray(expit(slopes @ _pieces(np.asarray(log_odds, dtype=np.float64)).T + offset))


def _fit(pieces: Reals, answers: Reals, weights: Reals) -> Reals:
    """Find the most likely map: from the model's own, and from one fitted with the prior all but gone; the better is kept."""
    identity = np.zeros(len(SPREADS))
    loose = _descend(identity, pieces, answers, weights, 2.0)
    ends = [_descend(start, pieces, answers, weights, 1.0) for start in (identity, loose)]
    return min(ends, key=lambda end: float(_loss(end, pieces, answers, weights, 1.0)[0]))


def _descend(start: Reals, pieces: Reals, answers: Reals, weights: Reals, width: float) -> Reals:
    found = minimize(_loss, start, args=(pieces, answers, weights, width), jac=True, method="BFGS")
    return np.asarray(found.x)


def _loss(parameters: Reals, pieces: Reals, answers: Reals, weights: Reals, width: float) -> tuple[float, Reals]:
    """Give minus the log posterior and its gradient."""
    slopes = np.exp(parameters[:-1])
    line = pieces @ slopes + parameters[-1]
    likelihood = weights @ (answers * log_expit(line) + (1 - answers) * log_expit(-line))
    off = weights * (expit(line) - answers)
    away = parameters / (np.array(SPREADS) * width)
    prior = (FREEDOM + 1) / 2 * np.log1p(away**2 / FREEDOM).sum()
    pull = (FREEDOM + 1) / FREEDOM * away / (1 + away**2 / FREEDOM) / (np.array(SPREADS) * width)
    return float(prior - likelihood), np.append(pieces.T @ off * slopes, off.sum()) + pull


def _draw(found: Reals, pieces: Reals, weights: Reals) -> Reals:
    """Draw likely maps around the best one: a normal as wide as the labels and the prior leave it."""
    design = np.hstack([pieces * np.exp(found[:-1]), np.ones((len(pieces), 1))])
    likely = expit(pieces @ np.exp(found[:-1]) + found[-1])
    information = (design * (weights * likely * (1 - likely))[:, None]).T @ design
    precision = information + np.diag(1 / np.array(SPREADS) ** 2)
    chance = np.random.default_rng(len(pieces))
    noise = chance.standard_normal((DRAWS, len(found)))
    return np.asarray(found + np.linalg.solve(np.linalg.cholesky(precision).T, noise.T).T)
