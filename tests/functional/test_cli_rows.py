"""`wardkeeper source report|rows|fix|accept|run|corrections` as a shell sees them."""

import json
import shutil
from datetime import timedelta

import pytest

from command_line import run_here
from districts import house, town
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.demo import cast
from wardkeeper.usecases.load_source import Received, load_source

__all__ = ["house", "town"]

BINS = "assisted-bins"
SHORT = b"AB/9001,Mrs Ida Newcome,1 High Street"
NOBODY = b"AB/9002,VOID,2 High Street,,Sale,,Other,,"
EMPTY = ("Address Line 1", "Address Line 2", "Town", "Post Code", "Date Agreed", "Phone")
SET = ("Ref=AB/9001", "Name=Mrs Ida Newcome", "Reason=Frailty", *(f"{name}=" for name in EMPTY))
FIX = (*(part for cell in SET for part in ("--set", cell)), "--from", "owner")


@pytest.fixture
def folder(town, tmp_path_factory):
    return shutil.copytree(town.folder, tmp_path_factory.mktemp("rows") / "town")


@pytest.fixture
def rows(house, town, folder):
    """A newer file with two faulty rows at its end; gives their numbers."""
    house.clock.move(timedelta(days=1))
    path = town.extract(BINS)
    content = b"\r\n".join([path.read_bytes().rstrip(), SHORT, NOBODY, b""])
    delivery = load_source(house, cast.ANALYST, BINS, Received(path.name, content)).delivery
    return delivery.rows - 1, delivery.rows


@pytest.fixture
def source(house, folder, town, rows, monkeypatch):
    """Run `wardkeeper source …` as the analyst, on the day of the tests."""

    def open_that_day(at):
        opened = open_town(at, town.places)
        opened.clock.move(timedelta(days=2))
        return opened

    monkeypatch.setattr(desk, "open_house", open_that_day)

    def run(*arguments, login=cast.ANALYST.login):
        return run_here("source", *arguments, "--as", login, folder=folder)

    return run


def test_the_report_says_what_to_ask_and_can_be_kept(source, tmp_path):
    ran = source("report", BINS, "--csv", tmp_path / "report.csv")
    assert ran.code == 0
    assert "held back to fix" in ran.words
    assert "Filled and valid" in ran.out
    assert '"file","","rows","18","16",""' in (tmp_path / "report.csv").read_text("utf-8-sig")


def test_the_report_is_one_json_document_and_earlier_ones_are_too(source):
    newest = source("report", BINS, "--json").answer
    assert newest["delivery"]["rows"] == 18
    assert newest["before"] == newest["deliveries"][1]
    assert newest["drift"][0]["column"] == "Ref"
    older = source("report", BINS, "--json", "--delivery", newest["before"]).answer
    assert (older["delivery"]["rows"], older["before"], older["drift"]) == (16, None, [])


def test_rows_are_listed_all_or_by_rule(source, rows):
    ran = source("rows", BINS)
    assert ran.code == 0
    assert "Ida Newcome" in ran.out
    by_rule = source("rows", BINS, "--rule", "too-few-cells", "--json").answer
    assert [line["row"] for line in by_rule["rows"]] == [rows[0]]


def test_a_row_is_fixed_and_loaded_at_once(source, rows):
    ran = source("fix", BINS, rows[0], *FIX)
    assert ran.code == 0
    assert (
        f"Row {rows[0]} is saved. 1 loaded, 0 still held back. 18 rows = 15 loaded + 1 repaired + 2 held" in ran.words
    )
    again = source("fix", BINS, rows[0], *FIX)
    assert again.code == 4
    assert f"Row {rows[0]} is not among the rows to fix." in again.words


