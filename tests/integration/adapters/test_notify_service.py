"""GOV.UK Notify's adapter before a local server that fails as Notify may fail: nobody is written to twice, nothing is told."""

import logging
import time
from collections import Counter
from dataclasses import replace

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

import notify_server
from notify_server import NotifyServer
from wardkeeper.adapters.notify_service import SILENT_TRIES, NotifyService
from wardkeeper.adapters.pace import Pace
from wardkeeper.kernel.errors import BadInput, NotFound, ServiceFailed
from wardkeeper.messages.channels import Channel
from wardkeeper.usecases.ports import Answer, Outgoing

NUMBER = "+447700900321"


@pytest.fixture
def server():
    with NotifyServer() as running:
        running.text = running.add_template("sms", "Dear ((name)), tests are free.")
        yield running


class Naps:
    """Sleeps that take no time, and are remembered."""

    def __init__(self):
        self.seconds = []

    def __call__(self, seconds):
        self.seconds.append(seconds)


def connect(server, kind="live", **options):
    return NotifyService(server.key(kind), server.url, **{"sleep": Naps(), **options})


def texts(server, count=1, **changes):
    made = [
        Outgoing(f"{number:032x}", Channel.TEXT, server.text, f"+447700900{300 + number}", {"name": "Ann Example"})
        for number in range(count)
    ]
    return [replace(one, **changes) for one in made]


def send(service, batch, *, proven=False):
    return service.send_all(batch, may_begin=lambda: True, proven=proven)


def answers(done):
    return Counter(one.answer for one in done.attempts)


def test_words_and_reference_arrive_as_they_were_given(server):
    send(connect(server), texts(server))
    [held] = server.held
    assert held.body == "Dear Ann Example, tests are free."
    assert held.reference == "0" * 32


@pytest.mark.parametrize("fault", [500, 503, "late"])
def test_a_message_that_a_fault_came_for_is_left_open_and_not_posted_again(server, fault):
    """Notify may keep it a while after the fault: a second post, however soon or late in this run, would be a second message."""
    server.answers.append(fault)
    done = send(connect(server), texts(server, 5))
    server.arrive()
    assert answers(done) == {Answer.UNSURE: 1, Answer.TAKEN: 4}
    assert done.halted is None
    assert [method for method, _, _ in server.requests] == ["POST"] * 5
    assert max(Counter(one.reference for one in server.held).values()) == 1


def test_after_a_fault_everybody_else_waits_a_moment(server):
    server.answers.append(500)
    service = connect(server)
    send(service, texts(server))
    send(service, texts(server))
    assert max(service._sleep.seconds) > 1


def test_nothing_is_begun_after_the_time_of_a_batch_however_often_it_was_tried(server):
    """Notify asks to slow down until the batch's time is over: what it never took is not tried again."""
    server.per_minute = 3
    asked = iter([True] * 8)
    done = connect(server).send_all(texts(server, 10), may_begin=lambda: next(asked, False), proven=True)
    assert answers(done) == {Answer.TAKEN: 3, Answer.NOT_TRIED: 7}
    assert len(server.requests) <= 8
    server.per_minute = 3_000
    assert answers(send(connect(server), texts(server, 1))) == {Answer.TAKEN: 1}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 413])
def test_a_refusal_in_the_middle_halts_and_nothing_is_lost(server, status):
    """A key taken away, a proxy that wants a password: who has no message yet is not passed over."""
    server.answers.extend(["as usual", "as usual", *[status] * 40])
    done = send(connect(server), texts(server, 20))
    assert answers(done) == {Answer.TAKEN: 2, Answer.NOT_TRIED: 18}
    assert str(status) in done.halted.message
    assert len(server.held) == 2


def test_an_answer_too_deep_to_read_is_left_open(server, monkeypatch):
    monkeypatch.setattr(notify_server.json, "dumps", lambda _body: "[" * 200_000)
    service = connect(server)
    assert set(answers(send(service, texts(server, 2)))) == {Answer.UNSURE}
    with pytest.raises(ServiceFailed):
        service.find("0" * 32)


def test_a_template_that_is_taken_away_in_the_middle_makes_nobody_be_passed_over(server):
    service = connect(server)
    batch = texts(server, 40)
    assert answers(send(service, batch[:3])) == {Answer.TAKEN: 3}
    del server.templates[server.text]
    done = send(service, batch[3:], proven=True)
    assert answers(done) == {Answer.NOT_TRIED: 37}
    assert "template" in done.halted.next


