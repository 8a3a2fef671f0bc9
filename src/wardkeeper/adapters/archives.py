"""ZIP archives (workbooks are ZIPs too), read in pieces and measured: what they claim about themselves is not believed."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

from wardkeeper.kernel.errors import BadInput, Where

LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes that a received file may unpack to."""

LARGEST_RATIO = 200
"""How many times larger than its packed size; real workbooks stay under 30."""

SMALL_UNPACKED = 16 * 1024 * 1024
"""Below this the ratio doesn't matter: a small table of equal cells packs very well."""

MOST_ENTRIES = 5_000
LISTED = b"PK\x01\x02"
"""Begins each line of an archive's list of contents: counted before the list is read into memory."""

PIECE = 1024 * 1024
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways of packing that can be undone in pieces of a known size; every common program uses one of them."""

ENCRYPTED = 0x1

ENDLESS = 1 << 62
"""A size that no claim reaches."""

FAILURES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, LookupError, OSError,
)  # fmt: skip
"""What Python's own reader of archives raises for damaged ones."""


class Meter:
    """Counts unpacked bytes against what one received file may unpack to."""

    def __init__(self, packed: int) -> None:
        self._left = min(LARGEST_UNPACKED, max(LARGEST_RATIO * packed, SMALL_UNPACKED))

    def count(self, size: int) -> None:
        """Count some bytes. Raises BadInput when they are more than is left."""
        self._left -= size
        if self._left < 0:
            raise BadInput(
                "The file unpacks to far more than its size.", "Check where it comes from.", Where(rule="unpacked-size")
            )


@contextmanager
def open_archive(content: bytes, failure: BadInput) -> Iterator[zipfile.ZipFile]:
    """Open an archive; raise `failure` for one that is damaged, whenever that shows."""
    if content.count(LISTED) > MOST_ENTRIES:
        raise BadInput(
            f"The file packs more than {MOST_ENTRIES:,} files.", "Check where it comes from.", Where(rule="many-files")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except FAILURES as error:
        raise failure from error


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, meter: Meter) -> Iterator[bytes]:
    """Give an entry's content in pieces, each counted. Raises zipfile.BadZipFile when it is not as listed."""
    if entry.compress_type not in METHODS or entry.flag_bits & ENCRYPTED:
        raise zipfile.BadZipFile
    # The listed size is a claim, and other readers go on until the packed data ends: so does this one.
    whole = copy(entry)
    whole.file_size = ENDLESS
    read = 0
    with archive.open(whole) as part:
        while piece := part.read(PIECE):
            meter.count(len(piece))
            read += len(piece)
            yield piece
    if read != entry.file_size:
        raise zipfile.BadZipFile


def is_link(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry stands for another file."""
    return stat.S_ISLNK(entry.external_attr >> 16)
