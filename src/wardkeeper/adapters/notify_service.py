"""GOV.UK Notify, through its own client: paced below its limits, tried again when it asks for that, and never noisy.

Its documentation says what each answer means: https://docs.notifications.service.gov.uk/python.html. The status and
the kind of an error are read, never its words, which may change; and neither they nor a recipient reach a log or an error.

A message is never posted twice in a run. Of a `reference` that page says that it "identifies a single unique message or
a batch of messages": it finds a message again and does not keep a second one away. Of a 500 it says "Notify was unable to
process the request, resend", yet a fault may come after a message was kept, and Notify keeps some only after it has
answered (`save_api_email` of its open source takes them from a queue). So a post that ends in a fault, or in no answer, is
left open; it is asked for by its reference some minutes later, and posted again only when Notify has none by then.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, assert_never

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from wardkeeper.adapters.pace import Pace
from wardkeeper.kernel.errors import BadInput, NotFound, ServiceFailed, Where
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.receipts import is_id
from wardkeeper.usecases.ports import Answer, Attempt, Batch, Outgoing, Report, TemplateWords

# The client logs what Notify says of a request; nothing of that belongs in a log here.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

LIVE_URL = "https://api.notifications.service.gov.uk"

PER_MINUTE = 2_700
"""Requests a minute: Notify allows 3,000 for each kind of key, on a rolling basis."""

SERVER_FAULT, NOT_THERE, NOT_ALLOWED = 500, 404, (400, 401, 403)

NO_ANSWER = (APIError, OSError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What asking may end in when no answer came, or none that can be read."""

WORKERS = 8
TIMEOUT_SECONDS = 20
TRIES = 5
FIRST_PAUSE = 2.0
"""Seconds before a second try; each further pause is twice as long."""

SILENT_TRIES = 3
"""How many messages may go unanswered, with none taken, before it is concluded that Notify can't be reached."""

REFUSED_IN_A_ROW = 10
"""How many messages may be refused, with none taken between, before it is the template or the service that is at fault."""

ASK_ONE_BY_ONE = 50
"""Up to so many messages are asked for by reference; more are looked up in Notify's pages of all messages."""

