"""Linking: records in, residents out. The one place that walks the whole road from blocking to households."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from wardkeeper.kernel.columns import RECORD
from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.ids import RecordId
from wardkeeper.residents.arrays import Ints, Levels, Reals, pairs_within
from wardkeeper.residents.blocking import Candidates, find_candidates
from wardkeeper.residents.choosing import Choice, choose
from wardkeeper.residents.clustering import Scored, cluster
from wardkeeper.residents.comparing import compare, unpack
from wardkeeper.residents.constraints import WORDS, Veto, find_vetoes
from wardkeeper.residents.encoding import Encoded, encode
from wardkeeper.residents.explanations import Explanation, explain_pair, read_pattern
from wardkeeper.residents.households import build_households
from wardkeeper.residents.identities import MEANINGS, Change, Identities, Shift, keep_ids
from wardkeeper.residents.profiles import build_residents
from wardkeeper.residents.reports import IdChange, LinkReport, count_bands, list_weights
from wardkeeper.residents.weighing import Patterns, label, weigh

UNUSED = ("special",)
"""What a home is beyond protected plays no part in linking, so it never reaches a resident."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The result of a linking.

    `residents`, `membership` and `households` have the kernel's RESIDENT, MEMBERSHIP and HOUSEHOLD columns. `pairs` has the
    compared pairs: left and right (record ids, lower first), pattern, log_odds, probability, veto and joined.
    """

    residents: pl.DataFrame
    membership: pl.DataFrame
    households: pl.DataFrame
    pairs: pl.DataFrame
    report: LinkReport


def link(
    records: pl.DataFrame,
    previous: pl.DataFrame | None,
    *,
    entropy: Callable[[int], bytes],
    seed: int = 1,
) -> Linked:
    """Join records (RECORD columns) into residents; `previous` (MEMBERSHIP) keeps their ids stable.

    The result depends on neither the order of rows nor the number of threads. `entropy` gives random bytes for new ids and is
    called at most once; `seed` shakes the restarts that test the model. Raises BadInput for a missing column or a repeated id.
    """
    ordered = _check(records).sort("record_id")
    encoded = encode(ordered)
    candidates = find_candidates(encoded)
    weighed = _weigh(encoded, candidates, seed)
    scored = Scored(encoded.size, candidates.left, candidates.right, weighed.log_odds)
    group = cluster(scored, partial(find_vetoes, encoded))
    identities = keep_ids(ordered, group, previous, entropy)
    certainty = _certainty(scored, group)
    residents, households = build_households(build_residents(ordered, group, identities, certainty))
    names = ordered["record_id"]
    return Linked(
        residents=residents,
        membership=pl.DataFrame({"record_id": names, "resident_id": pl.Series(identities.ids, dtype=pl.String)[group]}),
        households=households,
        pairs=_pairs_frame(names, weighed, scored, group),
        report=LinkReport(
            records=encoded.size,
            residents=residents.height,
            households=households.height,
            candidate_pairs=len(candidates.left),
            patterns=weighed.distinct,
            keys=candidates.keys,
            model=weighed.choice.name,
            why=weighed.choice.why,
            silver_pairs=weighed.choice.silver_pairs,
            silver_log_loss=weighed.choice.log_loss,
            bands=count_bands(certainty, np.bincount(group, minlength=len(certainty))),
            single_records=int((np.bincount(group) == 1).sum()),
            weights=list_weights(weighed.choice.model),
            changes=_explain_changes(identities, encoded, scored, weighed.patterns),
        ),
    )


def explain(linked: Linked, one: RecordId, other: RecordId) -> Explanation:
    """Say in plain words why two records were joined or kept apart. Raises NotFound for a record not linked here."""
    return explain_pair(linked.pairs, linked.membership, one, other)


def _check(records: pl.DataFrame) -> pl.DataFrame:
    missing = [column.name for column in RECORD if column.name not in {*records.columns, *UNUSED}]
    if missing:
        raise BadInput(f"The records have no column {missing[0]}.", "Load the sources again, then link.")
    if records["record_id"].n_unique() < records.height:
        raise BadInput("Two records have the same record_id.", "Give each source one current delivery, then link.")
    return records


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Each candidate pair's pattern, log odds and veto, and the model behind them."""

    patterns: Ints
    log_odds: Reals
    vetoes: Levels
    choice: Choice
    distinct: int


def _weigh(encoded: Encoded, candidates: Candidates, seed: int) -> _Weighed:
    patterns = compare(encoded, candidates.left, candidates.right)
    distinct, place, counts = np.unique(patterns, return_inverse=True, return_counts=True)
    levels = unpack(distinct)
    choice = choose(Patterns(levels, counts.astype(np.float64), label(levels)), seed=seed)
    log_odds = weigh(choice.model, levels)[place]
    vetoes = find_vetoes(encoded, candidates.left, candidates.right)
    return _Weighed(patterns, log_odds, vetoes, choice, len(distinct))


def _certainty(scored: Scored, group: Ints) -> Reals:
    """Give each group the probability of its weakest record: from the mean of the log odds to the others."""
    left, right, _ = pairs_within(group)
    odds = scored.look_up(np.minimum(left, right), np.maximum(left, right))
    total = np.bincount(left, odds, scored.size) + np.bincount(right, odds, scored.size)
    others = np.bincount(group)[group] - 1 if group.size else group
    mean = np.divide(total, others, out=np.full(scored.size, np.inf), where=others > 0)
    weakest = np.full(int(group.max(initial=-1)) + 1, np.inf)
    np.minimum.at(weakest, group, mean)
    return _probability(weakest)


def _probability(log_odds: Reals) -> Reals:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _pairs_frame(names: pl.Series, weighed: _Weighed, scored: Scored, group: Ints) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "left": names[scored.left],
            "right": names[scored.right],
            "pattern": weighed.patterns,
            "log_odds": scored.log_odds,
            "probability": _probability(scored.log_odds),
            "veto": weighed.vetoes,
            "joined": group[scored.left] == group[scored.right],
        }
    )


def _explain_changes(identities: Identities, encoded: Encoded, scored: Scored, patterns: Ints) -> tuple[IdChange, ...]:
    """Give each change its reason, from two records that stand for the two parts."""
    shifts = identities.shifts
    ends = np.array([[shift.moved, shift.stayed] for shift in shifts], dtype=np.int64).reshape(-1, 2)
    low, high = ends.min(axis=1), ends.max(axis=1)
    vetoes, places = find_vetoes(encoded, low, high), scored.find(low, high)
    return tuple(
        IdChange(shift.change, shift.before, shift.after, _reason(shift, Veto(veto), patterns[place : place + 1]))
        for shift, veto, place in zip(shifts, vetoes.tolist(), places.tolist(), strict=True)
    )


def _reason(shift: Shift, veto: Veto, pattern: Ints) -> str:
    """Words for one change; `pattern` is empty when the two records were never compared."""
    opening = MEANINGS[shift.change]
    agrees, conflicts, _ = read_pattern(int(pattern[0])) if pattern.size else ((), (), ())
    if shift.change is Change.SPLIT and veto is not Veto.NONE:
        return f"{opening}: {WORDS[veto]}"
    told = agrees if shift.change is Change.MERGED else conflicts
    return f"{opening}: {'; '.join(told) or 'other records of the group decide'}"
