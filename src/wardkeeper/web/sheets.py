"""A small table as a page shows it and as a file gives it: one frame, so that the two never differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wardkeeper.kernel.spans import LONDON, check_instant
from wardkeeper.web.wording import say_briefly


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table with its caption. Columns are named as on the screen; with `total`, the last row adds the others up."""

    caption: str
    frame: pl.DataFrame
    total: bool = False

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """Each column's name, and whether it holds numbers."""
        return [(name, kind.is_numeric()) for name, kind in self.frame.schema.items()]

    @property
    def rows(self) -> Iterator[list[str]]:
        """The cells as words."""
        return ([_say(cell) for cell in row] for row in self.frame.iter_rows())


def add_total(frame: pl.DataFrame, words: str = "All") -> pl.DataFrame:
    """Add a last row with the sums of the numbers, its first cell the given words."""
    numbers = [name for name, kind in frame.schema.items() if kind.is_numeric()]
    first, *texts = [name for name in frame.columns if name not in numbers]
    row = frame.select(
        pl.lit(words).alias(first),
        *(pl.lit("").alias(name) for name in texts),
        *(pl.col(name).sum() for name in numbers),
    )
    return pl.concat([frame, row.select(frame.columns)], how="vertical_relaxed")


def in_london(moment: datetime) -> datetime:
    """Give an instant for a cell: by London's clock and without a zone, so that a spreadsheet sorts it and shows the page's time."""
    return check_instant(moment).astimezone(LONDON).replace(tzinfo=None)


def _say(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return say_briefly(cell.replace(tzinfo=LONDON))
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
