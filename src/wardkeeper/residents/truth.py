"""Scoring a linking against known truth. Only synthetic and hand-labelled data have one.

Pairs are counted from the sizes of groups, never listed. B³ (B-cubed) is the mean over records of how pure and how whole each
record's group is: Bagga and Baldwin, *Entity-based cross-document coreferencing using the vector space model* (1998).
"""

from typing import TypedDict

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import MISSING, Flags, Ints


class Measure(TypedDict):
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


class PairMeasure(Measure):
    """`blocking_recall` is the share of the true pairs that were compared at all: no score can bring back the others."""

    blocking_recall: float


class ClusterMeasure(Measure):
    """A measure over the pairs that groups imply, B³ over records, and the number of records in the largest group."""

    b3_precision: float
    b3_recall: float
    b3_f1: float
    largest: int


class Score(TypedDict):
    """Pairs as scored one by one, and pairs as the residents imply them. Recall is over all true pairs."""

    pairs: PairMeasure
    clusters: ClusterMeasure


def score(membership: pl.DataFrame, truth: pl.DataFrame, pairs: pl.DataFrame | None = None) -> Score:
    """Compare residents (MEMBERSHIP) with `truth` (record_id, person_id).

    `clusters` counts every pair of records put under one resident. `pairs` counts scored pairs of at least even odds before
    clustering; without `pairs`, it repeats `clusters`. Records that truth does not name are left out.
    """
    judged = membership.select("record_id", "resident_id").join(
        truth.select("record_id", "person_id"), on="record_id", maintain_order="left"
    )
    person = code(judged["person_id"])
    clusters = score_groups(code(judged["resident_id"]), person)
    if pairs is None:
        return Score(pairs=_as_pairs(clusters), clusters=clusters)
    named = judged.select("record_id", row=pl.int_range(pl.len()))
    ends = pairs.select("left", "right", chosen=(pl.col("probability") >= 0.5) & (pl.col("veto") == 0))
    for end in ("left", "right"):
        ends = ends.join(named.rename({"row": f"{end}_row"}), left_on=end, right_on="record_id")
    rows = (ends["left_row"].to_numpy(), ends["right_row"].to_numpy())
    return Score(pairs=score_pairs(*rows, ends["chosen"].to_numpy(), person), clusters=clusters)


def score_frames(clusters: pl.DataFrame, pairs: pl.DataFrame, threshold: float, person: Ints) -> Score:
    """Compare linked frames with the truth: `person` numbers the true person of each row, frames laid one under the other.

    `clusters` has frame, row and cluster; `pairs` has left and right (rows of all frames, stacked) and log_odds. A pair counts
    as chosen when its log odds are above `threshold`. Rows whose person is -1 are left out.
    """
    ordered = clusters.sort("frame", "row")["cluster"].cast(pl.Int64).to_numpy()
    left, right = (pairs[end].cast(pl.Int64).to_numpy() for end in ("left", "right"))
    chosen = (pairs["log_odds"] > threshold).to_numpy()
    return Score(pairs=score_pairs(left, right, chosen, person), clusters=score_groups(ordered, person))


def code(values: pl.Series) -> Ints:
    """Give each distinct value a number from 0; null is -1."""
    ranked = values.rank("dense").cast(pl.Int64) - 1
    return np.asarray(ranked.fill_null(MISSING).to_numpy())


def score_pairs(left: Ints, right: Ints, chosen: Flags, person: Ints) -> PairMeasure:
    """Measure compared pairs of row numbers, each pair once; `chosen` marks those held to be one person.

    `person` has the true person's number of each row, -1 where truth does not tell: pairs with such a row are left out.
    """
    known = (person[left] >= 0) & (person[right] >= 0)
    same = known & (person[left] == person[right])
    true_pairs = _pairs_in(person[person >= 0])
    measured = _measure(int((same & chosen).sum()), int((known & chosen).sum()), true_pairs)
    return PairMeasure(**measured, blocking_recall=int(same.sum()) / true_pairs if true_pairs else 1.0)


def score_groups(group: Ints, person: Ints) -> ClusterMeasure:
    """Measure groups: `group` and `person` have one number from 0 for each row; rows whose person is -1 are left out."""
    judged = person >= 0
    group, person = group[judged], person[judged]
    cells, cell = np.unique(group * (int(person.max(initial=0)) + 1) + person, return_inverse=True)
    in_group, of_person = np.bincount(group)[group], np.bincount(person)[person]
    shared = np.bincount(cell, minlength=len(cells))[cell]
    purity = float(np.mean(shared / in_group)) if group.size else 1.0
    wholeness = float(np.mean(shared / of_person)) if group.size else 1.0
    return ClusterMeasure(
        **_measure(_pairs_in(cell), _pairs_in(group), _pairs_in(person)),
        b3_precision=purity,
        b3_recall=wholeness,
        b3_f1=2 * purity * wholeness / (purity + wholeness),
        largest=int(in_group.max(initial=0)),
    )


def _as_pairs(clusters: ClusterMeasure) -> PairMeasure:
    recall = clusters["recall"]
    return PairMeasure(precision=clusters["precision"], recall=recall, f1=clusters["f1"], blocking_recall=recall)


def _pairs_in(numbers: Ints) -> int:
    """Count the pairs of rows that have the same number."""
    sizes = np.bincount(numbers) if numbers.size else numbers
    return int((sizes * (sizes - 1) // 2).sum())


def _measure(right: int, found: int, true: int) -> Measure:
    """Nothing found is wholly precise, nothing to find wholly recalled."""
    return Measure(
        precision=right / found if found else 1.0,
        recall=right / true if true else 1.0,
        f1=2 * right / (found + true) if found + true else 1.0,
    )
