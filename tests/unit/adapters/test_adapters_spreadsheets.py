"""Spreadsheets of three kinds: the same table read alike from each, sheets chosen aloud, and claims not believed."""

import struct
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from table_files import make_compound, make_ods, make_xls, make_xlsx, make_zip, ods_cell, record
from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.terms import FileForm, Format

MAKERS = {Format.XLSX: make_xlsx, Format.XLS: make_xls, Format.ODS: make_ods}
TABLE = [["A", "B"], ["Zoë", 12.0], ["007", 1.5]]
ODS_DATE = '<table:table-cell office:value-type="date" office:date-value="2026-11-20"><text:p>20/11/26</text:p></table:table-cell>'


def form(kind, **more):
    return FileForm(kind, ("A", "B"), **more)


def refused(content, terms):
    with pytest.raises(BadInput) as caught:
        read_table(content, terms)
    return caught.value


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_table_from_each_kind(kind):
    raw = read_table(MAKERS[kind]({"One": TABLE}), form(kind))
    assert raw.frame.rows() == [("Zoë", "12"), ("007", "1.5")]
    assert raw.rows.to_list() == [1, 2]
    assert raw.assumed == ("the sheet is One: there is no other",)


@pytest.mark.parametrize("kind", MAKERS)
def test_title_rows_and_other_columns_are_passed_over_aloud(kind):
    rows = [["Tenancies", "", ""], ["", "", ""], ["B", "More", "A"], ["2", "x", "1"], ["", "", ""], ["4", "y", "3"]]
    raw = read_table(MAKERS[kind]({"One": rows}), form(kind))
    assert raw.frame.rows() == [("1", "2"), ("3", "4")]
    assert raw.rows.to_list() == [1, 3]
    assert raw.assumed[1:] == (
        "2 rows above the heading were titles",
        "columns not in the contract were not read: More",
        "1 blank rows were not counted",
    )


# Which sheet


@pytest.mark.parametrize("kind", MAKERS)
def test_of_several_sheets_the_one_whose_heading_fits(kind):
    raw = read_table(MAKERS[kind]({"Notes": [["Read me"]], "Data": TABLE}), form(kind))
    assert raw.frame.height == 2
    assert raw.assumed[0] == "the sheet is Data: of 2 sheets only its heading fits"


@pytest.mark.parametrize("kind", MAKERS)
def test_of_two_that_fit_none_is_chosen_silently(kind):
    content = MAKERS[kind]({"October": TABLE, "November": TABLE})
    error = refused(content, form(kind))
    assert error.message == "The sheets October and November all have the promised columns."
    assert error.next == "Write the one that is meant as sheet into the contract's [file]."
    raw = read_table(content, form(kind, sheet="October"))
    assert raw.assumed[0] == "the sheet is October: the contract says so"


def test_when_none_fits_the_first_tells_what_is_missing():
    assert refused(make_xlsx({"One": [["A"], ["1"]], "Two": [["x"]]}), form(Format.XLSX)).message == (
        "The file has no column B."
    )


def test_a_hidden_copy_is_not_taken_for_the_sheet():
    content = make_xlsx({"Data": TABLE, "Old": TABLE}, hidden={"Old"})
    assert read_table(content, form(Format.XLSX)).assumed[0] == "the sheet is Data: there is no other"


def test_a_chart_is_no_sheet():
    content = make_xlsx({"Data": TABLE}, fill=lambda book, _: book.add_chartsheet("Chart"))
    assert read_table(content, form(Format.XLSX)).frame.height == 2


# Cells


def test_values_are_written_as_the_spreadsheet_shows_them():
    def fill(book, pages):
        page = pages["One"]
        for row, value in enumerate([True, 0.1 + 0.2, 9434765919, 1e20, "=1+1"], 1):
            page.write_string(row, 0, "x")
            (page.write_string if isinstance(value, str) else page.write)(row, 1, value)
        page.write_datetime(6, 1, datetime(2026, 11, 20, 9, 30), book.add_format({"num_format": "dd/mm/yy hh:mm"}))  # noqa: DTZ001
        page.write_formula(7, 1, "=1/0", None, "#DIV/0!")
        page.write_string(7, 0, "an error")

    raw = read_table(make_xlsx({"One": [["A", "B"]]}, fill=fill), form(Format.XLSX))
    assert raw.frame["B"].to_list() == [
        "TRUE", "0.3", "9434765919", "100000000000000000000", "=1+1", "2026-11-20T09:30:00", "",
    ]  # fmt: skip


def test_a_date_of_an_ods_is_its_value_not_its_look():
    assert read_table(make_ods({"One": [["A", "B"], ["x", ODS_DATE]]}), form(Format.ODS)).frame["B"][0] == "2026-11-20"


DAYS = {
    "a count of days": (18_295, "1950-02-01"),
    "with a time of day": (18_295.75, "1950-02-01"),
    "a year": (1950, "1950"),
    "a date in digits": (19_500_201, "19500201"),
    "before Excel's calendar is right": (40, "40"),
    "far in the future": (99_999, "99999"),
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(("number", "text"), DAYS.values(), ids=DAYS)
def test_a_bare_number_in_a_column_of_dates(kind, number, text):
    raw = read_table(MAKERS[kind]({"One": [["A", "B"], [number, number]]}), form(kind, dates=("B",)))
    assert raw.frame["B"][0] == text
    assert raw.frame["A"][0] == f"{number}"
    told = "1 numbers in B were read as days that the spreadsheet counts" in raw.assumed
    assert told is (text != str(number))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (make_xlsx({"One": [["A", "B"], ["x", 16_833]]}, options={"date_1904": True}), Format.XLSX),
        (make_xls({"One": [["A", "B"], ["x", 16_833]]}, from_1904=True), Format.XLS),
    ],
)
def test_a_workbook_that_counts_from_1904(content, kind):
    assert read_table(content, form(kind, dates=("B",))).frame["B"][0] == "1950-02-01"


