"""Tiers of disclosure (rule G10): area counts, flags per home, names. Each field has the lowest tier it may appear at."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.kernel.columns import SENSITIVITY, Sensitivity


class Tier(StrEnum):
    """How much is told, least first."""

    COUNTS = "counts"
    FLAGS = "flags"
    NAMES = "names"

    @property
    def depth(self) -> int:
        """The tier's place in the order, 0 for counts."""
        return DEPTHS[self]

    def covers(self, other: "Tier") -> bool:
        """Tell whether somebody allowed this tier is allowed the other."""
        return other.depth <= self.depth


DEPTHS: Mapping[Tier, int] = MappingProxyType({tier: depth for depth, tier in enumerate(Tier)})

FLOORS: Mapping[Sensitivity, Tier] = MappingProxyType(
    {
        Sensitivity.KEY: Tier.COUNTS,
        Sensitivity.PLACE: Tier.FLAGS,
        Sensitivity.HEALTH: Tier.FLAGS,
        Sensitivity.MARKING: Tier.FLAGS,
        Sensitivity.IDENTITY: Tier.NAMES,
    }
)

AREA_FIELDS = frozenset(
    {"output_area", "lsoa", "district", "low", "high", "estimate", "estimate_low", "estimate_high"}
    | {"sum_cases", "sum_low", "sum_high"}
)
"""Places wide enough to count by, and counts of cases in them."""


def is_known(field: str) -> bool:
    """Tell whether the field is a column that may be stored at all."""
    return field in SENSITIVITY


def floor(field: str) -> Tier:
    """Give the lowest tier at which a known field may appear."""
    return Tier.COUNTS if field in AREA_FIELDS else FLOORS[SENSITIVITY[field]]


def fields_above(tier: Tier, fields: Iterable[str]) -> list[str]:
    """Give the known fields that need a deeper tier than this one, sorted."""
    return sorted(field for field in fields if is_known(field) and not tier.covers(floor(field)))


def is_special_category(field: str) -> bool:
    """Tell whether the field is treated as special-category data (UK GDPR Article 9)."""
    return SENSITIVITY.get(field) is Sensitivity.HEALTH
