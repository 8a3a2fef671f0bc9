"""List mandates: under what data is held, until when, and what happens then."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.view_activity import PURPOSE


@dataclass(frozen=True, slots=True)
class MandateLine:
    """One mandate. `state` is in force, ended or destroyed; `files` counts those sealed under it."""

    id: MandateId
    title: str
    purposes: tuple[str, ...]
    ends: date | None
    review_by: date | None
    at_end: str
    files: int
    state: str

    def to_dict(self) -> dict[str, object]:
        """Give the line for JSON."""
        return asdict(self)


def list_mandates(house: House, actor: Actor) -> list[MandateLine]:
    """Give the mandates, the soonest to end or to be reviewed first. Raises Refused."""
    open_door(house, Ask(actor, PURPOSE, Operation.VIEW_ACTIVITY, {}))
    now = house.clock.now()
    lines = [_line(house, mandate, now) for mandate in house.store.mandates()]
    return sorted(lines, key=lambda line: (line.ends or line.review_by or date.max, line.id))


def _line(house: House, mandate: Mandate, now: datetime) -> MandateLine:
    state = "destroyed" if mandate.destroyed_at else "in force" if mandate.in_force(now) else "ended"
    return MandateLine(
        id=mandate.id,
        title=mandate.title,
        purposes=tuple(sorted(mandate.purposes)),
        ends=mandate.ends,
        review_by=mandate.review_by,
        at_end=mandate.at_end.value,
        files=len(house.store.files_under(mandate.id)),
        state=state,
    )
