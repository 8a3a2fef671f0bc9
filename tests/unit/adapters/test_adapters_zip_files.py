"""ZIPs: the one data file inside, and everything that is refused before a byte of it is believed."""

import stat
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from table_files import make_xlsx, make_zip
from wardkeeper.adapters import archives
from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.terms import FileForm, Format, Packing

CSV = b"A,B\n1,2\n"


def form(kind=Format.CSV, **more):
    return FileForm(kind, ("A", "B"), packed=Packing.ZIP, **more)


def refused(content, terms=None):
    with pytest.raises(BadInput) as caught:
        read_table(content, terms or form())
    return caught.value


def link(name, to):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return {entry: to}


ONE = make_zip({"extract.csv": CSV})


def test_the_one_file_is_read():
    raw = read_table(ONE, form())
    assert raw.frame.rows() == [("1", "2")]
    assert raw.assumed[0] == "the file came in a ZIP"


def test_a_workbook_in_a_zip():
    content = make_zip({"book.xlsx": make_xlsx({"One": [["A", "B"], ["1", "2"]]})})
    assert read_table(content, form(Format.XLSX)).frame.rows() == [("1", "2")]


CHOSEN = {
    "the only one named like the format": ({"notes.pdf": b"x", "deep/in/here.CSV": CSV}, {}, 1),
    "the only file, whatever its name": ({"EXTRACT": CSV}, {}, 0),
    "litter of operating systems": ({"a.csv": CSV, "__MACOSX/._a.csv": b"x", "Thumbs.db": b"x"}, {}, 0),
    "a pattern": ({"people.csv": CSV, "codes.csv": b"C\n1\n"}, {"inside": "People*.csv"}, 1),
    "a pattern with a folder": ({"x/people.csv": CSV, "y/people.csv": b"C\n1\n"}, {"inside": "x/*.csv"}, 1),
    "empty folders": ({"folder/": b"", "folder/a.csv": CSV}, {}, 0),
}


@pytest.mark.parametrize(("files", "terms", "others"), CHOSEN.values(), ids=CHOSEN)
def test_which_file_is_meant(files, terms, others):
    raw = read_table(make_zip(files), form(**terms))
    assert raw.frame.rows() == [("1", "2")]
    assert ("1 other file in the ZIP was not read" in raw.assumed) is bool(others)


def test_several_others_are_counted():
    raw = read_table(make_zip({"a.csv": CSV, "b.txt": b"x", "c.pdf": b"x"}), form(inside="a.csv"))
    assert "2 other files in the ZIP were not read" in raw.assumed


UNCLEAR = {
    "two": ({"a.csv": CSV, "b.csv": CSV}, {}, "The ZIP holds 2 files, and 2 are of the kind csv: exactly one must be."),
    "none": ({}, {}, "The ZIP holds 0 files, and none is of the kind csv: exactly one must be."),
    "none like the format": (
        {"a.pdf": b"x", "b.doc": b"x"},
        {},
        "The ZIP holds 2 files, and none is of the kind csv: exactly one must be.",
    ),
    "none like the pattern": (
        {"a.csv": CSV},
        {"inside": "x*.csv"},
        "The ZIP holds 1 files, and none is named as the contract says: exactly one must be.",
    ),
}


@pytest.mark.parametrize(("files", "terms", "message"), UNCLEAR.values(), ids=UNCLEAR)
def test_when_it_is_not_clear_nothing_is_chosen(files, terms, message):
    error = refused(make_zip(files), form(**terms))
    assert error.message == message
    assert "Jane" not in str(error)


TRICKS = ["../a.csv", "a/../../b.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv", "a\nb.csv", "a.csv\x00.exe", "c:a.csv"]


@pytest.mark.parametrize("name", TRICKS)
def test_a_name_that_leads_out_is_refused_though_nothing_is_ever_written(name):
    # Names are patched in: Python's own writer would mend some of them.
    plain = "n" * len(name)
    content = make_zip({plain: CSV}).replace(plain.encode(), name.encode())
    assert refused(content).message == "The ZIP holds a name that leads out of it, or a link."


def test_a_link_is_refused():
    assert refused(make_zip(link("a.csv", "/etc/passwd"))).where.rule == "unsafe-name"


def with_flag(content, flag):
    """Set a flag of the (one) entry, in both places where it stands."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark) + place
        changed[at : at + 2] = struct.pack("<H", flag)
    return bytes(changed)


def with_size(content, size):
    """Make the list of contents claim another unpacked size."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02") + 24
    changed[at : at + 4] = struct.pack("<I", size)
    return bytes(changed)