def test_single_refusals_among_others_are_refusals(server):
    batch = [replace(one, to="not a number") if number % 4 else one for number, one in enumerate(texts(server, 40))]
    done = send(connect(server), batch, proven=True)
    assert answers(done)[Answer.TAKEN] == 10
    assert answers(done)[Answer.NOT_TAKEN] == 30
    assert done.halted is None


def test_a_template_that_somebody_changes_in_the_middle_halts(server):
    service = connect(server)
    batch = texts(server, 40)
    assert answers(send(service, batch[:3])) == {Answer.TAKEN: 3}
    server.templates[server.text] |= {"body": "Dear ((name)), come to the party.", "version": 2}
    done = send(service, batch[3:], proven=True)
    assert "changed a template" in done.halted.message
    assert answers(done)[Answer.TAKEN] == len(server.held) - 3 <= 8
    assert answers(done)[Answer.NOT_TRIED] >= 29


def test_a_connection_that_breaks_in_a_way_of_its_own_is_left_open(server, monkeypatch):
    def break_off(*_, **__):
        raise OSError

    service = connect(server)
    monkeypatch.setattr(NotificationsAPIClient, "post", break_off)
    assert set(answers(send(service, texts(server, 2)))) == {Answer.UNSURE}


@pytest.mark.parametrize(("answer", "kept"), [("lost", 1), ("cut", 0)])
def test_an_answer_that_does_not_come_is_never_guessed_at(server, answer, kept):
    server.answers.append(answer)
    service = connect(server)
    done = send(service, texts(server))
    assert answers(done) == {Answer.UNSURE: 1}
    assert len(server.held) == kept
    assert (service.find("0" * 32) is not None) is bool(kept)


def test_a_slow_answer_is_not_waited_for_without_end(server):
    server.answers.append("slow")
    done = send(connect(server, timeout=0.2), texts(server))
    assert answers(done) == {Answer.UNSURE: 1}


def test_when_nobody_answers_the_rest_is_not_tried(server):
    server.answers.extend(["cut"] * 200)
    done = send(connect(server), texts(server, 100))
    assert "does not answer" in done.halted.message
    assert answers(done)[Answer.UNSURE] >= SILENT_TRIES
    assert answers(done)[Answer.NOT_TRIED] > 50
    assert server.held == []


def test_a_server_that_is_not_there_is_told_so():
    with NotifyServer() as server:
        service = connect(server)
    with pytest.raises(ServiceFailed, match="does not answer"):
        service.find("0" * 32)


def test_a_limit_of_a_minute_is_waited_out(server):
    class Waits(Naps):
        """The minute passes while one sleeps."""

        def __call__(self, seconds):
            super().__call__(seconds)
            if seconds > 1:
                server.per_minute = 100

    server.per_minute = 3
    service = connect(server, sleep=Waits())
    done = send(service, texts(server, 5))
    assert answers(done) == {Answer.TAKEN: 5}
    assert len({one.reference for one in server.held}) == len(server.held) == 5


def test_a_limit_that_does_not_pass_halts(server):
    server.per_minute = 2
    done = send(connect(server), texts(server, 5))
    assert answers(done) == {Answer.TAKEN: 2, Answer.NOT_TRIED: 3}
    assert "slow down" in done.halted.message


def test_the_limit_of_the_day_halts_and_loses_nothing(server):
    server.per_day = 2
    done = send(connect(server), texts(server, 6))
    assert answers(done) == {Answer.TAKEN: 2, Answer.NOT_TRIED: 4}
    assert "today" in done.halted.message
    assert done.halted.next


def test_a_team_key_sends_to_the_team_only(server):
    server.guests.add("+447700900300")
    service = connect(server, "team")
    done = send(service, texts(server, 20)[1:])
    assert answers(done) == {Answer.NOT_TRIED: 19}
    assert "live key" in done.halted.next
    assert answers(send(service, texts(server))) == {Answer.TAKEN: 1}


def test_one_that_a_proven_key_may_not_write_to_stops_nobody_else(server):
    server.trial = True
    server.guests.update(f"+447700900{300 + number}" for number in range(4))
    done = send(connect(server), texts(server, 5), proven=True)
    assert answers(done) == {Answer.TAKEN: 4, Answer.NOT_TAKEN: 1}
    assert done.halted is None


def test_missing_personalisation_halts_before_anybody_is_passed_over(server):
    done = send(connect(server), texts(server, 3, personalisation={}))
    assert answers(done) == {Answer.NOT_TRIED: 3}
    assert done.halted is not None


