"""Files that are wholly there or not there: written aside, flushed to the disk, then put in place in one step."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wardkeeper.kernel.errors import StorageFailed

FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
"""What the operating system says when no more can be written."""

OWNER_ONLY = 0o600
FOLDER_OWNER_ONLY = 0o700


@contextmanager
def storage_failures(what: str) -> Iterator[None]:
    """Turn the operating system's errors into StorageFailed, in plain words, without naming a path."""
    try:
        yield
    except OSError as error:
        raise describe_failure(error, what) from error


def describe_failure(error: OSError, what: str) -> StorageFailed:
    """Say what could not be done, and what to do next."""
    if error.errno in FULL:
        return StorageFailed(
            f"The disk is full: {what} could not be written, and nothing was changed.",
            "Free some space, or move the authority's folder to a larger disk, and do it again.",
        )
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    return StorageFailed(
        f"{what[:1].upper()}{what[1:]} could not be read or written ({reason}).",
        "Check that the disk is there and that Wardkeeper's user may write to it, then do it again.",
    )


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may open, unless it is there already."""
    folder.mkdir(mode=FOLDER_OWNER_ONLY, parents=True, exist_ok=True)


def publish(path: Path, content: bytes) -> bool:
    """Write a new file, whole or not at all; give `False` and leave it be when the name is taken."""
    if path.exists():
        return False
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write_aside(aside, content)
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
    sync_folder(path.parent)
    return True


def shred(path: Path) -> None:
    """Overwrite a file with random bytes, flush them, and remove it. Nothing happens when it is not there."""
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(handle, secrets.token_bytes(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names, so that a new or removed file survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_aside(aside: Path, content: bytes) -> None:
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
