"""Tables out of received bytes, by the contract's format. Every cell is text; nothing is guessed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from wardkeeper.adapters.delimited_files import read_delimited
from wardkeeper.adapters.file_kinds import check_kind
from wardkeeper.adapters.json_lines import read_json_lines
from wardkeeper.adapters.parquet_tables import read_parquet_table
from wardkeeper.adapters.spreadsheets import read_spreadsheet
from wardkeeper.adapters.zip_files import unpack_one
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import FileForm, Format


def read_table(content: bytes, form: FileForm) -> RawTable:
    """Read a received file as text cells under the contract's columns.

    Raises BadInput for an empty file, wrong columns, half a file, a wrong format or an unsafe one.
    """
    if not content:
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    said: tuple[str, ...] = ()
    if form.packed:
        content, said = unpack_one(content, form.format, form.inside)
    check_kind(content, form)
    raw = READERS[form.format](content, form)
    return replace(raw, assumed=(*said, *raw.assumed)) if said else raw


READERS: Mapping[Format, Callable[[bytes, FileForm], RawTable]] = {
    Format.CSV: read_delimited,
    Format.XLSX: read_spreadsheet,
    Format.XLS: read_spreadsheet,
    Format.ODS: read_spreadsheet,
    Format.JSON_LINES: read_json_lines,
    Format.PARQUET: read_parquet_table,
}
"""What reads each format."""
