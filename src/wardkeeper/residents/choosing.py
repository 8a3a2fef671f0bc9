"""Choosing the model: six classes where they prove stable, sane and no worse on silver labels held out; else two.

Likelihood is not asked: the best likelihood was once the worst result. The reason for the choice goes into the report.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from wardkeeper.residents.arrays import Flags, Reals
from wardkeeper.residents.evidence import BIRTH, EMAIL, FEATURES, FULL_NAME, HOME, INITIAL_NAME, SAME_HOME
from wardkeeper.residents.weighing import (
    DIFFERENT,
    GUESSED_SHARE,
    SAME,
    UNLABELLED,
    Mixture,
    Patterns,
    fit,
    guess,
    guessed_model,
)

RESTARTS = 3
SHAKE = 0.3
"""How much of a restart is random."""
STEADY = 0.98
"""Restarts must agree about at least this share of the pairs."""
FEWEST_LABELS = 50
FEWEST_PAIRS = 500
SHARES = (0.005, 0.98)
"""Between these, the share of blocked pairs held to be one person is believable."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The model used, its name, why, and how it did on silver labels held out (mean log loss; None without labels)."""

    model: Mixture
    name: str
    why: str
    log_loss: float | None
    silver_pairs: int


def choose(patterns: Patterns, *, seed: int) -> Choice:
    """Fit both models, test the larger one, and give the one to use."""
    if patterns.counts.sum() < FEWEST_PAIRS:
        why = f"fewer than {FEWEST_PAIRS} pairs were compared, too few to learn from"
        return Choice(guessed_model(), "first guesses", why, None, 0)
    two = fit(patterns, _two_classes(patterns), same=1)
    six = fit(patterns, _six_classes(patterns), same=2)
    labelled = int(patterns.counts[patterns.labels != UNLABELLED].sum())
    losses = _held_out_losses(patterns) if labelled >= FEWEST_LABELS else None
    fault = _fault(patterns, six, losses, seed)
    if fault:
        return Choice(two, "two classes", fault, losses[0] if losses else None, labelled)
    why = "six classes were steady over restarts, weighed agreement above conflict"
    why += " and were no worse than two on silver labels held out" if losses else ""
    return Choice(six, "six classes", why, losses[1] if losses else None, labelled)


def _fault(patterns: Patterns, six: Mixture, losses: tuple[float, float] | None, seed: int) -> str:
    """Say what speaks against the larger model; empty when nothing does."""
    share = float(six.shares[: six.same].sum())
    if not SHARES[0] < share < SHARES[1]:
        return f"six classes held {share:.1%} of the pairs to be one person, which is not believable"
    if not is_sane(six):
        return "six classes weighed a conflict above an agreement"
    if losses and losses[1] > losses[0] + 0.02:
        return "six classes did worse than two on silver labels held out"
    if _agreement(patterns, six, seed) < STEADY:
        return "six classes gave different answers from different starts"
    return ""


def is_sane(model: Mixture) -> bool:
    """Tell whether plain agreement weighs more than plain conflict for name, birth date and e-mail.

    Not for the home: blocking brings strangers together by their home, so among blocked pairs it says little by itself.
    """
    ends = ((FULL_NAME, 1, len(FULL_NAME.levels) - 3), (BIRTH, 1, 5), (EMAIL, 1, 3))
    weights = [
        [float(level_weight(model, FEATURES.index(feature))[level]) for level in (worst, best)]
        for feature, worst, best in ends
    ]
    return all(best > worst for worst, best in weights)


def level_weight(model: Mixture, feature: int) -> Reals:
    """Give the log ratio of each level code's share among one person's pairs to its share among two people's."""
    table, same = np.exp(model.tables[feature]), model.same
    one = model.shares[:same] @ table[:same] / model.shares[:same].sum()
    two = model.shares[same:] @ table[same:] / model.shares[same:].sum()
    return np.asarray(np.log(one / two))


def _two_classes(patterns: Patterns) -> Reals:
    likely = expit(np.clip(guess(patterns.evidence) + logit(GUESSED_SHARE), -20, 20))
    return np.stack([likely, 1.0 - likely], axis=1)


def _six_classes(patterns: Patterns) -> Reals:
    """Start: likely pairs parted by home; unlikely ones at one home, of one name (birth dates known or not), and the rest."""
    likely, unlikely = _two_classes(patterns).T
    levels = patterns.evidence
    home, name, initial, birth = (levels[:, FEATURES.index(f)] for f in (HOME, FULL_NAME, INITIAL_NAME, BIRTH))
    at_home: Flags = home >= SAME_HOME
    same_name: Flags = (name > len(FULL_NAME.levels) * 2 // 5) | (initial > len(INITIAL_NAME.levels) // 3)
    near, far = np.where(at_home, 0.8, 0.2), np.where(at_home, 0.2, 0.8)
    namesakes = unlikely * np.where(at_home, 0.1, np.where(same_name, 0.8, 0.2))
    parts = (
        likely * near,
        likely * far,
        unlikely * np.where(at_home, 0.8, 0.1),
        namesakes * np.where(birth > 0, 0.8, 0.2),
        namesakes * np.where(birth > 0, 0.2, 0.8),
        unlikely * np.where(at_home, 0.1, np.where(same_name, 0.1, 0.7)),
    )
    return np.stack(parts, axis=1)


def _agreement(patterns: Patterns, model: Mixture, seed: int) -> float:
    """Give the smallest share of pairs about which a shaken restart agrees with the model."""
    chance = np.random.default_rng(seed)
    decided = model.log_odds(patterns.evidence) > 0
    start, shares = _six_classes(patterns), []
    for _ in range(RESTARTS - 1):
        shaken = (1 - SHAKE) * start + SHAKE * chance.dirichlet(np.ones(start.shape[1]), len(start))
        other = fit(patterns, shaken, same=model.same).log_odds(patterns.evidence) > 0
        shares.append(float(patterns.counts[other == decided].sum() / patterns.counts.sum()))
    return min(shares)


def _held_out_losses(patterns: Patterns) -> tuple[float, float]:
    """Fit with half of each pattern's silver labels hidden; give the log loss on the labels of two and of six classes."""
    shown = hide_half(patterns)
    two = fit(shown, _two_classes(shown), same=1)
    six = fit(shown, _six_classes(shown), same=2)
    return log_loss(two, patterns), log_loss(six, patterns)


def hide_half(patterns: Patterns) -> Patterns:
    """Give the same pairs with half of each labelled pattern's pairs made unlabelled."""
    labelled = patterns.labels != UNLABELLED
    halves = np.where(labelled, patterns.counts / 2, patterns.counts)
    return Patterns(
        np.concatenate([patterns.levels, patterns.levels[labelled]]),
        np.concatenate([halves, halves[labelled]]),
        np.concatenate([patterns.labels, np.full(int(labelled.sum()), UNLABELLED)]),
    )


def log_loss(model: Mixture, patterns: Patterns) -> float:
    """Give the mean log loss of the model on labelled patterns; both labels count alike, however many pairs have them."""
    losses = [_loss_on(model, patterns, patterns.labels == label) for label in (SAME, DIFFERENT)]
    return float(np.mean([loss for loss in losses if loss is not None]))


def _loss_on(model: Mixture, patterns: Patterns, rows: Flags) -> float | None:
    if not rows.any():
        return None
    odds = model.log_odds(patterns.evidence[rows])
    signed = np.where(patterns.labels[rows] == SAME, -odds, odds)
    return float(np.average(np.logaddexp(0.0, signed), weights=patterns.counts[rows]))
