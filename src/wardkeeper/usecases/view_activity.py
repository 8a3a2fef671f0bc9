"""View the activity record: the newest acts, as they stand on the ledger."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import from_text
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House

PURPOSE = "administration"


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One act. `number` is its place on the ledger, from 1."""

    number: int
    at: datetime
    login: str
    organisation: str
    act: str
    purpose: str
    decision: str
    detail: dict[str, object]


def recent(house: House, actor: Actor, limit: int = 100, before: int | None = None) -> list[ActivityLine]:
    """Give the newest acts, newest first: at most `limit`, and only those numbered below `before`. Raises Refused."""
    open_door(house, Ask(actor, PURPOSE, Operation.VIEW_ACTIVITY, {}))
    size = house.store.ledger_size()
    end = size if before is None else max(0, min(size, before - 1))
    start = max(0, end - limit)
    leaves = islice(house.store.leaves(start), end - start)
    lines = [_line(number, leaf) for number, leaf in enumerate(leaves, start + 1)]
    return lines[::-1]


def _line(number: int, leaf: bytes) -> ActivityLine:
    content = json.loads(leaf)
    return ActivityLine(
        number=number,
        at=from_text(content["at"]),
        login=content["login"],
        organisation=content["organisation"],
        act=content["type"],
        purpose=content["purpose"],
        decision=content["decision"],
        detail=content["detail"],
    )
