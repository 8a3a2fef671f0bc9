"""Limits on what a stranger may send: how much at once, and how many guesses at a password."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardkeeper.kernel.errors import BadInput
from wardkeeper.web.problems import TooManyTries, send_error

MAX_BODY = 5 * 1024 * 1024
"""Bytes in one request. An outline of a whole county is under 1 MB."""

MINUTE = timedelta(minutes=1)
CALLBACKS_A_MINUTE = 6_000
"""Twice as many as GOV.UK Notify sends messages in a minute."""

WINDOW = timedelta(minutes=15)
MAX_FOR_LOGIN = 8
MAX_FOR_ADDRESS = 40
MAX_REMEMBERED = 10_000
"""Names remembered at once, so that a stranger cannot fill the memory with made-up logins."""


def too_big() -> BadInput:
    """Make the error for a request over the limit."""
    return BadInput(
        f"What you sent is larger than {MAX_BODY // (1024 * 1024)} MB.",
        "Send a smaller file. For an outline, draw fewer points.",
    )


class BodyLimit:
    """Refuses a request body over `MAX_BODY`, whatever length it claims."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on while it is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if claimed_length(scope) > MAX_BODY:
            await send_error(too_big(), scope, receive, send)
            return
        await self.app(scope, counted(receive), send)


def claimed_length(scope: Scope) -> int:
    """Read the Content-Length; 0 when absent or not a number."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def counted(receive: Receive) -> Receive:
    """Wrap `receive` so that it raises BadInput once more than `MAX_BODY` bytes have come."""
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise too_big()
        return message

    return receive_counted


@dataclass
class Arrivals:
    """Counts the callbacks of the last minute: more than GOV.UK Notify sends messages for are turned away for now."""

    _times: deque[datetime] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def check(self, now: datetime) -> None:
        """Count one more. Raises TooManyTries over the limit; Notify tries again five minutes later."""
        with self._lock:
            while self._times and self._times[0] <= now - MINUTE:
                self._times.popleft()
            if len(self._times) >= CALLBACKS_A_MINUTE:
                raise TooManyTries("Too many callbacks at once.", "Send it again in five minutes.")
            self._times.append(now)


@dataclass
class SignInTries:
    """Counts failed sign-ins by login and by network address over the last quarter of an hour."""

    _failures: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, login: str, address: str, now: datetime) -> None:
        """Raise TooManyTries when either has failed too often lately."""
        with self._lock:
            login_full = self._recent(f"login {login}", now) >= MAX_FOR_LOGIN
            address_full = self._recent(f"address {address}", now) >= MAX_FOR_ADDRESS
        if login_full or address_full:
            minutes = int(WINDOW.total_seconds() // 60)
            raise TooManyTries(
                "Too many sign-in attempts.",
                f"Wait {minutes} minutes, then try again. If it is urgent, ring your control room.",
            )

    def add_failure(self, login: str, address: str, now: datetime) -> None:
        """Remember a failed attempt."""
        with self._lock:
            for name in (f"login {login}", f"address {address}"):
                self._failures.setdefault(name, deque(maxlen=MAX_FOR_ADDRESS)).append(now)
                self._failures.move_to_end(name)
            while len(self._failures) > MAX_REMEMBERED:
                self._failures.popitem(last=False)

    def forget(self, login: str) -> None:
        """Clear a login's failures after it signed in."""
        with self._lock:
            self._failures.pop(f"login {login}", None)

    def _recent(self, name: str, now: datetime) -> int:
        failures = self._failures.get(name, deque())
        while failures and failures[0] <= now - WINDOW:
            failures.popleft()
        return len(failures)
