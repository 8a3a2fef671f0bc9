"""What a decision is made from: the request, and the facts recorded when it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wardkeeper.governance.agreements import Agreement
from wardkeeper.governance.gateways import Gateway, Gateways
from wardkeeper.governance.operations import EMERGENCY_PHASES, OPERATIONS, Operation, Phase, Row
from wardkeeper.governance.organisations import Category
from wardkeeper.governance.purposes import Group, Purposes
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.kernel.spans import london_day


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What governance needs to know of an incident.

    `area_codes` are the codes of the districts its outline touches, such as E08000009.
    """

    id: IncidentId
    phase: Phase
    hazard: str
    area_codes: frozenset[str]
    mandate_in_force: bool
    declared_by_role: Role
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One thing somebody asks to do.

    `datasets` and `fields` are what it would read or write; empty when only the act itself is asked about.
    `areas` are district codes asked about without an incident. `necessity` is why, in a person's words.
    """

    actor: Actor
    purpose: str
    operation: Operation
    datasets: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    tier: Tier = Tier.COUNTS
    incident: IncidentFacts | None = None
    hazard: str = ""
    necessity: str = ""
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything recorded that a decision may rest on.

    `mandates` gives, for each dataset touched, every mandate it is sealed under. `organisations` maps an
    organisation's slug to its category; `jurisdiction` holds the authority's own district codes.
    """

    purposes: Purposes
    gateways: Gateways
    mandates: Mapping[str, tuple[Mandate, ...]]
    agreements: tuple[Agreement, ...]
    organisations: Mapping[str, Category]
    jurisdiction: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A request beside the facts, under one agreement (or none): what each check reads."""

    request: Request
    facts: Facts
    now: datetime
    agreement: Agreement | None = None

    @property
    def row(self) -> Row:
        """Who may do the operation."""
        return OPERATIONS[self.request.operation]

    @property
    def organisation(self) -> str:
        """The slug of the requester's organisation."""
        return self.request.actor.organisation

    @property
    def category(self) -> Category | None:
        """What the requester's organisation is; `None` when nobody listed it."""
        return self.facts.organisations.get(self.organisation)

    @property
    def own(self) -> bool:
        """Whether the authority's own staff ask."""
        return self.category is Category.AUTHORITY

    @property
    def phase(self) -> Phase:
        """Where the incident stands."""
        return self.request.incident.phase if self.request.incident else Phase.NONE

    @property
    def emergency(self) -> bool:
        """Whether there is an actual or threatened emergency."""
        return self.phase in EMERGENCY_PHASES

    @property
    def hazard(self) -> str:
        """The hazard asked about, else the incident's; empty when there is none."""
        if self.request.hazard or self.request.incident is None:
            return self.request.hazard
        return self.request.incident.hazard

    @property
    def group(self) -> Group | None:
        """The family of the purpose; `None` for a purpose not on the list."""
        purpose = self.facts.purposes.get(self.request.purpose)
        return purpose.group if purpose else None

    @property
    def day(self) -> date:
        """The London day."""
        return london_day(self.now)

    @property
    def mandates(self) -> tuple[Mandate, ...]:
        """Every mandate behind the datasets, each once, in a fixed order."""
        found = {
            mandate.id: mandate
            for name in sorted(self.request.datasets)
            for mandate in self.facts.mandates.get(name, ())
        }
        return tuple(found.values())

    def powers(self, mandate: Mandate) -> list[Gateway]:
        """Give the legal powers of a mandate that the authority may rely on for this purpose, whatever the day."""
        named = (self.facts.gateways.get(slug) for slug in mandate.gateways)
        return [power for power in named if power and self.group and power.serves(Category.AUTHORITY, self.group)]

    def purpose_title(self) -> str:
        """Give the purpose's published title; its own name when it is not on the list."""
        purpose = self.facts.purposes.get(self.request.purpose)
        return purpose.title if purpose else self.request.purpose
