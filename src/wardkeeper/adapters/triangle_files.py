"""Reading reporting triangles from disk: CSV as text, Parquet as it is typed, for these are long tables."""

import io
from pathlib import Path

import polars as pl

from wardkeeper.adapters.case_files import parse_case_table
from wardkeeper.adapters.file_kinds import FileKind, find_kind
from wardkeeper.adapters.files import read_unpacked
from wardkeeper.kernel.errors import BadInput, Where


def read_triangle(path: Path) -> pl.DataFrame:
    """Read a table of report day, specimen day, area and cases: Parquet, CSV or gzipped CSV. Raises BadInput, NotFound."""
    content = read_unpacked(path)
    if find_kind(content) is not FileKind.PARQUET:
        return parse_case_table(content, path.name)
    try:
        return pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError as problem:
        raise BadInput(
            "The file cannot be read as a table.", "Send it as CSV in UTF-8, or as Parquet.", Where(file=path.name)
        ) from problem
