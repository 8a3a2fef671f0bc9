"""Run fixed rows again: through the same standardiser as if they had come so, then loaded, or back with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.ids import DeliveryId, FileId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.fixing import HeldRow, State, carry_over, rebuild, with_state
from wardkeeper.sources.rejoining import rejoin
from wardkeeper.sources.standardising import Standardised, standardise
from wardkeeper.sources.terms import Kind
from wardkeeper.usecases import datasets
from wardkeeper.usecases.changed_records import put_on
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.held_rows import HeldRows, read_held_rows
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import VaultFile


@dataclass(frozen=True, slots=True)
class Rerun:
    """What became of the fixed rows: loaded, or held back still. `carried` had been put right in an earlier file.

    `rows` are those loaded, by delivery and number.
    """

    loaded: int = 0
    held: int = 0
    carried: int = 0
    deliveries: tuple[Delivery, ...] = ()
    rows: frozenset[tuple[str, int]] = frozenset()

    @property
    def said(self) -> str:
        """A sentence about the rows of a new file that were put right before; empty when there are none."""
        if not self.carried:
            return ""
        rows = "1 row" if self.carried == 1 else f"{self.carried:,} rows"
        return f"{rows} came with the same fault as before: what was put right then was put on again."


def run_rows(house: House, actor: Actor, source: str, *, purpose: str = PURPOSE) -> Rerun:
    """Run the rows whose fixes wait. With none waiting nothing changes, so a button pressed twice does no harm.

    Raises Refused, NotFound, and Conflict when the rows have changed meanwhile; then nothing has changed.
    """
    rows = read_held_rows(house, actor, source, Operation.FIX_ROWS, purpose=purpose)
    return _run(rows, rows.fixes, carried=0)


def carry_fixes_over(house: House, actor: Actor, source: str, *, replaces: bool, purpose: str = PURPOSE) -> Rerun:
    """After a load: find the fixes of earlier files again in the new one's held rows, and run those rows.

    `replaces` is for a file that takes the place of those before it: fixes that fit no row of it are retired.
    """
    if house.store.current(datasets.fixes(source)) is None:
        return Rerun()
    rows = read_held_rows(house, actor, source, Operation.LOAD, purpose=purpose)
    fixes = carry_over(rows.fixes, rows.all_rows(), replaces=replaces)
    if fixes.equals(rows.fixes):
        return Rerun()
    before = rows.fixes.select("fix_id", "delivery", "row").unique()
    carried = fixes.join(before, on=["fix_id", "delivery", "row"], how="anti")
    return _run(rows, fixes, carried=carried.select("delivery", "row").n_unique())


def _run(rows: HeldRows, fixes: pl.DataFrame, *, carried: int) -> Rerun:
    """Run each delivery's waiting rows and keep everything together, in one transaction."""
    waiting = fixes.filter(pl.col("state") == State.WAITING)
    held = rows.all_rows(waiting)
    if not held and fixes.equals(rows.fixes):
        return Rerun()
    source = rows.contract.name
    known = {delivery.id: delivery for delivery in rows.opened.house.store.deliveries(source)}
    frames = _frames(rows) if held else {}
    states: dict[tuple[str, int], State] = {}
    counted = []
    for delivery in dict.fromkeys(one.delivery for one in held):
        mine = [one for one in held if one.delivery == delivery]
        made = _standardise(rows, mine, waiting, known[DeliveryId(delivery)])
        frames = _put_in(frames, made, mine, rows, known[DeliveryId(delivery)])
        still = set(made.quarantined["row"])
        states |= {(one.delivery, one.row): State.HELD if one.row in still else State.LOADED for one in mine}
        counted.append(_count(known[DeliveryId(delivery)], len(mine) - len(still), made.records.height))
    passed = frozenset(spot for spot, state in states.items() if state is State.LOADED)
    done = Rerun(len(passed), len(states) - len(passed), carried, tuple(counted), passed)
    _keep(rows, {**frames, datasets.fixes(source): with_state(fixes, states)}, done)
    return done


def _frames(rows: HeldRows) -> dict[str, pl.DataFrame]:
    source = rows.contract.name
    kinds = (datasets.records, datasets.source_factors, datasets.removed)
    names = [kind(source) for kind in kinds if rows.versions.get(kind(source))]
    read = rows.opened.read_all(rows.opened.ask.wanted_of(names))
    return {**read, datasets.quarantine(source): rows.found}


def _standardise(rows: HeldRows, held: list[HeldRow], waiting: pl.DataFrame, delivery: Delivery) -> Standardised:
    places = rows.opened.house.places()
    mine = waiting.filter(pl.col("delivery") == delivery.id)
    return standardise(
        rebuild(held, mine, rows.contract),
        rows.contract,
        delivery=delivery.id,
        postcodes=places.postcodes,
        addresses=places.addresses,
        extracted_on=delivery.extracted_on,
    )


def _put_in(
    frames: Mapping[str, pl.DataFrame], made: Standardised, held: list[HeldRow], rows: HeldRows, delivery: Delivery
) -> dict[str, pl.DataFrame]:
    """Put the rows that passed among the loaded ones; of those that did not, keep the row as it came and what is wrong now."""
    source = rows.contract.name
    records, factors, quarantine = (
        datasets.records(source),
        datasets.source_factors(source),
        datasets.quarantine(source),
    )
    found = frames[quarantine]
    run = pl.DataFrame({"delivery": [one.delivery for one in held], "row": [one.row for one in held]})
    came = (
        found.join(run, on=["delivery", "row"], how="semi")
        .unique(["delivery", "row"])
        .select("delivery", "row", "content")
    )
    wrong = made.quarantined.drop("content").join(came, on=["delivery", "row"], how="left").select(found.columns)
    kept = pl.concat([found.join(run, on=["delivery", "row"], how="anti"), wrong]).sort(
        "delivery", "row", maintain_order=True
    )
    if rows.contract.kind is Kind.CHANGES:
        return {**put_on(rows.opened.house, frames, made, delivery), quarantine: kept}
    joined = rejoin(frames[records], frames[factors], made.records, made.factors, rows.contract)
    return {records: joined.records, factors: joined.factors, quarantine: kept}


def _count(delivery: Delivery, passed: int, records: int) -> Delivery:
    """Move rows from held to repaired; all three still add up to the file."""
    return replace(
        delivery,
        repaired=delivery.repaired + passed,
        quarantined=delivery.quarantined - passed,
        records=delivery.records + records,
    )


def _keep(rows: HeldRows, frames: Mapping[str, pl.DataFrame], done: Rerun) -> None:
    opened, house = rows.opened, rows.opened.house
    files = [
        house.vault.write(
            frame,
            dataset=name,
            mandates=[rows.contract.mandate.id],
            parents=_parents(rows.versions[name]),
            permit=opened.decision,
        )
        for name, frame in frames.items()
    ]
    detail: dict[str, Detail] = {
        "source": rows.contract.name,
        "deliveries": [delivery.id for delivery in done.deliveries],
        "loaded": done.loaded,
        "still_held": done.held,
        "carried": done.carried,
    }
    with house.store.write(opened.leaf(Act.ROWS_RUN, detail)) as writer:
        rows.check_unchanged([*rows.versions])
        for delivery in done.deliveries:
            writer.count_again(delivery)
        for file in files:
            writer.set_current(file)


def _parents(file: VaultFile | None) -> list[FileId]:
    return [file.id] if file else []
