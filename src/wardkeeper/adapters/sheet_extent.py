"""How far a workbook's sheets reach, read before they are opened: one stray cell in the last corner asks for gigabytes."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from wardkeeper.kernel.errors import BadInput, Where

MOST_CELLS = 5_000_000
MOST_COLUMNS = 500

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
"""A cell's place, such as `AB12` (ECMA-376 part 1, 18.18.7)."""

WITH_CONTENT = frozenset({"v", "f", "is"})
"""Elements that only a cell that holds something has: a cell that is only coloured counts for nothing."""


def check_extent(content: bytes) -> None:
    """Refuse a workbook (an .xlsx whole) with a sheet that reaches too far to be opened safely. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                _check_sheet(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _damaged() from error


def _check_sheet(archive: zipfile.ZipFile, name: str) -> None:
    """Read one part of the workbook; pictures and the like are no XML and have no rows."""
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    try:
        with archive.open(name) as part:
            parser.ParseFile(part)
    except expat.ExpatError as error:
        if extent.row:
            raise _damaged() from error
    extent.check()


@dataclass(slots=True)
class _Extent:
    """The cell being read, and the furthest row and column that hold something. Both start at 1."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.row, self.column = _whole(attributes.get("r", ""), self.row + 1), 0
            case "c":
                self._place(attributes.get("r", ""))
            case kind if kind in WITH_CONTENT:
                self.last_row = max(self.last_row, self.row)
                self.last_column = max(self.last_column, self.column)

    def check(self) -> None:
        if self.last_column > MOST_COLUMNS or self.last_row * self.last_column > MOST_CELLS:
            raise BadInput(
                f"The sheet reaches to row {self.last_row:,}, column {self.last_column:,}.",
                "Delete the empty cells at its end and save it again.",
                Where(rule="sheet-size"),
            )

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


def _damaged() -> BadInput:
    return BadInput(
        "The spreadsheet cannot be read; it may be damaged or have a password.",
        "Ask for it again, without a password.",
        Where(rule="format"),
    )
