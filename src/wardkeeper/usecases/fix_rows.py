"""Put a held row right, or accept it as it is. Sealed with who, when, before and after; run again by `run_rows`."""

from dataclasses import dataclass, replace

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.ids import mint
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import to_text
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.sources.fixing import Put, Spot, Stamp, add_fix, check_put, make_fix, same_fix
from wardkeeper.sources.typing_names import name_columns
from wardkeeper.usecases import datasets
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.held_rows import HeldRows, read_held_rows
from wardkeeper.usecases.house import House


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of it. `changed` is False when the very same was put before: a button pressed twice."""

    delivery: str
    row: int
    changed: bool
    state: str


def fix_row(house: House, actor: Actor, source: str, spot: Spot, put: Put, *, purpose: str = PURPOSE) -> Fixed:
    """Keep what a person put in a held row. Raises Refused, NotFound, BadInput, and Conflict when it has changed."""
    rows = read_held_rows(house, actor, source, Operation.FIX_ROWS, purpose=purpose)
    held = rows.row(spot)
    put = replace(put, cells=name_columns(put.cells, rows.contract.file.columns))
    check_put(held, put, rows.contract)
    stamp = Stamp(
        fix_id=mint("fix", house.clock.entropy(8)),
        by=actor.login,
        at=to_text(house.clock.now()),
        decision=rows.opened.decision.id,
    )
    made = make_fix(held, put, rows.contract, stamp)
    if same_fix(rows.fixes, made):
        return Fixed(held.delivery, held.row, changed=False, state=made["state"][0])
    _keep(rows, made)
    return Fixed(held.delivery, held.row, changed=True, state=made["state"][0])


def _keep(rows: HeldRows, made: pl.DataFrame) -> None:
    house, opened, mandate = rows.opened.house, rows.opened, rows.contract.mandate.id
    name = datasets.fixes(rows.contract.name)
    parents = [file.id for file in (rows.versions[name],) if file]
    file = house.vault.write(
        add_fix(rows.fixes, made), dataset=name, mandates=[mandate], parents=parents, permit=opened.decision
    )
    first = made.row(0, named=True)
    detail: dict[str, Detail] = {
        "source": rows.contract.name,
        "delivery": first["delivery"],
        "row": first["row"],
        "handling": first["handling"],
        "columns": [column for column in made["column"] if column],
        "rules": first["rule"].split(","),
        "origin": first["origin"],
    }
    subject = house.vault.subject(mandate, first["fix_id"])
    with house.store.write(opened.leaf(Act.ROW_FIXED, detail, subject=subject)) as writer:
        rows.check_unchanged([name, datasets.quarantine(rows.contract.name)])
        writer.set_current(file)
