"""A pace that many threads keep together: so many beginnings a minute, evenly, and a rest when somebody asks for one."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets its callers through one after the other, never faster than `per_minute`. Threads may share it."""

    def __init__(
        self,
        per_minute: int,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 60 / per_minute
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait until it is this caller's turn."""
        with self._lock:
            turn = max(self._monotonic(), self._next)
            self._next = turn + self._gap
        self._sleep(max(0.0, turn - self._monotonic()))

    def rest(self, seconds: float) -> None:
        """Let nobody through for some seconds: the other side has asked for it."""
        with self._lock:
            self._next = max(self._next, self._monotonic() + seconds)
