"""What every store promises about a campaign's messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wardkeeper.kernel.errors import Conflict
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import Message, MessageState, Total

AT = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
LEAF = Leaf(Act.DATA_EXPORTED, AT, "ana", "trafford-council")
ONE = Message("a" * 32, "cam-1", Channel.TEXT, "English")
TWO = replace(ONE, reference="b" * 32, channel=Channel.EMAIL, language="Polish")
ELSEWHERE = replace(ONE, reference="c" * 32, campaign="cam-2")


@pytest.fixture
def filled(store):
    with store.write(LEAF) as writer:
        writer.add_messages([TWO, ELSEWHERE, ONE])
        writer.add_messages([])
    return store


def test_messages_are_given_back_as_they_were_added(filled):
    assert filled.messages("cam-1") == [ONE, TWO]
    assert filled.messages("cam-3") == []


def test_messages_are_found_by_name_in_the_order_asked_whatever_their_number(filled):
    strangers = [f"{number:032}" for number in range(12_000)]
    asked = [ELSEWHERE.reference, *strangers, ONE.reference]
    assert filled.messages_named(asked) == [ELSEWHERE, ONE]
    assert filled.messages_named(strangers) == filled.messages_named([]) == []


def test_a_reference_is_added_once(filled):
    with pytest.raises(Conflict), filled.write(LEAF) as writer:
        writer.add_messages([replace(ONE, campaign="cam-9")])
    assert filled.messages_named([ONE.reference]) == [ONE]


def test_waiting_messages_are_claimed_by_one_run_only(filled):
    with filled.write(LEAF) as writer:
        writer.claim_messages([ONE.reference], AT)
    claimed = replace(ONE, state=MessageState.CLAIMED, attempted_at=AT, changed_at=AT)
    assert filled.messages_named([ONE.reference]) == [claimed]
    with pytest.raises(Conflict, match="Another run"), filled.write(LEAF) as writer:
        writer.claim_messages([ONE.reference, TWO.reference], AT)
    assert filled.messages("cam-1") == [claimed, TWO]


def test_what_became_of_messages_is_recorded(filled):
    later = AT + timedelta(minutes=1)
    sent = replace(ONE, state=MessageState.ACCEPTED, notify_id="n-1", status="created", changed_at=later)
    lost = replace(TWO, state=MessageState.REFUSED, changed_at=later)
    with filled.write(LEAF) as writer:
        writer.change_messages([sent, lost])
        writer.change_messages([])
    assert filled.messages("cam-1") == [sent, lost]
    assert filled.messages_named([ELSEWHERE.reference]) == [ELSEWHERE]
    counted = [Total(Channel.EMAIL, MessageState.REFUSED, 1), Total(Channel.TEXT, MessageState.ACCEPTED, 1)]
    assert sorted(filled.count_messages("cam-1"), key=str) == sorted(counted, key=str)
