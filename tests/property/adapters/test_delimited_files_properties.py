"""Delimited text against the standard library's reader; any bytes at all; and damage that must stay where it is."""

import csv
import io
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import FileForm, Format

FORM = FileForm(Format.CSV, ("A", "B", "C"))
LETTERS = st.text(st.sampled_from("ab\",\n' é李\u200b"), max_size=8)
ROWS = st.lists(st.tuples(LETTERS, LETTERS, st.sampled_from(["x", 'y"z', "p\nq"])), min_size=1, max_size=12)


def write(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([FORM.columns, *rows])
    return out.getvalue()


@settings(max_examples=200)
@given(ROWS)
def test_what_the_standard_library_writes_is_read_back(rows):
    raw = read_table(write(rows).encode(), FORM)
    assert raw.frame.rows() == rows
    assert raw.faults == ()


@settings(max_examples=300)
@given(st.binary(max_size=200), st.booleans())
@example(b'"', True)
@example(b"\xff\xfe\x00", True)
@example(b'a,"b,c\n\n"', True)
@example(b"\r\r\n\x00,", True)
def test_any_bytes_give_a_table_or_a_word(content, headed):
    raw = None
    with suppress(BadInput):
        raw = read_table(b"A,B,C\n" * headed + content, FORM)
    if raw is None:
        return
    numbers = [*raw.rows, *(fault.row for fault in raw.faults)]
    assert len(numbers) == len(set(numbers)) == raw.height
    assert raw.frame.width == len(FORM.columns)


PLAIN = st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=6)


@settings(max_examples=150)
@given(st.lists(st.tuples(PLAIN, PLAIN, PLAIN), min_size=2, max_size=10), st.data())
def test_a_stray_mark_costs_its_own_row_only(rows, data):
    """A mark put before any cell of any row: that row is held back or read, and every other one is read as it stands."""
    at = data.draw(st.integers(0, len(rows) - 2))
    cell = data.draw(st.integers(0, 2))
    spoilt = [list(row) for row in rows]
    spoilt[at][cell] = '"' + spoilt[at][cell]
    text = "\n".join(",".join(row) for row in [FORM.columns, *spoilt]) + "\n"
    raw = read_table(text.encode(), FORM)
    assert [(fault.row, fault.rule) for fault in raw.faults] == [(at + 1, Rule.STRAY_QUOTE)]
    assert raw.frame.rows() == [row for number, row in enumerate(rows) if number != at]
