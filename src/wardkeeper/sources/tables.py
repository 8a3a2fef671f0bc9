"""A file as read, before anyone says what it means: text cells under headings, with row numbers and what was assumed."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.rules import Rule


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that could not be read as cells. `content` is the row as it came."""

    row: int
    rule: Rule
    content: str


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """Text columns under the contract's names; `rows` gives each one's number in the file, 1 being the first.

    `faults` are the rows that are missing from the frame, `assumed` sentences about what the reader took for granted.
    `parted_by` is the delimiter found, where it is another than the contract's.
    """

    frame: pl.DataFrame
    rows: pl.Series
    faults: tuple[RowFault, ...] = ()
    assumed: tuple[str, ...] = ()
    parted_by: str = ""

    def __post_init__(self) -> None:
        if self.height == 0:
            raise BadInput("The file has a heading and no rows.", "Ask for it again.", Where(rule="empty-file"))

    @property
    def height(self) -> int:
        """Rows of the file, faulty ones included."""
        return self.frame.height + len(self.faults)
