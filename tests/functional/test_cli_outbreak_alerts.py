"""`wardkeeper outbreak replay` on a user's own files and on England's real ones; `alerts`, `accept` and `decline` in a house."""

import csv
from datetime import date, timedelta

import pytest

from command_line import run
from reference_data import reference

__all__ = ["reference"]

CODES = [f"E0200{1200 + at}" for at in range(36)]
WEEKS = [date(2026, 11, 14) - timedelta(weeks=back) for back in range(8, -1, -1)]
KEYS = {"rank", "areas", "places", "observed", "expected", "growth", "score", "new"}


@pytest.fixture
def files(tmp_path):
    """Cases of 36 areas, of which three rise in the last two weeks, and beside them where the areas are."""
    with (tmp_path / "msoa.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["area", "week_end", "cases"])
        for at, code in enumerate(CODES):
            for back, week in zip(range(8, -1, -1), WEEKS, strict=True):
                out.writerow([code, week, 6 + at % 4 + (14 * (2 - back) if at < 3 > back else 0)])
    with (tmp_path / "places.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["area", "name", "place", "x", "y", "population"])
        out.writerows([code, f"Area {at}", "Example", at % 6, at // 6, 8000] for at, code in enumerate(CODES))
    return tmp_path


def replay(folder, *more):
    span = ["--from", "2026-11-07", "--to", "2026-11-14"]
    return run("outbreak", "replay", "--cases", folder / "msoa.csv", *span, *more, "--json")


def test_each_week_is_told_in_the_shape_that_was_promised(files):
    ran = replay(files)
    weeks = ran.answer["weeks"]
    assert ran.code == 0
    assert [week["end"] for week in weeks] == ["2026-11-07", "2026-11-14"]
    assert all(set(alert) >= KEYS for week in weeks for alert in week["alerts"])
    assert set(weeks[0]["alerts"][0]["areas"]) <= set(CODES[:3])
    assert ran.answer["notes"][0].startswith("With figures completed later")
    assert "Used places.csv (centres)." in ran.words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: [row[0], row[1], "0"], "Every count is zero: check that cases were read at all."),
        (
            lambda row: [CODES[0], *row[1:]] if row[0] == CODES[0] else None,
            "There is only one area: it can be compared",
        ),
    ],
)
def test_a_replay_says_what_is_odd_about_the_counts(files, change, said):
    heading, *rows = csv.reader((files / "msoa.csv").open())
    with (files / "msoa.csv").open("w", newline="") as file:
        csv.writer(file).writerows([heading, *filter(None, map(change, rows))])
    ran = replay(files)
    assert any(note.startswith(said) for note in ran.answer["notes"])


def test_a_wrong_count_is_told_with_its_file(files):
    with (files / "msoa.csv").open("a") as file:
        file.write(f"{CODES[0]},2026-11-21,-2\n")
    assert replay(files).answer["error"]["where"]["source"] == "msoa.csv"


def test_without_places_the_error_names_the_options(files):
    (files / "places.csv").unlink()
    ran = replay(files)
    assert ran.code == 4
    assert ran.answer["error"]["message"] == "Nothing says where the areas are."
    assert "--areas" in ran.answer["error"]["next"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--most", "0"], "A budget of no alerts tells nothing."),
        (["--from", "yesterday"], "--from: “yesterday” is not a day."),
        (["--areas", "nowhere.csv"], "There is no such file."),
        (["--from", "2030-01-01", "--to", "2030-02-01"], "No week of the counts ends from"),
    ],
    ids=["no budget", "no day", "no such file", "no such week"],
)
def test_what_will_not_do_is_said(files, arguments, words):
    ran = replay(files, *arguments)
    assert ran.code == 4
    assert ran.answer["error"]["message"].startswith(words)


def test_columns_of_a_replay_may_be_said_to_be_what_they_are(files):
    known = replay(files).answer
    cases = files / "msoa.csv"
    cases.write_text(cases.read_text().replace("area,week_end,cases", "Spot,Up to,Positives"))
    ran = replay(files, "--map", "Spot=area", "--map", "Up to=week-end", "--map", "Positives=cases")
    assert ran.answer["weeks"] == known["weeks"]


def test_hidden_counts_are_told_and_may_be_said_to_be_others(files):
    cases = files / "msoa.csv"
    cases.write_text(cases.read_text().replace(f"{CODES[9]},{WEEKS[0]},7", f"{CODES[9]},{WEEKS[0]},*"))
    said = "Hidden counts: 1 of 324 counts are small and were not published. They may be 0 to {}; they are not read as zero."
    assert said.format(2) in replay(files).answer["notes"]
    assert said.format(4) in replay(files, "--hidden", "0-4").answer["notes"]


def test_a_replay_of_a_line_list_says_what_to_do(files):
    cases = files / "msoa.csv"
    cases.write_text("case_id,specimen_date,postcode\n1,2026-11-01,M33 2AA\n")
    ran = replay(files)
    assert ran.code == 4
    assert ran.answer["error"]["message"].startswith("This is a line list, a row for each case")
    assert "Count its cases by area code and week (area, week_end, cases)" in ran.answer["error"]["next"]


def test_places_of_other_areas_are_refused(files):
    text = (files / "places.csv").read_text().replace("E0200", "E0201")
    (files / "others.csv").write_text(text)
    ran = replay(files, "--areas", files / "others.csv")
    assert ran.code == 4
    assert ran.answer["error"]["message"] == "The table of areas does not say where the counted areas are."


def test_the_budget_is_the_users(files):
    assert all(len(week["alerts"]) <= 1 for week in replay(files, "--most", "1").answer["weeks"])


def test_leicester_is_first_by_the_end_of_may_2020_among_at_most_fifteen(reference):
    """With figures completed later, and no setting made for the place: docs/decisions/0014 tells how they were chosen."""
    cases = reference / "england" / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet"
    ran = run("outbreak", "replay", "--cases", cases, "--from", "2020-05-16", "--to", "2020-05-30", "--json")
    last = ran.answer["weeks"][-1]
    assert last["end"] == "2020-05-30"
    assert len(last["alerts"]) <= 15
    assert last["alerts"][0]["places"][0] == "Leicester"
    assert any("July 2020" in note for note in ran.answer["notes"])
