"""Parquet: typed columns become the text that a person would write; nothing nested, nothing in bytes."""

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.terms import FileForm, Format

FORM = FileForm(Format.PARQUET, ("A", "B"))


def make_parquet(**columns):
    content = io.BytesIO()
    parquet.write_table(pa.table({name: pa.array(*column) for name, column in columns.items()}), content)
    return content.getvalue()


def read(values, kind):
    content = make_parquet(A=(values, kind), B=(["x"] * len(values),))
    return read_table(content, FORM).frame["A"].to_list()


LONDON = pa.timestamp("us", "Europe/London")
SUMMER = dt.datetime(1950, 5, 31, 23, 0, tzinfo=dt.UTC)

WRITTEN = {
    "text": (pa.string(), ["007", " x ", None], ["007", " x ", ""]),
    "long text": (pa.large_string(), ["Zoë"], ["Zoë"]),
    "text as bytes": (pa.binary(), ["Zoë".encode()], ["Zoë"]),
    "repeated text": (pa.dictionary(pa.int32(), pa.string()), ["a", "a", None], ["a", "a", ""]),
    "whole numbers": (pa.int64(), [1, -2, None, 9434765919], ["1", "-2", "", "9434765919"]),
    "whole numbers without a sign": (pa.uint64(), [2**64 - 1], [str(2**64 - 1)]),
    "whole numbers as pandas keeps them": (pa.float64(), [1.0, None, 9434765919.0], ["1", "", "9434765919"]),
    "no number": (pa.float64(), [float("nan"), 1.0], ["", "1"]),
    "fractions": (pa.float64(), [1.5, 0.1], ["1.5", "0.1"]),
    "short fractions": (pa.float32(), [0.1, 3.0], ["0.1", "3"]),
    "decimals": (pa.decimal128(10, 2), [Decimal("12.50"), Decimal("3.00")], ["12.50", "3"]),
    "truth": (pa.bool_(), [True, False, None], ["true", "false", ""]),
    "days": (pa.date32(), [dt.date(1950, 2, 1), None], ["1950-02-01", ""]),
    "days in milliseconds": (pa.date64(), [dt.date(1950, 2, 1)], ["1950-02-01"]),
    "instants": (
        pa.timestamp("ns"),
        [dt.datetime(1950, 2, 1), dt.datetime(2026, 11, 20, 9, 30), dt.datetime(2026, 11, 20, 9, 30, 0, 5000)],  # noqa: DTZ001
        ["1950-02-01", "2026-11-20T09:30:00", "2026-11-20T09:30:00.005000"],
    ),
    "midnight in London, in summer": (LONDON, [SUMMER], ["1950-06-01"]),
    "times of day": (pa.time64("us"), [dt.time(9, 30)], ["09:30:00"]),
    "nothing at all": (pa.null(), [None], [""]),
}


@pytest.mark.parametrize(("kind", "values", "written"), WRITTEN.values(), ids=WRITTEN)
def test_written_as_text(kind, values, written):
    assert read(values, kind) == written


NESTED = {
    "a list": (pa.list_(pa.string()), [["x"]], "lists or objects"),
    "an object": (pa.struct({"x": pa.string()}), [{"x": "1"}], "lists or objects"),
    "a length of time": (pa.duration("s"), [5], "values of the kind “duration[s]”"),
}


@pytest.mark.parametrize(("kind", "values", "words"), NESTED.values(), ids=NESTED)
def test_what_is_no_cell_is_refused_by_its_column(kind, values, words):
    with pytest.raises(BadInput) as caught:
        read(values, kind)
    assert caught.value.message == f"The column holds {words}, not text, numbers or dates."
    assert caught.value.where.column == "A"


def test_a_nested_column_that_is_not_read_harms_nobody():
    content = make_parquet(A=(["1"],), B=(["2"],), C=([["x"]],))
    raw = read_table(content, FORM)
    assert raw.frame.rows() == [("1", "2")]
    assert raw.assumed == ("columns not in the contract were not read: C",)


WHOLE = make_parquet(A=(["1", "2"],), B=(["x", "y"],))

REFUSED = {
    "cut off": (WHOLE[:-10], "The file is not Parquet, or it is cut off."),
    "no column": (make_parquet(A=(["1"],)), "The file has no column B."),
    "no rows": (make_parquet(A=([], pa.string()), B=([], pa.string())), "The file has a heading and no rows."),
    "bytes that are no text": (make_parquet(A=([b"\xff"],), B=(["x"],)), "The file is not Parquet, or it is cut off."),
    "a cell too long": (make_parquet(A=(["x" * 40_000],), B=(["x"],)), "The file has a cell of more than 32,767"),
    "a long text that repeats": (
        make_parquet(A=(["x" * 1_000_000] * 5_000,), B=(["x"] * 5_000,)),
        "The file has a cell of more than 32,767 characters.",
    ),
    "rows without end": (
        make_parquet(A=(pa.nulls(110_000_000),), B=(pa.nulls(110_000_000),)),
        "The file says that it has 110,000,000 rows.",
    ),
    "encrypted": (b"PARE" + WHOLE, "The file is encrypted Parquet, and the contract says parquet."),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_as_a_whole(content, message):
    with pytest.raises(BadInput) as caught:
        read_table(content, FORM)
    assert caught.value.message.startswith(message)


def test_rows_with_nothing_are_not_counted_and_the_others_keep_their_number():
    raw = read_table(make_parquet(A=(["1", None, "3"],), B=(["x", "", "z"],)), FORM)
    assert raw.rows.to_list() == [1, 3]


@settings(max_examples=80)
@given(st.data())
def test_whatever_bytes_are_changed_nothing_crashes(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(4, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        raw = read_table(bytes(content), FORM)
    except BadInput:
        return
    assert raw.frame.columns == ["A", "B"]
