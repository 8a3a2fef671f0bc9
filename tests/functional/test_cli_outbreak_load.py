"""`wardkeeper outbreak load|versions|coincidences` as a shell sees them."""

import shutil
from datetime import timedelta

import polars as pl
import pytest

from command_line import run_here
from districts import TODAY, house, town
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.demo import cast

__all__ = ["house", "town"]

HEALTH = cast.PUBLIC_HEALTH.login
NEW = "--restated"


@pytest.fixture
def folder(town, tmp_path_factory):
    return shutil.copytree(town.folder, tmp_path_factory.mktemp("load") / "town")


@pytest.fixture
def outbreak(folder, town, monkeypatch):
    """Run `wardkeeper outbreak …` on the day of the tests, as public health unless told otherwise."""
    monkeypatch.setattr(desk, "open_house", lambda at: open_town(at, town.places))

    def run(*arguments, login=HEALTH):
        return run_here("outbreak", *arguments, "--as", login, folder=folder)

    return run


@pytest.fixture
def area(town):
    return town.homes["lsoa"].sort()[0]


@pytest.fixture
def line_list(town, tmp_path):
    """A list of cases a day apart in the town's postcodes, two of them together; gives its path and a postcode."""
    codes = town.homes["postcode"].unique().sort()
    day = [str(TODAY - timedelta(days=40 - number)) for number in range(36)]
    rows = pl.DataFrame(
        {
            "Ref": [f"R{number}" for number in range(38)],
            "Date of swab": [*day, day[-3], day[-2]],
            "Report date": [str(TODAY)] * 38,
            "Home postcode": [*(codes[number % codes.len()] for number in range(36)), codes[0], codes[0]],
            "Age": ["44"] * 38,
        }
    )
    path = tmp_path / "list.csv"
    rows.write_csv(path)
    return path, codes[0]


MAP = ("--map", "Ref=case", "--map", "Date of swab=event-date")


def test_a_line_list_is_loaded_versioned_and_found_to_coincide(outbreak, line_list):
    path, postcode = line_list
    loaded = outbreak("load", path, *MAP, NEW, "--json")
    assert loaded.code == 0, loaded.err
    assert (loaded.answer["cases"], loaded.answer["unplaced"], loaded.answer["set_aside"]) == (38, 0, 0)
    assert loaded.answer["version"] == 2
    versions = outbreak("versions", "--json").answer["versions"]
    assert [(one["number"], one["kind"], one["in_force"]) for one in versions] == [
        (2, "line list", True),
        (1, "published counts", False),
    ]
    found = outbreak("coincidences", "--json")
    assert found.code == 0
    assert found.answer["source"] == f"Line list: {path.name}"
    assert postcode in {one["place"] for one in found.answer["coincidences"]}
    assert outbreak("rates", "--json").code == 0


def test_the_words_of_a_load_hold_nothing_of_a_case(outbreak, line_list):
    path, postcode = line_list
    ran = outbreak("load", path, *MAP, NEW)
    assert ran.code == 0
    assert "Read 38 cases; 0 could not be placed in an area." in ran.words
    assert postcode not in ran.err + ran.out


@pytest.mark.parametrize("login", [cast.PLANNER.login, cast.COMMUNICATIONS.login])
def test_who_may_not_see_cases_that_coincide_is_exit_3(outbreak, line_list, login):
    assert outbreak("load", line_list[0], *MAP, NEW).code == 0
    ran = outbreak("coincidences", "--json", login=login)
    assert ran.code == 3
    assert line_list[1] not in ran.out + ran.err


def test_much_changed_figures_stop_with_a_question_that_versions_shows(outbreak, line_list):
    path, _ = line_list
    stopped = outbreak("load", path, *MAP, "--json")
    assert stopped.code == 4
    assert stopped.answer["error"]["where"] == {"source": f"Line list: {path.name}", "rule": "weeks-gone"}
    assert "A load waits for an answer:" in outbreak("versions").words
    assert outbreak("load", path, *MAP, NEW).code == 0
    assert outbreak("versions", "--json").answer["question"] is None


def published(area, cell):
    weeks = [TODAY - timedelta(days=1 + 7 * back) for back in range(3)]
    return "area,week_end,cases\n" + "".join(f"{area},{week},{cell}\n" for week in reversed(weeks))


@pytest.mark.parametrize(
    ("cell", "ends"),
    [("", [0, 2]), ("-99", [0, 2]), ("*", [0, 2]), ("<5", [0, 4]), ("0-2", [0, 2]), ("S", [0, 2]), ("7", [7, 7])],
)
def test_a_mark_of_a_hidden_count_stays_a_range(outbreak, area, tmp_path, cell, ends):
    path = tmp_path / "counts.csv"
    path.write_text(published(area, cell))
    assert outbreak("load", path, NEW, "--older").code == 0
    rows = outbreak("rates", "--json").answer["areas"]
    assert [[row["area"], row["low"], row["high"]] for row in rows] == [[area, *ends]]


@pytest.mark.parametrize(
    ("heading", "options"),
    [
        ("LSOA Code,Week ending,No. of cases", ()),
        ("Place,Up to,Positives", ("--map", "Place=area", "--map", "Up to=week-end", "--map", "Positives=cases")),
    ],
)
def test_counts_under_other_headings_are_loaded(outbreak, area, tmp_path, heading, options):
    path = tmp_path / "counts.csv"
    path.write_text(published(area, "4").replace("area,week_end,cases", heading))
    loaded = outbreak("load", path, *options, NEW, "--older", "--json")
    assert (loaded.code, loaded.answer["rows"]) == (0, 3), loaded.err


