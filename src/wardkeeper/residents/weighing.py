"""Weighing: a latent-class mixture over patterns, fitted by expectation and maximisation.

Some classes stand for pairs of one person's records and the rest for pairs of two people's; with one of each it is the model of
Fellegi and Sunter (1969). Some pairs have *silver labels* (see `label`): those of one person may only belong to the former, those
of two only to the latter (semi-supervised EM, as Enamorado, Fifield and Imai 2019). A missing comparison says nothing.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from wardkeeper.residents.arrays import Flags, Reals
from wardkeeper.residents.compiled import kernel
from wardkeeper.residents.evidence import (
    BIRTH,
    COMMON,
    CROSSED_FROM,
    EMAIL,
    FAMILY,
    FAMILY_ONLY_FROM,
    FEATURES,
    FIXED,
    GIVEN,
    GIVEN_ONLY_FROM,
    HOME,
    INITIALS_FROM,
    LEARNED,
    NAME,
    NHS_NUMBER,
    NI_NUMBER,
    NUMBER,
    SOURCE,
    Feature,
)

Levels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int8]

LIMIT = 12.0
"""No pair counts for more than this, either way, in natural log odds."""
HOUSEMATES = -1.0
"""No two unlike given names at one home count for more, unless something that is one person's alone agrees."""
PRIOR_PAIRS = 20.0
"""A level's share is drawn towards what the first guesses make of its share among all pairs, as if by this many pairs."""
PRIOR_SHARE = 1.0
"""Each class's share is drawn towards an equal one, as if by this many pairs in each."""
GUESSED_SHARE = 0.1
"""Share of blocked pairs that are one person's, where there are too few to learn it."""
MOST_ROUNDS = 300
TOLERANCE = 1e-7
"""A round that raises the log posterior by less than this share of its size is the last."""
UNLABELLED, DIFFERENT, SAME = -1, 0, 1

SAME_NAMES = (1 + (len(GIVEN) * len(FAMILY) - 1) * len(COMMON), CROSSED_FROM - 1)
OTHER_NAMES = (1, len(FAMILY) * len(COMMON))
OTHER_INITIALS = (INITIALS_FROM, INITIALS_FROM + len(FAMILY) * len(COMMON) - 1)
"""The codes of full names that agree wholly, and of those whose given names or initials plainly differ: lowest and
highest."""
OWN_EMAIL, LIKE_BIRTHS, SAME_HOME, SELDOM_REPEATS = 4, (3, 8), 8, 2
"""Codes: an e-mail nobody else has, births that agree but for a slip or a missing day, one home, a source without repeats."""

_FIRSTS = np.cumsum([0, *(len(feature.levels) for feature in LEARNED)]).astype(np.int64)
_PARTS = np.unique([*_FIRSTS, *(start - 1 for start in (INITIALS_FROM, FAMILY_ONLY_FROM, GIVEN_ONLY_FROM))]).astype(
    np.int64
)
"""Where the levels begin among which one class's probabilities add up to 1. Whether a name came in full or as an initial tells
nothing about the person, so each way to compare names is a part of its own."""
_GUESSES = np.array([level.guess for feature in LEARNED for level in feature.levels])


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct patterns: their levels (one column per feature), counts, and silver labels."""

    levels: Levels
    counts: Reals
    labels: Labels


@dataclass(frozen=True, slots=True)
class Mixture:
    """A fitted model: `shares` of the classes, and the log probability of each learned level (rows) in each class (columns).

    The first `same` classes stand for one person.
    """

    shares: Reals
    logs: Reals
    same: int

    def log_odds(self, levels: Levels) -> Reals:
        """Give each pattern's natural log odds of being one person, without fixed weights, within ±LIMIT."""
        joint = _joint(levels, np.log(self.shares), self.logs, _FIRSTS)
        odds = logsumexp(joint[:, : self.same], axis=1) - logsumexp(joint[:, self.same :], axis=1)
        return np.asarray(np.clip(odds, -LIMIT, LIMIT))

    def belonging(self, levels: Levels) -> Reals:
        """Give each pattern's probability of each class."""
        joint = _joint(levels, np.log(self.shares), self.logs, _FIRSTS)
        return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))

    def table(self, feature: int) -> Reals:
        """Give the log probabilities of one feature's levels: one row per level, one column per class."""
        return self.logs[_FIRSTS[feature] : _FIRSTS[feature + 1]]


