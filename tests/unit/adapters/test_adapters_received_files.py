import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from wardkeeper.adapters.files import read_bytes, read_unpacked
from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.sources.terms import FileForm, Format

FORM = FileForm(Format.CSV, ("A", "B"))


def test_read_bytes(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"A,B\n")
    assert read_bytes(path) == b"A,B\n"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFound, match="There is no such file") as caught:
        read_bytes(tmp_path / "file.csv")
    assert caught.value.where.file == "file.csv"
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(NotFound, match="This is not a file"):
        read_bytes(tmp_path)


def test_a_file_over_the_limit(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"x" * 11)
    assert len(read_bytes(path, largest=11)) == 11
    with pytest.raises(BadInput, match="larger than"):
        read_bytes(path, largest=10)


READ = {
    "plain": ("A,B\n1,2\n", [("1", "2")], [1]),
    "no line end": ("A,B\n1,2", [("1", "2")], [1]),
    "Windows line ends": ("A,B\r\n1,2\r\n", [("1", "2")], [1]),
    "old Mac line ends": ("A,B\r1,2\r", [("1", "2")], [1]),
    "leading zeros": ("A,B\n007,2\n", [("007", "2")], [1]),
    "words that look like nothing": ("A,B\nNULL,NaN\n", [("NULL", "NaN")], [1]),
    "a comma in quotes": ('A,B\n"1,5",2\n', [("1,5", "2")], [1]),
    "a quote in quotes": ('A,B\n"say ""hi""",2\n', [('say "hi"', "2")], [1]),
    "a line break in quotes": ('A,B\n"1\n5",2\n3,4\n', [("1\n5", "2"), ("3", "4")], [1, 2]),
    "columns in another order": ("B,X,A\n2,9,1\n", [("1", "2")], [1]),
    "a row of blanks": ("A,B\n1,2\n,\n3,4\n", [("1", "2"), ("3", "4")], [1, 3]),
    "a formula": ("A,B\n=1+1,2\n", [("=1+1", "2")], [1]),
}


@pytest.mark.parametrize(("text", "cells", "rows"), READ.values(), ids=READ)
def test_read_csv(text, cells, rows):
    raw = read_table(text.encode(), FORM)
    assert raw.frame.columns == ["A", "B"]
    assert raw.frame.rows() == cells
    assert raw.rows.to_list() == rows
    assert raw.faults == ()


def test_faulty_rows_keep_their_numbers_apart_from_the_frame():
    raw = read_table(b"A,B\n1,2\n3\n4,5\n6,7,8\n9,0\n", FORM)
    assert raw.rows.to_list() == [1, 3, 5]
    assert [(fault.row, fault.content) for fault in raw.faults] == [(2, "3"), (4, "6,7,8")]
    assert raw.height == 5


def test_a_cell_as_long_as_a_spreadsheet_holds_is_read_whole():
    raw = read_table(b"A,B\n" + b"x" * 32_767 + b",2\n", FORM)
    assert len(raw.frame["A"][0]) == 32_767


@pytest.mark.parametrize(
    ("row", "rule"),
    [(b"x" * 200_000 + b",2", "long-cell"), (b"x" * 200_000, "too-few-cells")],
    ids=["a cell", "a row that cannot be parted"],
)
def test_a_longer_one_is_held_back_with_its_beginning_and_the_others_load(row, rule):
    raw = read_table(b"A,B\n1,2\n" + row + b"\n3,4\n", FORM)
    assert raw.rows.to_list() == [1, 3]
    assert [(fault.row, fault.rule.value, len(fault.content)) for fault in raw.faults] == [(2, rule, 32_767)]


def test_faulty_rows_are_numbered_rightly_in_a_large_file():
    lines = [b"1,2"] * 200_000
    lines[150_000] = b"only"
    raw = read_table(b"A,B\n" + b"\n".join(lines) + b"\n", FORM)
    assert [fault.row for fault in raw.faults] == [150_001]
    assert raw.height == 200_000


def workbook(fill):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    fill(book.add_worksheet("Sheet"), book)
    book.close()
    return content.getvalue()


SHEET = FileForm(Format.XLSX, ("A", "B"))


def test_cells_of_a_spreadsheet_become_plain_text():
    def fill(page, book):
        page.write_row(0, 0, ["A", "B"])
        page.write_row(1, 0, [12.0, 1.5])
        page.write_datetime(
            2, 0, datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None), book.add_format({"num_format": "d mmm"})
        )
        page.write_string(2, 1, "007")

    assert read_table(workbook(fill), SHEET).frame.rows() == [("12", "1.5"), ("2026-11-20", "007")]


def test_a_merged_block_below_the_heading_fills_all_its_rows():
    def fill(page, book):
        page.write_row(0, 0, ["A", "B"])
        page.merge_range(1, 0, 2, 0, "1 High Street")
        page.write(1, 1, "Jane")
        page.write(2, 1, "Amir")

    raw = read_table(workbook(fill), SHEET)
    assert raw.frame.rows() == [("1 High Street", "Jane"), ("1 High Street", "Amir")]
    assert "1 merged blocks were filled with their value" in raw.assumed


def test_a_zip_that_is_no_workbook():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "Dear sir")
    with pytest.raises(BadInput, match="The file is a ZIP, and the contract says xlsx"):
        read_table(content.getvalue(), SHEET)


def test_a_packed_file_is_unpacked_and_a_plain_one_is_left(tmp_path):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"A,B\n"))
    assert read_unpacked(path) == b"A,B\n"
    path.write_bytes(b"A,B\n")
    assert read_unpacked(path) == b"A,B\n"


def test_a_packed_file_that_is_damaged_or_unpacks_to_too_much(tmp_path):
    path = tmp_path / "file.csv.gz"
    packed = gzip.compress(b"x" * 5_000)
    path.write_bytes(packed[:-6])
    with pytest.raises(BadInput, match="The packed file is damaged"):
        read_unpacked(path)
    path.write_bytes(packed)
    with pytest.raises(BadInput, match="unpacks to more than"):
        read_unpacked(path, largest=4_999)


def test_a_packed_file_with_broken_insides(tmp_path):
    path = tmp_path / "file.csv.gz"
    packed = gzip.compress(b"A,B\n" * 500)
    path.write_bytes(packed[:10] + b"\xff" * (len(packed) - 10))
    with pytest.raises(BadInput, match="The packed file is damaged"):
        read_unpacked(path)
