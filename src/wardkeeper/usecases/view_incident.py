"""View an incident: its list as deep as the viewer may see it, what has happened at each door, what may be missing."""

from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier, floor
from wardkeeper.incidents.checks import WORDING, Check, CheckStatus
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.columns import LIST
from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.geojson import Outline
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.needs.coverage import CoverageLine
from wardkeeper.usecases.datasets import incident_list
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, Opened, consider, list_fields, open_door
from wardkeeper.usecases.find_homes import coverage_now
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Incident, load

ABILITIES: dict[str, Operation] = {
    "take": Operation.TAKE_CHECK,
    "record": Operation.RECORD_CHECK,
    "reveal": Operation.REVEAL,
    "export": Operation.EXPORT,
    "stand_down": Operation.STAND_DOWN,
    "confirm_closing": Operation.CLOSE,
}
"""What a screen may offer, and the operation it asks about."""


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What one viewer sees of an incident.

    `lines` has the LIST columns the viewer may see, then status, outcome, note, by_organisation and changed_at.
    `counts` are checks by status. `may` names what the viewer may do, from `ABILITIES`.
    """

    id: IncidentId
    name: str
    hazard: Hazard
    phase: Phase
    started_at: datetime
    declared_by: str
    necessity: str
    outline: Outline
    decision: Decision
    lines: pl.DataFrame
    coverage: list[CoverageLine]
    counts: dict[str, int]
    last_event: int
    may: frozenset[str]


def view(house: House, actor: Actor, incident_id: IncidentId, *, purpose: str = PURPOSE) -> IncidentView:
    """Show an incident to somebody. Raises Refused with the decision, NotFound."""
    opened = open_list(house, actor, incident_id, purpose=purpose)
    incident = load(house, incident_id, permit=opened.decision)
    lines = with_checks(opened, incident)
    card, state = incident.card, incident.state
    assert state.phase is not None
    assert state.started_at is not None
    return IncidentView(
        id=card.id,
        name=card.name,
        hazard=card.hazard,
        phase=state.phase,
        started_at=state.started_at,
        declared_by=state.declared_by,
        necessity=card.necessity,
        outline=card.outline,
        decision=opened.decision,
        lines=lines,
        coverage=coverage_now(house),
        counts=count_statuses(lines),
        last_event=state.last,
        may=abilities(house, actor, incident, purpose=purpose),
    )


def line(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId) -> IncidentView:
    """Show an incident with one line only. Raises NotFound when the list has no such line."""
    whole = view(house, actor, incident_id)
    one = whole.lines.filter(pl.col("check_id") == check_id)
    if one.is_empty():
        raise NotFound("There is no such home on this list.", "Go back to the list: it may have been made again.")
    return replace(whole, lines=one)


def open_list(house: House, actor: Actor, incident_id: IncidentId, *, purpose: str = PURPOSE) -> Opened:
    """Open the door to an incident's list, at the deepest tier the viewer's agreement or role allows."""
    incident = load(house, incident_id)
    return open_door(house, list_ask(house, actor, incident, Operation.OPEN_LIST, purpose=purpose))


def list_ask(house: House, actor: Actor, incident: Incident, operation: Operation, *, purpose: str = PURPOSE) -> Ask:
    """Ask for an incident's list: the authority's staff for all its fields, a partner for those it was promised."""
    ask = Ask(actor, purpose, operation, {}, Tier.NAMES, incident=incident, mandates=(incident.card.mandate,))
    fields = list_fields(house, ask)
    columns = [column.name for column in LIST if column.name in fields]
    tier = max((floor(name) for name in columns), key=lambda one: one.depth, default=Tier.COUNTS)
    return replace(ask, wanted={incident_list(incident.card.id): columns}, tier=tier)


def with_checks(opened: Opened, incident: Incident) -> pl.DataFrame:
    """Read the list and add what has happened at each door: status, outcome, note, by_organisation, changed_at.

    A note may name somebody, so it is shown only to those who see names.
    """
    lines = opened.read(incident_list(incident.card.id))
    checks = pl.DataFrame([_row(check) for check in incident.state.checks.values()], schema=CHECK_SCHEMA, orient="row")
    return (
        lines.join(checks, on="check_id", how="left")
        .with_columns(
            pl.col("status").fill_null(CheckStatus.TO_DO.value),
            pl.col("note") if opened.ask.tier is Tier.NAMES else pl.lit(None, pl.String).alias("note"),
        )
        .sort("rank")
    )


CHECK_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "check_id": pl.String,
    "status": pl.String,
    "outcome": pl.String,
    "note": pl.String,
    "by_organisation": pl.String,
    "changed_at": pl.Datetime("us", "UTC"),
}


def _row(check: Check) -> tuple[str, str, str | None, str, str, datetime]:
    outcome = WORDING[check.outcome] if check.outcome else None
    return check.id, check.status.value, outcome, check.note, check.organisation, check.changed_at


def count_statuses(lines: pl.DataFrame) -> dict[str, int]:
    """Count the lines by status, every status named."""
    found = dict(lines["status"].value_counts().iter_rows())
    shown = [status for status in CheckStatus if status is not CheckStatus.WITHHELD or found.get(status)]
    return {status.value: int(found.get(status.value, 0)) for status in shown}


def abilities(house: House, actor: Actor, incident: Incident, *, purpose: str = PURPOSE) -> frozenset[str]:
    """Tell what somebody may do in an incident now: the same function that the act itself asks."""
    return frozenset(
        name
        for name, operation in ABILITIES.items()
        if consider(house, ability_ask(house, actor, incident, operation, purpose=purpose)).allows
    )


def ability_ask(house: House, actor: Actor, incident: Incident, operation: Operation, *, purpose: str = PURPOSE) -> Ask:
    """Ask for one act on an incident: an export reads the list, the others read nothing."""
    if operation is Operation.EXPORT:
        return list_ask(house, actor, incident, operation, purpose=purpose)
    stated = "to be stated with the act"
    return Ask(actor, purpose, operation, {}, incident=incident, mandates=(incident.card.mandate,), necessity=stated)
