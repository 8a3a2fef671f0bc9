"""Purposes: what data is used for, from the authority's published list, and the firewall between them (rule G9).

Two purposes are incompatible unless one is declared compatible with the other. No declaration can open emergency
or health data to debt recovery, fraud work, enforcement or immigration control.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.kernel.toml_tables import Table, read


class Group(StrEnum):
    """Families of purpose. The firewall and the legal powers speak of families, so a new name opens nothing."""

    EMERGENCY = "emergency"
    HEALTH = "health"
    ADMINISTRATION = "administration"
    SERVICES = "services"
    STATISTICS = "statistics"
    DEBT = "debt"
    FRAUD = "fraud"
    ENFORCEMENT = "enforcement"
    IMMIGRATION = "immigration"


WALLED_OFF = frozenset({Group.DEBT, Group.FRAUD, Group.ENFORCEMENT, Group.IMMIGRATION})
"""Purposes that may never reach what lies behind the wall."""

BEHIND_THE_WALL = frozenset({Group.EMERGENCY, Group.HEALTH})

FIXED_GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "debt-recovery": Group.DEBT,
        "fraud": Group.FRAUD,
        "enforcement": Group.ENFORCEMENT,
        "immigration": Group.IMMIGRATION,
    }
)
"""Names whose group an authority's file cannot change."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One published purpose.

    `compatible` names the other purposes that data collected for this one may also be used for.
    `forbidden` are the groups of data it may never reach; the firewall's are always among them.
    A `standing` purpose holds without an incident.
    """

    slug: str
    title: str
    group: Group
    compatible: frozenset[str] = frozenset()
    forbidden: frozenset[Group] = frozenset()
    standing: bool = True

    def __post_init__(self) -> None:
        walls = BEHIND_THE_WALL if FIXED_GROUPS.get(self.slug, self.group) in WALLED_OFF else frozenset()
        object.__setattr__(self, "forbidden", self.forbidden | walls)


Purposes = Mapping[str, Purpose]


def can_use(purposes: Purposes, wanted: str, collected_for: frozenset[str]) -> bool:
    """Tell whether data collected for some purposes may be used for the wanted one. A name not listed means no."""
    if wanted not in purposes or not collected_for or not collected_for <= purposes.keys():
        return False
    collected = [purposes[slug] for slug in collected_for]
    if any(purpose.group in purposes[wanted].forbidden for purpose in collected):
        return False
    return any(purpose.slug == wanted or wanted in purpose.compatible for purpose in collected)


def parse(text: str, file: str) -> dict[str, Purpose]:
    """Read `purposes.toml`: a `[[purposes]]` table for each. Raises BadInput naming file and key."""
    document = read(text, file)
    found = document.by_slug("purposes", _read_purpose)
    document.finish()
    for number, purpose in enumerate(found.values(), 1):
        _check_compatible(document, f"purposes.{number}.compatible", purpose, found)
    return found


def _read_purpose(table: Table) -> Purpose:
    purpose = Purpose(
        slug=table.slug("slug"),
        title=table.text("title"),
        group=table.choice("group", Group),
        compatible=frozenset(table.texts("compatible")),
        forbidden=table.choices("forbidden", Group),
        standing=table.flag("standing"),
    )
    fixed = FIXED_GROUPS.get(purpose.slug, purpose.group)
    if purpose.group is not fixed:
        raise table.bad("group", f"must be '{fixed}' for '{purpose.slug}'", "Correct it: this name is fixed.")
    return purpose


def _check_compatible(document: Table, key: str, purpose: Purpose, known: Purposes) -> None:
    for slug in sorted(purpose.compatible):
        if slug not in known:
            raise document.bad(key, f"names '{slug}', which is not on the list", "Add it, or take it out.")
        if purpose.group in known[slug].forbidden:
            raise document.bad(
                key,
                f"opens {purpose.group} data to '{slug}', which rule G9 never allows",
                "Take it out. A safeguarding referral or a court order has its own recorded route.",
                rule="G9",
            )
