"""Export an incident's list: a disclosure, decided and recorded as such."""

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.door import open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import load
from wardkeeper.usecases.view_incident import list_ask, with_checks


def export(house: House, actor: Actor, incident_id: IncidentId) -> pl.DataFrame:
    """Give the lines with their checks, for a file. Raises Refused, NotFound."""
    opened = open_door(house, list_ask(house, actor, load(house, incident_id), Operation.EXPORT))
    incident = load(house, incident_id, permit=opened.decision)
    lines = with_checks(opened, incident)
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, {"rows": lines.height, "columns": lines.columns})):
        return lines.drop("check_id")
