"""Counts of few people in tables of messages: they are not told, and cannot be taken from a total (docs/decisions/0016).

Complementary suppression, as statistical offices do: beside a small count the next smallest of its column is withheld, so
that the total may stay exact (Hundepool et al. 2012, Statistical Disclosure Control, section 4.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5
"""The smallest count of people that is told."""

FEW = f"fewer than {FEWEST}"
MORE = f"{FEWEST} or more"


@dataclass(frozen=True, slots=True)
class Told:
    """A column of counts as it may be told: `counts` has None for what is withheld, `cells` the words for each.

    `total` is exact where it gives nothing away, else about; `exact` tells whether nothing at all is withheld.
    """

    counts: tuple[int | None, ...]
    cells: tuple[str, ...]
    total: str

    @property
    def exact(self) -> bool:
        """Whether every count is told."""
        return None not in self.counts


def tell(count: int) -> str:
    """Give one count that stands in no sum."""
    return FEW if count < FEWEST else f"{count:,}"


def tell_column(counts: Sequence[int]) -> Told:
    """Withhold the small counts of a column, and as many of the next smallest as hide them in the total.

    Of p small and s larger withheld counts the sum is known. It leaves each small one open to its top where it is at least
    4p + 5s. Where the column has too few rows for that, all are withheld and the total is about.
    """
    order = sorted(range(len(counts)), key=counts.__getitem__)
    small = sum(count < FEWEST for count in counts)
    held, safe = _withhold([counts[place] for place in order], small)
    away = set(order[:held])
    words = [MORE if place in away and count >= FEWEST else tell(count) for place, count in enumerate(counts)]
    return Told(
        tuple(None if place in away else count for place, count in enumerate(counts)),
        tuple(words),
        f"{sum(counts):,}" if safe else _about(sum(counts)),
    )


def _withhold(ordered: Sequence[int], small: int) -> tuple[int, bool]:
    """Give how many of the counts, in order, are withheld, and whether that hides the small ones in an exact total."""
    if not small:
        return 0, True
    for held in range(small + 1, len(ordered) + 1):
        if sum(ordered[:held]) >= (FEWEST - 1) * small + FEWEST * (held - small):
            return held, True
    return len(ordered), False


def _about(total: int) -> str:
    return FEW if total < FEWEST else f"about {max(10, 10 * round(total / 10)):,}"