def weigh(model: Mixture, levels: Levels) -> Reals:
    """Give patterns' log odds with the fixed weights added, within ±LIMIT."""
    odds = model.log_odds(levels)
    for place, feature in enumerate(FIXED, len(LEARNED)):
        odds = odds + np.array([0.0, *(level.guess for level in feature.levels)])[levels[:, place]]
    return np.asarray(np.clip(np.where(_are_housemates(levels), np.minimum(odds, HOUSEMATES), odds), -LIMIT, LIMIT))


def _are_housemates(levels: Levels) -> Flags:
    """Tell which patterns show two unlike given names at one home, with nothing that is one person's alone to join them.

    Twins share all else, and in a small file a few nicknames can teach that unlike names are no matter.
    """
    name = column(levels, NAME)
    unlike = _between(name, OTHER_NAMES) | _between(name, OTHER_INITIALS)
    owned = ((NHS_NUMBER, 2), (NI_NUMBER, 3), (NUMBER, 3), (EMAIL, OWN_EMAIL))
    own = np.any([column(levels, feature) == level for feature, level in owned], axis=0)
    return unlike & (column(levels, HOME) >= SAME_HOME) & ~own


def column(levels: Levels, feature: Feature) -> Levels:
    """Give the codes of one feature."""
    return levels[:, FEATURES.index(feature)]


def _between(codes: Levels, ends: tuple[int, int]) -> Flags:
    return np.asarray((codes >= ends[0]) & (codes <= ends[1]))


def label(levels: Levels) -> Labels:
    """Give silver labels to patterns, from what needs no model.

    Equal NHS or NI numbers are one person, different ones two. Where neither birth date nor e-mail agrees, two records are two
    people when their given names plainly differ, or when a source that seldom repeats a person has both (unless name and home
    agree wholly). The latter rules reach the sources that hold no birth dates at all: without them, strangers of one name, or a
    couple, may be learned to be the same person there.
    """
    nhs, ni = column(levels, NHS_NUMBER), column(levels, NI_NUMBER)
    name, home, birth = (column(levels, feature) for feature in (NAME, HOME, BIRTH))
    alike = _between(birth, LIKE_BIRTHS) | (column(levels, EMAIL) == OWN_EMAIL)
    other_name = _between(name, OTHER_NAMES)
    twice = (column(levels, SOURCE) == SELDOM_REPEATS) & ~(_between(name, SAME_NAMES) & (home >= SAME_HOME))
    known = (nhs > 0) | (ni > 0)
    two_people = (nhs == 1) | (ni == 1) | (~known & ~alike & ((other_name & (home >= SAME_HOME)) | twice))
    return np.select([(nhs == 2) | (ni == 3), two_people], [SAME, DIFFERENT], UNLABELLED).astype(np.int8)


def guess(levels: Levels) -> Reals:
    """Add up the first guesses of the levels: where a fit starts."""
    total = np.zeros(len(levels))
    for place, feature in enumerate(LEARNED):
        total += np.array([0.0, *(level.guess for level in feature.levels)])[levels[:, place]]
    return total


def guessed_model() -> Mixture:
    """Give the model that holds the first guesses to be right: for when there are too few pairs to learn from."""
    return Mixture(np.array([GUESSED_SHARE, 1 - GUESSED_SHARE]), np.stack([_GUESSES / 2, -_GUESSES / 2], axis=1), 1)


def fit(
    patterns: Patterns, start: Reals, *, same: int, rounds: int = MOST_ROUNDS, tolerance: float = TOLERANCE
) -> Mixture:
    """Fit a mixture by EM from `start` (one row per pattern, one column per class; rows add up to 1), in at most `rounds`.

    It stops when a round raises the posterior by less than `tolerance` of its size. The posterior, not the likelihood, is what EM
    with a prior never lowers: the likelihood may stand still, or fall, while the tables are still being drawn to the prior.
    """
    classes = start.shape[1]
    overall = _count_levels(patterns.levels, patterns.counts[:, None], _FIRSTS)[:, 0]
    expected = _expected(overall, same, classes)
    belonging = np.where(_barred(patterns.labels, same, classes), 0.0, start + 1e-9)
    belonging /= belonging.sum(axis=1, keepdims=True)
    arrays = (patterns.levels, patterns.counts, patterns.labels, belonging, expected, _FIRSTS, _PARTS)
    shares, logs, _ = _fit(*arrays, same, rounds, tolerance)
    return Mixture(shares, logs, same)


