"""What a received file really is, by its first bytes, whatever its name ends in; and what to say when that differs."""

import io
import re
import zipfile
from collections.abc import Mapping
from enum import StrEnum

from wardkeeper.adapters.archives import FAILURES, LISTED, MOST_ENTRIES
from wardkeeper.adapters.compound_files import MAGIC as COMPOUND
from wardkeeper.adapters.compound_files import DamagedFile, list_streams
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.terms import FileForm, Format

HEAD = 4096
"""Bytes looked at from the start."""

ZIPPED = b"PK\x03\x04"
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class FileKind(StrEnum):
    """Kinds of file, as a sentence names them."""

    TEXT = "plain text"
    JSON_LINES = "JSON lines"
    JSON_LIST = "one JSON list"
    HTML = "a web page (HTML)"
    XML = "XML"
    XLSX = "an Excel workbook (.xlsx)"
    XLSB = "a binary Excel workbook (.xlsb)"
    XLS = "an old Excel workbook (.xls)"
    ODS = "an OpenDocument spreadsheet (.ods)"
    LOCKED = "locked with a password"
    OFFICE = "an office document without a table"
    PARQUET = "Parquet"
    LOCKED_PARQUET = "encrypted Parquet"
    ZIP = "a ZIP"
    GZIP = "packed with gzip"
    PDF = "a PDF"


READ_AS: Mapping[FileKind, Format] = {
    FileKind.TEXT: Format.CSV,
    FileKind.JSON_LINES: Format.JSON_LINES,
    FileKind.XLSX: Format.XLSX,
    FileKind.XLS: Format.XLS,
    FileKind.ODS: Format.ODS,
    FileKind.PARQUET: Format.PARQUET,
}
"""The kinds that are read, and the word for each in a contract."""

ADVICE: Mapping[FileKind, str] = {
    FileKind.JSON_LIST: "Ask for JSON lines: one object a line, without the brackets around them.",
    FileKind.HTML: "Open it in a spreadsheet program and save it as .xlsx, or ask for the data itself.",
    FileKind.XML: "Open it in a spreadsheet program and save it as .xlsx, or ask for the data itself.",
    FileKind.XLSB: "Save it as .xlsx, and write xlsx as the contract's format.",
    FileKind.LOCKED: "Ask for it again, without a password.",
    FileKind.OFFICE: "Check that it is the right file.",
    FileKind.LOCKED_PARQUET: "Ask for it again, without encryption.",
    FileKind.ZIP: 'Unpack it, or write packed = "zip" into the contract\'s [file].',
    FileKind.GZIP: "Unpack it first.",
    FileKind.PDF: "Ask for the data itself, as CSV or .xlsx.",
}
"""What to do about the kinds that are not read."""

_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("xl/workbook.xml", FileKind.XLSX),
    ("xl/workbook.bin", FileKind.XLSB),
    ("word/document.xml", FileKind.OFFICE),
    ("ppt/presentation.xml", FileKind.OFFICE),
)
"""Files inside an archive that tell what it is."""

_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    ("EncryptedPackage", FileKind.LOCKED),
    ("WordDocument", FileKind.OFFICE),
    ("PowerPoint Document", FileKind.OFFICE),
)

PARQUET_MAGIC = b"PAR1"

_BEGINNINGS: tuple[tuple[bytes, FileKind], ...] = (
    (PARQUET_MAGIC, FileKind.PARQUET),
    (b"PARE", FileKind.LOCKED_PARQUET),
    (b"\x1f\x8b", FileKind.GZIP),
    (b"%PDF", FileKind.PDF),
)

_SHAPES: tuple[tuple[re.Pattern[bytes], FileKind], ...] = (
    (re.compile(rb'\{\s*["}]'), FileKind.JSON_LINES),
    (re.compile(rb"\[\s*\{"), FileKind.JSON_LIST),
    (re.compile(rb"<\?xml", re.IGNORECASE), FileKind.XML),
    (re.compile(rb"<(?:!doctype html|html|head|body|table|meta)\b", re.IGNORECASE), FileKind.HTML),
)


def find_kind(content: bytes) -> FileKind | None:
    """Tell what a file is; `None` when it is nothing known, or too damaged to tell."""
    if content.startswith(ZIPPED):
        return _find_zipped(content)
    if content.startswith(COMPOUND):
        return _find_compound(content)
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return _find_written(content[:HEAD])


def check_kind(content: bytes, form: FileForm) -> None:
    """Refuse a file that is not of the contract's format. Raises BadInput that says what it is and what to change."""
    kind = find_kind(content)
    # Plain text may be JSON lines whose first line is damaged: its reader knows better.
    if kind is None or READ_AS.get(kind) is form.format or (kind, form.format) == (FileKind.TEXT, Format.JSON_LINES):
        return
    fits = READ_AS.get(kind)
    advice = (
        f'If it is the right file, write format = "{fits}" into the contract\'s [file]; or ask for {form.format}.'
        if fits
        else ADVICE[kind]
    )
    raise BadInput(f"The file is {kind}, and the contract says {form.format}.", advice, Where(rule="format"))


def _find_zipped(content: bytes) -> FileKind | None:
    if content.count(LISTED) > MOST_ENTRIES:
        return FileKind.ZIP
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            told = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except FAILURES:
        return None
    if told.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return FileKind.ODS
    if told.startswith(b"application/vnd.oasis.opendocument"):
        return FileKind.OFFICE
    return next((kind for part, kind in _PARTS if part in names), FileKind.ZIP)


def _find_compound(content: bytes) -> FileKind | None:
    try:
        streams = list_streams(content)
    except DamagedFile:
        return None
    return next((kind for name, kind in _STREAMS if name in streams), FileKind.OFFICE)


def _find_written(head: bytes) -> FileKind | None:
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    text = head.replace(b"\x00", b"").lstrip()
    for shape, kind in _SHAPES:
        if shape.match(text):
            return kind
    # Control characters that no text has: a picture, a program or the like.
    return None if re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text) or not text else FileKind.TEXT