def test_later_saves_and_run_loads(source, rows):
    assert source("fix", BINS, rows[0], *FIX, "--later").words == f"Row {rows[0]} is saved."
    assert source("fix", BINS, rows[0], *FIX, "--later").words == f"Row {rows[0]} was saved so before."
    assert "1 wait to be run: wardkeeper source run assisted-bins" in source("rows", BINS).words
    assert source("run", BINS, "--json").answer["loaded"] == 1
    assert source("run", BINS, "--json").answer == {"loaded": 0, "held": 0, "deliveries": []}


def test_a_row_that_is_still_wrong_says_so_with_exit_code_1(source, rows):
    ran = source("fix", BINS, rows[0], *FIX, "--set", "Name=VOID")
    assert ran.code == 1
    assert "0 loaded, 1 still held back." in ran.words


def test_a_row_in_one_piece_is_not_fixed_by_a_guess(source, rows):
    ran = source("fix", BINS, rows[0], "--set", "Name=Mrs Ida Newcome", "--from", "row")
    assert ran.code == 4
    assert "Missing: Ref, Address Line 1" in ran.words


def test_a_row_about_nobody_is_left_out(source, rows):
    ran = source("accept", BINS, rows[1], "--why", "An empty house")
    assert (ran.code, ran.words) == (
        0,
        f"Row {rows[1]} is saved. It was left out: the row is about nobody. It stays counted as held back.",
    )
    assert "Left out: about nobody" in source("rows", BINS).out


def test_corrections_are_written_for_the_owner(source, rows, tmp_path):
    source("fix", BINS, rows[0], *FIX)
    ran = source("corrections", BINS, "--out", tmp_path / "out.csv", "--json")
    assert ran.code == 0
    assert ran.answer["lines"] >= 4
    text = (tmp_path / "out.csv").read_text("utf-8-sig")
    assert text.startswith('"your key","row in the file","column","what was wrong","value as it came"')
    assert "Frailty" in text
    assert source("corrections", BINS, "--out", tmp_path / "out.xlsx").code == 0
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


WRONG = {
    "a source there is not": (("report", "gas"), 4, "There is no source called “gas”."),
    "a delivery there is not": (("report", BINS, "--delivery", "x"), 4, "There is no delivery “x”."),
    "a report into a folder there is not": (
        ("report", BINS, "--csv", "/no/such/folder/report.csv"),
        4,
        "The file “report.csv” could not be read or written",
    ),
    "a row there is not": (("fix", BINS, "9999", *FIX), 4, "Row 9999 is not among the rows to fix."),
    "a row that is no number": (("fix", BINS, "x", *FIX), 2, "as an integer"),
    "a cell without its sign": (
        ("fix", BINS, "17", "--set", "Name", "--from", "row"),
        2,
        "A cell is not written as COLUMN=VALUE.",
    ),
    "a column there is not": (
        ("fix", BINS, "17", "--set", "Surname=X", "--from", "row"),
        4,
        "The contract lists no column “Surname”.",
    ),
    "from a pigeon": (("fix", BINS, "17", "--set", "Name=X", "--from", "pigeon"), 2, "'pigeon' is not one of"),
    "accepting what cannot be": (
        ("accept", BINS, "17", "--why", "So"),
        4,
        "A row that breaks the rule too-few-cells cannot be accepted as it is.",
    ),
    "accepting without a reason": (("accept", BINS, "18", "--why", ""), 4, "No reason was given."),
    "corrections as a picture": (("corrections", BINS, "--out", "out.png"), 2, "“.png” cannot be written"),
    "page nought": (("rows", BINS, "--page", "0"), 2, "greater than or equal to 1"),
}


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_told_in_words(source, arguments, code, message):
    ran = source(*arguments)
    assert ran.code == code
    assert message in ran.words
    assert "Traceback" not in ran.err
    assert "Newcome" not in ran.err


@pytest.mark.parametrize("command", ["rows", "run"])
def test_a_planner_is_refused(source, command):
    ran = source(command, BINS, "--json", login=cast.PLANNER.login)
    assert ran.code == 3
    assert json.loads(ran.out)["error"]["code"] == "refused"
