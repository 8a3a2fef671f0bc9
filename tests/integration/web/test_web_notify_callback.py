"""Notify's callbacks: believed with the right token only, read strictly, and never a way to learn or to flood anything."""

import json
from dataclasses import replace

import pytest

from fakes import FixedClock
from notify_server import SERVICE
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import Message, MessageState
from wardkeeper.web.app import create_app
from wardkeeper.web.limits import CALLBACKS_A_MINUTE, MAX_FOR_LOGIN
from web_house import browser

TOKEN = "a token that is long enough to be one"
REFERENCE = "a" * 32
RECEIPT = {
    "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
    "reference": REFERENCE,
    "to": "07700900301",
    "status": "delivered",
    "created_at": "2017-05-14T12:15:30.000000Z",
    "completed_at": "2017-05-14T12:15:30.000000Z",
    "sent_at": None,
    "notification_type": "sms",
    "template_id": SERVICE,
    "template_version": 1,
}
SENT = Message(REFERENCE, "cam-1", Channel.TEXT, "English", MessageState.ACCEPTED, RECEIPT["id"], "created")


@pytest.fixture
def listening(house):
    """A house that knows one sent message and one token."""
    with house.store.write(Leaf(Act.MESSAGES_SENT, house.clock.now(), "test", "")) as writer:
        writer.add_messages([SENT])
    return replace(house, is_callback_token=lambda token: token == TOKEN)


@pytest.fixture
def app(listening):
    return create_app(listening)


def call(app, receipt=RECEIPT, token=TOKEN, **headers):
    content = receipt if isinstance(receipt, bytes) else json.dumps(receipt).encode()
    bearer = {"authorization": f"Bearer {token}"} if token is not None else {}
    return browser(app).post("/notify/callback", content=content, headers={**bearer, **headers})


def test_a_receipt_changes_the_message_and_leaves_a_trace(app, listening):
    assert call(app).status_code == 204
    message = listening.store.messages_named([REFERENCE])[0]
    assert (message.state, message.status) == (MessageState.DELIVERED, "delivered")
    leaf = json.loads(list(listening.store.leaves())[-1])
    assert (leaf["type"], leaf["login"]) == ("messages.reported", "notify")
    assert "0770" not in json.dumps(leaf)


def test_the_same_receipt_twice_changes_it_once(app, listening):
    call(app)
    size = listening.store.ledger_size()
    assert call(app).status_code == 204
    assert listening.store.ledger_size() == size


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": "permanent-failure"}, MessageState.FAILED),
        ({"status": "temporary-failure"}, MessageState.FAILED),
        ({"status": "sending"}, MessageState.ACCEPTED),
        ({"reference": "b" * 32}, MessageState.ACCEPTED),
        ({"reference": None}, MessageState.ACCEPTED),
        ({"id": "00000000-3a29-46b4-9a6f-16142fde533a"}, MessageState.ACCEPTED),
        ({"a key of next year": "x"}, MessageState.DELIVERED),
    ],
)
def test_what_a_receipt_makes_of_a_message(app, listening, change, state):
    assert call(app, {**RECEIPT, **change}).status_code == 204
    assert listening.store.messages_named([REFERENCE])[0].state is state


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", "é"])
def test_without_the_token_nothing_is_believed(app, listening, token):
    headers = {} if token is None else {"authorization": f"Bearer {token}".encode()}
    answer = browser(app).post("/notify/callback", content=json.dumps(RECEIPT), headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "refused"
    assert listening.store.messages_named([REFERENCE]) == [SENT]


def test_no_token_set_means_no_callback_is_believed(house):
    assert call(create_app(house), token="").status_code == 403


def test_guessing_is_slowed_down_and_the_right_token_still_counts(app):
    statuses = [call(app, token=f"guess {number}").status_code for number in range(MAX_FOR_LOGIN + 3)]
    assert statuses == [403] * MAX_FOR_LOGIN + [429] * 3
    assert call(app).status_code == 204


def test_a_flood_is_turned_away(app, monkeypatch):
    monkeypatch.setattr("wardkeeper.web.limits.CALLBACKS_A_MINUTE", 3)
    assert [call(app).status_code for _ in range(5)] == [204, 204, 204, 429, 429]
    assert CALLBACKS_A_MINUTE > 3_000


def without(key):
    return {name: value for name, value in RECEIPT.items() if name != key}


@pytest.mark.parametrize(
    "receipt",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 9_000,
        json.dumps({**RECEIPT, "to": "x" * 20_000}).encode(),
        *(without(key) for key in RECEIPT),
        {**RECEIPT, "id": "not an id"},
        {**RECEIPT, "id": 1},
        {**RECEIPT, "status": "eaten by a dog"},
        {**RECEIPT, "status": ["delivered"]},
        {**RECEIPT, "reference": 7},
        {**RECEIPT, "reference": "x" * 300},
        {**RECEIPT, "notification_type": "pigeon"},
        {**RECEIPT, "template_version": "1"},
        {**RECEIPT, "template_version": True},
    ],
)
def test_what_is_no_receipt_is_refused_without_repeating_it(app, listening, receipt):
    answer = call(app, receipt)
    assert answer.status_code == 422
    assert "0770" not in answer.text
    assert listening.store.messages_named([REFERENCE]) == [SENT]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_nothing_but_a_post_is_taken(app, method):
    assert getattr(browser(app), method)("/notify/callback").status_code == 405


def test_a_clock_that_stands_still_is_enough(listening):
    assert isinstance(listening.clock, FixedClock)
