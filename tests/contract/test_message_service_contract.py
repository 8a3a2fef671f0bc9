"""What every sending service promises: Notify's adapter before a local server, and the fake that other tests use."""

from dataclasses import replace

import pytest

from fake_notify import FakeNotify
from notify_server import KINDS, NotifyServer
from wardkeeper.adapters.notify_service import NotifyService
from wardkeeper.kernel.errors import NotFound
from wardkeeper.messages.channels import Channel
from wardkeeper.usecases.ports import Answer, Outgoing, TemplateWords

BODY = "Dear ((name)), tests are free."


@pytest.fixture(params=["fake", "notify"])
def service(request):
    """A service with a template for each channel; `templates_of` gives their ids."""
    if request.param == "fake":
        fake = FakeNotify()
        fake.ids = {channel: fake.add_template(channel, BODY, "Tests") for channel in Channel}
        yield fake
        return
    with NotifyServer() as server:
        made = NotifyService(server.key(), server.url, sleep=lambda _: None)
        kinds = zip(Channel, KINDS, strict=True)
        made.ids = {channel: server.add_template(kind, BODY, "Tests") for channel, kind in kinds}
        yield made


def text(service, number=0, **changes):
    one = Outgoing(
        f"{number:032x}",
        Channel.TEXT,
        service.ids[Channel.TEXT],
        f"+447700900{300 + number:03d}",
        {"name": "Ann Example"},
    )
    return replace(one, **changes)


def send(service, *batch):
    return service.send_all(batch, may_begin=lambda: True, proven=True)


def test_a_message_of_each_channel_is_taken(service):
    address = {f"address_line_{number}": line for number, line in enumerate(("Ann", "1 Example Road", "M33 2AA"), 1)}
    batch = (
        text(service, 1),
        text(service, 2, channel=Channel.EMAIL, template=service.ids[Channel.EMAIL], to="ann@example.com"),
        text(
            service,
            3,
            channel=Channel.LETTER,
            template=service.ids[Channel.LETTER],
            to="",
            personalisation={"name": "Ann", **address},
        ),
    )
    done = send(service, *batch)
    assert done.halted is None
    assert [one.answer for one in done.attempts] == [Answer.TAKEN] * 3
    assert [one.reference for one in done.attempts] == [one.reference for one in batch]
    assert all(one.id for one in done.attempts)


def test_a_message_is_found_by_its_reference(service):
    [attempt] = send(service, text(service, 1)).attempts
    report = service.find(attempt.reference)
    assert (report.reference, report.id) == (attempt.reference, attempt.id)
    assert report.status
    assert service.find("f" * 32) is None


def test_reports_are_given_for_those_that_are_known(service):
    done = send(service, *(text(service, number) for number in range(1, 5)))
    asked = [done.attempts[0].reference, done.attempts[2].reference, "f" * 32]
    assert sorted(one.reference for one in service.reports(asked)) == sorted(asked[:2])
    assert list(service.reports([])) == []


def test_many_reports_come_by_pages(service):
    batch = [text(service, number) for number in range(300)]
    send(service, *batch)
    wanted = {one.reference for one in batch[::2]}
    assert {one.reference for one in service.reports(wanted)} == wanted


def test_a_recipient_that_does_not_exist_is_told_apart(service):
    done = send(service, text(service, 1), text(service, 2, to="not a number"))
    assert [one.answer for one in done.attempts] == [Answer.TAKEN, Answer.NOT_TAKEN]
    assert done.halted is None


def test_a_template_says_its_words(service):
    assert service.template(service.ids[Channel.EMAIL]) == TemplateWords(Channel.EMAIL, BODY, "Tests", 1)
    with pytest.raises(NotFound):
        service.template("12345678-1234-4234-8234-123456789012")


def test_nothing_is_begun_when_its_time_is_over(service):
    done = service.send_all([text(service, 1)], may_begin=lambda: False, proven=True)
    assert [one.answer for one in done.attempts] == [Answer.NOT_TRIED]
    assert service.find(text(service, 1).reference) is None


def test_nothing_is_sent_of_nothing(service):
    assert send(service).attempts == ()
