"""Declare an incident, or expect one: open its mandate and key, then make its list."""

from dataclasses import dataclass
from datetime import timedelta

from wardkeeper.governance.operations import ENTITLED_TO_DECLARE, Operation
from wardkeeper.incidents.events import Event, EventType
from wardkeeper.incidents.state import State, fold
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.hazards import HAZARD_TITLES, Hazard
from wardkeeper.kernel.ids import IncidentId, MandateId, mint
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act
from wardkeeper.places.outlines import parse
from wardkeeper.usecases.datasets import FACTS, HOMES, RESIDENTS
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, consider, current, open_door, refusal
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_card import IncidentCard
from wardkeeper.usecases.incident_log import Happening, Incident, add
from wardkeeper.usecases.make_list import make_list
from wardkeeper.usecases.rulebook import Kind, rulebook

PURPOSE = "emergency-response"

LONGEST = timedelta(days=28)
"""An incident's mandate ends after four weeks unless the incident ends sooner; a longer one is declared anew."""

GATEWAYS = ("cca-2004", "cp-regs-2005")
"""Civil Contingencies Act 2004, section 2, and its 2005 Regulations on sharing between responders."""

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declares. `outline_text` is GeoJSON as drawn, uploaded or pasted."""

    name: str
    hazard: Hazard
    outline_text: str
    necessity: str
    expected: bool = False


def declare(house: House, actor: Actor, declaration: Declaration, *, purpose: str = PURPOSE) -> IncidentId:
    """Declare an incident and make its list; give its id. Raises BadInput, Refused, NotFound before anything is kept."""
    opened = open_door(house, _ask(actor, purpose, declaration.hazard, declaration.necessity.strip()))
    rulebook(house.store).hazard(declaration.hazard)
    for dataset in (RESIDENTS, HOMES, FACTS):
        current(house, dataset)
    card = _card(house, actor, declaration)
    mandate = _mandate(house, card)
    commitment = house.vault.open_mandate(mandate.id)
    event = Happening(EventType.EXPECTED if declaration.expected else EventType.DECLARED, actor)
    sealed = make_list(house, actor, _as_declared(house, card, event), mandate, purpose=purpose)
    detail = {"incident": card.id, "hazard": card.hazard.value, "mandate": mandate.id, "key_commitment": commitment}
    with house.store.write(opened.leaf(Act.INCIDENT_DECLARED, detail)) as writer:
        writer.add_mandate(mandate)
        writer.apply_document(document_of(house, Kind.INCIDENT, card.id, card.to_bytes()))
        sealed.keep(writer, add(house, writer, Incident(card, State(card.id)), event))
    return card.id


def _as_declared(house: House, card: IncidentCard, happening: Happening) -> Incident:
    """Give the incident as it will be: its list is made before it is on record, so that no incident is without one."""
    actor = happening.actor
    event = Event(card.id, 1, happening.type, house.clock.now(), actor.login, actor.organisation)
    return Incident(card, fold(card.id, [event]))


def check_may_declare(house: House, actor: Actor, *, purpose: str = PURPOSE) -> None:
    """Raise Refused, with the reasons, for somebody who may not declare an incident: asked before the form is shown."""
    hazard = next(iter(rulebook(house.store).hazards), Hazard.FLOOD)
    decision = consider(house, _ask(actor, purpose, hazard, "to be stated with the declaration"))
    if not decision.allows:
        raise refusal(decision)


def _ask(actor: Actor, purpose: str, hazard: Hazard, necessity: str) -> Ask:
    return Ask(actor, purpose, Operation.DECLARE, {}, hazard=hazard, necessity=necessity)


def _card(house: House, actor: Actor, declaration: Declaration) -> IncidentCard:
    name = declaration.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(
            "The incident needs a name.", f"Give it a short one, at most {LONGEST_NAME} letters.", Where(column="name")
        )
    book = rulebook(house.store)
    book.hazard(declaration.hazard)
    entitled = sorted(actor.roles & ENTITLED_TO_DECLARE)
    incident = IncidentId(mint("inc", house.clock.entropy(8)))
    return IncidentCard(
        id=incident,
        name=name,
        hazard=declaration.hazard,
        outline=parse(declaration.outline_text, authority=house.places().areas.boundary()),
        necessity=declaration.necessity.strip(),
        mandate=MandateId(f"mandate-{incident}"),
        declared_by_role=entitled[0] if entitled else "",
        areas=tuple(sorted(book.authority.area_codes)),
    )


def _mandate(house: House, card: IncidentCard) -> Mandate:
    now = house.clock.now()
    return Mandate(
        id=card.mandate,
        kind=MandateKind.INCIDENT,
        title=f"{HAZARD_TITLES[card.hazard]}: {card.name}",
        purposes=frozenset({PURPOSE}),
        gateways=GATEWAYS,
        starts=london_day(now),
        ends=london_day(now + LONGEST),
        review_by=None,
        at_end=AtEnd.DELETE,
        incident=card.id,
    )
