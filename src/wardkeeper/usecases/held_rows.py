"""A source's held rows and what was put right in them, read through the door together: shared by those that change them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import FACTOR, FIX, QUARANTINED, RECORD, REMOVED
from wardkeeper.kernel.errors import Conflict, NotFound, Where
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.people import Actor
from wardkeeper.sources.fixing import FIX_SCHEMA, HeldRow, Spot, read_held
from wardkeeper.sources.terms import Contract, Kind
from wardkeeper.usecases import datasets
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import VaultFile
from wardkeeper.usecases.rulebook import rulebook


@dataclass(frozen=True, slots=True, eq=False)
class HeldRows:
    """What was read: `found` has kernel.columns.QUARANTINED, `fixes` FIX. `versions` are the files they were read from."""

    contract: Contract
    opened: Opened
    found: pl.DataFrame
    fixes: pl.DataFrame
    versions: dict[str, VaultFile | None] = field(default_factory=dict)

    def row(self, spot: Spot) -> HeldRow:
        """Give one held row. Raises NotFound in words when it is not held, or no longer."""
        here = pl.col("delivery") == spot.delivery if spot.delivery else pl.lit(value=True)
        mine = self.found.filter((pl.col("row") == spot.row) & here)
        if mine.is_empty():
            raise NotFound(
                f"Row {spot.row} is not among the rows to fix.",
                "It may have been loaded, or a newer file has come: look at the rows again.",
                Where(source=self.contract.name, row=spot.row),
            )
        newest = mine["delivery"].unique(maintain_order=True)[-1]
        return read_held(mine.filter(pl.col("delivery") == newest), self.contract)

    def all_rows(self, rows: pl.DataFrame | None = None) -> list[HeldRow]:
        """Give held rows, all or those of a frame with delivery and row."""
        wanted = self.found if rows is None else self.found.join(rows, on=["delivery", "row"], how="semi")
        groups = wanted.group_by("delivery", "row", maintain_order=True)
        return [read_held(group, self.contract) for _, group in groups]

    def check_unchanged(self, names: Sequence[str]) -> None:
        """Raise Conflict when one of these datasets has changed since it was read. Call it within a transaction."""
        store = self.opened.house.store
        if any(store.current(name) != self.versions[name] for name in names):
            raise Conflict("Somebody else changed these rows just now.", "Look at them again, and do it again.")


def read_held_rows(house: House, actor: Actor, source: str, operation: Operation, *, purpose: str) -> HeldRows:
    """Open the door to a source's held rows and fixes. Raises Refused, NotFound."""
    contract = rulebook(house.store).contract(source)
    ask = Ask(
        actor,
        purpose,
        operation,
        _wanted(house, contract, operation),
        Tier.NAMES,
        mandates=_mandates(contract, operation),
    )
    return _read(open_door(house, ask), contract)


def _mandates(contract: Contract, operation: Operation) -> tuple[MandateId, ...]:
    """Name the mandates of what will be written; looking writes nothing."""
    return (contract.mandate.id,) if operation in (Operation.FIX_ROWS, Operation.LOAD) else ()


def _wanted(house: House, contract: Contract, operation: Operation) -> dict[str, list[str]]:
    source = contract.name
    wanted = {
        datasets.quarantine(source): [column.name for column in QUARANTINED],
        datasets.fixes(source): [column.name for column in FIX],
    }
    if operation in (Operation.FIX_ROWS, Operation.LOAD):
        wanted[datasets.records(source)] = [column.name for column in RECORD]
        wanted[datasets.source_factors(source)] = [column.name for column in FACTOR]
        if contract.kind is Kind.CHANGES:
            wanted[datasets.removed(source)] = [column.name for column in REMOVED]
        return wanted
    # What is only to be read is asked for only when it is there.
    return {name: columns for name, columns in wanted.items() if house.store.current(name)}


def _read(opened: Opened, contract: Contract) -> HeldRows:
    quarantine, fixes = datasets.quarantine(contract.name), datasets.fixes(contract.name)
    versions = {name: opened.house.store.current(name) for name in opened.ask.wanted}
    there = [name for name in (quarantine, fixes) if versions.get(name)]
    frames = opened.read_all(opened.ask.wanted_of(there))
    nobody = NotFound("No file of this source has been loaded.", "Load one first.", Where(source=contract.name))
    if quarantine not in frames:
        raise nobody
    kept = frames.get(fixes, pl.DataFrame(schema=FIX_SCHEMA))
    return HeldRows(contract, opened, frames[quarantine], kept, versions)
