"""Who acts: a signed-in person, their organisation and their roles."""

from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.kernel.ids import Login


class Role(StrEnum):
    """What a person is trusted to do. A person may hold several."""

    PLANNER = "planner"
    ANALYST = "analyst"
    DPO = "dpo"
    DIRECTOR = "director"
    RESPONDER = "responder"
    CONTROL = "control"
    PUBLIC_HEALTH = "public-health"
    COMMUNICATIONS = "communications"
    VOLUNTEER = "volunteer"


ROLE_WORDS: dict[Role, str] = {
    Role.PLANNER: "emergency planner",
    Role.ANALYST: "data analyst",
    Role.DPO: "data protection officer",
    Role.DIRECTOR: "director",
    Role.RESPONDER: "responder",
    Role.CONTROL: "control room",
    Role.PUBLIC_HEALTH: "public health",
    Role.COMMUNICATIONS: "communications",
    Role.VOLUNTEER: "volunteer",
}
"""What a role is called to a person."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request. `organisation` is the slug used in agreements."""

    login: Login
    name: str
    organisation: str
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Tell whether the person holds any of the roles."""
        return not self.roles.isdisjoint(roles)
