"""Tables out of Parquet: text as it is, numbers and dates written as a person would, nothing with parts of its own."""

from collections.abc import Callable

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from wardkeeper.adapters.archives import LARGEST_UNPACKED
from wardkeeper.adapters.cells import LONGEST_CELL, number_rows, places, without_blanks
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import describe, find_heading
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import FileForm

MOST_CELLS = 200_000_000
"""A few bytes of Parquet can stand for any number of equal cells."""

ROWS_AT_ONCE = 65_536

WHOLE = 2.0**53
"""Up to here each whole number has a floating-point number of its own."""


def read_parquet_table(content: bytes, form: FileForm) -> RawTable:
    """Read the promised columns of a Parquet file. Raises BadInput for a damaged or nested one."""
    try:
        file = open_parquet(content)
        names = file.schema_arrow.names
        heading = find_heading([names], form.columns)
        wanted = [(names[place], column) for place, column in places(heading, form)]
        table = _read_columns(content, file, [name for name, _ in wanted])
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _damaged() from error
    cells = pl.DataFrame({column: table[name] for name, column in wanted})
    return without_blanks(cells, number_rows(cells, []), [], describe(heading))


def open_parquet(content: bytes, texts: list[str] | None = None) -> parquet.ParquetFile:
    """Open a Parquet file; `texts` are columns to be read as dictionaries. Raises BadInput when it claims too much."""
    file = parquet.ParquetFile(
        pa.BufferReader(content),
        read_dictionary=texts,
        thrift_string_size_limit=1 << 24,
        thrift_container_size_limit=1 << 20,
    )
    meta = file.metadata
    if meta.num_rows * max(1, meta.num_columns) > MOST_CELLS:
        raise BadInput(
            f"The file says that it has {meta.num_rows:,} rows.", "Check where it comes from.", Where(rule="file-size")
        )
    return file


def read_sample(content: bytes, most: int) -> pl.DataFrame:
    """Give the first rows of the columns that can be read, as text. Raises BadInput, as `read_parquet_table`."""
    try:
        file = open_parquet(content)
        names = [field.name for field in file.schema_arrow if _writer(field.type) is not None]
        unique = [name for name in names if file.schema_arrow.names.count(name) == 1]
        return pl.DataFrame(_read_columns(content, file, unique, most=most))
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _damaged() from error


def _damaged() -> BadInput:
    return BadInput("The file is not Parquet, or it is cut off.", "Ask for it again, whole.", Where(rule="format"))


def _read_columns(
    content: bytes, file: parquet.ParquetFile, names: list[str], *, most: int = MOST_CELLS
) -> dict[str, pl.Series]:
    schema = file.schema_arrow
    for name in names:
        if _writer(schema.field(name).type) is None:
            raise BadInput(
                f"The column holds {_describe(schema.field(name).type)}, not text, numbers or dates.",
                "Ask for it flat: one value a cell.",
                Where(column=name, rule="nested-value"),
            )
    # Long texts that repeat are kept once each until their lengths are known.
    texts = [name for name in names if _is_text(schema.field(name).type)]
    parts: dict[str, list[pl.Series]] = {name: [] for name in names}
    size = rows = 0
    for batch in open_parquet(content, texts).iter_batches(batch_size=ROWS_AT_ONCE, columns=names):
        for name in names:
            written = _write(batch.column(name), name)
            size += int(written.str.len_bytes().sum() or 0)
            parts[name].append(written)
        rows += batch.num_rows
        if size > LARGEST_UNPACKED or rows * len(names) > MOST_CELLS:
            raise BadInput("The file unpacks to far more than its size.", "Check where it comes from.")
        if rows >= most:
            break
    return {name: _join(name, found).head(most) for name, found in parts.items()}


def _join(name: str, found: list[pl.Series]) -> pl.Series:
    return pl.concat(found).alias(name) if found else pl.Series(name, [], dtype=pl.String)


