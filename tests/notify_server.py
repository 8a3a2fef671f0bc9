"""A local GOV.UK Notify: a real HTTP server that answers as Notify's documentation says, and can be made to fail.

It checks the token, knows templates and key types, keeps limits, gives messages by id, by reference and by pages of 250,
and posts delivery receipts with a bearer token. No test talks to the real one.
"""

import json
import re
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import jwt

SERVICE = "11111111-2222-4333-8444-555555555555"
KEYS = {
    "live": "aaaaaaaa-0000-4000-8000-000000000001",
    "team": "aaaaaaaa-0000-4000-8000-000000000002",
    "test": "aaaaaaaa-0000-4000-8000-000000000003",
}
CLOCK_SECONDS = 30
PAGE = 250
GAP = re.compile(r"\(\(([^()?]+)(?:\?\?[^()]*)?\)\)")
KINDS = ("sms", "email", "letter")

SMOKE_TESTS = {
    *("07700900000", "07700900111", "07700900222"),
    *(f"simulate-delivered{number}@notifications.service.gov.uk" for number in ("", "-2", "-3")),
}
"""Taken as others are, but never kept: their ids lead nowhere."""

FAILS = {
    "07700900003": "temporary-failure",
    "07700900002": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
}
"""What becomes of messages to these; all others are delivered."""


@dataclass
class Refusal(Exception):
    """An answer that is an error: `{"status_code": …, "errors": [{"error": …, "message": …}]}`."""

    status: int
    error: str
    message: str

    def body(self):
        return {"status_code": self.status, "errors": [{"error": self.error, "message": self.message}]}


@dataclass
class Held:
    """A message that Notify has taken."""

    id: str
    kind: str
    to: str
    reference: str | None
    template: str
    body: str
    subject: str
    created_at: str
    status: str = "created"
    version: int = 1
    personalisation: dict = field(default_factory=dict)

    def shown(self):
        named = {"sms": "phone_number", "email": "email_address", "letter": "line_1"}[self.kind]
        return {
            "id": self.id,
            "reference": self.reference,
            named: self.to,
            "type": self.kind,
            "status": self.status,
            "template": {"id": self.template, "version": self.version, "uri": f"/v2/template/{self.template}"},
            "body": self.body,
            "subject": self.subject,
            "created_at": self.created_at,
            "sent_at": None,
            "completed_at": None,
        }

    def receipt(self):
        return {
            "id": self.id,
            "reference": self.reference,
            "to": self.to,
            "status": self.status,
            "created_at": self.created_at,
            "completed_at": self.created_at,
            "sent_at": self.created_at,
            "notification_type": self.kind,
            "template_id": self.template,
            "template_version": 1,
        }


def normal(number):
    """A phone number without spaces and with a leading 0, as the lists above have it."""
    digits = re.sub(r"[\s()-]", "", number)
    return re.sub(r"^(\+44|44|0044)", "0", digits)


