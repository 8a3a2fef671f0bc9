"""Scoring a linking against known truth. Only synthetic and hand-labelled data have one."""

from typing import TypedDict

import polars as pl


class Measure(TypedDict):
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


class Score(TypedDict):
    """Pairs as scored one by one, and pairs as the residents imply them. Recall is over all true pairs."""

    pairs: Measure
    clusters: Measure


def score(membership: pl.DataFrame, truth: pl.DataFrame, pairs: pl.DataFrame | None = None) -> Score:
    """Compare residents (MEMBERSHIP) with `truth` (record_id, person_id).

    `clusters` counts every pair of records put under one resident. `pairs` counts scored pairs of at least even odds before
    clustering; without `pairs`, it repeats `clusters`. Records that truth does not name are left out.
    """
    judged = membership.select("record_id", "resident_id").join(truth.select("record_id", "person_id"), on="record_id")
    true_pairs = _pairs_in(judged, ["person_id"])
    right = _pairs_in(judged, ["person_id", "resident_id"])
    clusters = _measure(right, _pairs_in(judged, ["resident_id"]), true_pairs)
    if pairs is None:
        return Score(pairs=clusters, clusters=clusters)
    named = judged.select("record_id", "person_id")
    chosen = (
        pairs.filter((pl.col("probability") >= 0.5) & (pl.col("veto") == 0))
        .select("left", "right")
        .join(named, left_on="left", right_on="record_id")
        .join(named, left_on="right", right_on="record_id")
    )
    correct = chosen.filter(pl.col("person_id") == pl.col("person_id_right")).height
    return Score(pairs=_measure(correct, chosen.height, true_pairs), clusters=clusters)


def _pairs_in(frame: pl.DataFrame, keys: list[str]) -> int:
    sizes = frame.group_by(keys).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _measure(right: int, found: int, true: int) -> Measure:
    """Nothing found is wholly precise, nothing to find wholly recalled."""
    return Measure(
        precision=right / found if found else 1.0,
        recall=right / true if true else 1.0,
        f1=2 * right / (found + true) if found + true else 1.0,
    )
