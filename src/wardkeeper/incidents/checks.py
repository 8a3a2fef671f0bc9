"""Checks: a task to contact or visit a home, its status, and the words for its outcome."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.kernel.ids import CheckId


class CheckStatus(StrEnum):
    """Where a check stands, the most urgent first. No reply is never done: it is to be tried again."""

    NEEDS_HELP = "needs help"
    """Somebody at the door needs help now, or may not understand the danger."""
    TO_DO = "to do"
    TAKEN = "taken"
    TRY_AGAIN = "try again"
    DONE = "done"
    WITHHELD = "withheld"
    """Something was recorded, but this reader may not know what, or its key is destroyed."""


STATUS_AFTER: dict[CheckOutcome, CheckStatus] = {
    CheckOutcome.SAFE: CheckStatus.DONE,
    CheckOutcome.NEEDS_HELP: CheckStatus.NEEDS_HELP,
    CheckOutcome.MOVED: CheckStatus.DONE,
    CheckOutcome.REFUSED: CheckStatus.DONE,
    CheckOutcome.REFUSED_CAPACITY_DOUBTED: CheckStatus.NEEDS_HELP,
    CheckOutcome.NO_REPLY: CheckStatus.TRY_AGAIN,
    CheckOutcome.NOT_LIVING_HERE: CheckStatus.DONE,
    CheckOutcome.DIED: CheckStatus.DONE,
}
"""What an outcome makes of its check: help that is needed, and doubt, keep it open."""

WORDING: dict[CheckOutcome, str] = {
    CheckOutcome.SAFE: "Safe",
    CheckOutcome.NEEDS_HELP: "Needs help now",
    CheckOutcome.MOVED: "Moved to a rest centre, hospital or family",
    CheckOutcome.REFUSED: "Refused help",
    CheckOutcome.REFUSED_CAPACITY_DOUBTED: "Refused help, and may not understand the danger",
    CheckOutcome.NO_REPLY: "No reply",
    CheckOutcome.NOT_LIVING_HERE: "Nobody by that name lives here",
    CheckOutcome.DIED: "Has died",
}
"""What each outcome is called on a screen."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check as it stands. `key` is the idempotency key of its last outcome."""

    id: CheckId
    status: CheckStatus
    login: str
    organisation: str
    changed_at: datetime
    outcome: CheckOutcome | None = None
    note: str = ""
    key: str = ""