class NotifyServer:
    """The server, on a free port of this machine. Use it as a context; change its fields to make it fail."""

    def __init__(self):
        self.templates = {}
        self.held = []
        self.requests = []
        self.guests = set()
        self.trial = False
        self.per_minute = 3_000
        self.per_day = 250_000
        self.answers = deque()
        """What the next posts meet: a status, such as 500, "lost" (kept, then cut off), "cut" (not kept, cut off), "slow",
        or "late": answered with 500 and kept only when `arrive` is called."""
        self.late = []
        self.slow_seconds = 1.0
        self.delay = 0.0
        self._recent = deque()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()

    def key(self, kind="live"):
        """An API key as Notify shows it: its name, the service's id and the secret."""
        return f"wardkeeper_{kind}-{SERVICE}-{KEYS[kind]}"

    def add_template(self, kind, body, subject=""):
        template = str(uuid.uuid4())
        self.templates[template] = {"type": kind, "body": body, "subject": subject}
        return template

    def of(self, reference):
        return [one for one in self.held if one.reference == reference]

    def arrive(self):
        """Keep what was answered with a fault and stood in a queue until now."""
        while self.late:
            self._take(*self.late.pop(0))

    def deliver(self, callback=None, token=""):
        """Let every message come to its end; post a receipt of each text and e-mail. Gives the answers' statuses."""
        answers = []
        for one in [held for held in self.held if held.status in {"created", "sending", "accepted"}]:
            one.status = "received" if one.kind == "letter" else FAILS.get(normal(one.to), "delivered")
            if callback and one.kind != "letter":
                answers.append(post_receipt(callback, token, one.receipt()))
        return answers

    # Requests

    def _handler(self):
        notify = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.answer(lambda: notify.get(self.path, self.headers), 200)

            def do_POST(self):
                content = self.rfile.read(int(self.headers.get("content-length", 0)))
                self.answer(lambda: notify.post(self.path, self.headers, content), 201)

            def answer(self, act, status):
                try:
                    body = act()
                except Refusal as refusal:
                    status, body = refusal.status, refusal.body()
                except ConnectionAbortedError:
                    self.close_connection = True
                    return
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                """Nothing goes to the terminal."""

        return Handler

    def get(self, path, headers):
        self._authorise(headers)
        parts = urlsplit(path)
        self._note("GET", parts.path)
        if found := re.fullmatch(r"/v2/template/([^/]+)", parts.path):
            return self._template(found[1])
        if found := re.fullmatch(r"/v2/notifications/([^/]+)", parts.path):
            return self._one(found[1])
        if parts.path == "/v2/notifications":
            return self._page({name: values[0] for name, values in parse_qs(parts.query).items()})
        raise Refusal(404, "NoResultFound", "The requested URL was not found on the server.")

    def post(self, path, headers, content):
        key_kind = self._authorise(headers)
        self._note("POST", path)
        kind = path.removeprefix("/v2/notifications/")
        if kind not in KINDS:
            raise Refusal(404, "NoResultFound", "The requested URL was not found on the server.")
        if self.delay:
            time.sleep(self.delay)
        with self._lock:
            meets = self.answers.popleft() if self.answers else None
        if isinstance(meets, int):
            raise Refusal(meets, "Exception", "Internal server error")
        if meets == "slow":
            time.sleep(self.slow_seconds)
        if meets == "cut":
            raise ConnectionAbortedError
        if meets == "late":
            self.late.append((kind, key_kind, json.loads(content)))
            raise Refusal(500, "Exception", "Internal server error")
        with self._lock:
            self._limit(key_kind)
            held = self._take(kind, key_kind, json.loads(content))
        if meets == "lost":
            raise ConnectionAbortedError
        return self._taken(held)

    def _note(self, method, path):
        with self._lock:
            self.requests.append((method, path, time.monotonic()))

    def _authorise(self, headers):
        token = headers.get("authorization", "").removeprefix("Bearer ")
        for kind, secret in KEYS.items():
            try:
                claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_iat": False})
            except jwt.InvalidTokenError:
                continue
            if claims.get("iss") != SERVICE:
                break
            if abs(time.time() - claims.get("iat", 0)) > CLOCK_SECONDS:
                raise Refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
            return kind
        raise Refusal(403, "AuthError", "Invalid token: API key not found")

    def _limit(self, key_kind):
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) >= self.per_minute:
            words = f"Exceeded rate limit for key type {key_kind.upper()} of {self.per_minute} requests per 60 seconds"
            raise Refusal(429, "RateLimitError", words)
        self._recent.append(now)
        if len(self.held) >= self.per_day:
            raise Refusal(429, "TooManyRequestsError", f"Exceeded send limits ({self.per_day}) for today")

    def _take(self, kind, key_kind, asked):
        known = {"template_id", "personalisation", "reference", "phone_number", "email_address", "sms_sender_id"}
        known |= {"email_reply_to_id", "one_click_unsubscribe_url"}
        for name in asked.keys() - known:
            raise Refusal(400, "ValidationError", f"Additional properties are not allowed ({name} was unexpected)")
        if kind == "letter" and key_kind == "team":
            raise Refusal(403, "BadRequestError", "Cannot send letters with a team api key")
        to = self._recipient(kind, asked)
        template = self.templates.get(asked.get("template_id"))
        if template is None:
            raise Refusal(400, "BadRequestError", "Template not found")
        if template["type"] != kind:
            raise Refusal(
                400, "BadRequestError", f"{template['type']} template is not suitable for {kind} notification"
            )
        given = {name.lower(): value for name, value in asked.get("personalisation", {}).items()}
        words = f"{template['subject']}\n{template['body']}"
        missing = [name for name in GAP.findall(words) if name.lower() not in given]
        if missing:
            raise Refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        if (key_kind == "team" or self.trial) and key_kind != "test" and to not in self.guests:
            raise Refusal(400, "BadRequestError", "Can't send to this recipient using a team-only API key")
        held = Held(
            id=str(uuid.uuid4()),
            kind=kind,
            to=to,
            reference=asked.get("reference"),
            template=asked["template_id"],
            body=fill(template["body"], given),
            subject=fill(template["subject"], given),
            created_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            status="accepted" if kind == "letter" else "created",
            version=template.get("version", 1),
            personalisation=given,
        )
        if normal(to) not in SMOKE_TESTS:
            self.held.append(held)
        return held

    def _recipient(self, kind, asked):
        match kind:
            case "sms":
                number = required(asked, "phone_number")
                if not re.fullmatch(r"\+?[\d\s()-]+", number):
                    raise Refusal(400, "ValidationError", "phone_number Must not contain letters or symbols")
                if not re.fullmatch(r"07\d{9}", normal(number)):
                    raise Refusal(400, "ValidationError", "phone_number Not a UK mobile number")
                return number
            case "email":
                address = required(asked, "email_address")
                if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
                    raise Refusal(400, "ValidationError", "email_address Not a valid email address")
                return address
            case _:
                return self._address(asked.get("personalisation", {}))

    def _address(self, given):
        lines = [given.get(f"address_line_{number}", "").strip() for number in range(1, 8)]
        lines = [line for line in lines if line]
        if len(lines) < 3:
            raise Refusal(400, "ValidationError", "Address must be at least 3 lines")
        if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", lines[-1].upper()):
            words = "Last line of address must be a real UK postcode or another country"
            raise Refusal(400, "ValidationError", words)
        return ", ".join(lines)

    def _taken(self, held):
        shown = held.shown()
        return {
            "id": held.id,
            "reference": held.reference,
            "content": {"body": held.body, "subject": held.subject},
            "uri": f"{self.url}/v2/notifications/{held.id}",
            "template": shown["template"],
            "scheduled_for": None,
        }

    def _one(self, sought):
        try:
            uuid.UUID(sought)
        except ValueError:
            raise Refusal(400, "ValidationError", "id is not a valid UUID") from None
        for one in self.held:
            if one.id == sought:
                return one.shown()
        raise Refusal(404, "NoResultFound", "No result found")

    def _page(self, asked):
        chosen = [one for one in reversed(self.held) if asked.get("reference") in (None, one.reference)]
        chosen = [one for one in chosen if asked.get("template_type") in (None, one.kind)]
        ids = [one.id for one in chosen]
        if asked.get("older_than"):
            chosen = chosen[ids.index(asked["older_than"]) + 1 :] if asked["older_than"] in ids else []
        page = chosen[:PAGE]
        # The real one always gives a next link while the page holds anything, as its own client expects.
        links = {"current": f"{self.url}/v2/notifications"}
        if page:
            links["next"] = f"{self.url}/v2/notifications?older_than={page[-1].id}"
        return {"notifications": [one.shown() for one in page], "links": links}

    def _template(self, sought):
        template = self.templates.get(sought)
        if template is None:
            raise Refusal(404, "NoResultFound", "No Result Found")
        return {"id": sought, "name": "A template", "version": 1, **template}


def required(asked, name):
    if not isinstance(asked.get(name), str):
        raise Refusal(400, "ValidationError", f"{name} is a required property")
    return asked[name]


def fill(words, given):
    return GAP.sub(lambda gap: str(given.get(gap[1].lower(), gap[0])), words)


def post_receipt(url, token, receipt):
    """Post a receipt as Notify does; give the status that came back."""
    content = json.dumps(receipt).encode() if not isinstance(receipt, bytes) else receipt
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = Request(url, content, headers, method="POST")
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status
    except OSError as error:
        return getattr(error, "code", 0)