def _write(cells: pa.Array, name: str) -> pl.Series:
    if pa.types.is_dictionary(cells.type):
        _check_dictionary(cells, name)
        cells = cells.cast(cells.type.value_type)
    writer = _writer(cells.type)
    assert writer is not None
    written = pl.Series(name, writer(cells))
    return written.cast(pl.String).fill_null("")


def _check_dictionary(cells: pa.Array, name: str) -> None:
    if not _is_text(cells.type.value_type):
        return
    longest = pc.max(pc.binary_length(cells.dictionary)).as_py() or 0
    if longest > 4 * LONGEST_CELL:
        raise BadInput(
            f"The file has a cell of more than {LONGEST_CELL:,} characters.",
            "Ask the owner what went wrong, and for the file again.",
            Where(column=name, rule="long-cell"),
        )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


Writer = Callable[[pa.Array], pa.Array | pl.Series]


def _writer(kind: pa.DataType) -> Writer | None:
    """Find what writes a kind of cell as text; `None` for kinds that no table's cell has."""
    if pa.types.is_dictionary(kind):
        return _writer(kind.value_type)
    return next((writer for fits, writer in WRITERS if fits(kind)), None)


def _as_string(cells: pa.Array) -> pa.Array:
    # Bytes that are not text fail here, and the file is refused.
    return cells.cast(pa.large_string())


def _write_decimals(cells: pa.Array) -> pl.Series:
    return pl.Series(cells.cast(pa.large_string())).str.replace(r"\.0+$", "")


def _write_floats(cells: pa.Array) -> pl.Series:
    numbers = pl.Series("number", cells).cast(pl.Float64).to_frame()
    # A 32-bit number is written with the digits that it has, not with those of its 64-bit neighbour.
    shown = pl.Series("shown", cells.cast(pa.large_string()))
    number = pl.col("number")
    whole = (number == number.round()) & (number.abs() <= WHOLE)
    return numbers.with_columns(shown).select(
        pl.when(number.is_nan())
        .then(pl.lit(""))
        .when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise("shown")
    )["literal"]


def _write_instants(cells: pa.Array) -> pl.Series:
    """Write instants by the clock of their own zone; midnight as a day alone, as `sheets` do."""
    local = pc.local_timestamp(cells) if cells.type.tz else cells
    frame = pl.Series("at", local.cast(pa.timestamp("us"), safe=False)).to_frame()
    at = pl.col("at")
    midnight = at.dt.time() == pl.time(0)
    seconds = at.dt.microsecond() == 0
    return frame.select(
        pl.when(midnight)
        .then(at.dt.to_string("%Y-%m-%d"))
        .when(seconds)
        .then(at.dt.to_string("%Y-%m-%dT%H:%M:%S"))
        .otherwise(at.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f"))
        .alias("at")
    )["at"]


def _write_times(cells: pa.Array) -> pl.Series:
    return pl.Series(cells.cast(pa.time64("us")).cast(pa.large_string())).str.replace(r"\.0+$", "")


def _write_nothing(cells: pa.Array) -> pl.Series:
    return pl.Series([""] * len(cells), dtype=pl.String)


WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Writer], ...] = (
    (_is_text, _as_string),
    (pa.types.is_large_binary, _as_string),
    (pa.types.is_integer, _as_string),
    (pa.types.is_boolean, _as_string),
    (pa.types.is_floating, _write_floats),
    (pa.types.is_decimal, _write_decimals),
    (pa.types.is_date, lambda cells: _as_string(cells.cast(pa.date32()))),
    (pa.types.is_timestamp, _write_instants),
    (pa.types.is_time, _write_times),
    (pa.types.is_null, _write_nothing),
)
"""Kinds of column, and what writes each as text."""


def _describe(kind: pa.DataType) -> str:
    if pa.types.is_nested(kind):
        return "lists or objects"
    return f"values of the kind “{kind}”"
