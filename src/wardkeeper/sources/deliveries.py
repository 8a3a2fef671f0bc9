"""A delivery: one received file of a source, with its checksum and the counts that must add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from wardkeeper.kernel.ids import DeliveryId


@dataclass(frozen=True, slots=True)
class Delivery:
    """One received file. `rows` are rows of the file; one row may hold two people (`records`)."""

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

    def __post_init__(self) -> None:
        if self.loaded + self.repaired + self.quarantined != self.rows:
            raise ValueError(
                "loaded, repaired and quarantined rows must add up to the rows of the file: check the loader"
            )


def sort_by_day(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Sort by the day they are about, then as they came: a late file may come after a newer one."""
    return sorted(deliveries, key=lambda one: (one.extracted_on, one.received_at))
