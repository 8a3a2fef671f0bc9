"""A visitor: signs in over HTTP as a browser would, follows an incident's stream, and records a check."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
PATIENCE = 20.0
"""Seconds to wait for an answer or an event before giving up."""


@dataclass
class Visitor:
    """One signed-in browser."""

    client: httpx.Client

    @classmethod
    def sign_in(cls, address: str, login: str, password: str) -> "Visitor":
        """Sign in at an address such as `http://127.0.0.1:8080`."""
        visitor = cls(httpx.Client(base_url=address, timeout=PATIENCE))
        page = visitor.client.get("/sign-in")
        answer = visitor.client.post(
            "/sign-in", data={"csrf": _field(CSRF, page), "login": login, "password": password, "next": "/"}
        )
        assert answer.status_code == httpx.codes.SEE_OTHER, f"sign-in answered {answer.status_code}"
        return visitor

    def status_of(self, path: str) -> int:
        """Open a page and give its status."""
        return self.client.get(path).status_code

    def record_safe(self, incident: str, check: str) -> float:
        """Record that a door is safe, by its form; give the instant at which the form was sent."""
        path = f"/incidents/{incident}/checks/{check}"
        page = self.client.get(path)
        fields = {"csrf": _field(CSRF, page), "key": _field(KEY, page), "outcome": "safe", "note": ""}
        sent = time.perf_counter()
        answer = self.client.post(f"{path}/done", data=fields)
        assert answer.status_code == httpx.codes.SEE_OTHER, f"recording answered {answer.status_code}"
        return sent

    @contextmanager
    def following(self, incident: str, after: int) -> Iterator["Stream"]:
        """Follow an incident's stream in the background until the block is left."""
        stream = Stream(self.client, f"/incidents/{incident}/stream", after)
        stream.start()
        try:
            yield stream
        finally:
            stream.stop()


@dataclass
class Stream:
    """An open stream: what has been heard on it, and when."""

    client: httpx.Client
    path: str
    after: int
    _heard: dict[str, float] = field(default_factory=dict)
    _open: threading.Event = field(default_factory=threading.Event)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _stopped: bool = False

    def start(self) -> None:
        """Open the stream, and wait until the server has answered."""
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._open.wait(PATIENCE), "the stream did not open"

    def stop(self) -> None:
        """Stop listening at the next line."""
        self._stopped = True

    def wait_for(self, check: str) -> float:
        """Wait until a check's outcome is heard; give the instant at which it was."""
        with self._news:
            assert self._news.wait_for(lambda: check in self._heard, PATIENCE), "the outcome was not heard"
            return self._heard[check]

    def _listen(self) -> None:
        headers = {"Last-Event-ID": str(self.after), "Accept": "text/event-stream"}
        with self.client.stream("GET", self.path, headers=headers) as answer:
            self._open.set()
            for line in answer.iter_lines():
                if self._stopped:
                    return
                if line.startswith("data:"):
                    self._hear(json.loads(line.removeprefix("data:")))

    def _hear(self, event: dict[str, str]) -> None:
        with self._news:
            if event.get("outcome"):
                self._heard[event["check"]] = time.perf_counter()
            self._news.notify_all()


def _field(pattern: re.Pattern[str], page: httpx.Response) -> str:
    found = pattern.search(page.text)
    assert found is not None, f"{page.url.path} answered {page.status_code} without the field {pattern.pattern}"
    return found.group(1)