def test_a_wrong_key_is_told_without_it(server):
    wrong = server.key().replace("aaaaaaaa", "bbbbbbbb")
    done = send(NotifyService(wrong, server.url, sleep=Naps()), texts(server, 2))
    assert answers(done) == {Answer.NOT_TRIED: 2}
    assert "API key" in done.halted.next
    assert "bbbbbbbb" not in str(done.halted)
    with pytest.raises(ServiceFailed):
        NotifyService(wrong, server.url, sleep=Naps()).template(server.text)


@pytest.mark.parametrize("key", ["", "not a key", "x" * 80])
def test_what_is_no_key_is_refused_without_repeating_it(key):
    with pytest.raises(BadInput) as raised:
        NotifyService(key, "http://127.0.0.1:1")
    assert "WARDKEEPER_NOTIFY_KEY" in str(raised.value)
    if key:
        assert key not in str(raised.value)


def test_a_template_that_is_not_there_is_told_so(server):
    with pytest.raises(NotFound):
        connect(server).template("12345678-1234-4234-8234-123456789012")
    with pytest.raises(BadInput):
        connect(server).template("../v2/notifications")


@pytest.mark.parametrize(
    ("number", "status"),
    [("07700900003", "temporary-failure"), ("07700900002", "permanent-failure"), ("07700900301", "delivered")],
)
def test_the_documented_numbers_fail_as_documented(server, number, status):
    service = connect(server, "test")
    send(service, texts(server, to=number))
    server.deliver()
    assert service.find("0" * 32).status == status


GARBLED = {
    "nothing": {},
    "a list": [],
    "a word": "sign in",
    "no number of things": None,
    "messages that are none": {"notifications": ["sign in"], "links": {}},
    "messages without ids": {"notifications": [{"reference": "0" * 32}], "links": {}},
    "an id that is none": {"id": None, "notifications": [{"id": ["q"], "status": "created"}], "links": {}},
    "a template for pigeons": {"type": "pigeon", "body": "Coo", "version": 1},
    "a template without words": {"type": "sms", "body": None, "version": 1},
}


@pytest.mark.parametrize("answer", GARBLED.values(), ids=GARBLED)
def test_an_answer_that_is_not_notifys_is_told_so_and_is_never_taken_for_no_message(server, answer, monkeypatch):
    monkeypatch.setattr(server, "get", lambda _path, _headers: answer)
    service = connect(server)
    for ask in (
        lambda: service.find("0" * 32),
        lambda: list(service.reports([f"{number:032x}" for number in range(60)])),
        lambda: service.template(server.text),
    ):
        with pytest.raises(ServiceFailed, match="or not as its documentation says"):
            ask()


@pytest.mark.parametrize("answer", GARBLED.values(), ids=GARBLED)
def test_a_send_that_is_answered_with_something_else_is_left_open(server, answer, monkeypatch):
    monkeypatch.setattr(server, "post", lambda _path, _headers, _content: answer)
    assert set(answers(send(connect(server), texts(server, 2)))) == {Answer.UNSURE}


def test_smoke_test_numbers_are_taken_and_never_found(server):
    service = connect(server)
    assert answers(send(service, texts(server, to="07700900111"))) == {Answer.TAKEN: 1}
    assert service.find("0" * 32) is None


def test_no_recipient_reaches_a_log_an_error_or_a_name(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.answers.extend([500, "lost"])
    batch = [*texts(server, 2, to=NUMBER), *texts(server, 1, to="07700 900 321 ext")]
    done = send(connect(server), batch)
    told = f"{caplog.text} {done} {batch}"
    for secret in (NUMBER, "0321", "900 321", "Ann Example", server.key(), server.key()[-36:], "Bearer"):
        assert secret not in told


def test_the_pace_stays_below_the_limit():
    class Time:
        now = 0.0

        def sleep(self, seconds):
            self.now += seconds

    moment = Time()
    pace = Pace(2_700, monotonic=lambda: moment.now, sleep=moment.sleep)
    began = []
    for _ in range(6_000):
        pace.wait()
        began.append(moment.now)
    assert max(began[number + 2_700] - began[number] for number in range(3_000)) >= 59.9
    busiest = max(sum(1 for other in began if start <= other < start + 60) for start in began[::500])
    assert busiest < 3_000
    pace.rest(10)
    pace.wait()
    assert moment.now - began[-1] >= 10


def test_messages_go_side_by_side(server):
    server.delay = 0.2
    service = NotifyService(server.key(), server.url, sleep=time.sleep)
    started = time.monotonic()
    done = send(service, texts(server, 8))
    assert answers(done) == {Answer.TAKEN: 8}
    assert time.monotonic() - started < 8 * 0.2
