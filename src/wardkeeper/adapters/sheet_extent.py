"""How far a workbook's sheets reach, read before they are opened: one stray cell in the last corner asks for gigabytes.

This is for .xlsx; `ods_extent` and `xls_extent` do the same for the other kinds, by the same limits.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from wardkeeper.adapters.archives import Meter, open_archive, unpack
from wardkeeper.kernel.errors import BadInput, Where

MOST_CELLS = 5_000_000
MOST_COLUMNS = 500

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
"""A cell's place, such as `AB12` (ECMA-376 part 1, 18.18.7)."""

WITH_CONTENT = frozenset({"v", "f", "is"})
"""Elements that only a cell that holds something has: a cell that is only coloured counts for nothing."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def check_extent(content: bytes) -> bool:
    """Refuse a workbook (an .xlsx whole) with a sheet that reaches too far to be opened safely. Raises BadInput.

    Tells whether it counts days from 1904, as old Macintosh workbooks do.
    """
    meter = Meter(len(content))
    from_1904 = False
    with open_archive(content, damaged()) as archive:
        for entry in archive.infolist():
            extent = _Extent()
            if not parse_part(archive, entry, meter, start=extent.start) and extent.row:
                raise damaged()
            check_reach(extent.last_row, extent.last_column)
            from_1904 = from_1904 or extent.from_1904
    return from_1904


def parse_part(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, meter: Meter, *, start: Start, end: End | None = None
) -> bool:
    """Read one part of a workbook to its end; tell whether it is whole XML. Pictures and the like are not."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    whole = True
    for piece in unpack(archive, entry, meter):
        whole = whole and _feed(parser, piece, last=False)
    return whole and _feed(parser, b"", last=True)


def check_reach(last_row: int, last_column: int) -> None:
    """Refuse a sheet whose last filled row and column (from 1) make more cells than can be opened safely."""
    if last_column > MOST_COLUMNS or last_row * last_column > MOST_CELLS:
        raise BadInput(
            f"The sheet reaches to row {last_row:,}, column {last_column:,}.",
            "Delete the empty cells at its end and save it again.",
            Where(rule="sheet-size"),
        )


def damaged() -> BadInput:
    """Make the error for a workbook that cannot be read."""
    return BadInput(
        "The spreadsheet cannot be read; it may be damaged, be cut off or have a password.",
        "Ask for it again, without a password.",
        Where(rule="format"),
    )


def _feed(parser: expat.XMLParserType, piece: bytes, *, last: bool) -> bool:
    try:
        parser.Parse(piece, last)
    except (expat.ExpatError, LookupError, ValueError):
        # The others tell of an encoding that Python does not know.
        return False
    return True


@dataclass(slots=True)
class _Extent:
    """The cell being read, and the furthest row and column that hold something. Both start at 1."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    from_1904: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.row, self.column = _whole(attributes.get("r", ""), self.row + 1), 0
            case "c":
                self._place(attributes.get("r", ""))
            case "workbookPr":
                self.from_1904 = attributes.get("date1904", "") in ("1", "true")
            case kind if kind in WITH_CONTENT:
                self.last_row = max(self.last_row, self.row)
                self.last_column = max(self.last_column, self.column)

    def _place(self, reference: str) -> None:
        found = REFERENCE.fullmatch(reference)
        if found is None:
            self.column += 1
            return
        self.column = _column_number(found[1])
        self.row = int(found[2])


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) <= 7 else otherwise
