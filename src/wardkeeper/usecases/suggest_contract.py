"""Suggest a contract for a file that none is about yet. Nothing is loaded or kept; a person confirms each column."""

from dataclasses import dataclass

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.sources.drafting import draft
from wardkeeper.sources.samples import Sample
from wardkeeper.sources.suggesting import Suggestion, suggest
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Suggested:
    """What each column seems to hold, and the draft that says so as TOML."""

    suggestions: tuple[Suggestion, ...]
    text: str


def suggest_contract(
    house: House, actor: Actor, sample: Sample, *, name: str, title: str, purpose: str = PURPOSE
) -> Suggested:
    """Suggest what a file's columns hold. Raises Refused, BadInput for a name that is none, Conflict for one in use."""
    open_door(house, Ask(actor, purpose, Operation.LOAD, {}))
    if name in rulebook(house.store).contracts:
        raise Conflict(
            f"There is a source called “{name}” already.", "Give another --name, or change its contract.",
            Where(source=name),
        )  # fmt: skip
    suggestions = suggest(sample.frame)
    return Suggested(suggestions, draft(name, title, sample, suggestions))
