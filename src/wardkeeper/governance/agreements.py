"""Agreements: who may use which fields of which sources, for which purpose and hazards, where, until when.

An agreement is a TOML file under version control. A changed one is a new version, never an edit.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wardkeeper.governance.gateways import Basis, read_basis
from wardkeeper.governance.organisations import Category
from wardkeeper.governance.tiers import Tier, fields_above, is_known, is_special_category
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.mandates import AtEnd
from wardkeeper.kernel.people import Role
from wardkeeper.kernel.spans import Days
from wardkeeper.kernel.toml_tables import Table, read

APPROVALS_NEEDED = 2


class Part(StrEnum):
    """What a party is under UK GDPR (Articles 4, 26 and 28)."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint-controller"
    PROCESSOR = "processor"


class OnwardSharing(StrEnum):
    """Whether a recipient may pass on what it is told."""

    NO = "no"
    WITH_CONSENT_OF_OWNER = "with-consent-of-owner"


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation's part, and what it rests its own use on."""

    organisation: str
    part: Part
    category: Category
    basis: Basis
    gateway: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A hazard the agreement is for, who may activate it, and the fields this hazard does not need."""

    hazard: Hazard
    activated_by: frozenset[Role]
    withheld: frozenset[str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Roles of one party that may be told, and how much at most."""

    organisation: str
    roles: frozenset[Role]
    tier: Tier


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature. Two are needed, from different organisations, neither the author's."""

    name: str
    position: str
    organisation: str
    on: date


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an agreement. `sources` maps each source to what happens to its data at the end."""

    slug: str
    version: int
    title: str
    sha256: str
    author: str
    purpose: str
    parties: tuple[Party, ...]
    triggers: Mapping[str, Trigger]
    areas: frozenset[str]
    sources: Mapping[str, AtEnd]
    fields: Mapping[Tier, frozenset[str]]
    recipients: tuple[Recipient, ...]
    onward_sharing: OnwardSharing
    span: Days
    review_by: date
    impact_assessment: str
    approvals: tuple[Approval, ...]

    @property
    def ends(self) -> date:
        """The last day; every agreement has one."""
        assert self.span.end is not None
        return self.span.end

    def party(self, organisation: str) -> Party | None:
        """Find an organisation's part."""
        return next((party for party in self.parties if party.organisation == organisation), None)

    def is_party(self, organisation: str) -> bool:
        """Tell whether the organisation has signed."""
        return self.party(organisation) is not None

    def covers(self, purpose: str, hazard: str) -> bool:
        """Tell whether it is for this purpose and, where one is named, this hazard."""
        return purpose == self.purpose and (not hazard or hazard in self.triggers)

    def tier_for(self, organisation: str, roles: Iterable[Role]) -> Tier | None:
        """Give the deepest tier any of the roles is promised; `None` when none is a recipient."""
        asked = frozenset(roles)
        promised = [
            recipient.tier
            for recipient in self.recipients
            if recipient.organisation == organisation and recipient.roles & asked
        ]
        return max(promised, key=lambda tier: tier.depth, default=None)

    def fields_for(self, organisation: str, role: Role, tier: Tier) -> frozenset[str]:
        """Give the fields promised to a role of a party up to a tier, never more than that role's own tier."""
        promised = self.tier_for(organisation, (role,))
        if promised is None:
            return frozenset()
        allowed = (fields for level, fields in self.fields.items() if promised.covers(level) and tier.covers(level))
        return frozenset().union(*allowed)

    def withheld_in(self, hazard: str) -> frozenset[str]:
        """Give the fields that such a hazard does not need (rule G10)."""
        return self.triggers[hazard].withheld if hazard in self.triggers else frozenset()


def parse(text: str, file: str) -> Agreement:
    """Read one agreement. Raises BadInput naming file and key when something is missing, unknown or impossible."""
    table = read(text, file)
    agreement = Agreement(
        slug=table.slug("slug"),
        version=table.number("version"),
        title=table.text("title"),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        author=table.text("author"),
        purpose=table.text("purpose"),
        parties=tuple(_read_party(part) for part in table.tables("parties")),
        triggers={trigger.hazard: trigger for trigger in map(_read_trigger, table.tables("triggers"))},
        areas=frozenset(table.some_texts("areas")),
        sources=dict(_read_source(part) for part in table.tables("sources")),
        fields=_read_fields(table.table("fields")),
        recipients=tuple(_read_recipient(part) for part in table.tables("recipients")),
        onward_sharing=table.choice("onward_sharing", OnwardSharing),
        span=table.days("starts", "ends"),
        review_by=table.day("review_by"),
        impact_assessment=table.text("impact_assessment"),
        approvals=tuple(_read_approval(part) for part in table.tables("approvals")),
    )
    table.finish()
    _check_parties(table, agreement)
    _check_review(table, agreement)
    _check_approvals(table, agreement)
    _check_special_category(table, agreement)
    return agreement


