"""A folder that files arrive in: which have come whole, reading them safely, and putting them away with a note.

    folder/extract.csv                 a file, matched by its name
    folder/council-tax/extract.csv     a file of the source the folder is named as
    folder/done/  folder/refused/      where files go, each beside a note in plain words

A file is put away under its name and the beginning of its checksum, so that every step can be done twice: a watcher
that is killed between loading, note and moving finds the file where it was, and loads nothing a second time.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wardkeeper.adapters.durable_files import storage_failures, sync_folder
from wardkeeper.adapters.files import LARGEST_BYTES
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Where
from wardkeeper.usecases.receive_file import StillChanging

LOCK = ".wardkeeper-watch"

UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download")
"""What names of files end in while programs still write them; also those that begin with a dot or `~$`."""

CHANGED = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO})
"""What the system says when a file is gone, or has become a link or a device, since it was looked at."""

LONGEST_STEM, LONGEST_SUFFIX = 40, 10
"""Characters kept of a name: with a mark and a note's ending it must fit into 255 bytes, four for each character."""

READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Place(StrEnum):
    """Where a file is put away."""

    DONE = "done"
    REFUSED = "refused"


PLACES = frozenset(Place)


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A file in the folder as it was looked at, oldest first. `folder` is empty when it lies in none."""

    changed_at: int
    folder: str
    name: str
    size: int
    number: int
    is_file: bool

    @property
    def place(self) -> tuple[str, str]:
        """Give its folder and name: the same for a later look at it."""
        return self.folder, self.name


@contextmanager
def watch(folder: Path) -> Iterator["WatchedFolder"]:
    """Watch a folder, alone. Raises NotFound when it is none, Conflict while another watches it, StorageFailed."""
    if not folder.is_dir():
        raise NotFound("There is no such folder to watch.", "Check its name.", Where(file=folder.name))
    root = folder.resolve()
    with storage_failures("the watched folder"):
        for place in Place:
            _make_real_folder(root / place)
        handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _lock(handle)
        yield WatchedFolder(root)
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Lock the folder for this process; the system undoes it however the process ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Conflict("The folder is being watched already.", "Stop the other watcher first.") from error


def _make_real_folder(path: Path) -> None:
    path.mkdir(exist_ok=True)
    if path.is_symlink():
        raise BadInput(
            f"The folder {path.name} is a link.", "Make it a folder of its own.", Where(file=path.name, rule="link")
        )


class WatchedFolder:
    """A folder that nobody else watches. Got from `watch`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def arrivals(self, *, settle: float, every: float) -> Iterator[list[Arrival]]:
        """Give, without end, the files that have not changed for `settle` seconds, looking each `every` seconds."""
        since: dict[tuple[str, str], tuple[Arrival, float]] = {}
        while True:
            now = time.monotonic()
            looked = {one.place: one for one in self.look()}
            since = {
                place: since[place] if place in since and since[place][0] == one else (one, now)
                for place, one in looked.items()
            }
            yield sorted(one for one, first in since.values() if now - first >= settle)
            time.sleep(every)

    def arrivals_now(self, *, settle: float) -> tuple[list[Arrival], int]:
        """Give the files that do not change within `settle` seconds, and how many others there are."""
        before = set(self.look())
        time.sleep(settle)
        after = set(self.look())
        return sorted(before & after), len(after - before)

    def look(self) -> Iterator[Arrival]:
        """Give what lies in the folder and one folder deep. Links are never followed."""
        with storage_failures("the watched folder"):
            for entry in _list(self._root):
                if entry.name in PLACES:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _look_at(_list(self._root / entry.name), entry.name)
                else:
                    yield from _look_at([entry], "")

    def read(self, arrival: Arrival) -> bytes:
        """Read a file as it was looked at. Raises StillChanging when it is another by now, BadInput for a link."""
        if not arrival.is_file:
            raise BadInput(
                "This is a link or a device, not a file.",
                "It was not followed or read. Put the file itself here.",
                Where(file=arrival.name, rule="link"),
            )
        if arrival.size > LARGEST_BYTES:
            raise BadInput(
                f"The file is larger than {LARGEST_BYTES // 1_048_576} MB.",
                "Check that it is the right file.",
                Where(file=arrival.name, rule="file"),
            )
        with storage_failures("a received file"):
            try:
                return self._read_as_seen(arrival)
            except PermissionError as error:
                raise BadInput(
                    "The file may not be read by this user.", "Ask for permission to read it.", Where(file=arrival.name)
                ) from error
            except OSError as error:
                if error.errno in CHANGED:
                    raise StillChanging from error
                raise

    def _read_as_seen(self, arrival: Arrival) -> bytes:
        with self._open_folder(arrival.folder) as within:
            handle = os.open(arrival.name, READING, dir_fd=within)
            with os.fdopen(handle, "rb") as file:
                _check_same(arrival, os.fstat(handle))
                content = file.read(arrival.size + 1)
                _check_same(arrival, os.fstat(handle))
            return content

    def put_away(self, arrival: Arrival, place: Place, *, mark: str, note: str) -> str:
        """Write the note, then move the file beside it; give its new name. Safe to do again after a crash.

        `mark` tells its content from others of its name. Raises StillChanging when another file has taken its name.
        """
        with storage_failures("a received file"):
            shelf = self._root / place / arrival.folder
            _make_real_folder(shelf)
            path = Path(arrival.name)
            kept = f"{path.stem[:LONGEST_STEM]}.{mark}{path.suffix[:LONGEST_SUFFIX]}"
            if place is Place.REFUSED or not (shelf / f"{kept}.txt").exists():
                _write_note(shelf / f"{kept}.txt", note)
            self._move(arrival, shelf, kept)
        return str(Path(place, arrival.folder, kept))

    def _move(self, arrival: Arrival, shelf: Path, kept: str) -> None:
        with self._open_folder(arrival.folder) as within, self._open_folder(str(shelf.relative_to(self._root))) as to:
            try:
                _check_same(arrival, os.stat(arrival.name, dir_fd=within, follow_symlinks=False))
            except FileNotFoundError as error:
                raise StillChanging from error
            os.rename(arrival.name, kept, src_dir_fd=within, dst_dir_fd=to)
            moved = os.stat(kept, dir_fd=to, follow_symlinks=False)
            if _seen(moved, arrival.folder, arrival.name) != arrival:
                # Another file took the name in the last moment: it was not read, so it goes back to be.
                os.rename(kept, arrival.name, src_dir_fd=to, dst_dir_fd=within)
                raise StillChanging
            os.fsync(to)
            os.fsync(within)

    @contextmanager
    def _open_folder(self, relative: str) -> Iterator[int]:
        """Open a folder inside the watched one, following no link on the way."""
        handle = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in Path(relative).parts:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)


def _list(folder: Path) -> list[os.DirEntry[str]]:
    # A folder may be taken away between being listed and being looked into.
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        return [entry for entry in entries if not _is_unfinished(entry.name)]
    return []


def _look_at(entries: list[os.DirEntry[str]], folder: str) -> Iterator[Arrival]:
    for entry in entries:
        with suppress(FileNotFoundError):
            if not entry.is_dir(follow_symlinks=False):
                yield _seen(entry.stat(follow_symlinks=False), folder, entry.name)


def _seen(status: os.stat_result, folder: str, name: str) -> Arrival:
    return Arrival(
        status.st_mtime_ns, folder, name, status.st_size, status.st_ino, is_file=stat.S_ISREG(status.st_mode)
    )


def _check_same(arrival: Arrival, status: os.stat_result) -> None:
    if _seen(status, arrival.folder, arrival.name) != arrival:
        raise StillChanging


def _is_unfinished(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold().endswith(UNFINISHED)


def _write_note(path: Path, note: str) -> None:
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(note, "utf-8")
    aside.replace(path)
    sync_folder(path.parent)
