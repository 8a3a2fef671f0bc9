"""The states of a message: which report may change which, and counts that add up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes import MORNING
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import (
    BY_STATUS,
    LIVE,
    MESSAGE_WORDS,
    NOT_ARRIVED,
    REMEMBERED,
    SETTLED,
    UNFINISHED,
    WHEN_ENDED,
    Message,
    MessageState,
    Total,
    add_up,
    is_remembered,
    is_settled,
    may_move,
    say_left,
    state_of,
)

ONE = Message("a" * 32, "cam-1", Channel.TEXT, "English")


def test_every_state_has_its_words_and_its_place():
    assert set(MESSAGE_WORDS) == set(MessageState)
    placed = LIVE | NOT_ARRIVED | UNFINISHED | {MessageState.WITHDRAWN}
    assert placed == set(MessageState)
    assert not LIVE & NOT_ARRIVED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("delivered", MessageState.DELIVERED),
        ("permanent-failure", MessageState.FAILED),
        ("temporary-failure", MessageState.FAILED),
        ("technical-failure", MessageState.FAILED),
        ("received", MessageState.DELIVERED),
        ("sending", MessageState.ACCEPTED),
        ("a status of next year", MessageState.ACCEPTED),
    ],
)
def test_what_a_status_means(status, state):
    assert state_of(status) is state


def test_no_status_leads_back_to_waiting():
    assert not set(BY_STATUS.values()) & UNFINISHED


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        ("claimed", "accepted", True),
        ("claimed", "delivered", True),
        ("accepted", "delivered", True),
        ("accepted", "failed", True),
        ("unknown", "delivered", True),
        ("delivered", "failed", True),
        ("delivered", "accepted", False),
        ("failed", "delivered", False),
        ("failed", "accepted", False),
        # Notify kept after all what it did not know when it was asked.
        ("waiting", "delivered", True),
        ("withdrawn", "delivered", True),
        ("in-file", "delivered", True),
        ("handed-over", "delivered", False),
        ("waiting", "refused", False),
        ("waiting", "unknown", False),
        ("delivered", "delivered", False),
    ],
)
def test_a_late_or_repeated_report_undoes_nothing(old, new, may):
    assert may_move(MessageState(old), MessageState(new)) is may


def test_counts_add_up_to_all_the_messages():
    messages = [ONE, ONE, replace(ONE, channel=Channel.EMAIL), replace(ONE, state=MessageState.FAILED)]
    assert add_up(messages) == (
        Total(Channel.TEXT, MessageState.WAITING, 2),
        Total(Channel.TEXT, MessageState.FAILED, 1),
        Total(Channel.EMAIL, MessageState.WAITING, 1),
    )
    assert add_up([]) == ()


def test_notify_is_asked_only_when_it_must_know_and_still_knows():
    tried = replace(ONE, attempted_at=MORNING)
    assert is_settled(ONE, MORNING)
    assert not is_settled(tried, MORNING + SETTLED - timedelta(seconds=1))
    assert is_settled(tried, MORNING + SETTLED)
    assert is_remembered(tried, MORNING + REMEMBERED - timedelta(seconds=1))
    assert not is_remembered(tried, MORNING + REMEMBERED)
    assert not is_remembered(ONE, MORNING)


TEXT, LETTER = Channel.TEXT, Channel.LETTER
WAITING, CLAIMED, HANDED_OVER = MessageState.WAITING, MessageState.CLAIMED, MessageState.HANDED_OVER


@pytest.mark.parametrize(
    ("totals", "planned", "left"),
    [
        ([(TEXT, HANDED_OVER)], [TEXT], []),
        ([], [TEXT, LETTER], ["It was planned with messages by text and letter: none of them went."]),
        ([(LETTER, HANDED_OVER)], [TEXT, LETTER], ["It was planned with messages by text: none of them went."]),
        ([(TEXT, WAITING)], [TEXT], [WHEN_ENDED[WAITING]]),
        ([(TEXT, CLAIMED), (TEXT, WAITING)], [TEXT], [WHEN_ENDED[WAITING], WHEN_ENDED[CLAIMED]]),
    ],
)
def test_what_a_campaign_that_ends_leaves_undone(totals, planned, left):
    assert say_left([Total(channel, state, 3) for channel, state in totals], planned) == tuple(left)
