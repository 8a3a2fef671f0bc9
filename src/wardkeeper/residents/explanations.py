"""Why two records were joined or kept apart, in plain words and without a single personal value."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ids import RecordId
from wardkeeper.residents.comparing import unpack
from wardkeeper.residents.constraints import WORDS, Veto
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.reports import band_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """What speaks for and against two records being one person, what could not be compared, and the outcome.

    `probability` is None for records that no blocking key brought together.
    """

    joined: bool
    probability: float | None
    summary: str
    agrees: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    forbidden: str


def explain_pair(pairs: pl.DataFrame, membership: pl.DataFrame, one: RecordId, other: RecordId) -> Explanation:
    """Explain a pair. Raises NotFound when a record is not part of this linking."""
    joined = _are_joined(membership, one, other)
    low, high = sorted((one, other))
    found = pairs.filter((pl.col("left") == low) & (pl.col("right") == high))
    if found.is_empty():
        return _explain_unscored(joined=joined)
    row = found.row(0, named=True)
    agrees, conflicts, unknown = read_pattern(row["pattern"])
    veto = Veto(row["veto"])
    return Explanation(
        joined=joined,
        probability=row["probability"],
        summary=_summarise(row["probability"], veto, joined=joined),
        agrees=agrees,
        conflicts=conflicts,
        unknown=unknown,
        forbidden="" if veto is Veto.NONE else WORDS[veto],
    )


def read_pattern(pattern: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give a pattern's findings in words: those that agree, those that conflict, and the features that cannot tell."""
    codes = unpack(np.array([pattern]))[0].tolist()
    shown = [feature.levels[code - 1] for feature, code in zip(FEATURES, codes, strict=True) if code]
    agrees = tuple(f"they {level.words}" for level in shown if level.guess > 0)
    conflicts = tuple(f"they {level.words}" for level in shown if level.guess <= 0)
    named = [feature.name for feature, code in zip(FEATURES, codes, strict=True) if code == 0]
    return agrees, conflicts, tuple(named)


def _are_joined(membership: pl.DataFrame, one: RecordId, other: RecordId) -> bool:
    held = membership.filter(pl.col("record_id").is_in([one, other]))
    if held.height < len({one, other}):
        raise NotFound("One of the two records is not part of this linking.", "Check both record ids.")
    return held["resident_id"].n_unique() == 1


def _explain_unscored(*, joined: bool) -> Explanation:
    words = "They share nothing that would make them worth comparing"
    words += "; other records of the same resident join them." if joined else "."
    return Explanation(joined, None, words, (), (), (), "")


def _summarise(probability: float, veto: Veto, *, joined: bool) -> str:
    if veto is not Veto.NONE:
        return f"Kept apart: {WORDS[veto]}."
    sure = f"{band_of(probability)} ({probability:.0%})" if probability >= 0.5 else f"unlikely ({probability:.0%})"
    outcome = "Joined" if joined else "Not joined"
    return f"{outcome}. By themselves the two records are {sure} to be one person."
