"""JSON lines: one object a line, digits kept as written, and each faulty line held back by its number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import FileForm, Format

FORM = FileForm(Format.JSON_LINES, ("A", "B"))

READ = {
    "text": (b'{"A": "007", "B": "2"}\n', [("007", "2")]),
    "numbers as they are written": (b'{"A": 1.10, "B": 12345678901234567890}\n', [("1.10", "12345678901234567890")]),
    "a whole number": (b'{"A": 1, "B": 1.0}\n', [("1", "1.0")]),
    "words of JSON": (b'{"A": true, "B": false}\n', [("true", "false")]),
    "nothing": (b'{"A": null, "B": 1}\n', [("", "1")]),
    "other letters": ('{"A": "Zoë", "B": "محمد"}\n'.encode(), [("Zoë", "محمد")]),
    "escaped letters": (b'{"A": "Zo\\u00eb", "B": "\\ud83d\\ude00"}\n', [("Zoë", "😀")]),
    "a line separator within a text": ('{"A": "a\u2028b", "B": "1"}\n'.encode(), [("a\u2028b", "1")]),
    "no line end": (b'{"A": 1, "B": 2}', [("1", "2")]),
    "Windows line ends": (b'{"A": 1, "B": 2}\r\n', [("1", "2")]),
    "a byte-order mark": (b'\xef\xbb\xbf{"A": 1, "B": 2}\n', [("1", "2")]),
    "names in other letters and order": (b'{"b": 2, "x": 9, "a": 1}\n', [("1", "2")]),
}


@pytest.mark.parametrize(("content", "cells"), READ.values(), ids=READ)
def test_read(content, cells):
    raw = read_table(content, FORM)
    assert raw.frame.columns == ["A", "B"]
    assert raw.frame.rows() == cells
    assert raw.faults == ()


def test_names_left_out_of_a_line_are_empty_and_told():
    raw = read_table(b'{"A": 1, "B": 2}\n{"A": 3}\n\n{"A": 4, "C": 5}\n', FORM)
    assert raw.frame.rows() == [("1", "2"), ("3", ""), ("4", "")]
    assert raw.rows.to_list() == [1, 2, 4]
    assert raw.assumed == (
        "the encoding is UTF-8: JSON has no other",
        "columns not in the contract were not read: C",
        "2 lines do not have B: it was taken as empty",
        "1 blank lines were not counted",
    )


FAULTS = {
    "no JSON": (b"{A: 1}", Rule.NOT_AN_OBJECT),
    "a list": (b"[1, 2]", Rule.NOT_AN_OBJECT),
    "a number": (b"7", Rule.NOT_AN_OBJECT),
    "two objects": (b'{"A": 1} {"A": 2}', Rule.NOT_AN_OBJECT),
    "very deep": (b"[" * 100_000, Rule.NOT_AN_OBJECT),
    "a name twice": (b'{"A": 1, "B": 2, "A": 3}', Rule.REPEATED_NAME),
    "a list within": (b'{"A": ["x"], "B": 2}', Rule.NESTED_VALUE),
    "an object within": (b'{"A": 1, "B": {"x": 1}}', Rule.NESTED_VALUE),
}


@pytest.mark.parametrize(("line", "rule"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_line_is_apart_by_its_number_and_the_others_are_read(line, rule):
    if len(line) > 32_767:
        line = line[:20_000]
    raw = read_table(b'{"A": 1, "B": 2}\n' + line + b'\n{"A": 3, "B": 4}\n', FORM)
    assert raw.rows.to_list() == [1, 3]
    assert [(fault.row, fault.rule) for fault in raw.faults] == [(2, rule)]
    assert raw.height == 3


def test_a_list_in_a_column_that_is_not_read_harms_nobody():
    assert read_table(b'{"A": 1, "B": 2, "C": [3]}\n', FORM).frame.rows() == [("1", "2")]


def test_letters_that_are_none_get_the_sign_that_holds_the_row_back():
    raw = read_table(b'{"A": "Zo\xeb", "B": "\\ud83d"}\n', FORM)
    assert raw.frame.rows() == [("Zo\ufffd", "\ufffd")]


REFUSED = {
    "half a line at the end": (b'{"A": 1, "B": 2}\n{"A": 3, "B', "The file stops in the middle of line 2."),
    "a list of objects": (b'[{"A": 1, "B": 2}]', "The file is one JSON list, and the contract says jsonl."),
    "one object over several lines": (b'{\n"A": 1,\n"B": 2\n}\n', "No line of the file is a JSON object."),
    "CSV": (b"A,B\n1,2\n", "No line of the file is a JSON object."),
    "a name in no line": (b'{"A": 1}\n{"A": 2}\n', "The file has no column B."),
    "two names alike": (b'{"A": 1, "B": 2, "a": 3}\n', "The file has two columns named A."),
    "nothing flat": (b'{"A": [1], "B": 2}\n', "Every line has a list or an object within a value."),
    "objects of nothing": (b"{}\n{}\n", "None of the promised columns is in the file."),
    "empty": (b"", "The file is empty."),
    "a cell too long": (b'{"A": "%s", "B": 1}\n' % (b"x" * 40_000), "The file has a cell of more than 32,767"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_as_a_whole(content, message):
    with pytest.raises(BadInput) as caught:
        read_table(content, FORM)
    assert caught.value.message.startswith(message)


def test_json_lines_where_csv_was_agreed():
    with pytest.raises(BadInput, match="The file is JSON lines, and the contract says csv") as caught:
        read_table(b'{"A": 1, "B": 2}\n', FileForm(Format.CSV, ("A", "B")))
    assert 'write format = "jsonl"' in caught.value.next


@settings(max_examples=60)
@given(st.lists(st.one_of(st.just(b'{"A": 1, "B": "x"}'), st.binary(max_size=30)), max_size=6))
def test_any_bytes_are_read_held_back_or_refused(lines):
    content = b"\n".join(lines) + b"\n"
    try:
        raw = read_table(content, FORM)
    except BadInput:
        return
    filled = [line for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    blank = next((int(line.split()[0]) for line in raw.assumed if "blank rows" in line), 0)
    assert raw.height + blank == len(filled)
