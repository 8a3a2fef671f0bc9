"""How far the sheets of an old Excel workbook (.xls) reach, and other claims that would ask for gigabytes.

Format: Microsoft's open specification [MS-XLS], records of a type, a length and data.
"""

import struct
from collections.abc import Iterator

from wardkeeper.adapters.compound_files import DamagedFile, list_streams
from wardkeeper.adapters.sheet_extent import check_reach, damaged

STREAMS = ("Workbook", "Book")

SHEET, DIMENSIONS, STRINGS, FROM_1904, MANY_NUMBERS, END = 0x0085, 0x0200, 0x00FC, 0x0022, 0x00BD, 0x000A
CELLS = frozenset({0x0006, 0x0206, 0x0406, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, MANY_NUMBERS})
"""Records of cells that hold something; each begins with its row and column. Blank cells have others."""

MOST_ROWS, MOST_COLUMNS = 65_536, 256
"""What the format can hold."""

SIZES = {10: "<HHHH", 14: "<IIHH"}
"""How a sheet's size is written, by the record's length: first and last row, first and last column."""

SHORTEST_STRING = 3
"""Bytes of a text in the table of texts."""


def check_xls_extent(content: bytes) -> bool:
    """Refuse an .xls with a sheet that reaches too far, or that claims what it cannot hold. Raises BadInput.

    Tells whether it counts days from 1904.
    """
    try:
        streams = list_streams(content)
        stream = next(streams[name] for name in STREAMS if name in streams)
    except (DamagedFile, StopIteration, struct.error) as error:
        raise damaged() from error
    from_1904 = False
    for kind, data in _records(stream, 0):
        if kind == SHEET and len(data) >= 4:
            _check_sheet(stream, struct.unpack_from("<I", data)[0])
        elif kind == FROM_1904:
            from_1904 = data[:2] == b"\x01\x00"
        # Readers make room for these before they look.
        elif (
            kind == STRINGS and len(data) >= 8 and struct.unpack_from("<I", data, 4)[0] * SHORTEST_STRING > len(stream)
        ):
            raise damaged()
    return from_1904


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Give the records from a place to the next one that ends a part."""
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == END:
            return
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _check_sheet(stream: bytes, place: int) -> None:
    last_row = last_column = 0
    for kind, data in _records(stream, place):
        if kind in CELLS and len(data) >= 6:
            row, first = struct.unpack_from("<HH", data)
            last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == MANY_NUMBERS else first
            last_row, last_column = max(last_row, row + 1), max(last_column, first + 1, last + 1)
            check_reach(last_row, last_column)
        elif kind == DIMENSIONS:
            _check_size(data)


def _check_size(data: bytes) -> None:
    """Refuse a size that the format cannot have: readers make room for it."""
    layout = SIZES.get(len(data))
    if layout is None:
        raise damaged()
    first_row, last_row, first_column, last_column = struct.unpack_from(layout, data)
    if not (first_row <= last_row <= MOST_ROWS and first_column <= last_column <= MOST_COLUMNS):
        raise damaged()
