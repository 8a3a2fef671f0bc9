"""The messages of a campaign one by one: what is known of each, and what is still to be done.

A message is known outside the vault by its reference alone: an HMAC under the campaign's key, so the same number always
gets the same reference and nobody is written to twice. Sending is left to an adapter, and keeping to the store.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.messages.channels import Channel


class MessageState(StrEnum):
    """What is known of one message."""

    WAITING = "waiting"
    """To be sent."""
    CLAIMED = "claimed"
    """About to be sent, or sent by a run that ended before it could say so: Notify is asked before it is sent again."""
    ACCEPTED = "accepted"
    """Notify has taken it; whether it arrived is not known yet."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """It did not arrive and will not: the home is reached by the next way, or by a knock."""
    REFUSED = "refused"
    """Notify did not take it, as for a number that does not exist."""
    WITHDRAWN = "withdrawn"
    """Not sent, because the person is no longer to be written to, or is reached another way."""
    UNKNOWN = "unknown"
    """It may have been sent, and Notify no longer knows. It is never sent again."""
    IN_FILE = "in-file"
    """In a file that somebody took: nobody has said yet whether it was handed over, so nothing else is sent."""
    HANDED_OVER = "handed-over"
    """Posted, or handed to whoever sends it, as a file: somebody said so."""


WRITTEN = frozenset({MessageState.CLAIMED, MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.HANDED_OVER})
"""A home with such a message has been written to, or may have been: no file holds it again."""

LIVE = WRITTEN | {MessageState.IN_FILE}
"""A home with such a message gets nothing more from here."""

NOT_ARRIVED = frozenset({MessageState.FAILED, MessageState.REFUSED, MessageState.UNKNOWN})
"""The way did not work: the next one is tried, down to a knock."""

UNFINISHED = frozenset({MessageState.WAITING, MessageState.CLAIMED})

MESSAGE_WORDS: Mapping[MessageState, str] = MappingProxyType(
    {
        MessageState.WAITING: "Waiting to be sent.",
        MessageState.CLAIMED: "May have been sent: Notify will be asked.",
        MessageState.ACCEPTED: "Taken by Notify, on its way.",
        MessageState.DELIVERED: "Delivered.",
        MessageState.FAILED: "Not delivered.",
        MessageState.REFUSED: "Not taken by Notify.",
        MessageState.WITHDRAWN: "Not sent: no longer to be written to this way.",
        MessageState.UNKNOWN: "May have been sent: Notify no longer knows.",
        MessageState.IN_FILE: "In a file that was taken: not yet said to be handed over.",
        MessageState.HANDED_OVER: "Handed over or posted as a file.",
    }
)
"""What each state says on a screen."""

BY_STATUS: Mapping[str, MessageState] = MappingProxyType(
    {
        "created": MessageState.ACCEPTED,
        "sending": MessageState.ACCEPTED,
        "pending": MessageState.ACCEPTED,
        "sent": MessageState.ACCEPTED,
        "accepted": MessageState.ACCEPTED,
        "pending-virus-check": MessageState.ACCEPTED,
        "delivered": MessageState.DELIVERED,
        "received": MessageState.DELIVERED,
        "permanent-failure": MessageState.FAILED,
        "temporary-failure": MessageState.FAILED,
        "technical-failure": MessageState.FAILED,
        "cancelled": MessageState.FAILED,
        "validation-failed": MessageState.FAILED,
        "virus-scan-failed": MessageState.FAILED,
    }
)
"""What GOV.UK Notify's statuses mean here. For a letter, `received` means that it was printed and posted."""

WHEN_ENDED: Mapping[MessageState, str] = MappingProxyType(
    {
        MessageState.WAITING: "Messages still wait to be sent: they never will be.",
        MessageState.CLAIMED: "Of some messages nobody knows whether they went. Ask GOV.UK Notify first, or it stays unknown.",
    }
)
"""What ending a campaign leaves undone of messages in these states."""

SETTLED = timedelta(minutes=5)
"""How long after an attempt Notify is asked whether it has the message: it may store one a while after taking it."""

REMEMBERED = timedelta(days=6)
"""How long Notify surely remembers a message: it keeps them for seven days."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a campaign. `attempted_at` is when it was last about to be sent; `status` is Notify's own word."""

    reference: str
    campaign: str
    channel: Channel
    language: str
    state: MessageState = MessageState.WAITING
    notify_id: str = ""
    status: str = ""
    attempted_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many messages of one channel are in one state."""

    channel: Channel
    state: MessageState
    messages: int


KNOWN_TO_NOTIFY = frozenset({MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.FAILED})
"""What only Notify's own word brings about. It is believed of a message that was thought not to have gone: one whose post
ended in doubt, which Notify did not know when it was asked, and kept after all."""

MOVES: Mapping[MessageState, frozenset[MessageState]] = MappingProxyType(
    {
        MessageState.WAITING: KNOWN_TO_NOTIFY,
        MessageState.CLAIMED: frozenset(MessageState) - {MessageState.CLAIMED},
        MessageState.ACCEPTED: frozenset({MessageState.DELIVERED, MessageState.FAILED}),
        MessageState.DELIVERED: frozenset({MessageState.FAILED}),
        MessageState.FAILED: frozenset(),
        MessageState.REFUSED: frozenset(),
        MessageState.WITHDRAWN: KNOWN_TO_NOTIFY,
        MessageState.UNKNOWN: KNOWN_TO_NOTIFY,
        MessageState.IN_FILE: KNOWN_TO_NOTIFY,
        MessageState.HANDED_OVER: frozenset(),
    }
)
"""What a report, or the answer to an attempt, may make of a message."""


def state_of(status: str) -> MessageState:
    """Give what a status means. One that is not known here leaves the message on its way."""
    return BY_STATUS.get(status, MessageState.ACCEPTED)


def may_move(old: MessageState, new: MessageState) -> bool:
    """Tell whether a report may change a message: late and repeated ones must not undo a later one.

    A failure after a delivery is believed (an e-mail that bounces later). Nothing undoes a failure, for the next way may
    have been taken by then, and nothing leads back to being on its way.
    """
    return new in MOVES[old]


def add_up(messages: Iterable[Message]) -> tuple[Total, ...]:
    """Count messages by channel and state, in the order of the Enums. They add up to all the messages."""
    counts = Counter((one.channel, one.state) for one in messages)
    return in_order(Total(channel, state, number) for (channel, state), number in counts.items())


def in_order(totals: Iterable[Total]) -> tuple[Total, ...]:
    """Sort totals by channel and state, in the order of the Enums."""
    channels, states = list(Channel), list(MessageState)
    return tuple(sorted(totals, key=lambda one: (channels.index(one.channel), states.index(one.state))))


def say_left(totals: Collection[Total], planned: Iterable[Channel]) -> tuple[str, ...]:
    """Say what a campaign that ends now leaves undone, in sentences: messages that never went, or of which nobody knows."""
    states, channels = {one.state for one in totals}, {one.channel for one in totals}
    missing = [one.value for one in Channel if one in set(planned) - channels]
    never = [f"It was planned with messages by {' and '.join(missing)}: none of them went."] if missing else []
    return (*never, *(words for state, words in WHEN_ENDED.items() if state in states))


def is_settled(message: Message, now: datetime) -> bool:
    """Tell whether it is long enough since the attempt that Notify can be asked about it."""
    return message.attempted_at is None or now - message.attempted_at >= SETTLED


def is_remembered(message: Message, now: datetime) -> bool:
    """Tell whether Notify would still know the message, had it been sent."""
    return message.attempted_at is not None and now - message.attempted_at < REMEMBERED
