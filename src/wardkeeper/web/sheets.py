"""A small table as a page shows it and as a file gives it: one frame, so that the two never differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wardkeeper.kernel.phrases import say_briefly
from wardkeeper.kernel.spans import LONDON, check_instant
from wardkeeper.messages.few import FEWEST, tell_column


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
    def exact(self) -> bool:
        """Whether its total is told exactly: no row is of so few that it is withheld."""
        return self.frame[self.frame.columns[-1]].dtype.is_numeric()

    @property
    def sums(self) -> list[str]:
        """The cells of the last row, as words."""
        return list(self.rows)[-1]

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


def hide_few(frame: pl.DataFrame, counts: Mapping[str, str], *, words: str = "All") -> pl.DataFrame:
    """Add the total, and withhold counts of few people as `tell_column` does, so that none can be taken from the total.

    `counts` gives the columns of counts, and the column that follows from each (or "").
    """
    whole = add_total(frame, words)
    for name, follows in counts.items():
        told = tell_column(frame[name].to_list())
        if not told.exact:
            columns = [pl.Series(name, [*told.cells, told.total])]
            if follows:
                pairs = zip(frame[follows], told.counts, strict=True)
                costs = ["" if number is None else _say(cost) for cost, number in pairs]
                columns.append(pl.Series(follows, [*costs, _about(whole[follows][-1], FEWEST)]))
            whole = whole.with_columns(columns)
    return whole


def _about(number: float, step: int) -> str:
    return f"about {max(step, step * round(number / step)):,}"


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
