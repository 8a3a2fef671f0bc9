"""Reading received files from disk, within limits."""

import gzip
import io
import zlib
from pathlib import Path

from wardkeeper.kernel.errors import BadInput, NotFound, Where

LARGEST_BYTES = 512 * 1024 * 1024
"""A council's largest extract is some tens of megabytes; above this it is the wrong file, and memory is at stake."""


def read_bytes(path: Path, *, largest: int = LARGEST_BYTES) -> bytes:
    """Read a whole file. Raises NotFound when it isn't there and BadInput when it is no file or too large."""
    where = Where(file=path.name, rule="file")
    try:
        if not path.is_file():
            message = "This is not a file." if path.exists() else "There is no such file."
            raise NotFound(message, "Check the name and the folder.", where)
        size = path.stat().st_size
        if size > largest:
            raise BadInput(
                f"The file is larger than {largest // 1_048_576} MB.", "Check that it is the right file.", where
            )
        return path.read_bytes()
    except PermissionError as error:
        raise NotFound("The file may not be read by this user.", "Ask for permission to read it.", where) from error


GZIP_MAGIC = b"\x1f\x8b"


def read_unpacked(path: Path, *, largest: int = LARGEST_BYTES) -> bytes:
    """Read a whole file, unpacked when it is gzipped. Raises as `read_bytes`, and BadInput past the limit."""
    content = read_bytes(path, largest=largest)
    if not content.startswith(GZIP_MAGIC):
        return content
    where = Where(file=path.name, rule="file")
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(largest + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadInput("The packed file is damaged.", "Ask for it again.", where) from error
    if len(unpacked) > largest:
        message = f"The file unpacks to more than {largest // 1_048_576} MB."
        raise BadInput(message, "Check that it is the right file.", where)
    return unpacked
