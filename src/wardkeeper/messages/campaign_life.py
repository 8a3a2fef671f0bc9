"""A campaign's life: from a draft, through the approval of a named public-health lead, to sent and closed.

The steps are a table. Who may take a step is decided at the door; what is held here is what no role can overrule: the
order of the steps, that nobody approves their own campaign, and that words which single out are acknowledged one by one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Any

from wardkeeper.kernel.errors import BadInput, Conflict, Refused, Where
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.messages.campaigns import CampaignDraft


class State(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DECLINED = "declined"
    SENDING = "sending"
    SENT = "sent"
    CLOSED = "closed"
    STOPPED = "stopped"


class Step(StrEnum):
    """What can be done with a campaign."""

    SUBMIT = "submit"
    APPROVE = "approve"
    DECLINE = "decline"
    SEND = "send"
    FINISH = "finish"
    CLOSE = "close"
    STOP = "stop"


NEXT: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Step.APPROVE): State.APPROVED,
        (State.SUBMITTED, Step.DECLINE): State.DECLINED,
        (State.APPROVED, Step.SEND): State.SENDING,
        (State.SENDING, Step.FINISH): State.SENT,
        # What failed goes out by the next way: the same campaign, sent once more.
        (State.SENT, Step.SEND): State.SENDING,
        (State.SENT, Step.CLOSE): State.CLOSED,
        (State.STOPPED, Step.CLOSE): State.CLOSED,
        (State.DRAFT, Step.STOP): State.STOPPED,
        (State.SUBMITTED, Step.STOP): State.STOPPED,
        (State.APPROVED, Step.STOP): State.STOPPED,
        (State.SENDING, Step.STOP): State.STOPPED,
        (State.SENT, Step.STOP): State.STOPPED,
    }
)
"""Which step leads where. A step that is not here may not be taken."""

STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: "It is a draft. Submit it to a public-health lead.",
        State.SUBMITTED: "It waits for a public-health lead to approve or decline it.",
        State.APPROVED: "It is approved. It can be sent.",
        State.DECLINED: "It was declined. Plan it anew.",
        State.SENDING: "It is being sent. Sending takes up where it left off.",
        State.SENT: "It has been sent.",
        State.CLOSED: "It is closed. Whom it was sent to can no longer be read.",
        State.STOPPED: "It was stopped. Nothing more is sent.",
    }
)
"""What each state says on a screen, and what to do next."""

LONGEST_REASON = 500
"""Letters in a reason for declining or stopping. It is kept in the clear, so it must name nobody."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that somebody took. `acknowledged` are the words that may single out, which the approver accepted."""

    step: Step
    by: Login
    at: datetime
    reason: str = ""
    acknowledged: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign on record: its draft and every step taken."""

    draft: CampaignDraft
    steps: tuple[Taken, ...] = ()

    @property
    def id(self) -> str:
        """The campaign's id."""
        return self.draft.id

    @property
    def state(self) -> State:
        """Where the steps have led."""
        return reduce(_follow, (one.step for one in self.steps), State.DRAFT)

    @property
    def approval(self) -> Taken | None:
        """The step that approved it; None while there is none."""
        return next((one for one in self.steps if one.step is Step.APPROVE), None)

    @property
    def approved_as_it_is(self) -> bool:
        """Whether what was approved is what is here now, to the letter."""
        return self.approval is not None and self.approval.fingerprint == self.draft.fingerprint

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it."""
        return any(one.step is Step.STOP for one in self.steps)

    def take(self, taken: Taken) -> "Campaign":
        """Give the campaign after a step. Raises Conflict when the step may not follow."""
        check_may_follow(self.state, taken.step)
        return replace(self, steps=(*self.steps, replace(taken, fingerprint=self.draft.fingerprint)))

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        steps = [{**asdict(one), "at": to_text(one.at)} for one in self.steps]
        content = {"type": "campaign", "version": 1, "draft": self.draft.to_bytes().decode(), "steps": steps}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Campaign":
        """Read a stored campaign."""
        values = json.loads(content)
        return cls(CampaignDraft.from_bytes(values["draft"].encode()), tuple(map(_read_step, values["steps"])))


def check_may_follow(state: State, step: Step) -> None:
    """Raise Conflict when a step may not be taken in this state."""
    if (state, step) not in NEXT:
        raise Conflict(f"You can't {step.value} a campaign that is {state.value}.", STATE_WORDS[state])


def can_follow(state: State, step: Step) -> bool:
    """Tell whether a step may be taken in this state."""
    return (state, step) in NEXT


def check_may_approve(campaign: Campaign, login: Login, acknowledged: Sequence[str]) -> None:
    """Raise Refused for its author, and BadInput while words that may single out are not acknowledged."""
    author = {campaign.draft.made_by, *(one.by for one in campaign.steps if one.step is Step.SUBMIT)}
    if login in author:
        raise Refused(
            "Refused: nobody approves a campaign they made or submitted themselves.",
            "Ask another public-health lead to approve it.",
            Where(rule="two people"),
        )
    missing = [words for words in campaign.draft.singles_out if words not in acknowledged]
    if missing:
        raise BadInput(
            f"The words may single out a street, a place or a community: {'; '.join(missing)}.",
            "Decline it, or acknowledge each of them by its words.",
            Where(column="acknowledged", rule="singles-out"),
        )


def check_reason(reason: str) -> str:
    """Give a reason without spaces around it. Raises BadInput when there is none, or when it is too long."""
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise BadInput(
            "A reason is needed." if not words else f"The reason has {len(words)} letters.",
            f"Say why in a sentence, in at most {LONGEST_REASON} letters. Name no resident.",
            Where(column="reason", rule="reason"),
        )
    return words


def _follow(state: State, step: Step) -> State:
    return NEXT[state, step]


def _read_step(values: Mapping[str, Any]) -> Taken:
    return Taken(
        step=Step(values["step"]),
        by=Login(values["by"]),
        at=from_text(values["at"]),
        reason=values["reason"],
        acknowledged=tuple(values["acknowledged"]),
        fingerprint=values["fingerprint"],
    )