KINDS: dict[Channel, str] = {Channel.TEXT: "sms", Channel.EMAIL: "email", Channel.LETTER: "letter"}
CHANNELS = {kind: channel for channel, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class _Halt(Exception):
    """Nothing more can be sent now. The message at hand was not taken."""

    why: ServiceFailed


class NotifyService:
    """A service of GOV.UK Notify, for one API key. `sleep` and `monotonic` are the machine's; tests give their own."""

    def __init__(
        self,
        api_key: str,
        base_url: str = LIVE_URL,
        *,
        per_minute: int = PER_MINUTE,
        timeout: float = TIMEOUT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        _check_key(api_key)
        self._new_client = partial(NotificationsAPIClient, api_key, base_url=base_url, timeout=timeout)
        self._pace = Pace(per_minute, monotonic=monotonic, sleep=sleep)
        self._sleep, self._monotonic = sleep, monotonic
        self._mine = threading.local()

    def send_all(self, batch: Sequence[Outgoing], *, may_begin: Callable[[], bool], proven: bool) -> Batch:
        """Post each message once, while `may_begin` holds. `proven` says that this key has sent to residents before."""
        run = _Run(may_begin, proven)
        with ThreadPoolExecutor(WORKERS) as pool:
            attempts = tuple(pool.map(partial(self._send_within, run), batch))
        return run.conclude(attempts)

    def find(self, reference: str) -> Report | None:
        """Find a message by its reference; None when the service has none."""
        mine = [one for one in self._list(reference=reference) if one.get("reference") == reference]
        return _report(mine[0]) if mine else None

    def reports(self, references: Collection[str]) -> Iterator[Report]:
        """Give what became of messages. Those that the service does not know, or no longer, are left out."""
        if len(references) <= ASK_ONE_BY_ONE:
            yield from (report for one in references if (report := self.find(one)) is not None)
            return
        wanted, last = set(references), None
        while wanted:
            page = self._list(older_than=last)
            if not page:
                return
            last = page[-1]["id"]
            for one in page:
                if one.get("reference") in wanted:
                    wanted.remove(one["reference"])
                    yield _report(one)

    def template(self, template: str) -> TemplateWords:
        """Give a template's words. Raises NotFound when there is none of this id."""
        try:
            found = self._ask(partial(self._client.get_template, _check_template(template)))
        except _Missing:
            raise NotFound(
                "GOV.UK Notify has no template of this id, or it belongs to another service.",
                "Copy the id from the template's page in Notify.",
                Where(key="template"),
            ) from None
        return _template_words(found)

    @property
    def _client(self) -> NotificationsAPIClient:
        """The client of this thread: Notify's own is not safe to share."""
        found: NotificationsAPIClient | None = getattr(self._mine, "client", None)
        if found is None:
            found = self._mine.client = self._new_client()
        return found

    def _send_within(self, run: "_Run", outgoing: Outgoing) -> Attempt:
        """Send one message unless the batch was halted or its time is over."""
        try:
            attempt = self._send(run, outgoing)
        except _Halt as halt:
            run.halted = run.halted or halt.why
            return Attempt(outgoing.reference, Answer.NOT_TRIED)
        run.note(attempt.answer)
        return attempt

    def _send(self, run: "_Run", outgoing: Outgoing) -> Attempt:
        """Post a message. It is posted again only when Notify said that it did not take it, and to slow down."""
        post = self._post_of(outgoing)
        unsure = Attempt(outgoing.reference, Answer.UNSURE)
        for tried in range(TRIES):
            self._pace.wait()
            # After the wait, which may be long: another run asks about what was not begun in time.
            if run.halted is not None or not run.may_begin():
                return replace(unsure, answer=Answer.NOT_TRIED)
            try:
                taken = post()
                run.check_words(outgoing, taken)
                if not is_id(taken["id"]):
                    return unsure
                return replace(unsure, answer=Answer.TAKEN, id=taken["id"], status="created")
            except HTTPError as error:
                pause = FIRST_PAUSE * 2**tried
                answer = self._weigh(error, run, outgoing, pause)
                if answer is not None:
                    return replace(unsure, answer=answer, status="refused" if answer is Answer.NOT_TAKEN else "")
            except NO_ANSWER:
                return unsure
            self._pace.rest(pause)
        raise _Halt(_busy())

    def _weigh(self, error: HTTPError, run: "_Run", outgoing: Outgoing, pause: float) -> Answer | None:
        """Tell what an error means for a message; None when it was not taken and may be tried once more."""
        match error.status_code, _kind_of(error):
            case _ if error.response is None:
                return Answer.UNSURE
            case 429, "TooManyRequestsError":
                raise _Halt(_spent()) from None
            case 429, _:
                return None
            case 400, "ValidationError":
                return Answer.NOT_TAKEN
            case ((400 | 403), "BadRequestError") if run.proven:
                run.note_refusal(outgoing.reference)
                return Answer.NOT_TAKEN
            case ((400 | 403), "BadRequestError"):
                raise _Halt(_unsuitable()) from None
            case status, _ if status >= SERVER_FAULT:
                self._pace.rest(pause)
                return Answer.UNSURE
        raise _Halt(_not_accepted(error.status_code)) from None

    def _list(self, **which: str | None) -> list[dict[str, Any]]:
        """Ask for messages. Raises ServiceFailed for an answer that is no list of them: that they are not there is not known."""
        found = self._ask(partial(self._client.get_all_notifications, **which)).get("notifications")
        if not isinstance(found, list) or any(
            not isinstance(one, dict) or "status" not in one or not is_id(one.get("id")) for one in found
        ):
            raise _garbled()
        return found

    def _post_of(self, outgoing: Outgoing) -> Callable[[], Any]:
        client, to = self._client, outgoing.to
        what: dict[str, Any] = {
            "template_id": outgoing.template,
            "personalisation": dict(outgoing.personalisation),
            "reference": outgoing.reference,
        }
        match outgoing.channel:
            case Channel.TEXT:
                return partial(client.send_sms_notification, phone_number=to, **what)
            case Channel.EMAIL:
                return partial(client.send_email_notification, email_address=to, **what)
            case Channel.LETTER:
                return partial(client.send_letter_notification, **what)
            case _:
                assert_never(outgoing.channel)

    def _ask(self, get: Callable[[], Any]) -> dict[str, Any]:
        """Ask for something, as often as is sensible. Raises ServiceFailed, and _Missing when there is none."""
        for tried in range(TRIES):
            self._pace.wait()
            with suppress(*NO_ANSWER):
                return _get(get)
            if tried + 1 < TRIES:
                self._sleep(FIRST_PAUSE * 2**tried)
        raise _unreachable()


def _get(get: Callable[[], Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = get()
        if not isinstance(found, dict):
            raise _garbled()
    except HTTPError as error:
        if error.response is not None and error.status_code == NOT_THERE:
            raise _Missing from None
        if error.response is not None and error.status_code in NOT_ALLOWED:
            raise _not_accepted(error.status_code) from None
        raise
    return found


@dataclass(slots=True)
class _Run:
    """A batch under way. Threads share it, and take turns at its counts."""

    may_begin: Callable[[], bool]
    proven: bool
    halted: ServiceFailed | None = None
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answer) -> None:
        """Learn from an attempt whether it is worth going on."""
        with self.turn:
            if answer is Answer.TAKEN:
                self.proven, self.unanswered = True, 0
                self.refused.clear()
            elif answer is Answer.UNSURE:
                self.unanswered += 1
                if self.unanswered >= SILENT_TRIES:
                    self.halted = self.halted or _unreachable()

    def note_refusal(self, reference: str) -> None:
        """Learn that Notify would not send with this template to this recipient, whose number is a good one."""
        with self.turn:
            self.refused.append(reference)
            if len(self.refused) >= REFUSED_IN_A_ROW:
                self.halted = self.halted or _unsuitable()

    def check_words(self, outgoing: Outgoing, taken: Any) -> None:
        """Halt when somebody has changed the template since its words were held to what was approved."""
        if taken.get("template", {}).get("version", outgoing.version) != outgoing.version:
            self.halted = self.halted or _changed_words()

    def conclude(self, attempts: tuple[Attempt, ...]) -> Batch:
        """Give the batch. Those that were refused in a row are not passed over: it was not they who were at fault."""
        spared = self.refused if len(self.refused) >= REFUSED_IN_A_ROW else []
        return Batch(
            tuple(Attempt(one.reference, Answer.NOT_TRIED) if one.reference in spared else one for one in attempts),
            self.halted,
        )


class _Missing(Exception):
    """Notify has nothing of this id."""


def _report(found: dict[str, Any]) -> Report:
    return Report(str(found.get("reference") or ""), found["id"], str(found["status"]))


def _template_words(found: dict[str, Any]) -> TemplateWords:
    """Read a template. Raises ServiceFailed when it is not as documented."""
    channel, body, subject = CHANNELS.get(str(found.get("type"))), found.get("body"), found.get("subject") or ""
    version = found.get("version", 1)
    if channel is None or not isinstance(body, str) or not isinstance(subject, str) or not isinstance(version, int):
        raise _garbled()
    return TemplateWords(channel, body, subject, version)


def _kind_of(error: HTTPError) -> str:
    """Give the kind of an error, such as RateLimitError; empty when its answer is not as documented."""
    answer: Any = error.response
    try:
        return str(answer.json()["errors"][0]["error"])
    except NO_ANSWER:
        return ""


def _check_key(api_key: str) -> None:
    """Refuse what can't be a key, without repeating it."""
    parts = api_key[-73:-37], api_key[-36:]
    try:
        for part in parts:
            uuid.UUID(part)
    except ValueError:
        raise BadInput(
            "The API key of GOV.UK Notify is not one.",
            "Copy it whole from Notify's page API integration: it is a name and two long ids.",
            Where(key="WARDKEEPER_NOTIFY_KEY"),
        ) from None


def _check_template(template: str) -> str:
    try:
        return str(uuid.UUID(template))
    except ValueError:
        raise BadInput(
            "This is not the id of a template.",
            "Copy the id from the template's page in Notify.",
            Where(key="template"),
        ) from None


def _unreachable() -> ServiceFailed:
    return ServiceFailed(
        "GOV.UK Notify does not answer.", "Look at the network and at Notify's status page, and do it again."
    )


def _garbled() -> ServiceFailed:
    return ServiceFailed(
        "What answers is not GOV.UK Notify, or not as its documentation says.",
        "See whether a proxy or a sign-in page of your network answers in its place, and do it again.",
    )


def _busy() -> ServiceFailed:
    return ServiceFailed(
        "GOV.UK Notify asks to slow down, again and again.", "Wait some minutes, and send again: it goes on from here."
    )


def _spent() -> ServiceFailed:
    return ServiceFailed("GOV.UK Notify's limit for today is reached.", "Send again tomorrow: it goes on from here.")


def _unsuitable() -> ServiceFailed:
    return ServiceFailed(
        "GOV.UK Notify would not send with this key and template.",
        "Use a live key of a service that is out of trial mode, and a template of the right kind.",
    )


def _changed_words() -> ServiceFailed:
    return ServiceFailed(
        "Somebody changed a template of GOV.UK Notify while it was used.",
        "Put the approved words back. Send again then: they are compared first, and it goes on from here.",
    )


def _not_accepted(status: int) -> ServiceFailed:
    return ServiceFailed(
        f"GOV.UK Notify did not accept the request (status {status}).",
        "Check the API key, and that this computer's clock is right to within 30 seconds.",
    )
