import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.cells import CellKind, Hidden, parse_hidden, read_cells


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("7", CellKind.COUNT),
        ("*", CellKind.SUPPRESSED),
        ("<3", CellKind.SUPPRESSED),
        ("[c]", CellKind.SUPPRESSED),
        ("fewer than 5", CellKind.SUPPRESSED),
        ("..", CellKind.ABSENT),
        ("n/a", CellKind.ABSENT),
        (None, CellKind.BLANK),
        ("  ", CellKind.BLANK),
        ("-1", CellKind.NEGATIVE),
        ("-99.5", CellKind.NEGATIVE),
        ("7.5", CellKind.UNREADABLE),
        ("<0", CellKind.UNREADABLE),
        ("NaN", CellKind.UNREADABLE),
        ("٣", CellKind.UNREADABLE),  # a digit, and not one that counts here
        ("9999999", CellKind.COUNT),
        ("10000000", CellKind.LARGE),
    ],
)
def test_kinds_of_cell(cell, kind):
    read = read_cells(pl.DataFrame({"cases": [cell]}, schema={"cases": pl.String}), "cases", Hidden())
    assert read["kind"].to_list() == [kind]


def test_rows_keep_their_order_and_repeats():
    read = read_cells(pl.DataFrame({"cases": ["3", "*", None, "3", "<5"]}), "cases", Hidden(1, 2))
    assert read["low"].to_list() == [3, 1, None, 3, 0]
    assert read["high"].to_list() == [3, 2, None, 3, 4]


@pytest.mark.parametrize(("low", "high"), [(-1, 2), (3, 2)])
def test_hidden_counts_must_be_an_interval(low, high):
    with pytest.raises(ValueError, match="0 <= low <= high"):
        Hidden(low, high)


def test_a_span_of_hidden_counts_is_its_least_and_greatest():
    assert parse_hidden("1-4") == parse_hidden(" 1 - 4 ") == Hidden(1, 4)


@pytest.mark.parametrize("text", ["5", "few", "4-1", "-1-4", "1-4-9", "1-", "½-2"])
def test_what_is_no_span_of_counts_is_refused(text):
    with pytest.raises(BadInput, match=r"is no span of counts\. Write the least and the greatest"):
        parse_hidden(text)
