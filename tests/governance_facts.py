"""The demonstration's own documents as facts, a flood, and people who ask: what the governance tests start from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from wardkeeper.governance import agreements, authority, gateways, purposes
from wardkeeper.governance.decide import Facts, IncidentFacts, Operation, Phase, Request, Tier, decide, open_fields
from wardkeeper.kernel.decisions import Decision, Finding, Reason
from wardkeeper.kernel.ids import DecisionId, IncidentId, Login, MandateId
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor, Role

TRAFFORD = Path(__file__).parents[1] / "examples" / "trafford"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""Three in the morning, Sunday 22 November 2026."""

WHY = "The Mersey will be over the wall by five and people must be fetched."


def text_of(name: str) -> str:
    return (TRAFFORD / name).read_text()


def law() -> dict[str, gateways.Gateway]:
    return {**gateways.packaged_gateways(), **gateways.parse(text_of("gateways.toml"), "gateways.toml")}


def person(organisation: str, *roles: Role) -> Actor:
    return Actor(Login(f"{organisation}-person"), "A Person", organisation, frozenset(roles))


PLANNER = person("trafford-council", Role.PLANNER)
ANALYST = person("trafford-council", Role.ANALYST)
DPO = person("trafford-council", Role.DPO)
DIRECTOR = person("trafford-council", Role.DIRECTOR)
COMMUNICATIONS = person("trafford-council", Role.COMMUNICATIONS)
PUBLIC_HEALTH = person("trafford-council", Role.PUBLIC_HEALTH)
CREW = person("gm-fire", Role.RESPONDER)
CONTROL = person("gm-fire", Role.CONTROL)
VOLUNTEER = person("red-cross", Role.VOLUNTEER)
STRANGER = person("mountain-rescue", Role.RESPONDER)

FLOOD = IncidentFacts(
    id=IncidentId("inc-mersey"),
    phase=Phase.ACTIVE,
    hazard="flood",
    area_codes=frozenset({"E08000009"}),
    mandate_in_force=True,
    declared_by_role=Role.PLANNER,
    started_at=NOW - timedelta(hours=1),
)

STANDING = Mandate(
    id=MandateId("man-care"),
    kind=MandateKind.STANDING,
    title="adult social care, for planning",
    purposes=frozenset({"emergency-planning"}),
    gateways=("care-act-2014", "cca-2004"),
    starts=date(2026, 1, 1),
    ends=None,
    review_by=date(2027, 1, 31),
    at_end=AtEnd.DELETE,
    source="adult-social-care",
)
FOR_FLOOD = Mandate(
    id=MandateId("man-mersey"),
    kind=MandateKind.INCIDENT,
    title="the Mersey flood",
    purposes=frozenset({"emergency-response"}),
    gateways=("cca-2004",),
    starts=date(2026, 11, 22),
    ends=date(2026, 12, 20),
    review_by=None,
    at_end=AtEnd.DELETE,
    incident=FLOOD.id,
)
LIST = "list/inc-mersey"
RESIDENTS = "residents"

AUTHORITY = authority.parse(text_of("authority.toml"), "authority.toml")
FACTS = Facts(
    purposes=purposes.parse(text_of("purposes.toml"), "purposes.toml"),
    gateways=law(),
    mandates={LIST: (FOR_FLOOD, STANDING), RESIDENTS: (STANDING,)},
    agreements=tuple(
        agreements.parse(path.read_text(), path.name) for path in sorted((TRAFFORD / "agreements").glob("*.toml"))
    ),
    organisations=AUTHORITY.categories,
    jurisdiction=AUTHORITY.area_codes,
)
FIRE = next(agreement for agreement in FACTS.agreements if agreement.slug == "fire-flood")


def opening(actor: Actor, *, tier: Tier = Tier.NAMES, **changes) -> Request:
    """A request to open the flood's list with every field open to the actor."""
    request = Request(
        actor=actor,
        purpose="emergency-response",
        operation=Operation.OPEN_LIST,
        datasets=frozenset({LIST}),
        tier=tier,
        incident=FLOOD,
        hazard="flood",
        necessity=WHY,
    )
    return replace(replace(request, fields=open_fields(request, FACTS, NOW)), **changes)


def standing(actor: Actor, operation: Operation, **changes) -> Request:
    """A request in quiet times, for planning, that touches the residents."""
    request = Request(
        actor=actor, purpose="emergency-planning", operation=operation, datasets=frozenset({RESIDENTS}), hazard="flood"
    )
    return replace(request, **changes)


def answer(request: Request, now: datetime = NOW, **changes) -> Decision:
    """The decision on a request, with some facts changed."""
    return decide(request, replace(FACTS, **changes), now, DecisionId("dec-1"))


def reason(decision: Decision, check: int) -> Reason:
    """What one check said."""
    return next(reason for reason in decision.reasons if reason.check == check)


def failed_checks(decision: Decision) -> set[int]:
    return {reason.check for reason in decision.reasons if reason.finding is Finding.FAILED}


def flood(**changes) -> IncidentFacts:
    """The flood, changed."""
    return replace(FLOOD, **changes)


def with_mandates(*mandates: Mandate) -> dict[str, tuple[Mandate, ...]]:
    """Facts in which these alone hold the list and the residents."""
    return {LIST: mandates, RESIDENTS: mandates}


def with_agreement(**changes) -> tuple[agreements.Agreement, ...]:
    """The fire service's agreement alone, changed."""
    return (replace(FIRE, **changes),)
