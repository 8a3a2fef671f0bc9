"""Verdicts: what people said of pairs, brought together. Nobody is overruled in silence: a disagreement settles nothing."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Verdict(StrEnum):
    """What a person can say of two records; `UNDONE` takes an earlier label back."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    UNDONE = "undone"


ANSWERS = (Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE)
"""What can be answered to the question whether two records are one person's."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on pairs that two or more looked at. `kappa` is Cohen's (1960); None where it has no meaning."""

    looked_at_twice: int
    agreed: int
    kappa: float | None


def standing(labels: pl.DataFrame) -> pl.DataFrame:
    """Give the labels that stand: neither taken back nor replaced by a later one of the same person on the same pair."""
    undone = labels.filter(pl.col("verdict") == Verdict.UNDONE)["undoes"]
    spoken = labels.filter((pl.col("verdict") != Verdict.UNDONE) & ~pl.col("label_id").is_in(undone.implode()))
    return spoken.sort("at", "label_id").unique(["left", "right", "by"], keep="last", maintain_order=True)


def settle(labels: pl.DataFrame) -> pl.DataFrame:
    """Give one row for each pair: left, right, verdict, sampling, joined, people (who answered) and disputed.

    The verdict is what all who were sure said, `unsure` when nobody was, and `unsure` while they contradict each other.
    """
    sure = pl.col("verdict") != Verdict.UNSURE
    named = pl.col("verdict").filter(sure)
    return (
        standing(labels)
        .group_by("left", "right")
        .agg(
            verdict=pl.when(named.n_unique() == 1).then(named.first()).otherwise(pl.lit(Verdict.UNSURE.value)),
            sampling=pl.col("sampling").max(),
            joined=pl.col("joined").sort_by("at", "label_id").first(),
            people=pl.col("by").n_unique().cast(pl.Int64),
            disputed=named.n_unique() > 1,
        )
        .sort("left", "right")
    )


def measure_agreement(labels: pl.DataFrame) -> Agreement:
    """Compare the first two people who were sure of each pair, in the order of their logins."""
    sure = standing(labels).filter(pl.col("verdict") != Verdict.UNSURE).sort("left", "right", "by")
    twice = (
        sure.group_by("left", "right", maintain_order=True)
        .agg(one=pl.col("verdict").first(), other=pl.col("verdict").slice(1, 1).first())
        .drop_nulls("other")
    )
    if twice.is_empty():
        return Agreement(0, 0, None)
    agreed = int((twice["one"] == twice["other"]).sum())
    ones, others = (int((twice[name] == Verdict.SAME).sum()) / twice.height for name in ("one", "other"))
    expected = ones * others + (1 - ones) * (1 - others)
    share = agreed / twice.height
    return Agreement(twice.height, agreed, None if expected >= 1 else (share - expected) / (1 - expected))
