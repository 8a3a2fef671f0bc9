"""List the alerts that are kept: the open ones, or all."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.alert_book import KeptAlert, kept_alerts
from wardkeeper.usecases.case_notes import drawn_from_counts
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE


def list_alerts(house: House, actor: Actor, *, ended: bool = False, purpose: str = PURPOSE) -> list[KeptAlert]:
    """Give the open alerts (with `ended`, the declined and ended ones too), the newest week first. Raises Refused."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, drawn_from_counts(house.store)))
    return [one for one in kept_alerts(house) if ended or one.open]
