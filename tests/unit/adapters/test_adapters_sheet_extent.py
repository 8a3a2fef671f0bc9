"""Workbooks that reach too far are refused before they are opened; coloured emptiness and pictures don't count."""

import io
import zipfile

import pytest
import xlsxwriter

from wardkeeper.adapters.sheet_extent import check_extent
from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.terms import FileForm, Format

SHEET = FileForm(Format.XLSX, ("A", "B"))


def workbook(fill):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    page = book.add_worksheet()
    page.write_row(0, 0, ["A", "B"])
    page.write_row(1, 0, ["1", "2"])
    fill(page, book)
    book.close()
    return content.getvalue()


def raw_sheet(rows):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n")
        archive.writestr("xl/worksheets/sheet1.xml", f"<x:worksheet xmlns:x='urn:x'>{rows}</x:worksheet>")
    return content.getvalue()


FAR = {
    "the last corner": ((1_048_575, 16_383), "The sheet reaches to row 1,048,576, column 16,384."),
    "column 501": ((1, 500), "The sheet reaches to row 2, column 501."),
    "cells by the million": ((1_000_000, 5), "The sheet reaches to row 1,000,001, column 6."),
}


@pytest.mark.parametrize(("place", "message"), FAR.values(), ids=FAR)
def test_a_stray_cell_far_away_is_refused(place, message):
    with pytest.raises(BadInput) as caught:
        read_table(workbook(lambda page, _: page.write(*place, "x")), SHEET)
    assert caught.value.message == message
    assert caught.value.next == "Delete the empty cells at its end and save it again."


def test_a_coloured_empty_cell_far_away_is_nothing():
    def fill(page, book):
        page.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "red"}))

    assert read_table(workbook(fill), SHEET).frame.rows() == [("1", "2")]


def test_a_merged_block_is_clipped_to_the_sheet():
    raw = read_table(workbook(lambda page, _: page.merge_range(2, 0, 900, 90, "m")), SHEET)
    assert raw.frame.rows() == [("1", "2"), ("m", "m")]


def test_cells_without_a_reference_are_counted():
    cells = "<x:c><x:v>1</x:v></x:c>" * 10
    check_extent(raw_sheet(f"<x:row r='400000'>{cells}</x:row>"))
    with pytest.raises(BadInput, match="row 600,000, column 10"):
        check_extent(raw_sheet(f"<x:row r='600000'>{cells}</x:row>"))


def test_a_sheet_that_breaks_off_is_damaged():
    with pytest.raises(BadInput, match="may be damaged"):
        check_extent(raw_sheet("<x:row r='1'><x:c>"))
