"""Files and outlines that cannot be right, told at the command line: each row is what is given, and what a person reads.

The files are made from the town's own, so that only the fault differs.
"""

import json

import pytest

from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.cli import find as find_command
from wardkeeper.cli import source as source_command
from wardkeeper.cli.running import run_command
from wardkeeper.demo import cast

POSTCODE, STRANGE = b"M33 ", b"ZE1 "


def head(content, rows):
    return b"".join(content.splitlines(keepends=True)[: 1 + rows])


def wrong_columns(content):
    return content.replace(b"Ref,Name,", b"Number,Who,", 1)


def unknown_postcodes(content):
    first, rest = content.split(b"\n", 1)
    return first + b"\n" + rest.replace(POSTCODE, STRANGE)


FILES = [
    # what is wrong          how                                     exit  words
    ("empty file", lambda content: b"", 4, "empty"),
    ("only its headings", lambda content: head(content, 0), 4, "no rows"),
    ("wrong columns", wrong_columns, 4, "The file has no column Ref or Name."),
    ("half a file", lambda content: head(content, 3), 4, "it may be half a file"),
    ("the same file again", lambda content: content, 0, "has been loaded before: nothing was loaded"),
    ("not a table at all", lambda content: b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(100), 4, "The file is not text."),
]


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    """Commands run on the fixed day."""
    monkeypatch.setattr(desk, "open_house", open_town)


def run(capsys, app, name, *arguments):
    """Run a command as the console script does; give its exit code and what it said."""
    code = 0
    try:
        run_command(app, name, [str(one) for one in arguments])
    except SystemExit as ended:
        code = ended.code or 0
    said = capsys.readouterr()
    return code, " ".join(f"{said.out} {said.err}".split())


def load_bins(capsys, town, folder, change, *more):
    path = folder / "assisted-bins.csv"
    path.write_bytes(change(town.extract("assisted-bins").read_bytes()))
    act = ["load", path, "--folder", folder, "--as", cast.ANALYST.login, *more]
    return run(capsys, source_command.app, "source", *act)


@pytest.mark.parametrize(("fault", "change", "code", "words"), FILES, ids=[row[0] for row in FILES])
def test_a_file_that_cannot_be_right(capsys, town, folder, fault, change, code, words):
    found, said = load_bins(capsys, town, folder, change)
    assert found == code
    assert words.lower() in said.lower()
    assert "Traceback" not in said


def test_an_older_delivery_after_a_newer(capsys, town, folder):
    code, said = load_bins(capsys, town, folder, lambda content: head(content, 10), "--dated", "2026-01-05")
    assert code == 1
    assert "The file is of 2026-01-05, and a newer one, of 2026-11-22, is loaded already" in said
    assert "nothing that is in use was changed" in said
    assert "If it is the older file, nothing needs doing." in said


def test_postcodes_that_nobody_has(capsys, town, folder):
    """The rows are loaded, each with a note: a person is not lost for a mistyped postcode."""
    code, said = load_bins(capsys, town, folder, unknown_postcodes, "--json")
    told = json.loads(said)
    assert code == 0
    notes = [note for note in told["notes"] if "postcode" in note["reason"].lower()]
    assert len(notes) > 0.6 * told["delivery"]["rows"]
    assert (
        told["delivery"]["loaded"] + told["delivery"]["repaired"] + told["delivery"]["quarantined"]
        == (told["delivery"]["rows"])
    )


OUTLINES = [
    ("crosses itself", "[[-2.32,53.41],[-2.31,53.42],[-2.31,53.41],[-2.32,53.42],[-2.32,53.41]]", "crosses itself"),
    ("lies elsewhere", "[[-0.1,51.5],[-0.09,51.5],[-0.09,51.51],[-0.1,51.5]]", "outside"),
    ("swapped", "[[53.41,-2.32],[53.41,-2.31],[53.42,-2.31],[53.41,-2.32]]", "longitude"),
]


@pytest.mark.parametrize(("fault", "ring", "words"), OUTLINES, ids=[row[0] for row in OUTLINES])
def test_an_outline_that_cannot_be_right(capsys, folder, fault, ring, words):
    drawn = folder / "drawn.geojson"
    drawn.write_text(f'{{"type":"Polygon","coordinates":[{ring}]}}')
    where = ["flood", "--area", drawn, "--folder", folder, "--as", cast.PLANNER.login]
    code, said = run(capsys, find_command.app, "find", *where)
    assert code == 4
    assert words in said.lower()


@pytest.mark.parametrize("content", ["", "the river", '{"type":"Point","coordinates":[-2.3,53.4]}'])
def test_what_is_no_outline(capsys, folder, content):
    drawn = folder / "drawn.geojson"
    drawn.write_text(content)
    where = ["flood", "--area", drawn, "--folder", folder, "--as", cast.PLANNER.login]
    code, said = run(capsys, find_command.app, "find", *where)
    assert code == 4
    assert "Traceback" not in said
