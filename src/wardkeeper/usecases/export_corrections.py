"""Give a source's owner what was wrong in their file and what was put right: a disclosure, decided and recorded as such.

The file holds the source's own cells and what a person put in their place, nothing known from another source. A new value
that came from elsewhere is left out for everybody alike, so that leaving it out tells nothing about anybody.
"""

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.sources.corrections import list_corrections
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.held_rows import read_held_rows
from wardkeeper.usecases.house import House


def export_corrections(house: House, actor: Actor, source: str, *, purpose: str = PURPOSE) -> pl.DataFrame:
    """Give the corrections as a table for the owner (`corrections.HEADINGS`). Raises Refused, NotFound."""
    rows = read_held_rows(house, actor, source, Operation.SEND_CORRECTIONS, purpose=purpose)
    frame = list_corrections(rows.all_rows(), rows.found, rows.fixes, decision=rows.opened.decision.id)
    detail: dict[str, Detail] = {"source": source, "rows": frame.height, "columns": frame.columns}
    with house.store.write(rows.opened.leaf(Act.DATA_EXPORTED, detail)):
        return frame
