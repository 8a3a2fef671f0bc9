"""Close an incident: two people answer, the visit record is kept, the rest is destroyed with a receipt (G15, G18)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.incidents.closing import QUESTIONS, ClosingAnswers, held_by, still_needed
from wardkeeper.incidents.events import Event, EventType
from wardkeeper.incidents.state import Confirmation, Phase
from wardkeeper.kernel.columns import VISIT
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.ids import IncidentId, MandateId
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.kernel.spans import london_day, to_text
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.usecases.datasets import incident_list, visits
from wardkeeper.usecases.declare_incident import GATEWAYS, PURPOSE
from wardkeeper.usecases.destruction import ADMINISTRATION, finish_destruction, receipt_of
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, Incident, add, events, load
from wardkeeper.usecases.ports import Receipt, VaultFile, Writer

KEEP_VISITS = timedelta(days=6 * 365 + 2)
"""Six years, the limit for most civil claims (Limitation Act 1980, section 5)."""

LIST_WANTED = ["check_id", "reference", "needs"]
VISIT_SCHEMA = {column.name: pl.List(pl.String) if column.kind == "texts" else pl.String for column in VISIT}


@dataclass(frozen=True, slots=True)
class Closing:
    """How far an incident's closing has come. `held` are the questions answered with yes; `receipt` comes at the end."""

    name: str
    phase: Phase
    confirmed_by: list[str]
    needed: str
    held: list[str]
    receipt: Receipt | None


def confirm(house: House, actor: Actor, incident_id: IncidentId, answers: ClosingAnswers) -> Closing:
    """Add one person's answers; when two have answered no to everything, keep the visits and destroy the rest.

    Raises Refused, NotFound, and Conflict when the person has answered already.
    """
    opened = _open(house, actor, load(house, incident_id))
    incident = load(house, incident_id, permit=opened.decision)
    if any(one.login == actor.login for one in incident.state.confirmations):
        raise Conflict("You have answered already.", "A second person must answer: ask them to sign in.")
    happening = Happening(EventType.CLOSING_CONFIRMED, actor, data={"answers": answers.to_dict()})
    confirmations = (*incident.state.confirmations, Confirmation(actor.login, house.clock.now(), answers.to_dict()))
    closes = not _still_needed(house, confirmations) and not held_by(confirmations)
    kept = _keep_visits(opened, incident) if closes else None
    with house.store.write(opened.leaf(Act.CLOSING_CONFIRMED)) as writer:
        incident = add(house, writer, incident, happening)
        if kept:
            # With the last answer, in one commit: a crash leaves neither, and that person answers again.
            _close(opened, writer, incident, kept)
    if kept:
        finish_destruction(house)
    return _closing(house, incident_id, incident)


def closing(house: House, actor: Actor, incident_id: IncidentId) -> Closing:
    """Tell how far the closing has come. Raises Refused, NotFound."""
    incident = load(house, incident_id)
    if incident.state.phase is Phase.CLOSED:
        open_door(house, Ask(actor, ADMINISTRATION, Operation.VIEW_ACTIVITY, {}))
        return _closing(house, incident_id, incident)
    opened = _open(house, actor, incident)
    return _closing(house, incident_id, load(house, incident_id, permit=opened.decision))


def _open(house: House, actor: Actor, incident: Incident) -> Opened:
    incident_id = incident.card.id
    wanted = {incident_list(incident_id): LIST_WANTED, visits(incident_id): list(VISIT_SCHEMA)}
    mandates = (incident.card.mandate,)
    ask = Ask(actor, PURPOSE, Operation.CLOSE, wanted, Tier.FLAGS, incident=incident, mandates=mandates)
    return open_door(house, ask)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The visit record, sealed under a mandate of its own but not yet in force."""

    retention: Mandate
    commitment: str
    file: VaultFile


def _keep_visits(opened: Opened, incident: Incident) -> _Kept:
    house = opened.house
    retention = _retention(house, incident)
    commitment = house.vault.open_mandate(retention.id)
    file = house.vault.write(
        _visit_record(opened, incident),
        dataset=visits(incident.card.id),
        mandates=[retention.id],
        parents=[],
        permit=opened.decision,
    )
    return _Kept(retention, commitment, file)


def _close(opened: Opened, writer: Writer, incident: Incident, kept: _Kept) -> None:
    """Put the visit record in force and end the incident's mandate: access stops with this commit."""
    house = opened.house
    ended = house.store.mandate(incident.card.mandate)
    assert ended is not None
    detail: dict[str, Detail] = {
        "mandate": ended.id,
        "kept": kept.file.rows,
        "retention": kept.retention.id,
        "key_commitment": kept.commitment,
    }
    writer.add_leaf(opened.leaf(Act.MANDATE_ENDED, detail))
    writer.add_mandate(kept.retention)
    writer.set_current(kept.file)
    writer.add_mandate(replace(ended, ended_at=house.clock.now()))
    add(house, writer, incident, Happening(EventType.CLOSED, opened.ask.actor))


def _retention(house: House, incident: Incident) -> Mandate:
    today = london_day(house.clock.now())
    return Mandate(
        id=MandateId(f"visits-{incident.card.id}"),
        kind=MandateKind.RETENTION,
        title=f"Visit record: {incident.card.name}",
        purposes=frozenset({ADMINISTRATION}),
        gateways=GATEWAYS,
        starts=today,
        ends=today + KEEP_VISITS,
        review_by=None,
        at_end=AtEnd.DELETE,
        incident=incident.card.id,
    )


def _visit_record(opened: Opened, incident: Incident) -> pl.DataFrame:
    """Give every recorded outcome, with its line's reference and needs: no name, no address."""
    lines = opened.read(incident_list(incident.card.id))
    happened = events(opened.house, incident.card.id, permit=opened.decision)
    rows = [_visit(event) for event in happened if event.type is EventType.CHECK_DONE]
    found = pl.DataFrame(
        rows, schema=["check_id", "outcome", "at", "by", "organisation", "decision"], orient="row"
    ).cast(pl.String)
    return found.join(lines, on="check_id").select(pl.col(name).cast(kind) for name, kind in VISIT_SCHEMA.items())


def _visit(event: Event) -> tuple[str, ...]:
    outcome = str(event.data.get("outcome", ""))
    decision = str(event.data.get("decision", ""))
    return str(event.check), outcome, to_text(event.at), event.login, event.organisation, decision


def _still_needed(house: House, confirmations: Sequence[Confirmation]) -> str:
    dpos = frozenset(one.actor.login for one in house.store.accounts() if one.actor.has(Role.DPO))
    return still_needed(confirmations, dpos)


def _closing(house: House, incident_id: IncidentId, incident: Incident) -> Closing:
    latest = load(house, incident_id)
    closed = latest.state.phase is Phase.CLOSED
    assert latest.state.phase is not None
    return Closing(
        name=latest.card.name,
        phase=latest.state.phase,
        confirmed_by=[one.login for one in latest.state.confirmations],
        needed="" if closed else _still_needed(house, incident.state.confirmations),
        held=[] if closed else [QUESTIONS[name] for name in held_by(incident.state.confirmations)],
        receipt=receipt_of(house, incident.card.mandate),
    )
