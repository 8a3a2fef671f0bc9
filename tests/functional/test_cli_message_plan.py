"""`wardkeeper message plan` and `message translations`: from words and areas to a plan and a sheet to translate."""

import csv
import json

import pytest

from command_line import run_here
from wardkeeper.adapters.translation_files import read_translations

HEALTH = ("--as", "health@trafford.example")
TEXT = "Dear ((name)), you can get a free test at ((place))."
WORDS = ("--text", TEXT, "--subject", "Free tests", "--value", "place=Sale Town Hall")


@pytest.fixture(scope="module")
def district(demonstration):
    """The demonstration's folder and the code of its largest area."""
    folder, _ = demonstration
    with (folder / "places" / "population.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return folder, max(rows, key=lambda row: int(row["population"]))["area"]


def plan(district, *arguments):
    folder, area = district
    return run_here("message", "plan", area, *WORDS, *arguments, *HEALTH, "--json", folder=folder)


def test_the_answer_adds_up(district):
    answer = plan(district, "--channel", "text").answer
    assert sum(one["homes"] for one in answer["tallies"]) == answer["homes"] > 0
    assert sum(one["people"] for one in answer["tallies"]) == answer["people"]
    assert sum(one["pence"] for one in answer["messages"]) == answer["pence"] > 0
    assert {(one["channel"], one["language"]) for one in answer["previews"]} == {
        ("text", "English"),
        ("email", "English"),
        ("letter", "English"),
    }
    assert answer["prices"]["from"] == "2026-07-01"
    assert not answer["saved"]
    assert answer["languages"]["unknown_without_english"] is not None


def test_who_does_not_follow_cases_up_gets_no_small_count(district):
    folder, area = district
    comms = ("--channel", "text", "--as", "comms@trafford.example", "--json")
    bare = run_here("message", "plan", area, *WORDS, *comms, folder=folder).answer
    exact = plan(district, "--channel", "text").answer
    pairs = list(zip(bare["tallies"], exact["tallies"], strict=True))
    for name in ("homes", "people"):
        hidden = [full[name] for told, full in pairs if told[name] is None]
        assert all(told[name] in {None, full[name]} for told, full in pairs)
        assert all(told[name] is None for told, full in pairs if 0 < full[name] < 5)
        assert len(hidden) != 1
    assert bare["withheld"] or all(None not in told.values() for told, _ in pairs)
    assert not exact["withheld"]


def test_an_officers_prices_and_messengers_count(district):
    answer = plan(district, "--letter-pence", "100", "--messenger", "gp", "--messenger", "Urdu=faith-leader").answer
    letters = next(one for one in answer["messages"] if one["channel"] == "letter")
    assert letters["pence"] == letters["messages"] * 100
    assert [one["messenger"] for one in answer["messengers"]] == ["gp", "faith-leader"]


def test_words_that_single_out_must_be_acknowledged(district):
    folder, area = district
    words = ("--text", "Polish families on Elm Road can get a test.", "--channel", "text")
    answer = run_here("message", "plan", area, *words, *HEALTH, "--json", folder=folder).answer
    assert answer["must_acknowledge"] == ["Elm Road", "Polish"]


def test_a_sheet_goes_out_and_comes_back_as_a_translation(district, tmp_path):
    sheet, filled = tmp_path / "sheet.xlsx", tmp_path / "filled.csv"
    made = run_here(
        "message", "translations", *WORDS, "--language", "urdu", "--language", "Polish", "--to", sheet, "--json"
    )
    assert made.answer == {"file": str(sheet), "pieces": 2, "languages": ["Urdu", "Polish"]}
    rows = read_translations(sheet).to_dicts()
    rows[0]["Urdu"], rows[1]["Urdu"] = "مفت ٹیسٹ", "محترم ((name))، ((place)) میں مفت ٹیسٹ کروائیں۔"
    with filled.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    answer = plan(district, "--translations", filled).answer
    assert {one["language"] for one in answer["previews"]} == {"English", "Urdu"}
    assert "Polish" in answer["missing_translations"]
    assert "Urdu" not in answer["missing_translations"]


def test_a_plan_can_be_kept_as_a_campaign(authority):
    with (authority / "places" / "population.csv").open(encoding="utf-8") as file:
        area = next(csv.DictReader(file))["area"]
    answer = run_here("message", "plan", area, *WORDS, *HEALTH, "--save", "--json", folder=authority).answer
    listed = run_here("message", "list", *HEALTH, "--json", folder=authority)
    assert answer["saved"]
    assert answer["campaign"] in listed.out


def test_a_plan_gives_no_file(district, tmp_path):
    refused = plan(district, "--to", tmp_path / "files")
    assert refused.code == 2
    assert not (tmp_path / "files").exists()


WRONG = {
    "neither areas nor an alert": ((*WORDS,), 2, "Say where: an alert or areas, one of the two."),
    "both": (("E01006132", "--alert", "a", *WORDS), 2, "Say where: an alert or areas, one of the two."),
    "an area elsewhere": (("E01000001", *WORDS), 4, "There is no area E01000001 here."),
    "an alert that is not kept": (("--alert", "none-such", *WORDS), 4, "There is no alert with this id."),
    "an open gap": (("AREA", "--text", "Dear ((name)"), 4, "A gap is not closed."),
    "an unfilled gap": (("AREA", "--text", "Go to ((place))."), 4, "Nothing fills the gap ((place))."),
    "a value that cannot be read": (
        ("AREA", "--text", "Hi.", "--value", "place"),
        2,
        "The value “place” can't be read.",
    ),
    "an unknown messenger": (("AREA", *WORDS, "--messenger", "mayor"), 4, "There is no messenger “mayor”."),
    "a price below nothing": (("AREA", *WORDS, "--text-pence", "-1"), 4, "A price is below nothing."),
    "a sheet that is not there": (("AREA", *WORDS, "--translations", "no.csv"), 4, "There is no such file."),
}


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_told_in_words(district, arguments, code, message):
    folder, area = district
    given = [area if one == "AREA" else one for one in arguments]
    ran = run_here("message", "plan", *given, *HEALTH, "--json", folder=folder)
    assert (ran.code, json.loads(ran.out)["error"]["message"]) == (code, message)
    assert "Traceback" not in ran.err


def test_a_sheet_needs_a_language(tmp_path):
    ran = run_here("message", "translations", *WORDS, "--to", tmp_path / "sheet.csv", "--json")
    assert (ran.code, ran.answer["error"]["message"]) == (4, "No language to translate into is named.")
