"""What every reader of tables ends with: cells under the contract's names, blank rows left out, monstrous ones refused."""

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import Heading
from wardkeeper.sources.tables import RawTable, RowFault
from wardkeeper.sources.terms import FileForm

LONGEST_CELL = 32_767
"""Characters a cell of a spreadsheet can hold: what is longer could not be given back to be put right."""


def places(heading: Heading, form: FileForm) -> list[tuple[int, str]]:
    """Give each promised column's place in the file, with its name."""
    return list(zip(heading.places, form.columns, strict=True))


def number_rows(cells: pl.DataFrame, faults: list[RowFault]) -> pl.Series:
    """Number the rows as they stand in the file: the faulty ones keep their numbers."""
    numbers = pl.int_range(1, cells.height + len(faults) + 1, eager=True).alias("row")
    return numbers.filter(~numbers.is_in([fault.row for fault in faults]))


def without_blanks(cells: pl.DataFrame, rows: pl.Series, faults: list[RowFault], assumed: tuple[str, ...]) -> RawTable:
    """Leave out rows with nothing in any cell, and say how many. Raises BadInput for a cell too long to be one."""
    _check_lengths(cells, rows, faults)
    filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series()
    blank = cells.height - int(filled.sum())
    said = (*assumed, f"{blank} blank rows were not counted") if blank else assumed
    return RawTable(cells.filter(filled), rows.filter(filled), tuple(faults), said)


def _check_lengths(cells: pl.DataFrame, rows: pl.Series, faults: list[RowFault]) -> None:
    """Refuse a cell that no spreadsheet could hold: mostly a quotation mark is missing, and it swallowed many rows."""
    long = cells.select(pl.any_horizontal(pl.all().str.len_chars() > LONGEST_CELL)).to_series()
    found = [*rows.filter(long).head(1), *(fault.row for fault in faults if len(fault.content) > LONGEST_CELL)]
    if found:
        raise BadInput(
            f"The file has a cell of more than {LONGEST_CELL:,} characters.",
            "Look for a quotation mark that is missing, and send the file again.",
            Where(row=min(found), rule="long-cell"),
        )
