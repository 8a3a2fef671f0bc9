"""How far long work has come, told on standard error: nothing of short work, a line now and then of long work.

Ctrl-C is heeded between two steps of the work: within compiled code, Python's own way to stop is a fault.
"""

import signal
from collections.abc import Callable
from types import TracebackType
from typing import Self

import typer

from wardkeeper.adapters.machine import clock_seconds
from wardkeeper.cli.running import words

FIRST, NEXT = 3.0, 10.0
"""Seconds until the first line, and from one to the next."""

LEAST = 0.02
"""The share done from which on the time left is told."""


STOPPED = 130
"""The exit code of what was stopped by Ctrl-C, as shells have it."""


def say(line: str) -> None:
    """Show a line on standard error."""
    words.print(line, markup=False, soft_wrap=True)


class Progress:
    """Tells of work that is done in parts, one after the other. Call it with a part's name and the share of it done.

    As a context it heeds Ctrl-C at the next call, says so, and ends the command with `STOPPED`; at once the second time.
    """

    def __init__(self, show: Callable[[str], None] = say, clock: Callable[[], float] = clock_seconds) -> None:
        self._show, self._clock = show, clock
        self._part, self._began = "", clock()
        self._due = self._began + FIRST
        self._stopping = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._ask_to_stop)
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        signal.signal(signal.SIGINT, self._before)
        if kind is KeyboardInterrupt:
            self._show("Stopped, as asked. Nothing was kept.")
            raise typer.Exit(STOPPED)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        if self._stopping:
            raise KeyboardInterrupt
        self._stopping = True

    def __call__(self, part: str, share: float) -> None:
        """Say how much of a part is done, if it is time to. Raises KeyboardInterrupt after Ctrl-C."""
        if self._stopping:
            raise KeyboardInterrupt
        now = self._clock()
        if part != self._part:
            self._part, self._began = part, now
        if now < self._due or share >= 1:
            return
        self._due = now + NEXT
        left = (now - self._began) * (1 - share) / share if share >= LEAST else None
        self._show(f"{part}: {share:.0%}{'' if left is None else f', about {_spell(left)} left'}. Ctrl-C stops it.")


def _spell(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds)):,} seconds"
    minutes = seconds / 60
    return f"{round(minutes):,} minutes" if minutes < 90 else f"{round(minutes / 60):,} hours"