MERGED = {
    Format.XLSX: make_xlsx(
        {"One": [["A", "B"], ["", "1"], ["", "2"]]},
        fill=lambda _, pages: pages["One"].merge_range(1, 0, 2, 0, "High St"),
    ),
    Format.XLS: make_xls({"One": [["A", "B"], ["High St", "1"], ["", "2"]]}, merged=[(1, 2, 0, 0)]),
    Format.ODS: make_ods(
        {"One": [["A", "B"], [ods_cell("High St", number_rows_spanned=2), "1"], ["<table:covered-table-cell/>", "2"]]}
    ),
}


@pytest.mark.parametrize("kind", MERGED)
def test_a_merged_block_fills_its_rows(kind):
    raw = read_table(MERGED[kind], form(kind))
    assert raw.frame.rows() == [("High St", "1"), ("High St", "2")]
    assert "1 merged blocks were filled with their value" in raw.assumed


def test_an_empty_merged_block_beside_the_table_is_nothing():
    content = make_xlsx({"One": TABLE}, fill=lambda _, pages: pages["One"].merge_range(1, 5, 1, 6, ""))
    assert read_table(content, form(Format.XLSX)).frame.height == 2


# Claims that would ask for gigabytes


def xls_cell(row, column):
    return record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))


EMPTY_END = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
FAR_ODS = f"{EMPTY_END}<table:table-row>{ods_cell('', number_columns_repeated=700)}{ods_cell('x')}</table:table-row>"
MANY_ODS = f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x", number_columns_repeated=400)}</table:table-row>'
ENDLESS_ODS = f"<table:table-row>{ods_cell('x', number_columns_repeated=4_000_000_000)}</table:table-row>"

FAR = {
    "xls: the last corner": (make_xls({"One": TABLE}, extra=xls_cell(65_535, 65_535)), "reaches to row 65,536"),
    "xls: many numbers at once": (
        make_xls({"One": TABLE}, extra=record(0x00BD, struct.pack("<HH6xH", 1, 0, 60_000))),
        "reaches to row 3, column 60,001",
    ),
    "xls: a size it cannot have": (
        make_xls({"One": TABLE}, extra=record(0x0200, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 2**16 - 1, 0))),
        "cannot be read",
    ),
    "xls: more texts than bytes": (
        make_xls({"One": TABLE}).replace(struct.pack("<II", 4, 4), struct.pack("<II", 4, 2**32 - 1)),
        "cannot be read",
    ),
    "ods: a cell far away": (make_ods({"One": [*TABLE, FAR_ODS]}), "reaches to row 1,048,004, column 701"),
    "ods: a row repeated a million times": (make_ods({"One": [*TABLE, MANY_ODS]}), "reaches to row 1,000,003"),
    "ods: a cell repeated without end": (make_ods({"One": [*TABLE, ENDLESS_ODS]}), "cannot be read"),
}


@pytest.mark.parametrize(("content", "message"), FAR.values(), ids=FAR)
def test_a_sheet_that_reaches_too_far_is_refused_unopened(content, message):
    kind = Format.ODS if content.startswith(b"PK") else Format.XLS
    assert message in refused(content, form(kind)).message


def test_the_emptiness_that_ends_every_ods_is_nothing():
    assert read_table(make_ods({"One": [*TABLE, EMPTY_END]}), form(Format.ODS)).frame.height == 2


# What it really is

REAL = {
    "xlsx": make_xlsx({"One": TABLE}),
    "xls": make_xls({"One": TABLE}),
    "ods": make_ods({"One": TABLE}),
}


@pytest.mark.parametrize("real", REAL)
@pytest.mark.parametrize("said", Format)
def test_a_file_of_another_kind_is_told_with_what_to_change(real, said):
    if real == said:
        return
    error = refused(REAL[real], form(said))
    assert error.message.startswith("The file is an ")
    assert error.message.endswith(f"and the contract says {said}.")
    assert error.next.startswith(f'If it is the right file, write format = "{real}" into the contract\'s [file]')


OTHERS = {
    "a locked workbook": (make_compound({"EncryptedPackage": b"x"}), "The file is locked with a password"),
    "a letter": (make_zip({"word/document.xml": "<w/>"}), "The file is an office document without a table"),
    "a binary workbook": (make_zip({"xl/workbook.bin": "x"}), "The file is a binary Excel workbook (.xlsb)"),
    "a web page called .xls": (b"<html><body><table>", "The file is a web page (HTML)"),
    "XML called .xls": (b'<?xml version="1.0"?><Workbook/>', "The file is XML"),
    "a PDF": (b"%PDF-1.7", "The file is a PDF"),
}


@pytest.mark.parametrize(("content", "message"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("said", [Format.CSV, Format.XLS])
def test_what_is_no_table_is_named(content, message, said):
    assert refused(content, form(said)).message == f"{message}, and the contract says {said}."


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_bytes_are_changed_nothing_crashes(kind, data):
    content = bytearray(REAL[kind.value])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        raw = read_table(bytes(content), form(kind))
    except BadInput:
        return
    assert raw.frame.columns == ["A", "B"]
