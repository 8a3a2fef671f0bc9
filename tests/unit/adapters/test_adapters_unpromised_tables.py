"""Tables whose columns nobody promised: what is told from the file itself, and what is refused."""

import io

import polars as pl
import pytest
import xlsxwriter

from wardkeeper.adapters.unpromised_tables import read_unpromised
from wardkeeper.kernel.errors import BadInput

ROWS = [["area", "name", "cases"], ["E02001261", "Ynys Môn", "4"], ["E02001262", "Sale", ""]]
FRAME = pl.DataFrame({"area": ["E02001261", "E02001262"], "name": ["Ynys Môn", "Sale"], "cases": ["4", None]})


def text(mark=",", rows=ROWS):
    return "".join(f"{mark.join(row)}\n" for row in rows)


def workbook(**sheets):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


TITLED = [["Weekly cases by area"], ["Published on 30 November 2020"], [], *ROWS]

ALIKE = {
    "UTF-8": (text().encode(), ()),
    "with a mark": (text().encode("utf-8-sig"), ()),
    "Windows-1252": (text().encode("cp1252"), ("The encoding is Windows-1252: the bytes fit nothing else.",)),
    "UTF-16": (text().encode("utf-16"), ("The encoding is UTF-16: it says so itself.",)),
    "semicolons": (text(";").encode(), ("Cells are parted by semicolons.",)),
    "tabs": (text("\t").encode(), ("Cells are parted by tabs.",)),
    "a delimiter at each end": ("".join(f"{','.join(row)},\n" for row in ROWS).encode(), ()),
    "empty lines at the end": (text().encode() + b"\r\n\n,,\n , ,\n", ()),
    "NULs in a cell": (
        b"\xef\xbb\xbf" + text().encode().replace(b"Sale", b"Sa\0le"),
        ("1 NUL characters were left out.",),
    ),
    "titles": (text(rows=TITLED).encode(), ("3 rows above the heading were titles.",)),
    "a spreadsheet": (workbook(Cases=ROWS), ()),
    "a spreadsheet with titles and notes": (
        workbook(Cover=[["Contents"], ["Notes", "Counts of 0 to 2 are hidden"]], Cases=TITLED),
        ("The sheet is Cases, the only one of 2 with a table.", "3 rows above the heading were titles."),
    ),
}


@pytest.mark.parametrize("form", ALIKE)
def test_one_table_reads_alike_however_it_is_written_and_what_was_assumed_is_said(form):
    content, said = ALIKE[form]
    found = read_unpromised(content, "cases")
    assert found.frame.equals(FRAME)
    assert found.said == said


def test_a_nameless_column_of_row_numbers_does_not_hide_the_heading():
    found = read_unpromised(b",area,cases\n1,E02001261,4\n", "cases.csv")
    assert found.frame.columns[1:] == ["area", "cases"]


def test_empty_lines_between_others_stay_so_that_rows_keep_their_numbers():
    content = text().encode().replace(b"E02001262", b",,\nE02001262") + b"\n\n"
    assert read_unpromised(content, "cases.csv").frame["area"].to_list() == ["E02001261", None, "E02001262"]


REFUSED = {
    "nothing": (b"", r"file cases\.csv: The file is empty\. Ask for it again\."),
    "cut short": (text().encode()[:-9], r"The file ends within a row: part of it is missing\."),
    "a cell too many": (b"area,cases\nE02001261,4,5\n", r"Check that each row has as many cells as the heading\."),
    "a column twice": (b"area,cases,cases\nE02001261,4,5\n", r"Columns 2 and 3 have the same name\. Rename or remove"),
    "no headings": (b"Kaur,M33 2AA,M33 2AA\nSmith,M33 2AB,M33 2AC\n", r"^[^M]*Columns 2 and 3 have the same name\."),
    "a web page": (b"<!DOCTYPE html><html></html>", r"The file is a web page \(HTML\)\. Send it as CSV, as a spread"),
    "a damaged archive": (b"PK\x03\x04\x00", r"The file is damaged, or no table\."),
    "two tables": (workbook(May=ROWS, June=ROWS), r"2 sheets that may be the table: May, June\. Save the sheet"),
    "no table": (workbook(Cover=[["Contents"]]), r"The spreadsheet has no sheet with a table\."),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_told_is_refused_with_the_next_step(fault):
    content, words = REFUSED[fault]
    with pytest.raises(BadInput, match=words):
        read_unpromised(content, "cases.csv")


def test_a_nul_that_was_left_out_of_a_cell_is_said():
    content = text(rows=[*ROWS, *[["E02001263", "Hulme", "4"]] * 9]).replace("Sale", "Sa\0le").encode()
    found = read_unpromised(content, "cases")
    assert found.frame["name"][1] == "Sale"
    assert found.said == ("1 NUL characters were left out.",)
