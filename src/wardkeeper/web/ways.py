"""The way to do what a refusal sends to, by a page; where there is none, who does it."""

from collections.abc import Callable
from dataclasses import dataclass

from wardkeeper.kernel.errors import WardkeeperError
from wardkeeper.kernel.ways import Way
from wardkeeper.web.wording import sentence


@dataclass(frozen=True, slots=True)
class Guide:
    """A sentence, and the address it leads to; without one, no page does it."""

    words: str
    href: str = ""


GUIDES: dict[Way, Guide] = {
    Way.LOAD_CASES: Guide("Data analysts and public health load cases, by a command: ask one of them."),
    Way.MATCH_BOUNDARIES: Guide(
        "Data analysts and public health load the boundaries of the areas counted, by a command: ask one of them."
    ),
    Way.LIST_ALERTS: Guide("See all alerts.", "/outbreaks/alerts"),
    Way.RAISE_ALERTS: Guide("The page of alerts has the button.", "/outbreaks/alerts"),
    Way.LIST_CAMPAIGNS: Guide("See all campaigns.", "/messages"),
    Way.SUBMIT_CAMPAIGN: Guide("The campaign’s own page has the buttons."),
    Way.NAME_TEMPLATE: Guide("Whoever runs Wardkeeper does that."),
    Way.JOIN_RECORDS: Guide("A data analyst joins the records, by a command: ask one."),
}
"""What is said after an error's own next step."""

WORDS = {way: guide.words for way, guide in GUIDES.items()}


def guide_of(error: WardkeeperError) -> Guide | None:
    """Give the way from an error onwards, when it names one."""
    return GUIDES[error.way] if error.way else None


def say_next(error: WardkeeperError) -> str:
    """Write what the reader of a page does next."""
    return error.say_next(WORDS)


def say_error(error: WardkeeperError) -> str:
    """Write an error beside its field: what was wrong, and what to do next."""
    return f"{error.message} {say_next(error)}"


def say_error_in_table(error: WardkeeperError) -> str:
    """Write an error about a table that was sent, with its place in that."""
    row, column = error.where.row, error.where.column
    place = ", ".join((*([f"row {row}"] if row is not None else []), *([f"column {column}"] if column else [])))
    return f"{error.message} {f'({sentence(place)}.) ' if place else ''}{say_next(error)}"


FILTERS: dict[str, Callable[..., object]] = {"say_error": say_error}
"""What templates may call."""