def guess_unseen(model: Mixture, patterns: Patterns) -> Mixture:
    """Give the model with levels that no pair showed counting for their first guesses.

    A record typed later may show one, such as a postcode without an address.
    """
    seen = _count_levels(patterns.levels, patterns.counts[:, None], _FIRSTS)[:, :1] > 0
    tilt = np.where(np.arange(len(model.shares)) < model.same, 0.5, -0.5)
    return Mixture(model.shares, np.where(seen, model.logs, _GUESSES[:, None] * tilt), model.same)


def _barred(labels: Labels, same: int, classes: int) -> Flags:
    is_same = np.arange(classes) < same
    return np.asarray(((labels == SAME)[:, None] & ~is_same) | ((labels == DIFFERENT)[:, None] & is_same))


def _expected(overall: Reals, same: int, classes: int) -> Reals:
    """Give, per level and class, the share expected before learning: the share among all pairs, tilted by half the first guess."""
    tilt = np.where(np.arange(classes) < same, 0.5, -0.5)
    expected = (overall[:, None] + 0.5) * np.exp(_GUESSES[:, None] * tilt)
    for first, end in pairwise(_PARTS):
        expected[first:end] /= expected[first:end].sum(axis=0)
    return np.asarray(expected)


@kernel
def _count_levels(levels, weights, firsts):
    counts = np.zeros((firsts[-1], weights.shape[1]))
    for pattern in range(len(levels)):
        for feature in range(len(firsts) - 1):
            if levels[pattern, feature] > 0:
                row = firsts[feature] + levels[pattern, feature] - 1
                for kind in range(weights.shape[1]):
                    counts[row, kind] += weights[pattern, kind]
    return counts


@kernel
def _joint(levels, log_shares, logs, firsts):
    classes = len(log_shares)
    joint = np.empty((len(levels), classes))
    for pattern in range(len(levels)):
        for kind in range(classes):
            joint[pattern, kind] = log_shares[kind]
        for feature in range(len(firsts) - 1):
            if levels[pattern, feature] > 0:
                row = firsts[feature] + levels[pattern, feature] - 1
                for kind in range(classes):
                    joint[pattern, kind] += logs[row, kind]
    return joint


@kernel
def _maximise(levels, weights, expected, firsts, parts):
    """Give the classes' shares and, per level and class, the log of its share among pairs where the feature is known."""
    classes = weights.shape[1]
    shares = np.full(classes, PRIOR_SHARE)
    for pattern in range(len(levels)):
        for kind in range(classes):
            shares[kind] += weights[pattern, kind]
    counts = _count_levels(levels, weights, firsts)
    for part in range(len(parts) - 1):
        for kind in range(classes):
            total = 0.0
            for row in range(parts[part], parts[part + 1]):
                counts[row, kind] += PRIOR_PAIRS * expected[row, kind]
                total += counts[row, kind]
            for row in range(parts[part], parts[part + 1]):
                counts[row, kind] = np.log(counts[row, kind] / total)
    return shares / shares.sum(), counts


@kernel
def _fit(levels, counts, labels, belonging, expected, firsts, parts, same, rounds, tolerance):
    classes = belonging.shape[1]
    weights = np.empty_like(belonging)
    for pattern in range(len(levels)):
        for kind in range(classes):
            weights[pattern, kind] = belonging[pattern, kind] * counts[pattern]
    previous, done = -np.inf, 0
    shares, logs = _maximise(levels, weights, expected, firsts, parts)
    for _ in range(rounds):
        shares, logs = _maximise(levels, weights, expected, firsts, parts)
        done += 1
        joint = _joint(levels, np.log(shares), logs, firsts)
        posterior = PRIOR_SHARE * np.log(shares).sum() + PRIOR_PAIRS * (expected * logs).sum()
        for pattern in range(len(levels)):
            low, high = 0, classes
            if labels[pattern] == SAME:
                high = same
            elif labels[pattern] == DIFFERENT:
                low = same
            most = -np.inf
            for kind in range(low, high):
                most = max(most, joint[pattern, kind])
            total = 0.0
            for kind in range(classes):
                weights[pattern, kind] = 0.0
            for kind in range(low, high):
                weights[pattern, kind] = np.exp(joint[pattern, kind] - most)
                total += weights[pattern, kind]
            for kind in range(low, high):
                weights[pattern, kind] *= counts[pattern] / total
            posterior += counts[pattern] * (most + np.log(total))
        if posterior - previous < tolerance * abs(posterior):
            break
        previous = posterior
    return shares, logs, done
