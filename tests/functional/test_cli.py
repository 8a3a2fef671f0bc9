"""The command line as a shell sees it: exit codes, one JSON document, words for a person."""

import json
import sqlite3

import pytest

from command_line import run, run_here, walk_the_road
from wardkeeper.cli.main import COMMANDS

PLANNER = ("--as", "planner@trafford.example")
ANALYST = ("--as", "analyst@trafford.example")
CREW = ("--as", "crew@gm-fire.example")

KEYS = {
    "residents_true": int,
    "sources": list,
    "records": int,
    "residents": int,
    "households": int,
    "linkage": {
        "pairs": {"precision": float, "recall": float, "f1": float, "blocking_recall": float},
        "clusters": {
            **dict.fromkeys(("precision", "recall", "f1", "b3_precision", "b3_recall", "b3_f1"), float),
            "largest": int,
        },
    },
    "find": {"homes": int, "seconds": float},
    "incident": {"checks": int, "delivered_ms": float},
    "stand_down": {"refused": bool, "unreadable": bool},
    "outbreak": {"source": str, "areas": int, "alarms": int},
    "cases": {"cases": int, "unplaced": int, "coincidences": int, "planted_found": bool},
    "messages": {"alerts": int, "accepted": str, "homes": int},
    "ledger": {"leaves": int, "verified": bool},
    "seconds": dict,
}
"""The demonstration's answer: its keys and what each holds."""

SOURCES = {
    "adult-social-care",
    "assisted-bins",
    "council-tax",
    "open-register",
    "shielding",
    "single-person-discount",
    "social-housing",
}


def check_shape(answer, shape, path="answer"):
    for key, wanted in shape.items():
        assert key in answer, f"{path} has no {key}"
        if isinstance(wanted, dict):
            assert set(answer[key]) == set(wanted), f"{path}.{key}"
            check_shape(answer[key], wanted, f"{path}.{key}")
        else:
            assert type(answer[key]) is wanted, f"{path}.{key}"


def flood_area(authority):
    return authority / "places" / "mersey-flood.geojson"


# Asking for help


def test_help_comes_at_once_and_lists_every_command():
    ran = min((run("--help") for _ in range(3)), key=lambda one: one.seconds)
    assert ran.code == 0
    assert ran.seconds < 1
    assert all(f"  {name} " in ran.out and words in ran.out for name, (_, words) in COMMANDS.items())


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_explains_itself(command):
    ran = run_here(command, "--help")
    assert ran.code == 0
    assert "Usage: wardkeeper" in ran.out


def test_no_command_is_a_question_and_the_version_an_answer():
    assert run_here().out == run_here("--help").out
    assert run_here("--version").out.strip().count(".") == 2


# What was not understood: 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate"], "There is no command “frobnicate”. Run wardkeeper --help for the list."),
        (["source"], "Usage"),
        (["find", "earthquake", "--area", "x"], "earthquake"),
        (["ledger", "verify", "--sideways"], "--sideways"),
    ],
    ids=["unknown command", "no subcommand", "unknown hazard", "unknown option"],
)
def test_what_was_not_understood_is_exit_2(arguments, words):
    ran = run_here(*arguments)
    assert ran.code == 2
    assert words in f"{ran.words} {ran.out}"
    assert "Traceback" not in ran.err


def test_a_login_that_does_not_exist_is_exit_2(authority):
    ran = run("source", "list", "--as", "nobody@trafford.example", "--json", folder=authority)
    assert ran.code == 2
    assert ran.answer["error"]["message"] == "There is no login “nobody@trafford.example”."


# A rule refused: 3


def test_a_refusal_is_exit_3_with_the_reason_and_what_would_allow_it(authority):
    ran = run("find", "flood", "--area", flood_area(authority), *CREW, folder=authority)
    assert ran.code == 3
    assert "only the authority's own staff may do this" in ran.words
    assert "rule G2" in ran.words


def test_g9_debt_recovery_is_exit_3_in_json_too(authority):
    purpose = ("--purpose", "debt-recovery", "--json")
    ran = run_here("find", "flood", "--area", flood_area(authority), *PLANNER, *purpose, folder=authority)
    assert ran.code == 3
    assert ran.answer["error"]["code"] == "refused"
    assert "is not compatible with the purpose" in ran.answer["error"]["message"]


# What was given cannot be used: 4


def test_a_missing_file_is_exit_4(authority):
    ran = run("source", "load", "nothing.csv", "--source", "council-tax", *ANALYST, folder=authority)
    assert ran.code == 4
    assert "There is no such file. Check the name and the folder." in ran.words


