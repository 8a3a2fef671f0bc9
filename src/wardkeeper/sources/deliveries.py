"""A delivery: one received file of a source, with its checksum and the counts that must add up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from wardkeeper.kernel.ids import DeliveryId


@dataclass(frozen=True, slots=True)
class Delivery:
    """One received file. `rows` are rows of the file; one row may hold two people (`records`).

    `unused` are the rows of a file that was recorded and no more: none of them is loaded, and none waits to be fixed.
    """

    id: DeliveryId
    source: str
    file_name: str
    sha256: str
    extracted_on: date
    received_at: datetime
    rows: int
    loaded: int
    repaired: int
    quarantined: int
    records: int
    assumed: tuple[str, ...] = ()
    unused: int = 0

    def __post_init__(self) -> None:
        if self.loaded + self.repaired + self.quarantined + self.unused != self.rows:
            raise ValueError(
                "loaded, repaired, quarantined and unused rows must add up to the rows of the file: check the loader"
            )

    @property
    def says(self) -> str:
        """The sum of its rows, as a sentence."""
        if self.unused:
            return f"{self.rows:,} rows: recorded, and none of them used."
        return (
            f"{self.rows:,} rows = {self.loaded:,} loaded + {self.repaired:,} repaired + "
            f"{self.quarantined:,} held back to fix."
        )

    def set_aside(self) -> "Delivery":
        """Give it as one that is recorded and not used."""
        return replace(self, loaded=0, repaired=0, quarantined=0, records=0, unused=self.rows)


def sort_by_day(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Sort by the day they are about, then as they came: a late file may come after a newer one."""
    return sorted(deliveries, key=lambda one: (one.extracted_on, one.received_at))
