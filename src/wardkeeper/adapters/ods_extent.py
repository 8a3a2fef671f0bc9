"""How far the sheets of an OpenDocument spreadsheet reach, and which of its cells are merged.

A cell or row there may say that it is repeated a billion times (OpenDocument 1.3 part 3, 19.679 and 19.684).
"""

from dataclasses import dataclass, field

from wardkeeper.adapters.archives import Meter, open_archive
from wardkeeper.adapters.sheet_extent import MOST_CELLS, check_reach, damaged, parse_part

Block = tuple[tuple[int, int], tuple[int, int]]
"""The first and last cell of a merged block, each as row and column from 0."""

CONTENT = "content.xml"
MOST_REPEATS = 1 << 20
"""Rows of the longest sheet that any program makes."""

CELLS = frozenset({"table-cell", "covered-table-cell"})


def read_ods_extent(content: bytes) -> dict[str, list[Block]]:
    """Give each sheet's merged blocks, by its name. Raises BadInput for a sheet too far-reaching, or damaged."""
    extent = _Extent()
    with open_archive(content, damaged()) as archive:
        meter = Meter(len(content))
        for entry in archive.infolist():
            is_content = entry.filename == CONTENT
            handlers = {"start": extent.start, "end": extent.end} if is_content else {"start": _skip}
            whole = parse_part(archive, entry, meter, **handlers)
            if is_content and not whole:
                raise damaged()
    return extent.merged


def _skip(_name: str, _attributes: dict[str, str]) -> None:
    pass


@dataclass(slots=True)
class _Extent:
    """The place after the last cell read (from 0), the cell being read, and what was found in this sheet so far."""

    row: int = 0
    column: int = 0
    repeats: int = 1
    sheet: str = ""
    last_column: int = 0
    span: tuple[int, int] = (1, 1)
    width: int = 1
    cells: int = 0
    filled: bool = False
    merged: dict[str, list[Block]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self.sheet, self.row, self.cells = attributes.get("table:name", ""), 0, 0
                self.merged.setdefault(self.sheet, [])
            case "table-row":
                self.column, self.last_column = 0, 0
                self.repeats = _count(attributes.get("table:number-rows-repeated"))
            case kind if kind in CELLS:
                self.width = _count(attributes.get("table:number-columns-repeated"))
                self.span = (
                    _count(attributes.get("table:number-rows-spanned")),
                    _count(attributes.get("table:number-columns-spanned")),
                )
                self.filled = "office:value-type" in attributes
            case "p":
                self.filled = True

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case kind if kind in CELLS:
                self._end_cell()
            case "table-row":
                self.row += self.repeats
                self.cells += self.repeats * self.last_column
                check_reach(self.row if self.last_column else 0, self.last_column)
                if self.cells > MOST_CELLS:
                    raise damaged()

    def _end_cell(self) -> None:
        place = self.row, self.column
        self.column += self.width
        if self.filled:
            self.last_column = self.column
        if self.span != (1, 1):
            self.merged[self.sheet].append((place, (place[0] + self.span[0] - 1, place[1] + self.span[1] - 1)))


def _count(text: str | None) -> int:
    """Read a number of repeats. Raises BadInput for one that no program writes."""
    if text is None:
        return 1
    if not text.isdecimal() or len(text) > 7 or not 1 <= int(text) <= MOST_REPEATS:
        raise damaged()
    return int(text)
