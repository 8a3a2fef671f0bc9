"""Files that leave: text stays text, no cell is a formula, and Excel reads every letter."""

import csv
import io
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from wardkeeper.adapters.exports import BOM, to_csv, to_xlsx

FRAME = pl.DataFrame(
    {
        "id": ["007", "00123456789012345"],
        "name": ["=1+1", "Zoë Ó Briain"],
        "phones": [["+447700900123", None], ["020 7946 0000", "=cmd"]],
        "seen_on": [date(2026, 11, 22), None],
        "at": [datetime(2026, 7, 1, 12, 30, tzinfo=UTC), None],
        "objected": [True, None],
        "people": [1, -2],
    },
    schema_overrides={"at": pl.Datetime("us", "UTC")},
)


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class TestCsv:
    def test_starts_with_the_mark_that_excel_needs(self):
        assert to_csv(FRAME).startswith(b"\xef\xbb\xbf")
        assert to_csv(FRAME).decode().count(BOM) == 1

    def test_every_cell(self):
        assert rows_of(to_csv(FRAME)) == [
            ["id", "name", "phones", "seen_on", "at", "objected", "people"],
            ["007", "'=1+1", "+447700900123", "2026-11-22", "2026-07-01 12:30", "yes", "1"],
            ["00123456789012345", "Zoë Ó Briain", "020 7946 0000; =cmd", "", "", "", "-2"],
        ]

    def test_lines_end_as_excel_ends_them(self):
        assert to_csv(FRAME.select("people")) == '\ufeff"people"\r\n1\r\n-2\r\n'.encode()

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")']
    )
    def test_what_a_spreadsheet_would_run_is_text(self, text):
        assert rows_of(to_csv(pl.DataFrame({"a": [text]})))[1] == [f"'{text}"]

    @pytest.mark.parametrize("text", ["+447700900123", "+44 7700 900123", "07700 900123", "O'Neil", "a=b", "'", ""])
    def test_what_is_harmless_is_left_alone(self, text):
        assert rows_of(to_csv(pl.DataFrame({"a": [text], "b": ["x"]})))[1] == [text, "x"]

    def test_no_rows_still_gives_a_heading(self):
        assert rows_of(to_csv(FRAME.head(0))) == [FRAME.columns]

    def test_a_list_of_numbers_is_joined_too(self):
        assert rows_of(to_csv(pl.DataFrame({"a": [[1, 2]]})))[1] == ["1; 2"]

    @given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
    def test_any_text_comes_back_as_it_was_or_behind_an_apostrophe(self, texts):
        frame = pl.DataFrame({"a": texts, "b": ["x"] * len(texts)})
        for text, (cell, _) in zip(texts, rows_of(to_csv(frame))[1:], strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "@", "-", "\t"))


class TestXlsx:
    def sheet(self, frame):
        return load_workbook(io.BytesIO(to_xlsx(frame))).get_sheet_by_index(0).to_python()

    def test_text_stays_text_and_dates_are_dates(self):
        heading, first, second = self.sheet(FRAME)
        assert heading == FRAME.columns
        assert first[:4] == ["007", "=1+1", "+447700900123", date(2026, 11, 22)]
        assert second[0] == "00123456789012345"
        assert second[1] == "Zoë Ó Briain"
        assert second[5] == ""

    def test_no_cell_is_a_formula_a_link_or_a_number_in_disguise(self):
        frame = pl.DataFrame({"a": ["=1+1", "{=1}", "https://a.example", "1e5"]})
        assert [row[0] for row in self.sheet(frame)[1:]] == frame["a"].to_list()

    def test_no_rows_still_opens(self):
        assert self.sheet(FRAME.head(0)) == [FRAME.columns]

    def test_the_sheet_has_the_name_it_was_given(self):
        assert load_workbook(io.BytesIO(to_xlsx(FRAME, sheet="Rates"))).sheet_names == ["Rates"]