def _read_party(table: Table) -> Party:
    party = Party(
        organisation=table.text("organisation"),
        part=table.choice("part", Part),
        category=table.choice("category", Category),
        basis=read_basis(table),
        gateway=table.text("gateway"),
    )
    if not party.basis.fits(party.category):
        raise table.bad(
            "article_6",
            f"rests the task of a public authority ('{party.organisation}') on {party.basis.article_6}",
            "A public authority's task rests on public-task; utilities and charities may use legitimate interests.",
        )
    return party


def _read_trigger(table: Table) -> Trigger:
    return Trigger(
        hazard=table.choice("hazard", Hazard),
        activated_by=table.choices("activated_by", Role),
        withheld=_known_fields(table, "withheld"),
    )


def _read_source(table: Table) -> tuple[str, AtEnd]:
    return table.text("name"), table.choice("at_end", AtEnd)


def _read_recipient(table: Table) -> Recipient:
    return Recipient(table.text("organisation"), table.choices("roles", Role), table.choice("tier", Tier))


def _read_approval(table: Table) -> Approval:
    return Approval(table.text("name"), table.text("position"), table.text("organisation"), table.day("on"))


def _read_fields(table: Table) -> dict[Tier, frozenset[str]]:
    fields = {tier: _known_fields(table, tier.value) for tier in Tier}
    for tier, names in fields.items():
        above = fields_above(tier, names)
        if above:
            raise table.bad(tier, f"lists '{above[0]}', which tells more than {tier}", "Move it to a later list.")
    return fields


def _known_fields(table: Table, key: str) -> frozenset[str]:
    names = table.texts(key)
    for name in names:
        if not is_known(name):
            raise table.bad(key, f"lists '{name}', which is not a field", "Use a field named in the reference.")
    return frozenset(names)


def _check_parties(table: Table, agreement: Agreement) -> None:
    names = [party.organisation for party in agreement.parties]
    if len(set(names)) < len(names) or len(names) < APPROVALS_NEEDED:
        raise table.bad("parties", "does not name two or more different organisations", "Name each party once.")
    for recipient in agreement.recipients:
        if not agreement.is_party(recipient.organisation):
            raise table.bad(
                "recipients",
                f"names '{recipient.organisation}', which is not a party",
                "Add it to the parties, or take it out.",
            )


def _check_review(table: Table, agreement: Agreement) -> None:
    if not agreement.span.start <= agreement.review_by <= agreement.ends:
        raise table.bad("review_by", "is outside the agreement's own dates", "Set it between the start and the end.")


def _check_approvals(table: Table, agreement: Agreement) -> None:
    for approval in agreement.approvals:
        if approval.name.casefold() == agreement.author.casefold():
            raise table.bad("approvals", "includes the author", "Somebody else must approve (rule G15).")
        if not agreement.is_party(approval.organisation):
            raise table.bad(
                "approvals", f"names '{approval.organisation}', which is not a party", "A party must approve."
            )
    if len({approval.organisation for approval in agreement.approvals}) < APPROVALS_NEEDED:
        raise table.bad(
            "approvals",
            "does not come from two different organisations",
            "Ask the other party to approve (rule G15).",
        )


def _check_special_category(table: Table, agreement: Agreement) -> None:
    told = {recipient.organisation for recipient in agreement.recipients if recipient.tier is not Tier.COUNTS}
    special = sorted(name for names in agreement.fields.values() for name in names if is_special_category(name))
    for party in agreement.parties:
        if special and party.organisation in told and not party.basis.opens_special_category:
            raise table.bad(
                "parties",
                f"gives '{party.organisation}' no Article 9 condition, but '{special[0]}' is special-category data",
                "Add article_9, and schedule_1 where it needs one.",
            )
