"""A campaign's life: from a draft, through the approval of a named public-health lead, to sent and closed.

The steps are a table. Who may take a step is decided at the door; what is held here is what no role can overrule: the
order of the steps, that nobody approves their own campaign, and that words which single out are acknowledged one by one.
"""

import json
from collections.abc import Collection, Mapping, Sequence
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
    DESTROYED = "destroyed"
    STOPPED = "stopped"


class Step(StrEnum):
    """What can be done with a campaign."""

    SUBMIT = "submit"
    APPROVE = "approve"
    DECLINE = "decline"
    COMPARE = "compare"
    SEND = "send"
    FINISH = "finish"
    TAKE_FILE = "take-file"
    HAND_OVER = "hand-over"
    PUT_AWAY = "put-away"
    CLOSE = "close"
    DESTROY = "destroy"
    STOP = "stop"


NEXT: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Step.APPROVE): State.APPROVED,
        (State.SUBMITTED, Step.DECLINE): State.DECLINED,
        (State.SUBMITTED, Step.COMPARE): State.SUBMITTED,
        (State.APPROVED, Step.COMPARE): State.APPROVED,
        (State.APPROVED, Step.SEND): State.SENDING,
        (State.SENDING, Step.FINISH): State.SENT,
        # What failed goes out by the next way: the same campaign, sent once more.
        (State.SENT, Step.SEND): State.SENDING,
        (State.APPROVED, Step.TAKE_FILE): State.APPROVED,
        (State.SENDING, Step.TAKE_FILE): State.SENDING,
        (State.SENT, Step.TAKE_FILE): State.SENT,
        (State.APPROVED, Step.HAND_OVER): State.SENT,
        (State.SENDING, Step.HAND_OVER): State.SENDING,
        (State.SENT, Step.HAND_OVER): State.SENT,
        # What had left before it was stopped was posted all the same.
        (State.STOPPED, Step.HAND_OVER): State.STOPPED,
        (State.APPROVED, Step.PUT_AWAY): State.APPROVED,
        (State.SENDING, Step.PUT_AWAY): State.SENDING,
        (State.SENT, Step.PUT_AWAY): State.SENT,
        (State.STOPPED, Step.PUT_AWAY): State.STOPPED,
        (State.SENT, Step.CLOSE): State.CLOSED,
        (State.STOPPED, Step.CLOSE): State.CLOSED,
        (State.CLOSED, Step.DESTROY): State.DESTROYED,
        (State.DRAFT, Step.STOP): State.STOPPED,
        (State.SUBMITTED, Step.STOP): State.STOPPED,
        (State.APPROVED, Step.STOP): State.STOPPED,
        (State.SENDING, Step.STOP): State.STOPPED,
        (State.SENT, Step.STOP): State.STOPPED,
    }
)
"""Which step leads where. A step that is not here may not be taken."""

GOES_OUT = frozenset({Step.SEND, Step.HAND_OVER})
"""The steps with which something goes to people."""

STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: "It is a draft. Submit it to a public-health lead.",
        State.SUBMITTED: "It waits for a public-health lead to approve or decline it.",
        State.APPROVED: "It is approved. It can be sent, and its files can be taken.",
        State.DECLINED: "It was declined. Plan it anew.",
        State.SENDING: "It is being sent. Sending takes up where it left off.",
        State.SENT: "It has been sent or handed over as files, in whole or in part. What is left can go until it is closed.",
        State.CLOSED: "It is closed: to whom it went can no longer be read. A second person must destroy that.",
        State.DESTROYED: "To whom it went has been destroyed. The counts are kept.",
        State.STOPPED: "It was stopped. Nothing more is sent.",
    }
)
"""What each state says on a screen, and what to do next."""

WHEN_LAPSED: Mapping[State, str] = MappingProxyType(
    {
        State.APPROVED: "Stop it, close it and have a second person destroy it.",
        State.SENDING: "Stop it, close it and have a second person destroy it.",
        State.SENT: "Close it and have a second person destroy it.",
        State.STOPPED: "Close it and have a second person destroy it.",
        State.CLOSED: "A second person must destroy it.",
    }
)
"""What is to be done once the permission has ended; in other states nothing is held of anybody."""

ASKED: Mapping[Step, str] = MappingProxyType(
    {
        **{step: step.value for step in Step},
        Step.TAKE_FILE: "take a file of",
        Step.HAND_OVER: "record a handed-over file of",
        Step.PUT_AWAY: "put away a file of",
    }
)
"""How each step is named when it may not be taken."""

