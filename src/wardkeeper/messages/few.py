"""Counts of few people in tables of messages: they are not told, and cannot be taken from a total (docs/decisions/0016).

Complementary suppression, as statistical offices do: beside a small count the next smallest of its column is withheld
(Hundepool et al. 2012, Statistical Disclosure Control, section 4.4). The total is then about: another table may tell what is
withheld here, as that of messages tells of homes.
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

    `sum` is exact where nothing is withheld, else to ten; None where it is small itself.
    """

    counts: tuple[int | None, ...]
    cells: tuple[str, ...]
    sum: int | None

    @property
    def exact(self) -> bool:
        """Whether every count is told."""
        return None not in self.counts

    @property
    def total(self) -> str:
        """The sum in words."""
        return FEW if self.sum is None else f"{self.sum:,}" if self.exact else f"about {self.sum:,}"


def tell(count: int) -> str:
    """Give one count that stands in no sum."""
    return FEW if count < FEWEST else f"{count:,}"


def tell_column(counts: Sequence[int]) -> Told:
    """Withhold the small counts of a column, and as many of the next smallest as hide them even from who knows the total.

    Of p small and s larger withheld counts the sum is then known. It leaves each small one open to its top where it is at
    least 4p + 5s. Where the column has too few rows for that, all are withheld.
    """
    order = sorted(range(len(counts)), key=counts.__getitem__)
    away = set(order[: _withheld([counts[place] for place in order])])
    words = [MORE if place in away and count >= FEWEST else tell(count) for place, count in enumerate(counts)]
    return Told(
        tuple(None if place in away else count for place, count in enumerate(counts)),
        tuple(words),
        _about(sum(counts)) if away else sum(counts),
    )


def _withheld(ordered: Sequence[int]) -> int:
    """Give how many of the counts, in order, are withheld."""
    small = sum(count < FEWEST for count in ordered)
    enough = (
        held
        for held in range(small + 1, len(ordered))
        if sum(ordered[:held]) >= (FEWEST - 1) * small + FEWEST * (held - small)
    )
    return next(enough, len(ordered)) if small else 0


def _about(total: int) -> int | None:
    return None if total < FEWEST else max(10, 10 * round(total / 10))
