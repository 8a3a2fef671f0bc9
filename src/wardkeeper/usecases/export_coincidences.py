"""Export where cases coincide, as a file for those who follow them up. It is nearly a list of names: the ledger says it left."""

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.view_coincidences import CoincidencesView, Looking, view_coincidences


def export_coincidences(
    house: House, actor: Actor, looking: Looking | None = None, *, purpose: str = PURPOSE
) -> CoincidencesView:
    """Give the coincidences for a file. Raises Refused, and NotFound when no line list was loaded."""
    view = view_coincidences(house, actor, looking, purpose=purpose)
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_COINCIDENCES, {}, Tier.FLAGS))
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, {"rows": view.frame.height, "columns": view.frame.columns})):
        return view