def with_inner_size_wrong():
    return with_size(make_zip({"a.csv": b"A,B\n" + b"1,2\n" * 1000}), 8)


PACKED = {
    "a password": (with_flag(ONE, 1), "The ZIP has a password."),
    "another way of packing": (make_zip({"a.csv": CSV}, method=zipfile.ZIP_LZMA), "The ZIP is packed in an unusual"),
    "a ZIP in a ZIP": (make_zip({"a.zip": ONE}), "The ZIP holds another packed file."),
    "a ZIP in a ZIP, renamed": (make_zip({"a.csv": ONE}), "The ZIP holds another packed file."),
    "gzip in a ZIP": (make_zip({"a.csv": b"\x1f\x8b\x08"}), "The ZIP holds another packed file."),
    "a workbook called CSV": (
        make_zip({"a.csv": make_xlsx({"One": [["A", "B"]]})}),
        "The file is an Excel workbook (.xlsx), and the contract says csv.",
    ),
    "cut off": (ONE[:-10], "The file is not a ZIP, or it is cut off."),
    "no ZIP": (CSV, "The file is not a ZIP, or it is cut off."),
    "damaged inside": (ONE.replace(b"PK\x03\x04", b"PK\x03\x05"), "The file is not a ZIP, or it is cut off."),
    "a size that is not true": (with_inner_size_wrong(), "The file is not a ZIP, or it is cut off."),
    "a name of nothing": (
        make_zip({"a.csv": CSV}).replace(b"\x05\x00\x00\x00\x00\x00", b"\x00\x00\x05\x00\x00\x00"),
        "The file is not a ZIP, or it is cut off.",
    ),
    "an empty file": (make_zip({"a.csv": b""}), "The file is empty."),
}


@pytest.mark.parametrize(("content", "message"), PACKED.values(), ids=PACKED)
def test_refused_with_a_word(content, message):
    assert refused(content).message.startswith(message)


BOMB = make_zip({"a.csv": b"0" * 30_000_000})


@pytest.mark.parametrize("content", [BOMB, with_size(BOMB, 8)], ids=["told", "hidden"])
def test_a_bomb_is_stopped_while_it_unpacks_whatever_it_claims(content, monkeypatch):
    unpacked = []
    count = archives.Meter.count
    monkeypatch.setattr(archives.Meter, "count", lambda meter, size: (unpacked.append(size), count(meter, size)))
    assert refused(content).message == "The file unpacks to far more than its size."
    assert sum(unpacked) <= archives.SMALL_UNPACKED + archives.PIECE


def test_a_hidden_bomb_in_a_workbook_is_found_before_it_is_opened():
    files = {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": b" " * 30_000_000}
    content = bytearray(make_zip(files))
    at = content.rfind(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 8)
    with pytest.raises(BadInput, match="unpacks to far more than its size"):
        read_table(bytes(content), FileForm(Format.XLSX, ("A", "B")))


def test_an_absolute_limit_holds_for_what_packs_badly(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1_000)
    assert refused(make_zip({"a.csv": bytes(range(32, 127)) * 20})).message.startswith("The file unpacks to far more")


def test_files_without_number(monkeypatch):
    content = make_zip({f"{number}.csv": b"" for number in range(5_001)})
    assert refused(content).message == "The file packs more than 5,000 files."


def test_a_zip_that_nobody_agreed_on_is_told_with_what_to_change():
    error = refused(ONE, FileForm(Format.CSV, ("A", "B")))
    assert error.message == "The file is a ZIP, and the contract says csv."
    assert error.next == 'Unpack it, or write packed = "zip" into the contract\'s [file].'


@settings(max_examples=80)
@given(st.data())
def test_whatever_bytes_are_changed_nothing_crashes(data):
    content = bytearray(make_zip({"a.csv": CSV * 9, "b.txt.gz": b"x"}))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        raw = read_table(bytes(content), form())
    except BadInput:
        return
    assert raw.frame.columns == ["A", "B"]


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from(Format), st.sampled_from([None, Packing.ZIP]))
def test_any_bytes_are_refused_in_words_by_every_reader(content, kind, packed):
    for beginning in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"{", b"<html"):
        with suppress(BadInput):
            read_table(beginning + content, FileForm(kind, ("A", "B"), packed=packed))
