"""View a source's rows to fix: the one screen where a resident's own value is shown."""

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import QUARANTINED
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.datasets import quarantine
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook


def rows_to_fix(house: House, actor: Actor, source: str, *, purpose: str = PURPOSE) -> pl.DataFrame:
    """Give the rows held back from a source's newest file (QUARANTINED columns). Raises Refused, NotFound."""
    rulebook(house.store).contract(source)
    dataset = quarantine(source)
    wanted = {dataset: [column.name for column in QUARANTINED]}
    return open_door(house, Ask(actor, purpose, Operation.VIEW_QUARANTINE, wanted, Tier.NAMES)).read(dataset)
