"""What a linking tells about itself: counts, what each blocking key brought, the weights, and how sure it is."""

from dataclasses import dataclass

import numpy as np

from wardkeeper.kernel.ids import ResidentId
from wardkeeper.residents.arrays import Ints, Reals
from wardkeeper.residents.blocking import KeyCount
from wardkeeper.residents.choosing import level_weight
from wardkeeper.residents.evidence import FIXED, LEARNED
from wardkeeper.residents.identities import Change
from wardkeeper.residents.weighing import Mixture

BANDS: tuple[tuple[str, float], ...] = (
    ("almost certain", 0.99),
    ("very likely", 0.9),
    ("likely", 0.7),
    ("doubtful", 0.0),
)
"""Names of the bands of certainty and the lowest certainty in each, surest first."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one finding counts, in natural log odds, averaged over the model's classes; and in words."""

    feature: str
    finding: str
    weight: float


@dataclass(frozen=True, slots=True)
class IdChange:
    """A resident's id that changed since the previous linking, and why."""

    change: Change
    before: ResidentId
    after: ResidentId
    reason: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """The account of one linking. `bands` counts residents with more than one record by how sure their weakest link is."""

    records: int
    residents: int
    households: int
    candidate_pairs: int
    patterns: int
    keys: tuple[KeyCount, ...]
    model: str
    why: str
    silver_pairs: int
    silver_log_loss: float | None
    bands: dict[str, int]
    single_records: int
    weights: tuple[Weight, ...]
    changes: tuple[IdChange, ...]


def band_of(certainty: float) -> str:
    """Name the band a certainty falls into."""
    return next(name for name, lowest in BANDS if certainty >= lowest)


def count_bands(certainty: Reals, sizes: Ints) -> dict[str, int]:
    """Count groups of two records and more by band."""
    several = certainty[sizes > 1]
    ceilings = [np.inf, *(lowest for _, lowest in BANDS[:-1])]
    return {
        name: int(((several >= lowest) & (several < ceiling)).sum())
        for (name, lowest), ceiling in zip(BANDS, ceilings, strict=True)
    }


def list_weights(model: Mixture) -> tuple[Weight, ...]:
    """Give the weight of every finding, feature by feature."""
    learned = [
        Weight(feature.name, level.words, float(weight))
        for place, feature in enumerate(LEARNED)
        for level, weight in zip(feature.levels, level_weight(model, place), strict=True)
    ]
    fixed = [Weight(feature.name, level.words, level.guess) for feature in FIXED for level in feature.levels]
    return (*learned, *fixed)
