"""Small real files for the readers' tests: workbooks of three kinds, made without the programs that usually make them."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def make_xlsx(sheets, *, fill=None, options=None, hidden=()):
    """Give an .xlsx of `{name: rows}`. `fill(book, pages)` may add what rows cannot say."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, options or {})
    pages = {name: book.add_worksheet(name) for name in sheets}
    for name, rows in sheets.items():
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                write = pages[name].write_string if isinstance(cell, str) else pages[name].write
                write(number, place, cell)
        if name in hidden:
            pages[name].hide()
    if fill:
        fill(book, pages)
    book.close()
    return content.getvalue()


def make_zip(files, *, method=zipfile.ZIP_DEFLATED):
    """Give a ZIP of `{name or ZipInfo: content}`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside, method)
    return content.getvalue()


# OpenDocument: a ZIP of XML

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)

_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MEDIA_TYPE}"/></manifest:manifest>'
)


def make_ods(sheets):
    """Give an .ods of `{name: rows}`. A cell is text, a number, or XML as it stands (from `<`)."""
    tables = "".join(
        f'<table:table table:name="{name}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return make_zip({"mimetype": _MEDIA_TYPE, "content.xml": _ODS.format(tables), "META-INF/manifest.xml": _MANIFEST})


def _ods_row(row):
    return row if isinstance(row, str) else f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(value, **attributes):
    """Give a cell's XML; attributes such as `number_columns_repeated` are of the table's namespace."""
    if isinstance(value, str) and value.startswith("<"):
        return value
    more = "".join(f' table:{name.replace("_", "-")}="{text}"' for name, text in attributes.items())
    if value == "":
        return f"<table:table-cell{more}/>"
    kind = (
        'office:value-type="string"' if isinstance(value, str) else f'office:value-type="float" office:value="{value}"'
    )
    return f"<table:table-cell{more} {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


# Old Excel: records (BIFF8) in a compound file


def make_xls(sheets, *, extra=b"", from_1904=False, merged=()):
    """Give an .xls of `{name: rows}`; `extra` are records put into the first sheet as they stand."""
    texts = list(dict.fromkeys(cell for rows in sheets.values() for row in rows for cell in row if cell_is_text(cell)))
    bodies = []
    for number, rows in enumerate(sheets.values()):
        cells = b"".join(_xls_cell(r, c, cell, texts) for r, row in enumerate(rows) for c, cell in enumerate(row))
        blocks = record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *one) for one in merged))
        first = extra + (blocks if merged else b"") if number == 0 else b""
        size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
        bodies.append(_beginning(0x0010) + record(0x0200, size) + cells + first + record(0x000A, b""))
    strings = struct.pack("<II", len(texts), len(texts)) + b"".join(_xls_text(text, "<H") for text in texts)
    head = _beginning(0x0005) + record(0x0042, struct.pack("<H", 1200)) + record(0x0022, struct.pack("<H", from_1904))
    tail = record(0x00FC, strings) + record(0x000A, b"")
    listed = sum(len(record(0x0085, struct.pack("<IH", 0, 0) + _xls_text(name, "<B"))) for name in sheets)
    place, entries = len(head) + listed + len(tail), b""
    for name, body in zip(sheets, bodies, strict=True):
        entries += record(0x0085, struct.pack("<IH", place, 0) + _xls_text(name, "<B"))
        place += len(body)
    return make_compound({"Workbook": head + entries + tail + b"".join(bodies)})


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def cell_is_text(cell):
    return isinstance(cell, str) and cell != ""


def _beginning(kind):
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x06))


def _xls_text(text, count):
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


def _xls_cell(row, column, cell, texts):
    if cell == "":
        return record(0x0201, struct.pack("<HHH", row, column, 0))
    if isinstance(cell, str):
        return record(0x00FD, struct.pack("<HHHI", row, column, 0, texts.index(cell)))
    return record(0x0203, struct.pack("<HHHd", row, column, 0, cell))


def make_compound(streams):
    """Give a compound file (MS-CFB, version 3) of `{name: content}`; each is padded past the small streams' size."""
    chunks, table, entries = [], [], [_entry("Root Entry", 5, END, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(4096, b"\x00")
        count = -(-len(padded) // SECTOR)
        start = len(table)
        table += [*range(start + 1, start + count), END]
        chunks.append(padded.ljust(count * SECTOR, b"\x00"))
        following = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, start, len(padded), right=following))
    listing = b"".join(entries)
    listing += b"\x00" * (-len(listing) % SECTOR)
    first = len(table)
    table += [*range(first + 1, first + len(listing) // SECTOR), END]
    tables = -(-(len(table) + 1) // (SECTOR // 4 - 1))
    places = list(range(len(table), len(table) + tables))
    table += [TABLE] * tables
    table += [FREE] * (-len(table) % (SECTOR // 4))
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, tables, first, 0, 4096, END, 0, END, 0, places[0])  # fmt: skip
    header = head + b"".join(struct.pack("<I", place) for place in places[1:])
    header += b"\xff" * (SECTOR - len(header))
    return header + b"".join(chunks) + listing + struct.pack(f"<{len(table)}I", *table)


def _entry(name, kind, start, size, *, child=FREE, right=FREE):
    written = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xIQQIQ", written, len(written), kind, 1, FREE, right, child, 0, 0, 0, start, size)
