"""Weighing: a latent-class mixture over patterns, fitted by expectation and maximisation.

Some classes stand for pairs of one person's records and the rest for pairs of two people's; with one of each it is the model of
Fellegi and Sunter (1969). Some pairs have *silver labels* (see `label`): those of one person may only belong to the former, those
of two only to the latter (semi-supervised EM, as Enamorado, Fifield and Imai 2019). A missing comparison says nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from wardkeeper.residents.arrays import Flags, Ints, Levels, Reals
from wardkeeper.residents.evidence import (
    BIRTH,
    EMAIL,
    FEATURES,
    FULL_NAME,
    HOME,
    LAST_OTHER_NAME,
    LIKE_BIRTH,
    NHS_NUMBER,
    OWN_EMAIL,
    SAME_HOME,
    SAME_NAME,
    SELDOM_REPEATS,
    SOURCE,
)

LIMIT = 12.0
"""No pair counts for more than this, either way, in natural log odds."""
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


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct patterns: their levels (one column per feature, NHS number last), counts, and silver labels."""

    levels: Levels
    counts: Reals
    labels: Ints

    @property
    def evidence(self) -> Levels:
        """Levels of the features that weights are learned for."""
        return self.levels[:, : len(FEATURES)]


@dataclass(frozen=True, slots=True)
class Mixture:
    """A fitted model: `shares` of the classes, and the log probability of each feature's levels in each class.

    The first `same` classes stand for one person. `tables[f]` has one row per class, one column per level code; the column of
    the missing code is zero.
    """

    shares: Reals
    tables: tuple[Reals, ...]
    same: int

    def log_odds(self, levels: Levels) -> Reals:
        """Give each pattern's natural log odds of being one person, within ±LIMIT."""
        joint = np.log(self.shares) + sum(table[:, levels[:, feature]].T for feature, table in enumerate(self.tables))
        odds = logsumexp(joint[:, : self.same], axis=1) - logsumexp(joint[:, self.same :], axis=1)
        return np.asarray(np.clip(odds, -LIMIT, LIMIT))


def weigh(model: Mixture, levels: Levels) -> Reals:
    """Give patterns' log odds with the NHS number's fixed weight added, within ±LIMIT. All feature columns are needed."""
    fixed = np.array([0.0, *(level.guess for level in NHS_NUMBER.levels)])[levels[:, -1]]
    return np.asarray(np.clip(model.log_odds(levels[:, : len(FEATURES)]) + fixed, -LIMIT, LIMIT))


def label(levels: Levels) -> Ints:
    """Give silver labels to patterns, from what needs no model.

    Equal NHS numbers are one person, different ones two. Where neither birth date nor e-mail agrees, two records are two people
    when their given names plainly differ, or when a source that seldom repeats a person has both (unless name and home agree
    wholly). The latter rules reach the sources that hold no birth dates at all: without them, strangers of one name, or a couple,
    may be learned to be the same person there.
    """
    nhs, source = levels[:, -1], levels[:, FEATURES.index(SOURCE)]
    name, home, birth, email = (levels[:, FEATURES.index(feature)] for feature in (FULL_NAME, HOME, BIRTH, EMAIL))
    alike = (birth >= LIKE_BIRTH) | (email == OWN_EMAIL)
    other_name = (name > 0) & (name <= LAST_OTHER_NAME)
    twice = (source == SELDOM_REPEATS) & ~((name >= SAME_NAME) & (home >= SAME_HOME))
    two_people = (nhs == 1) | ((nhs == 0) & ~alike & (other_name | twice))
    return np.select([nhs == 2, two_people], [SAME, DIFFERENT], UNLABELLED)


def guess(levels: Levels) -> Reals:
    """Add up the first guesses of the levels: where a fit starts."""
    total = np.zeros(len(levels))
    for feature, column in zip(FEATURES, levels.T, strict=True):
        total += np.array([0.0, *(level.guess for level in feature.levels)])[column]
    return total


