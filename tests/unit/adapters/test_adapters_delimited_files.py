"""Delimited text however it comes: delimiters, marks above and below, quotation marks gone wrong."""

import pytest

from wardkeeper.adapters import delimited_files
from wardkeeper.adapters.delimited_files import read_delimited
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources import decoding
from wardkeeper.sources.terms import FileForm, Format

FORM = FileForm(Format.CSV, ("Ref", "Name"))


def read(text, form=FORM):
    return read_delimited(text.encode() if isinstance(text, str) else text, form)


def faults(raw):
    return [(fault.row, fault.rule.value, fault.content) for fault in raw.faults]


@pytest.mark.parametrize("mark", delimited_files.DELIMITERS)
def test_the_delimiter_is_found_by_the_promised_columns_and_said(mark):
    raw = read(f"Ref{mark}Name\n1{mark}Ann\n")
    assert raw.frame.rows() == [("1", "Ann")]
    said = f"cells are parted by {delimited_files.DELIMITERS[mark]}: so is the heading"
    assert (said in raw.assumed) == (mark != ",")


def test_a_delimiter_that_gives_only_some_columns_is_not_taken():
    with pytest.raises(BadInput, match="None of the promised columns"):
        read("Ref;Surname\n1;Ann\n")


ABOVE = {
    "title rows": ("Extract\nOf bins\n\n", "3 rows above the heading were titles"),
    "a title with a mark in it": ('The 12" extract\n', "1 row above the heading was a title"),
    "Excel's own line": ("sep=,\n", "1 row above the heading was a title"),
}


@pytest.mark.parametrize(("above", "said"), ABOVE.values(), ids=ABOVE)
def test_what_stands_above_the_heading(above, said):
    raw = read(f"{above}Ref,Name\n1,Ann\n")
    assert raw.frame.rows() == [("1", "Ann")]
    assert said in raw.assumed


DAMAGED = {
    "never closed": ('1,"Ann\n2,Bob\n3,Cy\n', [("2", "Bob"), ("3", "Cy")], [(1, "stray-quote", '1,"Ann')]),
    "closed by another row's": ('1,"Ann\n2,"Bob"\n', [("2", "Bob")], [(1, "stray-quote", '1,"Ann')]),
    "closed too early": ('1,"Ann" Lee\n2,Bob\n', [("2", "Bob")], [(1, "stray-quote", '1,"Ann" Lee')]),
    "not doubled": ('1,"Ann "Nan" Lee"\n2,Bob\n', [("2", "Bob")], [(1, "stray-quote", '1,"Ann "Nan" Lee"')]),
    "two damaged rows": (
        '1,"Ann\n2,Bob\n3,"Cy\n4,Di\n',
        [("2", "Bob"), ("4", "Di")],
        [(1, "stray-quote", '1,"Ann'), (3, "stray-quote", '3,"Cy')],
    ),
    "a row that swallows the next, with a wrong number of cells": (
        '"1\n2,"",Bob\n"3",Cy\n',
        [("3", "Cy")],
        [(1, "stray-quote", '"1'), (2, "too-many-cells", '2,"",Bob')],
    ),
    "in a cell without marks it is a letter": ("1,5'6\"\n2,Bob\n", [("1", "5'6\""), ("2", "Bob")], []),
    "at the end of a cell without marks too": ('1,Ann"\n2,"Bob"\n', [("1", 'Ann"'), ("2", "Bob")], []),
}


@pytest.mark.parametrize(("body", "cells", "damaged"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_row_is_held_back_with_its_number_and_the_others_load(body, cells, damaged):
    raw = read(f"Ref,Name\n{body}")
    assert raw.frame.rows() == cells
    assert faults(raw) == damaged


HALF = {
    "in a cell": ("1,Ann\n2", "The file stops in the middle of row 2."),
    "in quotation marks": (
        '1,Ann\n2,"Bo',
        "A quotation mark is opened and never closed, so the file stops in the middle of a row.",
    ),
    "in quotation marks, below a line end": (
        '1,Ann\n2,"Bob\nB',
        "A quotation mark is opened and never closed, so the file stops in the middle of a row.",
    ),
}


@pytest.mark.parametrize(("body", "message"), HALF.values(), ids=HALF)
def test_half_a_file_is_refused(body, message):
    with pytest.raises(BadInput) as caught:
        read(f"Ref,Name\n{body}")
    assert caught.value.message == message


TOTALS = ["Total,2\n", "Total rows: 2", ",\nTOTAL,2\n", "Number of records: 2\n", "*** End of report ***\n"]


@pytest.mark.parametrize("foot", TOTALS)
def test_a_total_at_the_foot_is_nobody(foot):
    raw = read(f"Ref,Name\n1,Ann\n2,Bob\n{foot}")
    assert raw.height == 2
    assert "the last row is a total, not a person: it was not counted" in raw.assumed


def test_a_person_called_total_is_a_person():
    assert read("Ref,Name\n1,Ann\n2,Total\n").height == 2
    assert read("Ref,Name\n1,Ann\nTotal,Bob\n").height == 2
    assert read("Ref,Name\nTotal,2\n1,Ann\n").height == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding):
    raw = read("Ref,Name\n1,Zoë\n2,Łukasz\n".replace("Ł", "L" if encoding == "cp1252" else "Ł").encode(encoding))
    assert raw.frame["Name"].to_list() == ["Zoë", "Lukasz" if encoding == "cp1252" else "Łukasz"]
    assert raw.faults == ()


def test_a_few_nuls_are_left_out_and_said():
    raw = read("Ref,Name\n" + "1,Ann\n" * 100 + "2,B\x00ob\n")
    assert raw.frame.row(-1) == ("2", "Bob")
    assert "1 NUL characters were left out" in raw.assumed


RENAMED = {
    "another word": ("Ref,Full Name", ("Ref", "Name"), "Is “Full Name” now what was “Name”?"),
    "in its old place": ("Ref,Klient,Born", ("Ref", "Name", "Born"), "Is “Klient” now what was “Name”?"),
    "two of them": (
        "Reference,Born,Full Name",
        ("Ref", "Name", "Born"),
        "Is “Reference” now what was “Ref”? And is “Full Name” now what was “Name”?",
    ),
    "none that is like it": ("Ref,Zzz,Born,Qqq", ("Ref", "Born", "Postcode"), "Ask the owner what changed"),
}


@pytest.mark.parametrize(("heading", "promised", "question"), RENAMED.values(), ids=RENAMED)
def test_a_renamed_column_is_asked_about(heading, promised, question):
    with pytest.raises(BadInput, match="The file has no column") as caught:
        read(f"{heading}\n1,2,3\n", FileForm(Format.CSV, promised))
    assert caught.value.next.startswith(question)


@pytest.mark.parametrize("size", [7, 30, 64, 1_000])
def test_where_the_blocks_are_cut_changes_nothing(monkeypatch, size):
    text = "Ref,Name\n" + "".join(
        f'{n},"Ann\nB{n}"\n' if n % 3 else f'{n},"Ann ""N"" {n}"\nshort\n\n' for n in range(200)
    )
    whole = read(text)
    monkeypatch.setattr(decoding, "BLOCK", size)
    cut = read(text)
    assert cut.frame.equals(whole.frame)
    assert cut.rows.equals(whole.rows)
    assert (cut.faults, cut.assumed) == (whole.faults, whole.assumed)