LIST = "case_id,specimen_date,report_date,postcode\n"
FAULTS = {
    "no rows": (LIST, [], "The line list has no rows."),
    "no day": ("case_id,postcode\n1,M33 2AA\n", ["--map", "postcode=postcode"], "no column with the day of the event"),
    "nowhere": (LIST + "1,2026-11-01,2026-11-02,ZE1 0AA\n", [], "No case could be placed in an area."),
    "all in the future": (LIST + "1,2031-11-01,,M33 2AA\n", [], "1 happened in the future, first in row 1."),
    "never a day": (LIST + "1,soon,,M33 2AA\n", [], "1 have no event date that can be read"),
    "wrong role": (LIST + "1,2026-11-01,,M33 2AA\n", ["--map", "case_id=number"], "does not say which column"),
    "wrong day": (LIST, ["--as-of", "yesterday"], "--as-of: “yesterday” is not a day."),
    "wrong weekday": (LIST + "1,2026-11-01,,M33 2AA\n", ["--week-ends", "someday"], "is not a day of the week"),
    "a list under unknown headings": (
        "Ref,Swab,Where\n1,2026-11-01,M33 2AA\n",
        ["--map", "Ref=case"],
        'these columns: Ref, Swab, Where. Known of these: case = Ref. Name it event_date or specimen_date, or say which it is: --map "COLUMN=event-date"',
    ),
    "neither form": ("name,colour\na,b\n", [], "not those of a table of counts by area and week"),
    "wide without a year": ("msoa11_cd,wk_41\nE02001261,6\n", [], "Say the year when loading it"),
    "hidden by no range": ("area,week_end,cases\n", ["--hidden", "few"], "is no span of counts"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_loaded_is_exit_4_in_words(outbreak, tmp_path, fault):
    content, options, words = FAULTS[fault]
    path = tmp_path / "cases.csv"
    path.write_text(content)
    ran = outbreak("load", path, *options, "--json")
    assert ran.code == 4
    assert words in ran.answer["error"]["message"] + " " + ran.answer["error"]["next"]
    assert "M33 2AA" not in ran.out + ran.err
    assert "ZE1" not in ran.out + ran.err


WRONG_ROWS = {
    "counts": ("area,week_end,cases\nE02001261,2026-11-14,-4\n", "Published counts: cases.csv"),
    "a list": (LIST + "1,soon,,M33 2AA\n", "Line list: cases.csv"),
}


@pytest.mark.parametrize("form", WRONG_ROWS)
def test_what_is_wrong_is_told_with_its_source(outbreak, tmp_path, form):
    content, source = WRONG_ROWS[form]
    path = tmp_path / "cases.csv"
    path.write_text(content)
    assert outbreak("load", path, "--json").answer["error"]["where"]["source"] == source


COUNTS = "area,week_end,cases\nE02001261,2026-11-14,4\n"
MISPLACED = {
    "of a list, with counts": (COUNTS, ["--lookup", "nspl.csv"], "--lookup is for a line list"),
    "of counts, with a list": (LIST, ["--hidden", "0-4"], "--hidden is for published counts"),
    "of another year, with a list": (LIST, ["--areas-lookup", "years.csv"], "--areas-lookup is for published counts"),
    "weeks by number, with a list": (LIST, ["--year", "2026"], "--year is for published counts"),
    "sharing out, with a list": (LIST, ["--split"], "--split is for published counts"),
    "sharing out nothing": (COUNTS, ["--split"], "--split shares out counts of areas of another year."),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_an_option_that_would_do_nothing_is_wrong_usage(outbreak, tmp_path, case):
    content, options, words = MISPLACED[case]
    path = tmp_path / "cases.csv"
    path.write_text(content)
    ran = outbreak("load", path, *options, "--json")
    assert (ran.code, ran.answer["error"]["code"]) == (2, "usage")
    assert ran.answer["error"]["message"].startswith(words)


def test_all_zero_and_one_area_are_said_and_the_authority_knows_the_people(outbreak, area, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(published(area, "0"))
    notes = outbreak("load", path, NEW, "--older", "--json").answer["notes"]
    assert "Every count is zero: check that cases were read at all." in notes
    assert "There is only one area: it can be compared with its own past, and with no other." in notes
    assert not any("population is not known" in note for note in notes)


def test_an_area_of_which_the_authority_does_not_know_the_people_has_no_rate(outbreak, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(published("E01099999", "3"))
    notes = outbreak("load", path, NEW, "--older", "--json").answer["notes"]
    assert "Areas whose population is not known have no rate: 1 of 1." in notes


def test_codes_of_another_year_are_said(outbreak, area, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(published(area, "4") + published("E01999999", "4").split("\n", 1)[1])
    notes = outbreak("load", path, NEW, "--older", "--json").answer["notes"]
    assert any(note.startswith("Areas of the file that are not among those loaded: 1 of 2") for note in notes)


def test_a_week_without_alerts_is_told_by_its_title_alone(outbreak):
    quiet = TODAY - timedelta(days=(TODAY.weekday() - 5) % 7, weeks=20)
    ran = outbreak("alerts", "--week", str(quiet))
    assert (ran.code, ran.out.strip()) == (0, f"Alerts of the week ending {quiet}: 0")
    assert "Newer weeks are loaded: the newest ends on" in ran.words


def test_whoever_names_no_week_is_told_of_newer_figures(outbreak, line_list):
    outbreak("load", line_list[0], "--as-of", str(TODAY), NEW, "--older")
    later = outbreak("alerts", "--json").answer["later"]
    assert f"--week {later[-1]} looks at the newest." in outbreak("alerts").words
