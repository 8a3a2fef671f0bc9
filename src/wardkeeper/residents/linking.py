"""Linking: records in, residents out. The one place that walks the whole road from blocking to households."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from wardkeeper.kernel.columns import RECORD
from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.ids import RecordId
from wardkeeper.residents.arrays import Ints, Reals
from wardkeeper.residents.calibrating import Calibration
from wardkeeper.residents.constraints import WORDS, Veto, find_vetoes
from wardkeeper.residents.errors import learn, usable
from wardkeeper.residents.explanations import Explanation, explain_pair, read_pattern
from wardkeeper.residents.households import build_households
from wardkeeper.residents.identities import MEANINGS, Change, Identities, Shift, keep_ids
from wardkeeper.residents.profiles import build_residents
from wardkeeper.residents.reports import IdChange, LinkReport, count_bands, list_weights
from wardkeeper.residents.resolving import NOBODY, Judged, Resolved, resolve
from wardkeeper.residents.roles import Role
from wardkeeper.residents.strata import stratify
from wardkeeper.residents.verdicts import Verdict

ROLES: dict[str, Role] = {
    "record_id": Role.ID,
    "source": Role.SOURCE,
    "title": Role.TITLE,
    "given": Role.GIVEN,
    "middle": Role.MIDDLE,
    "family": Role.FAMILY,
    "birth_date": Role.BIRTH_DATE,
    "sex": Role.SEX,
    "address_original": Role.ADDRESS,
    "postcode": Role.POSTCODE,
    "home_id": Role.HOME,
    "phone": Role.PHONE,
    "email": Role.EMAIL,
    "nhs_number": Role.NHS_NUMBER,
    "ni_number": Role.NI_NUMBER,
    "seen_on": Role.SEEN_ON,
    "protected": Role.PROTECTED,
}
"""What the columns of a record mean to linkage."""
FEWEST_LABELS = 50
"""Drawn pairs that must be labelled before probabilities are learned from them."""
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
    labels: pl.DataFrame | None = None,
    seed: int = 1,
) -> Linked:
    """Join records (RECORD columns) into residents; `previous` (MEMBERSHIP) keeps their ids stable.

    `labels` (left, right, verdict and, where chance drew the pair, sampling) are what reviewers said: a verdict decides its pair,
    and drawn ones make the probabilities honest. The result depends on neither the order of rows nor the number of threads.
    `entropy` gives random bytes for new ids and is called at most once; `seed` shakes the restarts that test the model. Raises
    BadInput for a missing column or a repeated id.
    """
    ordered = _check(records).sort("record_id")
    verdicts = _settled(ordered, labels)
    found = resolve(ordered, ROLES, judged=_judged(verdicts), seed=seed)
    group, certainty = _number_by_record(found)
    identities = keep_ids(ordered, group, previous, entropy)
    residents, households = build_households(build_residents(ordered, group, identities, certainty))
    pairs = _pairs_frame(ordered["record_id"], found)
    return Linked(
        residents=residents,
        membership=pl.DataFrame(
            {
                "record_id": ordered["record_id"],
                "resident_id": pl.Series(identities.ids, dtype=pl.String).gather(group),
            }
        ),
        households=households,
        pairs=_calibrate(pairs, verdicts),
        report=_report(found, residents, households, certainty, identities),
    )


def _report(
    found: Resolved, residents: pl.DataFrame, households: pl.DataFrame, certainty: Reals, identities: Identities
) -> LinkReport:
    sizes = np.bincount(found.group, minlength=len(certainty))
    return LinkReport(
        records=found.encoded.size,
        residents=residents.height,
        households=households.height,
        candidate_pairs=len(found.candidates.left),
        patterns=found.distinct,
        keys=found.candidates.keys,
        model=found.choice.name,
        why=found.choice.why,
        silver_pairs=found.choice.silver_pairs,
        silver_log_loss=found.choice.log_loss,
        bands=count_bands(found.certainty, sizes),
        single_records=int((sizes == 1).sum()),
        weights=list_weights(found.choice.model),
        changes=_explain_changes(identities, found),
    )


def _settled(records: pl.DataFrame, labels: pl.DataFrame | None) -> pl.DataFrame:
    """Give the verdicts on records that are here, with the row of each record."""
    rows = records.select("record_id").with_row_index("row")
    schema = {"left": pl.String, "right": pl.String, "verdict": pl.String, "sampling": pl.Float64}
    given = labels if labels is not None else pl.DataFrame(schema=schema)
    if "sampling" not in given.columns:
        given = given.with_columns(sampling=pl.lit(None, dtype=pl.Float64))
    return (
        given.select(list(schema))
        .filter(pl.col("verdict").is_in([Verdict.SAME, Verdict.DIFFERENT]))
        .join(rows, left_on="left", right_on="record_id", maintain_order="left")
        .join(rows, left_on="right", right_on="record_id", suffix="_right", maintain_order="left")
    )


def _judged(verdicts: pl.DataFrame) -> Judged:
    if verdicts.is_empty():
        return NOBODY
    left, right = (verdicts[name].cast(pl.Int64).to_numpy() for name in ("row", "row_right"))
    return Judged(left, right, (verdicts["verdict"] == Verdict.SAME).to_numpy())


def _number_by_record(found: Resolved) -> tuple[Ints, Reals]:
    """Give each record (in the order of ids) its group, numbered by the lowest record, and each group its certainty."""
    group = found.group[found.encoded.rank()].astype(np.int64)
    first = np.full(len(found.certainty), len(group), np.int64)
    np.minimum.at(first, group, np.arange(len(group)))
    by_first = np.argsort(first)
    number = np.empty_like(by_first)
    number[by_first] = np.arange(len(by_first))
    return number[group], found.certainty[by_first]


def _calibrate(pairs: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Make the pairs' probabilities honest by the labels, where there are enough that chance drew."""
    labelled = verdicts.join(pairs.select("left", "right", "log_odds"), on=["left", "right"])
    drawn = usable(labelled)
    if drawn.height < FEWEST_LABELS:
        return pairs
    calibration: Calibration = learn(drawn.with_columns(stratum=pl.Series(stratify(drawn["log_odds"].to_numpy()))))
    return pairs.with_columns(probability=calibration.probability(pairs["log_odds"].to_numpy()))


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


def _pairs_frame(names: pl.Series, found: Resolved) -> pl.DataFrame:
    order, pairs = found.encoded.order, found.candidates
    one, other = order[pairs.left], order[pairs.right]
    return pl.DataFrame(
        {
            "left": names.gather(np.minimum(one, other)),
            "right": names.gather(np.maximum(one, other)),
            "pattern": found.patterns,
            "log_odds": found.log_odds,
            "probability": expit(found.log_odds),
            "veto": found.scored.vetoes.astype(np.int16),
            "joined": found.group[pairs.left] == found.group[pairs.right],
        }
    )


def _explain_changes(identities: Identities, found: Resolved) -> tuple[IdChange, ...]:
    """Give each change its reason, from two records that stand for the two parts."""
    shifts, rank = identities.shifts, found.encoded.rank()
    ends = np.array([[rank[shift.moved], rank[shift.stayed]] for shift in shifts], dtype=np.int32).reshape(-1, 2)
    low, high = ends.min(axis=1), ends.max(axis=1)
    vetoes, places = find_vetoes(found.encoded, low, high), found.scored.find(low, high)
    patterns = found.patterns
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
