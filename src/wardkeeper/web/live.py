"""The live stream: tells a browser what changed, and takes the page away when the right to see it ends.

One poller watches the database for every open stream of this process. Whatever it sees, each stream asks again
whether its person may be told: a right that ended is found before a byte of the next event is sent.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from wardkeeper.kernel.errors import Refused, StorageFailed, WardkeeperError
from wardkeeper.kernel.spans import to_text
from wardkeeper.usecases.follow_incident import LiveEvent
from wardkeeper.web.ways import say_next

PAUSE = 0.1
"""Seconds between looks at the database."""

RECHECK = 5.0
"""Seconds after which a quiet stream asks again whether it may go on, and shows that it is alive."""

Follow = Callable[[int], Sequence[LiveEvent]]
"""Gives the events after a number, or raises Refused."""


@dataclass
class Changes:
    """Wakes open streams whenever anything was committed, by this process or another."""

    read_number: Callable[[], int]
    pause: float = PAUSE
    _waiting: set[asyncio.Event] = field(default_factory=set)
    _poller: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set after each change, until the block is left."""
        wake = asyncio.Event()
        self._waiting.add(wake)
        self._start_poller()
        try:
            yield wake
        finally:
            self._waiting.discard(wake)

    def _start_poller(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.get_running_loop().create_task(self._poll())

    async def _poll(self) -> None:
        # The first number counts as a change: a commit may have come just before it was read.
        seen: int | None = None
        while self._waiting:
            number = await self._read(seen)
            if number != seen:
                seen = number
                for wake in self._waiting:
                    wake.set()
            await asyncio.sleep(self.pause)

    async def _read(self, seen: int | None) -> int | None:
        try:
            return await run_in_threadpool(self.read_number)
        except StorageFailed:
            # A busy or full disk passes; the streams' own recheck tells their readers if it does not.
            return seen


async def stream(
    follow: Follow, changes: Changes, *, after: int, names: Mapping[str, str], recheck: float = RECHECK
) -> AsyncIterator[str]:
    """Give the text of an event stream from the event after `after` on. `names` are those of organisations.

    Ends with a `purge` when the right to read ends, and with `trouble` when the events cannot be read.
    """
    async with changes.subscribe() as wake:
        while True:
            wake.clear()
            try:
                events = await run_in_threadpool(follow, after)
            except Refused as refusal:
                yield frame("purge", reason_of(refusal))
                return
            except WardkeeperError as error:
                yield frame("trouble", reason_of(error))
                return
            for event in events:
                after = event.number
                yield frame("change", describe(event, names), number=event.number)
            if not await _woken(wake, recheck):
                yield ": still here\n\n"


async def _woken(wake: asyncio.Event, patience: float) -> bool:
    try:
        await asyncio.wait_for(wake.wait(), patience)
    except TimeoutError:
        return False
    return True


def frame(kind: str, data: dict[str, object], *, number: int | None = None) -> str:
    """Write one event in the text/event-stream format."""
    numbered = f"id: {number}\n" if number is not None else ""
    return f"{numbered}event: {kind}\ndata: {json.dumps(data)}\n\n"


def describe(event: LiveEvent, names: Mapping[str, str]) -> dict[str, object]:
    """Give what a page needs to show an event: no name and no place."""
    return {
        "number": event.number,
        "type": str(event.type),
        "check": event.check_id,
        "status": event.status,
        "outcome": event.outcome,
        "organisation": names.get(event.by_organisation, event.by_organisation),
        "at": to_text(event.at),
    }


def reason_of(error: WardkeeperError) -> dict[str, object]:
    """Give the words to put in place of what was on the page."""
    return {"message": error.message, "next": say_next(error)}
