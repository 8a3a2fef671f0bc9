"""Resolving: from a frame of records to groups that are one person each. The one place that walks from blocking to clusters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import Codes, Ints, Reals
from wardkeeper.residents.blocking import Candidates, find_candidates
from wardkeeper.residents.cells import Encoded
from wardkeeper.residents.choosing import Choice, choose
from wardkeeper.residents.clustering import Scored, cluster, measure_certainty
from wardkeeper.residents.comparing import group_patterns, unpack
from wardkeeper.residents.constraints import Veto, Vetoes, compare_with_vetoes, find_vetoes
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.forms import compare_again, learn_forms
from wardkeeper.residents.roles import Role
from wardkeeper.residents.weighing import LIMIT, Patterns, label, weigh

MUST = 1_000_000.0
"""Log odds of a pair that a reviewer said is one person: no mean of others outweighs it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs that a reviewer judged, as rows of the frame; `same` tells what was said."""

    left: Ints
    right: Ints
    same: np.ndarray


NOBODY = Judged(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))


@dataclass(frozen=True, slots=True)
class Resolved:
    """The outcome, in rows of the encoded records (`encoded.order` gives the frame's).

    `patterns` and `log_odds` (of the model alone) belong to the candidate pairs, as does `scored`, where reviewers' verdicts have
    their say; `group` belongs to rows, `certainty` to groups.
    """

    encoded: Encoded
    candidates: Candidates
    patterns: Ints
    distinct: int
    choice: Choice
    log_odds: Reals
    scored: Scored
    group: Codes
    certainty: Reals


def resolve(frame: pl.DataFrame, roles: Mapping[str, Role], *, judged: Judged = NOBODY, seed: int = 1) -> Resolved:
    """Find who is one person. The order of rows and columns changes nothing."""
    encoded = encode(frame, roles)
    judged = _meeting(encoded, judged)
    candidates = add_pairs(find_candidates(encoded), *_encoded_rows(encoded, judged))
    encoded, patterns, vetoes = _compare(encoded, candidates)
    found, place, counts = group_patterns(patterns)
    levels = unpack(found)
    choice = choose(Patterns(levels, counts.astype(np.float64), label(levels)), seed=seed)
    log_odds = weigh(choice.model, levels)[place]
    scored = _heed(Scored(encoded.size, candidates.left, candidates.right, log_odds, vetoes), encoded, judged)
    group = cluster(encoded, scored)
    return Resolved(
        encoded=encoded,
        candidates=candidates,
        patterns=patterns,
        distinct=len(found),
        choice=choice,
        log_odds=log_odds,
        scored=scored,
        group=group,
        certainty=measure_certainty(scored, group),
    )


def _compare(encoded: Encoded, candidates: Candidates) -> tuple[Encoded, Ints, Vetoes]:
    """Compare all pairs, learn forms of names from what they show, and compare differing names again."""
    patterns, vetoes = compare_with_vetoes(encoded, candidates.left, candidates.right)
    found, place, _ = group_patterns(patterns)
    levels = unpack(found)
    taught = learn_forms(encoded, candidates, place, levels)
    if taught is encoded:
        return encoded, patterns, vetoes
    return taught, compare_again(taught, candidates, patterns, place, levels), vetoes


def _meeting(encoded: Encoded, judged: Judged) -> Judged:
    """Leave out what was said of two records that may not even be compared since: one of them has become protected."""
    seen = find_vetoes(encoded, *_encoded_rows(encoded, judged)) != Veto.PROTECTED
    return Judged(judged.left[seen], judged.right[seen], judged.same[seen])


def _encoded_rows(encoded: Encoded, judged: Judged) -> tuple[Codes, Codes]:
    """Give the judged pairs as encoded rows, lower first."""
    one, other = encoded.rank()[judged.left], encoded.rank()[judged.right]
    return np.minimum(one, other), np.maximum(one, other)


def add_pairs(candidates: Candidates, left: Codes, right: Codes) -> Candidates:
    """Give the candidates with more pairs among them, still sorted and each once."""
    if not len(left):
        return candidates
    pairs = np.unique(np.stack([np.append(candidates.left, left), np.append(candidates.right, right)], axis=1), axis=0)
    return replace(candidates, left=pairs[:, 0].copy(), right=pairs[:, 1].copy())


def _heed(scored: Scored, encoded: Encoded, judged: Judged) -> Scored:
    """Let reviewers' verdicts decide their pairs, but for what protection and NHS numbers forbid."""
    if not len(judged.left):
        return scored
    place = scored.find(*_encoded_rows(encoded, judged))
    odds, vetoes = scored.log_odds.copy(), scored.vetoes.copy()
    firm = np.isin(vetoes[place], (Veto.PROTECTED, Veto.NHS_NUMBER))
    odds[place] = np.where(judged.same, MUST, -LIMIT)
    said = np.where(judged.same, Veto.NONE, Veto.REVIEWER)
    vetoes[place] = np.where(firm, vetoes[place], said).astype(vetoes.dtype)
    return replace(scored, log_odds=odds, vetoes=vetoes)
