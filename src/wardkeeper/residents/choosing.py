"""Choosing the model: by silver labels held out where there are some; else six classes where they prove steady and sane; else two.

Likelihood is not asked: the best likelihood was once the worst result. The reason for the choice goes into the report.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from wardkeeper.residents.arrays import Flags, Reals
from wardkeeper.residents.evidence import (
    BIRTH,
    CROSSED_FROM,
    EMAIL,
    FAMILY_ONLY_FROM,
    FULL_FROM,
    HOME,
    INITIALS_FROM,
    LEARNED,
    NAME,
)
from wardkeeper.residents.weighing import (
    DIFFERENT,
    GUESSED_SHARE,
    OTHER_NAMES,
    OWN_EMAIL,
    SAME,
    SAME_HOME,
    SAME_NAMES,
    UNLABELLED,
    Levels,
    Mixture,
    Patterns,
    column,
    fit,
    guess,
    guess_unseen,
    guessed_model,
)

COMMONEST = 6_000
"""Patterns that models are tried on; the model that is used is then fitted to all of them."""
POLISHING_ROUNDS, POLISHING_TOLERANCE = 40, 1e-6
BLIND_ROUNDS = 40
"""Rounds in which a fitted model may unlearn the silver labels that are hidden from it."""
RESTARTS = 3
SHAKE = 0.3
"""How much of a restart is random."""
STEADY = 0.9
"""Restarts must agree about at least this share of the pairs."""
EDGE = 0.02
"""Mean log loss by which another model must beat six classes."""
CHANCE = float(np.log(2.0))
"""Mean log loss of tossing a coin."""
NO_BETTER = (
    "what was learned did no better than tossing a coin on silver labels held out: look for a file that went wrong"
)
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
    common = keep_commonest(patterns)
    two = fit(common, _two_classes(common), same=1)
    six = fit(common, _six_classes(common), same=2)
    labelled = int(patterns.counts[patterns.labels != UNLABELLED].sum())
    losses = _held_out_losses(common, {"six classes": six, "two classes": two}) if labelled >= FEWEST_LABELS else {}
    if losses and min(losses.values()) > CHANCE:
        return Choice(guessed_model(), "first guesses", NO_BETTER, min(losses.values()), labelled)
    name, why = _prefer(common, six, losses, seed)
    return Choice(_polish(patterns, six if name == "six classes" else two), name, why, losses.get(name), labelled)


def _prefer(patterns: Patterns, six: Mixture, losses: dict[str, float], seed: int) -> tuple[str, str]:
    """Name the model to use and say why: by silver labels held out where there are some, else by being steady."""
    fault = _fault(six)
    if losses:
        open_to = {name: loss for name, loss in losses.items() if not (fault and name == "six classes")}
        best = min(open_to, key=lambda name: open_to[name] - (EDGE if name == "six classes" else 0.0))
        return best, fault or f"of the models tried, {best} did best on silver labels held out"
    if not fault and _agreement(patterns, six, seed) < STEADY:
        fault = "six classes gave different answers from different starts"
    return ("two classes", fault) if fault else ("six classes", "six classes gave the same answers from other starts")


def keep_commonest(patterns: Patterns) -> Patterns:
    """Give the patterns that most pairs show."""
    kept = np.argsort(-patterns.counts, kind="stable")[:COMMONEST]
    return Patterns(patterns.levels[kept], patterns.counts[kept], patterns.labels[kept])


def _polish(patterns: Patterns, model: Mixture) -> Mixture:
    """Fit a model that was learned on the commonest patterns to all of them."""
    start = model.belonging(patterns.levels)
    polished = fit(patterns, start, same=model.same, rounds=POLISHING_ROUNDS, tolerance=POLISHING_TOLERANCE)
    return guess_unseen(polished, patterns)


def _fault(six: Mixture) -> str:
    """Say what speaks against the larger model on its face; empty when nothing does."""
    share = float(six.shares[: six.same].sum())
    if not SHARES[0] < share < SHARES[1]:
        return f"six classes held {share:.1%} of the pairs to be one person, which is not believable"
    return "" if is_sane(six) else "six classes weighed a conflict above an agreement"


def is_sane(model: Mixture) -> bool:
    """Tell whether plain agreement weighs more than plain conflict for name, birth date and e-mail.

    Not for the home: blocking brings strangers together by their home, so among blocked pairs it says little by itself.
    """
    ends = ((NAME, OTHER_NAMES, SAME_NAMES), (BIRTH, (1, 1), (5, 7)), (EMAIL, (1, 1), (OWN_EMAIL, OWN_EMAIL)))
    return all(
        _weigh_levels(model, LEARNED.index(feature), agree) > _weigh_levels(model, LEARNED.index(feature), conflict)
        for feature, conflict, agree in ends
    )


def _weigh_levels(model: Mixture, feature: int, codes: tuple[int, int]) -> float:
    """Give the log ratio of the share of some levels (lowest and highest code) among one person's pairs to two people's."""
    shares = np.exp(model.table(feature)[codes[0] - 1 : codes[1]]).sum(axis=0) * model.shares
    same = model.same
    one, two = shares[:same].sum() / model.shares[:same].sum(), shares[same:].sum() / model.shares[same:].sum()
    return float(np.log(one / two))


def level_weight(model: Mixture, feature: int) -> Reals:
    """Give the log ratio of each level's share among one person's pairs to its share among two people's."""
    table, same = np.exp(model.table(feature)), model.same
    one = table[:, :same] @ model.shares[:same] / model.shares[:same].sum()
    two = table[:, same:] @ model.shares[same:] / model.shares[same:].sum()
    return np.asarray(np.log(one / two))


