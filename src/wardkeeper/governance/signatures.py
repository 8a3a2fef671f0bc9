"""Who must agree before a document counts: one person for how files are read, two from different roles for what the law allows.

Rules G8 and G15. A role that is not in a table may not; nobody ever signs for a second person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.kernel.people import Actor, Role


class Matter(StrEnum):
    """What a change to a document is about."""

    READING = "reading"
    """How a source's file is read, and what its values assert."""
    NEEDS = "needs"
    """Who needs help in a hazard, and in which order."""
    PERMISSION = "permission"
    """Under which permission a source is held, until when, for which purposes, and whom it protects; a new source too."""
    LAW = "law"
    """The authority itself, its purposes, legal powers and agreements."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Roles one of which the person who applies must hold, and roles for the second person; none where one is enough."""

    first: frozenset[Role]
    second: frozenset[Role] = frozenset()


_OFFICERS = frozenset({Role.DPO, Role.DIRECTOR})

SIGNING: Mapping[Matter, Signing] = MappingProxyType(
    {
        Matter.READING: Signing(frozenset({Role.ANALYST, Role.DPO})),
        Matter.NEEDS: Signing(frozenset({Role.ANALYST, Role.DIRECTOR})),
        # The director may stand in for the data protection officer: a source is needed at night as well.
        Matter.PERMISSION: Signing(frozenset({Role.ANALYST, Role.DPO}), _OFFICERS),
        Matter.LAW: Signing(_OFFICERS, _OFFICERS),
    }
)


def can_apply(matter: Matter, actor: Actor) -> bool:
    """Tell whether the person may put forward a change of this matter."""
    return actor.has(*SIGNING[matter].first)


def needs_second(matter: Matter) -> bool:
    """Tell whether a second person must confirm."""
    return bool(SIGNING[matter].second)


def can_confirm(matter: Matter, first: Actor, second: Actor) -> bool:
    """Tell whether the second person's word, with the first's, is enough: two people, by two different roles."""
    if first.login == second.login:
        return False
    signing = SIGNING[matter]
    ours, theirs = first.roles & signing.first, second.roles & signing.second
    return any(mine is not yours for mine in ours for yours in theirs)
