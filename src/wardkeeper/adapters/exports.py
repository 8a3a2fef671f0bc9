"""Files that leave: a frame as CSV that Excel opens rightly, or as an Excel workbook.

Ids stay text, so leading zeros and long numbers survive, and no cell is ever read as a formula: a name that starts
with “=” is a name (OWASP, *CSV Injection*).
"""

import io

import polars as pl
import xlsxwriter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as Windows-1252."""

FORMULA_START = r"^[=+\-@\t\r\n＝＋－＠]"
"""First characters that a spreadsheet takes for a formula; the wide forms too, which some locales read alike."""

PHONE = r"^\+[0-9 ]+$"
"""An international phone number is no formula, and GOV.UK Notify must be able to read it."""

LIST_JOINER = "; "


def to_csv(frame: pl.DataFrame) -> bytes:
    """Write a frame as CSV: UTF-8 with a byte-order mark, CRLF line ends, every text cell quoted and escaped.

    A text that a spreadsheet would run is given a leading apostrophe. Lists are joined with semicolons.
    """
    plain = as_plain(frame)
    plain = plain.with_columns(_escape(name) for name in _text_columns(plain))
    body = plain.write_csv(quote_style="non_numeric", line_terminator="\r\n", datetime_format="%Y-%m-%d %H:%M")
    return f"{BOM}{body}".encode()


def _escape(column: str) -> pl.Expr:
    value = pl.col(column)
    risky = value.str.contains(FORMULA_START) & ~value.str.contains(PHONE)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), value)).otherwise(value).alias(column)


def to_xlsx(frame: pl.DataFrame, *, sheet: str = "List") -> bytes:
    """Write a frame as an Excel workbook: text stays text, dates are dates, the heading row is frozen and filters."""
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as workbook:
        as_plain(frame).write_excel(
            workbook,
            worksheet=sheet,
            autofilter=frame.height > 0,
            freeze_panes=(1, 0),
            autofit=True,
            dtype_formats={pl.Date: "yyyy-mm-dd"},
        )
    return stream.getvalue()


def as_plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the frame with lists joined, flags as yes and no, and instants without a zone (UTC), ready for cells."""
    return frame.with_columns(_plain(name, kind) for name, kind in frame.schema.items())


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    match kind:
        case pl.List():
            return column.cast(pl.List(pl.String)).list.join(LIST_JOINER, ignore_nulls=True)
        case pl.Boolean():
            return column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
        case pl.Datetime(time_zone=str()):
            return column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        case _:
            return column


def _text_columns(frame: pl.DataFrame) -> list[str]:
    return [name for name, kind in frame.schema.items() if kind == pl.String]
