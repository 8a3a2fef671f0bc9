"""`wardkeeper source watch`."""

import hashlib
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from wardkeeper.adapters.watched_folder import Arrival, Place, WatchedFolder
from wardkeeper.adapters.watched_folder import watch as watch_folder
from wardkeeper.cli.desk import Desk, sit_down
from wardkeeper.cli.running import FOUND_PROBLEMS, HERE, AsOption, FolderOption, words
from wardkeeper.usecases.receive_file import Outcome, Result, StillChanging, receive_file

MARK = 12
"""Characters of a checksum that tell one file from another of its name."""

PLACES = {Outcome.LOADED: Place.DONE, Outcome.NOTHING: Place.DONE, Outcome.REFUSED: Place.REFUSED}

SecondsOption = Annotated[
    float, typer.Option("--settle", min=0, help="A file is whole when it has not changed for so many seconds.")
]


def watch(
    inbox: Annotated[Path, typer.Argument(help="The folder that files arrive in.")],
    once: Annotated[bool, typer.Option("--once", help="Receive what is there, and stop: for cron.")] = False,
    settle: SecondsOption = 10,
    every: Annotated[float, typer.Option("--every", min=0.1, help="Look again after so many seconds.")] = 2,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer with a line of JSON for each file.")] = False,
) -> None:
    """Load the files that arrive in a folder, and move each to done/ or refused/ in it, beside a note.

    A file is its source's whose name its sub-folder has, whose contract's `watch` pattern fits its name, or that it is
    called as. One bad file never stops the others; the same bytes are never loaded twice. Ctrl-C stops.
    """
    desk = sit_down(folder, login)
    refused = 0
    with watch_folder(inbox) as watched, _stopped_quietly():
        for arrivals in _rounds(watched, once=once, settle=settle, every=every):
            for arrival in arrivals:
                result = _receive(desk, watched, arrival)
                if result is not None:
                    _tell(result, arrival, as_json=as_json)
                    refused += result.outcome is Outcome.REFUSED
    if once and refused:
        raise typer.Exit(FOUND_PROBLEMS)


def _rounds(watched: WatchedFolder, *, once: bool, settle: float, every: float) -> Iterator[list[Arrival]]:
    if not once:
        words.print("Watching. Ctrl-C stops.")
        yield from watched.arrivals(settle=settle, every=every)
        return
    arrivals, waiting = watched.arrivals_now(settle=settle)
    yield arrivals
    if waiting:
        words.print(f"{waiting} files are still being written: they are left for the next time.")


def _receive(desk: Desk, watched: WatchedFolder, arrival: Arrival) -> Result | None:
    """Receive one file and put it away; nothing when it is changing after all, and stays for another look."""
    # What is refused unread is told from others of its name by when and where it was written.
    marks = [f"{arrival.changed_at} {arrival.number} {arrival.size}".encode()]

    def read() -> bytes:
        marks[0] = watched.read(arrival)
        return marks[0]

    try:
        result = receive_file(
            desk.house, desk.actor, folder=_shown(arrival.folder), name=_shown(arrival.name), read=read
        )
        note = "\n".join([f"{result.file_name}: {result.outcome}", *result.says, ""])
        mark = f"{result.source}-{hashlib.sha256(marks[0]).hexdigest()[:MARK]}".strip("-")
        watched.put_away(arrival, PLACES[result.outcome], mark=mark, note=note)
    except StillChanging:
        return None
    return result


def _tell(result: Result, arrival: Arrival, *, as_json: bool) -> None:
    place = PLACES[result.outcome]
    if as_json:
        line = {
            "file": result.file_name, "folder": _shown(arrival.folder), "source": result.source, "outcome": result.outcome,
            "moved_to": place, "says": result.says,
        }  # fmt: skip
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    words.print(f"{result.file_name}: {result.outcome}. {' '.join(result.says)}", markup=False, soft_wrap=True)


def _shown(name: str) -> str:
    """Give a name without characters that would move a terminal's cursor, or that are no letters at all."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


@contextmanager
def _stopped_quietly() -> Iterator[None]:
    """End cleanly when asked to, by Ctrl-C or by a service manager; each load is whole or not at all."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except KeyboardInterrupt:
        words.print("Stopped. What was not put away is received next time.")
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
