"""Sending that goes on while its page is looked at: one run a campaign, and how far it has come.

A run is of this process alone. When the process ends, what was claimed is on record, and sending again takes up there.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread

from wardkeeper.kernel.errors import WardkeeperError
from wardkeeper.usecases.send_campaign import Sent, Tell
from wardkeeper.web.problems import places_of, unexpected

log = logging.getLogger(__name__)

Work = Callable[[Tell], Sent]


@dataclass(slots=True)
class Run:
    """How far a run has come. `left` is None while it gets ready; `sent` or `failed` is there once it has ended."""

    gone: int = 0
    left: int | None = None
    sent: Sent | None = None
    failed: WardkeeperError | None = None

    @property
    def is_going(self) -> bool:
        """Whether it has not ended yet."""
        return self.sent is None and self.failed is None

    def tell(self, gone: int, left: int) -> None:
        """Hear how far it has come."""
        self.gone, self.left = gone, left


@dataclass
class Runs:
    """The newest run of each campaign."""

    _runs: dict[str, Run] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, campaign: str) -> Run | None:
        """Give a campaign's newest run; None when there was none since this process began."""
        return self._runs.get(campaign)

    def start(self, campaign: str, work: Work) -> None:
        """Start a run, unless one is going: a button pressed twice sends once."""
        with self._lock:
            running = self._runs.get(campaign)
            if running and running.is_going:
                return
            run = self._runs[campaign] = Run()
        Thread(target=_go, args=(run, work), daemon=True).start()


def _go(run: Run, work: Work) -> None:
    try:
        run.sent = work(run.tell)
    except WardkeeperError as error:
        run.failed = error
    except Exception as error:  # noqa: BLE001 - as the barrier for faults: its text may quote a row
        log.error("%s at %s", type(error).__name__, places_of(error))  # noqa: TRY400 - not its text
        run.failed = unexpected()