FIRST: Mapping[Step, Step] = MappingProxyType({Step.CLOSE: Step.STOP, Step.DESTROY: Step.CLOSE})
"""The step that leads to another where that may not be taken yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that somebody took. `acknowledged` are the words that may single out, which the approver accepted.

    `file` and `rows` are those of a file that was taken, handed over or put away.
    """

    step: Step
    by: Login
    at: datetime
    reason: str = ""
    acknowledged: tuple[str, ...] = ()
    fingerprint: str = ""
    file: str = ""
    rows: int = 0


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
    def authors(self) -> frozenset[str]:
        """Whoever planned or submitted it: they decide nothing about it."""
        return frozenset({self.draft.made_by, *(one.by for one in self.steps if one.step is Step.SUBMIT)})

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

    @property
    def begun(self) -> datetime | None:
        """When its first message or file went out; None while nothing has."""
        return next((one.at for one in self.steps if one.step in GOES_OUT), None)

    @property
    def anything_left(self) -> bool:
        """Whether a message or a file has left, even a file that was put away unused."""
        return any(one.step in {Step.SEND, Step.TAKE_FILE} for one in self.steps)

    @property
    def given_up(self) -> Taken | None:
        """The step from which on it can reach nobody, nothing of it having gone to people; None while it may, or did."""
        if self.begun or self.open_files or not any(one.step in {Step.DECLINE, Step.STOP} for one in self.steps):
            return None
        return next(one for one in reversed(self.steps) if one.step in {Step.DECLINE, Step.STOP, Step.PUT_AWAY})

    @property
    def outgoings(self) -> tuple[tuple[datetime, datetime], ...]:
        """When each file that was handed over was made, and when it went: what came between is not in it."""
        files = [one for one in self.steps if one.file]
        made = [
            max(one.at for one in files[:place] if (one.file, one.step) == (gone.file, Step.TAKE_FILE))
            for place, gone in enumerate(files)
            if gone.step is Step.HAND_OVER
        ]
        return tuple(zip(made, (one.at for one in files if one.step is Step.HAND_OVER), strict=True))

    @property
    def open_files(self) -> dict[str, Taken]:
        """The files that were taken, by name, of which nobody has said since whether they were handed over."""
        last = {one.file: one for one in self.steps if one.file}
        return {name: one for name, one in last.items() if one.step is Step.TAKE_FILE}

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
    if not can_follow(state, step):
        first = FIRST.get(step)
        advice = f"{first.capitalize()} it first." if first and can_follow(state, first) else STATE_WORDS[state]
        raise Conflict(f"You can't {ASKED[step]} a campaign that is {state.value}.", advice)


def can_follow(state: State, step: Step) -> bool:
    """Tell whether a step may be taken in this state."""
    return (state, step) in NEXT


def check_may_approve(campaign: Campaign, login: Login, acknowledged: Sequence[str]) -> None:
    """Raise Refused for its author, and BadInput while words that may single out are not acknowledged."""
    if login in campaign.authors:
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


def check_may_close(campaign: Campaign) -> None:
    """Raise Conflict when it is not sent or stopped, and while a file is out: its messages would stay in it for ever."""
    check_may_follow(campaign.state, Step.CLOSE)
    if campaign.approval is None:
        raise Conflict(
            "This campaign was stopped before its approval: it never held anybody.",
            "There is nothing to close or destroy.",
        )
    out = list(campaign.open_files)
    if out:
        files = f"file {out[0]} is" if len(out) == 1 else f"files {', '.join(out)} are"
        raise Conflict(
            f"The {files} out: nobody has said what became of {'it' if len(out) == 1 else 'them'}.",
            "Record of each that it was handed over, or put away unused. Then close the campaign.",
        )


def can_close(campaign: Campaign) -> bool:
    """Tell whether a campaign may be closed now."""
    try:
        check_may_close(campaign)
    except Conflict:
        return False
    return True


def check_may_destroy(campaign: Campaign, login: Login, dpos: Collection[str]) -> None:
    """Raise Refused unless this is a second person, and one of the two is a data protection officer (rule G15)."""
    closed_by = next((one.by for one in campaign.steps if one.step is Step.CLOSE), None)
    if login == closed_by:
        raise Refused(
            "Refused: you closed this campaign, and destroying takes a second person.",
            "Ask the data protection officer.",
            Where(rule="two people"),
        )
    if not {login, closed_by} & set(dpos):
        raise Refused(
            "Refused: one of the two who end a campaign must be the data protection officer.",
            "Ask them to destroy it.",
            Where(rule="two people"),
        )


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
        file=values.get("file", ""),
        rows=values.get("rows", 0),
    )