def _two_classes(patterns: Patterns) -> Reals:
    likely = expit(np.clip(guess(patterns.levels) + logit(GUESSED_SHARE), -20, 20))
    return np.stack([likely, 1.0 - likely], axis=1)


def _six_classes(patterns: Patterns) -> Reals:
    """Start: likely pairs parted by home; unlikely ones at one home, of one name (birth dates known or not), and the rest."""
    likely, unlikely = _two_classes(patterns).T
    levels = patterns.levels
    home, birth = column(levels, HOME), column(levels, BIRTH)
    at_home: Flags = home >= SAME_HOME
    same_name = has_one_name(levels)
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


def has_one_name(levels: Levels) -> Flags:
    """Tell which patterns show names that are the same, alike, or fit by their initials."""
    name = column(levels, NAME)
    full = (name >= CROSSED_FROM - (CROSSED_FROM - FULL_FROM) * 3 // 5) & (name < INITIALS_FROM)
    initials = (name >= INITIALS_FROM + (FAMILY_ONLY_FROM - INITIALS_FROM) // 3) & (name < FAMILY_ONLY_FROM)
    return np.asarray(full | initials)


def _agreement(patterns: Patterns, model: Mixture, seed: int) -> float:
    """Give the smallest share of pairs about which a shaken restart agrees with the model."""
    chance = np.random.default_rng(seed)
    decided = model.log_odds(patterns.levels) > 0
    start, shares = _six_classes(patterns), []
    for _ in range(RESTARTS - 1):
        shaken = (1 - SHAKE) * start + SHAKE * chance.dirichlet(np.ones(start.shape[1]), len(start))
        other = fit(patterns, shaken, same=model.same).log_odds(patterns.levels) > 0
        shares.append(float(patterns.counts[other == decided].sum() / patterns.counts.sum()))
    return min(shares)


def _held_out_losses(patterns: Patterns, models: dict[str, Mixture]) -> dict[str, float]:
    """Fit each model again with half of each pattern's silver labels hidden; give its log loss on all labels."""
    shown = hide_half(patterns)
    blind = {
        name: fit(shown, model.belonging(shown.levels), same=model.same, rounds=BLIND_ROUNDS, tolerance=0.0)
        for name, model in models.items()
    }
    return {name: log_loss(model, patterns) for name, model in blind.items()}


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
    odds = model.log_odds(patterns.levels[rows])
    signed = np.where(patterns.labels[rows] == SAME, -odds, odds)
    return float(np.average(np.logaddexp(0.0, signed), weights=patterns.counts[rows]))
