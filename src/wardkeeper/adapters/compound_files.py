"""Compound files, which old Excel workbooks are: a file system in a file, read with every claim checked.

Format: Microsoft's open specification [MS-CFB]. Only what it takes to find a stream and read it whole.
"""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
ENTRY = 128
STREAM, ROOT = 2, 5
IN_HEADER = 109
"""How many sectors of the allocation table the header itself lists."""

LAST_REAL = 0xFFFFFFFA
"""Numbers of sectors end here; those above mean "free", "end of chain" and the like."""


class DamagedFile(ValueError):
    """The file contradicts itself or ends too soon."""


@dataclass(frozen=True, slots=True)
class _Header:
    size: int
    small_size: int
    cutoff: int
    tables: int
    listing: int
    small_table: int
    more_tables: int


def list_streams(content: bytes) -> dict[str, bytes]:
    """Give the streams of a compound file by name, outermost first. Raises DamagedFile."""
    header = _read_header(content)
    table = _read_table(content, header)
    listing = _chain(content, header.listing, table, header.size, offset=header.size)
    entries = [listing[place : place + ENTRY] for place in range(0, len(listing) - ENTRY + 1, ENTRY)]
    root = next((entry for entry in entries if entry[66] == ROOT), None)
    if root is None:
        raise DamagedFile
    small = _chain(content, _start(root), table, header.size, offset=header.size)
    small_table = _numbers(_chain(content, header.small_table, table, header.size, offset=header.size))
    found: dict[str, bytes] = {}
    for entry in entries:
        if entry[66] == STREAM:
            size = struct.unpack_from("<I", entry, 120)[0]
            whole = (
                _chain(small, _start(entry), small_table, header.small_size, offset=0)
                if size < header.cutoff
                else _chain(content, _start(entry), table, header.size, offset=header.size)
            )
            if len(whole) < size:
                raise DamagedFile
            found.setdefault(_name(entry), whole[:size])
    return found


def _read_header(content: bytes) -> _Header:
    if len(content) < HEADER or not content.startswith(MAGIC):
        raise DamagedFile
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    tables, listing = struct.unpack_from("<II", content, 44)
    cutoff, small_table, small_tables, more_tables, more = struct.unpack_from("<IIIII", content, 56)
    sectors = len(content) >> shift if shift in (9, 12) else 0
    if small_shift != 6 or max(tables, small_tables, more) > sectors:
        raise DamagedFile
    return _Header(1 << shift, 1 << small_shift, cutoff, tables, listing, small_table, more_tables)


def _read_table(content: bytes, header: _Header) -> tuple[int, ...]:
    """Read the allocation table: for each sector, the next one of its chain."""
    places = list(_numbers(content[76:HEADER]))[:IN_HEADER]
    following, seen = header.more_tables, 0
    while following < LAST_REAL and len(places) < header.tables:
        seen += 1
        sector = _numbers(_sector(content, following, header.size, header.size))
        if seen > header.tables or not sector:
            raise DamagedFile
        places += sector[:-1]
        following = sector[-1]
    used = [place for place in places[: header.tables] if place < LAST_REAL]
    return _numbers(b"".join(_sector(content, place, header.size, header.size) for place in used))


def _chain(content: bytes, start: int, table: tuple[int, ...], size: int, *, offset: int) -> bytes:
    """Join the sectors of a chain; one that is longer than the table goes in a circle."""
    parts: list[bytes] = []
    while start < LAST_REAL:
        if start >= len(table) or len(parts) > len(table):
            raise DamagedFile
        parts.append(_sector(content, start, size, offset))
        start = table[start]
    return b"".join(parts)


def _sector(content: bytes, number: int, size: int, offset: int) -> bytes:
    return content[offset + number * size : offset + (number + 1) * size]


def _numbers(content: bytes) -> tuple[int, ...]:
    if len(content) % 4:
        raise DamagedFile
    return struct.unpack(f"<{len(content) // 4}I", content)


def _start(entry: bytes) -> int:
    return int(struct.unpack_from("<I", entry, 116)[0])


def _name(entry: bytes) -> str:
    length = min(64, struct.unpack_from("<H", entry, 64)[0])
    return entry[: max(0, length - 2)].decode("utf-16-le", errors="replace")