def test_a_folder_without_a_wardkeeper_is_exit_4(tmp_path):
    ran = run_here("source", "list", *ANALYST, "--json", folder=tmp_path)
    assert ran.code == 4
    assert "run wardkeeper demo to make one" in ran.answer["error"]["next"]
    assert list(tmp_path.iterdir()) == []


# A ledger that was changed: 5


def flip_a_byte(authority):
    """Change one byte of the tenth leaf, as somebody with the database in their hands could."""
    with sqlite3.connect(authority / ".wardkeeper" / "ledger.db") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        number, content = database.execute("SELECT number, content FROM leaves WHERE number = 10").fetchone()
        changed = bytes([*content[:20], content[20] ^ 1, *content[21:]])
        database.execute("UPDATE leaves SET content = ? WHERE number = ?", (changed, number))
    database.close()


def test_the_ledger_verifies_and_with_one_byte_changed_it_is_exit_5(authority):
    before = run("ledger", "verify", "--json", folder=authority)
    assert (before.code, before.answer["verified"]) == (0, True)
    flip_a_byte(authority)
    after = run("ledger", "verify", folder=authority)
    assert after.code == 5
    assert "integrity" in after.err
    assert "tell the DPO" in after.words


# Answers


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["source", "list", *ANALYST], "sources"),
        (["incident", "list", *PLANNER], "incidents"),
        (["mandate", "list", *PLANNER], "mandates"),
        (["outbreak", "rates", *PLANNER], "areas"),
        (["ledger", "verify"], "verified"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else value,
)
def test_json_is_one_document_on_standard_output(authority, arguments, key):
    ran = run_here(*arguments, "--json", folder=authority)
    assert ran.code == 0, ran.err
    assert key in ran.answer


def test_found_homes_have_no_names(authority):
    ran = run_here("find", "flood", "--area", flood_area(authority), *PLANNER, "--json", folder=authority)
    assert ran.code == 0, ran.err
    homes = ran.answer["homes"]
    assert [home["rank"] for home in homes] == list(range(1, len(homes) + 1))
    assert not {"names", "phones", "birth_years", "home_id", "uprn"} & set(homes[0])
    assert len(ran.answer["coverage"]) == 7


def test_checking_a_file_with_faults_is_exit_1_and_keeps_nothing(authority):
    extract = authority / "extracts" / "adult-social-care.csv"
    ran = run_here("source", "check", extract, *ANALYST, "--json", folder=authority)
    assert ran.code == 1
    assert len(ran.answer["notes"]) > 0


# The demonstration


def test_the_answer_has_exactly_what_was_promised(demonstration):
    _, ran = demonstration
    assert ran.code == 0, ran.err
    answer = ran.answer
    check_shape(answer, KEYS)
    assert set(answer) == set(KEYS), "a key that was not promised"
    assert {one["name"] for one in answer["sources"]} == SOURCES
    assert all(set(one) == {"name", "rows", "loaded", "repaired", "quarantined"} for one in answer["sources"])
    assert all(isinstance(value, float) for value in answer["seconds"].values())


def test_its_counts_add_up_to_the_rows_of_the_files(demonstration):
    folder, ran = demonstration
    for one in ran.answer["sources"]:
        assert one["loaded"] + one["repaired"] + one["quarantined"] == one["rows"] > 0
        path = folder / "extracts" / f"{one['name']}.csv"
        if path.is_file():
            assert len(path.read_bytes().splitlines()) - 1 == one["rows"]


def test_it_finds_joins_tells_and_destroys_as_promised(demonstration):
    answer = demonstration[1].answer
    assert answer["residents_true"] >= 1_900
    assert answer["linkage"]["clusters"]["f1"] >= 0.93
    assert answer["find"]["homes"] == answer["incident"]["checks"] > 0
    assert answer["find"]["seconds"] < 2
    assert 0 < answer["incident"]["delivered_ms"] < 1_000
    assert answer["stand_down"] == {"refused": True, "unreadable": True}
    assert answer["ledger"]["verified"] is True
    assert answer["ledger"]["leaves"] > 50


def test_it_leaves_one_live_incident_and_one_closed(authority):
    incidents = run_here("incident", "list", *PLANNER, "--json", folder=authority).answer["incidents"]
    assert [one["phase"] for one in incidents] == ["active", "closed"]


def test_it_can_be_run_again_in_the_same_folder(authority):
    again = walk_the_road(authority)
    assert again.code == 0, again.err
    assert again.answer["residents_true"] > 0


def test_it_never_clears_a_folder_of_somebody_elses(tmp_path):
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work")
    ran = run("demo", "--residents", "2000", "--no-serve", "--json", folder=tmp_path)
    assert ran.code == 2
    assert json.loads(ran.out)["error"]["next"] == "Give --folder an empty or new one."
    assert mine.read_text() == "years of work"
