"""List sources: what each contract promises beside the newest file received."""

from dataclasses import dataclass
from datetime import date

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.needs.coverage import Freshness
from wardkeeper.sources.deliveries import Delivery, sort_by_day
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE, coverage_now
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook
from wardkeeper.usecases.stopped_loads import Question, find_question


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One source: its contract's promise and its newest delivery, if any. `question` is what stopped a load since."""

    name: str
    title: str
    owner: str
    contact: str
    refresh_days: int
    newest_on: date | None
    state: Freshness
    note: str
    delivery: Delivery | None
    question: Question | None = None


def list_sources(house: House, actor: Actor, *, purpose: str = PURPOSE) -> list[SourceSummary]:
    """Give the sources, those that are missing or late first. Raises Refused."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_SOURCES, {}))
    contracts = rulebook(house.store).contracts
    newest = {delivery.source: delivery for delivery in sort_by_day(house.store.deliveries())}
    return [
        SourceSummary(
            name=line.source,
            title=line.title,
            owner=contracts[line.source].owner,
            contact=contracts[line.source].contact,
            refresh_days=contracts[line.source].refresh_days,
            newest_on=line.newest_on,
            state=line.state,
            note=line.note,
            delivery=newest.get(line.source),
            question=find_question(house, line.source),
        )
        for line in coverage_now(house)
    ]
