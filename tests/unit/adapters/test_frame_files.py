"""Reading a few columns of a table that has no contract."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from wardkeeper.adapters.frame_files import read_columns, read_headings
from wardkeeper.kernel.errors import BadInput, NotFound


def written(folder, content, name="people.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_columns_come_in_the_order_asked_for_without_the_blanks_around_cells_and_headings(tmp_path):
    path = written(tmp_path, "id, given name , surname\n1, ada, lovelace \n2, ,byron\n")
    assert read_headings(path) == ["id", "given name", "surname"]
    frame = read_columns(path, ["surname", "given name"])
    assert frame.to_dict(as_series=False) == {"surname": ["lovelace", "byron"], "given name": ["ada", None]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_the_heading_has(tmp_path, delimiter):
    path = written(tmp_path, f"a{delimiter}b\n007{delimiter}x\n")
    assert read_columns(path, ["a"])["a"].to_list() == ["007"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_utf_8_with_or_without_its_mark_and_cp1252_are_read(tmp_path, encoding):
    path = written(tmp_path, "forenáme,x\nJosé,1\n".encode(encoding))
    assert read_columns(path, ["forenáme"])["forenáme"].to_list() == ["José"]


def test_a_heading_in_quotes_may_hold_the_delimiter_and_a_line_end(tmp_path):
    path = written(tmp_path, '"name, full","day of\nbirth"\n"Byron, Ada",1815-12-10\n')
    assert read_headings(path) == ["name, full", "day of\nbirth"]
    assert read_columns(path, ["name, full"])["name, full"].to_list() == ["Byron, Ada"]


def test_parquet_is_read_as_text_days_without_midnight_and_whole_numbers_without_a_point(tmp_path):
    path = tmp_path / "people.parquet"
    pl.DataFrame(
        {
            "n": [19560409, None],
            "f": [7.0, None],
            "g": [0.5, 2.0],
            "day": [date(1956, 4, 9), None],
            "at": [datetime(1956, 4, 9, tzinfo=UTC), None],
            "text": [" ada", ""],
        }
    ).write_parquet(path)
    frame = read_columns(path, ["n", "f", "g", "day", "at", "text"])
    assert set(frame.dtypes) == {pl.String}
    assert frame.row(0) == ("19560409", "7", "0.5", "1956-04-09", "1956-04-09", " ada")
    assert frame.row(1)[:2] == (None, None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"a,b\n", "The file has no rows"),
        (b"PAR1 is not all there is to it", "cannot be read as a table"),
        (b"\x00\x01\x02,\n\x00", "cannot be read as a table"),
        (b"a,b\n1,2,3\n", "cannot be read as a table"),
        (b"a,a\n1,2\n", "Two columns have this heading"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(BadInput, match=words):
        read_columns(path, read_headings(path)[:1])


def test_what_is_not_there_or_no_file_is_told(tmp_path):
    with pytest.raises(NotFound, match="no such file"):
        read_headings(tmp_path / "none.csv")
    with pytest.raises(NotFound, match="not a file"):
        read_headings(tmp_path)