def guessed_model() -> Mixture:
    """Give the model that holds the first guesses to be right: for when there are too few pairs to learn from."""
    tables = [np.array([0.0, *(level.guess for level in feature.levels)]) / 2 for feature in FEATURES]
    shares = np.array([GUESSED_SHARE, 1 - GUESSED_SHARE])
    return Mixture(shares, tuple(np.stack([table, -table]) for table in tables), 1)


def fit(
    patterns: Patterns, start: Reals, *, same: int, rounds: int = MOST_ROUNDS, tolerance: float = TOLERANCE
) -> Mixture:
    """Fit a mixture by EM from `start` (one row per pattern, one column per class; rows add up to 1), in at most `rounds`.

    It stops when a round raises the posterior by less than `tolerance` of its size. The posterior, not the likelihood, is what EM
    with a prior never lowers: the likelihood may stand still, or fall, while the tables are still being drawn to the prior.
    """
    design = _design(patterns.evidence)
    barred = _barred(patterns.labels, same, start.shape[1])
    expected = _expected(np.asarray(design.T @ patterns.counts), same, start.shape[1])
    belonging, previous = _bar(start, barred), -np.inf
    for _ in range(rounds):
        shares, logs = _maximise(design, belonging * patterns.counts[:, None], expected)
        joint = np.where(barred, -np.inf, design @ logs + np.log(shares))
        totals = logsumexp(joint, axis=1)
        belonging = np.exp(joint - totals[:, None])
        posterior = float(totals @ patterns.counts) + _log_prior(shares, logs, expected)
        if posterior - previous < tolerance * abs(posterior):
            break
        previous = posterior
    return Mixture(shares, tuple(_split(logs)), same)


def _design(levels: Levels) -> sparse.csr_matrix:
    """One row per pattern, a one in the column of each level it shows; missing levels have no column."""
    rows, columns, first = [], [], 0
    for feature, codes in zip(FEATURES, levels.T, strict=True):
        shown = np.flatnonzero(codes)
        rows.append(shown)
        columns.append(first + codes[shown].astype(np.int64) - 1)
        first += len(feature.levels)
    row, column = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(levels), first))


def _barred(labels: Ints, same: int, classes: int) -> Flags:
    is_same = np.arange(classes) < same
    return np.asarray(((labels == SAME)[:, None] & ~is_same) | ((labels == DIFFERENT)[:, None] & is_same))


def _bar(belonging: Reals, barred: Flags) -> Reals:
    allowed = np.where(barred, 0.0, belonging + 1e-9)
    return np.asarray(allowed / allowed.sum(axis=1, keepdims=True))


def _expected(overall: Reals, same: int, classes: int) -> Reals:
    """Give, per level and class, the share expected before learning: the share among all pairs, tilted by half the first guess."""
    tilt = np.where(np.arange(classes) < same, 0.5, -0.5)
    guesses = np.array([level.guess for feature in FEATURES for level in feature.levels])
    expected = (overall[:, None] + 0.5) * np.exp(guesses[:, None] * tilt)
    for part in _slices():
        expected[part] /= expected[part].sum(axis=0)
    return np.asarray(expected)


def _maximise(design: sparse.csr_matrix, weights: Reals, expected: Reals) -> tuple[Reals, Reals]:
    """Give the classes' shares and, per level and class, the log of its share among pairs where the feature is known."""
    shares = weights.sum(axis=0) + PRIOR_SHARE
    counts = np.asarray(design.T @ weights) + PRIOR_PAIRS * expected
    logs = np.empty_like(counts)
    for part in _slices():
        logs[part] = np.log(counts[part] / counts[part].sum(axis=0))
    return shares / shares.sum(), logs


def _log_prior(shares: Reals, logs: Reals, expected: Reals) -> float:
    """Give the log of the prior, but for a constant: Dirichlet, with the pairs that `_maximise` adds."""
    return PRIOR_SHARE * float(np.log(shares).sum()) + PRIOR_PAIRS * float((expected * logs).sum())


def _slices() -> list[slice]:
    ends = np.cumsum([len(feature.levels) for feature in FEATURES]).tolist()
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _split(logs: Reals) -> list[Reals]:
    missing = np.zeros((logs.shape[1], 1))
    return [np.hstack([missing, logs[part].T]) for part in _slices()]
