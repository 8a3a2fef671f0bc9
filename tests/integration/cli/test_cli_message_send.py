"""A campaign on the command line, from plan to door-knocking, before a local GOV.UK Notify: dry unless told to send."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from command_line import run_here
from districts import TODAY
from notify_server import NotifyServer
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.demo import cast
from wardkeeper.usecases import send_campaign

COMMS, LEAD = ("--as", cast.COMMUNICATIONS.login), ("--as", cast.PUBLIC_HEALTH.login)
LATER = Path(__file__).parents[2] / "wardkeeper_later.py"
TEXT = "Free tests are at Sale library, 9am to 5pm."
REFUSED, BAD_INPUT, PROBLEMS = 3, 4, 1


@pytest.fixture
def server():
    with NotifyServer() as running_server:
        running_server.text = running_server.add_template("sms", "((message))")
        running_server.email = running_server.add_template("email", TEXT, "Tests")
        yield running_server


@pytest.fixture
def message(folder, server, monkeypatch):
    """Runs `wardkeeper message …` on a copy of the town, on the fixed day, with a key for the local Notify."""
    monkeypatch.setattr(desk, "open_house", open_town)
    monkeypatch.setattr(send_campaign, "BATCH", 20)
    monkeypatch.setenv("WARDKEEPER_NOTIFY_URL", server.url)
    monkeypatch.setenv("WARDKEEPER_NOTIFY_KEY", server.key())

    def run(*arguments, json_wanted=True):
        return run_here("message", *arguments, *(["--json"] if json_wanted else []), folder=folder)

    return run


@pytest.fixture
def campaign(message, areas):
    """An approved campaign by text."""
    planned = message("plan", *areas, "--text", TEXT, "--subject", "Tests", "--channel", "text", "--save", *COMMS)
    found = planned.answer["campaign"]
    assert message("submit", found, *COMMS).answer["state"] == "submitted"
    assert message("approve", found, *LEAD).answer["state"] == "approved"
    return found


@pytest.fixture
def templates(server):
    return ("--template", f"text={server.text}", "--template", f"email={server.email}")


def test_nothing_is_sent_unless_it_is_told_to(message, campaign, templates, server):
    told = message("send", campaign, *templates, *COMMS)
    assert told.code == 0
    assert told.answer["dry_run"] is True
    assert sum(one["messages"] for one in told.answer["to_send"]) > 80
    assert server.held == []
    words = message("send", campaign, *templates, *COMMS, json_wanted=False)
    assert "Nothing was sent" in words.words
    assert server.held == []


def test_a_dry_run_needs_no_key_and_no_template_and_says_what_is_missing(message, campaign, templates, monkeypatch):
    whole = message("send", campaign, *templates, *COMMS).answer
    assert whole["missing"] == []
    monkeypatch.delenv("WARDKEEPER_NOTIFY_KEY")
    told = message("send", campaign, *COMMS)
    assert told.code == 0
    assert told.answer["to_send"] == whole["to_send"]
    assert ["no API key" in one["message"] for one in told.answer["missing"]] == [True, False]
    assert "no template of GOV.UK Notify for email English, text English" in told.answer["missing"][1]["message"]
    words = " ".join(message("send", campaign, *COMMS, json_wanted=False).words.split())
    assert "It cannot be sent from here yet. There is no API key" in words
    assert "Add --send" not in words
    assert message("send", campaign, "--send", *COMMS).code == BAD_INPUT


def test_no_folder_is_made_for_files_that_are_refused(message, areas, tmp_path):
    found = message("plan", areas[0], "--text", TEXT, "--subject", "Tests", "--save", *COMMS).answer["campaign"]
    assert message("files", found, "--to", tmp_path / "new" / "files", *COMMS).code == REFUSED
    assert list(tmp_path.glob("new*")) == []


def test_a_campaign_is_sent_followed_and_goes_on_to_the_next_way(message, campaign, templates, server, tmp_path):
    sent = message("send", campaign, "--send", *templates, *COMMS)
    assert sent.code == 0
    assert sent.answer["state"] == "sent"
    assert sent.answer["messages"] == len(server.held) > 80
    first = [one for one in server.held if one.kind == "sms"]
    failing = first[:5]
    server.deliver()
    for one in failing:
        one.status = "permanent-failure"
    asked = message("status", campaign, "--ask", *COMMS).answer
    assert asked["not_arrived"] == len(failing)
    assert asked["changed"] == asked["messages"] == sum(one["messages"] for one in asked["totals"])

    again = message("send", campaign, "--send", *templates, *COMMS)
    assert again.code == 0
    assert max(Counter(one.to for one in server.held).values()) == 1
    taken = message("files", campaign, "--to", tmp_path / "files", *COMMS)
    assert taken.answer["files"]["letters-to-print.csv"] == again.answer["letters_by_file"]
    assert message("status", campaign, "--as", cast.DPO.login).answer["messages"] >= len(server.held)


def test_files_are_written_for_their_owner_alone_and_handed_over(message, campaign, server, tmp_path):
    folder = tmp_path / "files"
    taken = message("files", campaign, "--to", folder, *COMMS).answer["files"]
    written = {path.name: path for path in folder.iterdir()}
    assert set(written) == set(taken) >= {"letters-to-print.csv", "door-drop.csv", "partners.csv"}
    for name, path in written.items():
        assert (path.stat().st_mode & 0o077) == 0
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) - 1 == taken[name]
    again = message("files", campaign, "--to", folder, *COMMS)
    assert (again.code, again.answer["error"]["next"]) == (2, "Give --to an empty or new one.")

    done = message("hand-over", campaign, "letters-to-print.csv", *COMMS).answer
    assert done["state"] == "sent"
    assert done["steps"][-1]["rows"] == taken["letters-to-print.csv"]
    totals = {
        (one["channel"], one["state"]): one["messages"] for one in message("status", campaign, *COMMS).answer["totals"]
    }
    assert totals["letter", "handed-over"] == taken["letters-to-print.csv"]
    assert message("hand-over", campaign, "letters-to-print", *COMMS).code == BAD_INPUT
    assert message("hand-over", campaign, "notify-text-english", "--unused", *COMMS).code == 0


def test_a_folder_that_cannot_be_written_is_told_before_anybody_is_put_on_record(message, campaign):
    done = message("files", campaign, "--to", "/dev/null/files", *COMMS)
    assert (done.code, done.answer["error"]["code"]) == (BAD_INPUT, "storage")
    assert message("status", campaign, *COMMS).answer["messages"] == 0


def test_a_warning_needs_its_approval_and_no_other_step(message, areas, tmp_path):
    words = ("--text", "Boil your tap water.", "--safety", "--save")
    found = message("plan", areas[0], *words, *COMMS).answer["campaign"]
    assert message("files", found, "--to", tmp_path / "early", *COMMS).code == REFUSED
    assert message("approve", found, *LEAD).answer["state"] == "approved"
    assert message("files", found, "--to", tmp_path / "files", *COMMS).code == 0


def test_a_second_person_destroys_to_whom_it_went(message, campaign, templates):
    message("send", campaign, "--send", *templates, *COMMS)
    dpo = ("--as", cast.DPO.login)
    assert message("destroy", campaign, *dpo).code == BAD_INPUT
    looked = message("close", campaign, *COMMS).answer
    assert (looked["state"], looked["left"]) == (
        "sent",
        ["It was planned with messages by letter: none of them went."],
    )
    assert "Nothing was closed." in message("close", campaign, *COMMS, json_wanted=False).err
    assert message("close", campaign, "--confirm", *COMMS).answer["state"] == "closed"
    assert message("destroy", campaign, *COMMS).code == REFUSED
    done = message("destroy", campaign, *dpo).answer
    assert done["state"] == "destroyed"
    assert len(done["receipt"]["files"]) == 1
    assert message("status", campaign, *COMMS).answer["messages"] > 80


def test_without_an_approval_nothing_is_sent(message, areas, templates, server):
    planned = message("plan", areas[0], "--text", TEXT, "--channel", "text", "--save", *COMMS)
    found = planned.answer["campaign"]
    assert message("submit", found, *COMMS).code == 0
    for told in ([], ["--send"]):
        refused = message("send", found, *told, *templates, *COMMS)
        assert refused.code == REFUSED
        assert "approved" in refused.answer["error"]["message"]
    assert server.held == []


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("submit", []),
        ("approve", []),
        ("decline", ["--why", "No."]),
        ("stop", ["--why", "No."]),
        ("close", []),
        ("send", ["--send"]),
        ("hand-over", ["letters-to-print"]),
        ("destroy", []),
        ("status", []),
        ("status", ["--ask"]),
    ],
)
@pytest.mark.parametrize("actor", [cast.ANALYST, cast.CONTROL, cast.CREW, cast.VOLUNTEER], ids=lambda one: one.login)
def test_other_roles_are_refused(message, campaign, templates, server, actor, verb, more):
    more = [*more, *templates] if verb == "send" else more
    done = message(verb, campaign, *more, "--as", actor.login)
    assert done.code == REFUSED
    assert server.held == []


def test_the_author_does_not_approve_and_another_role_does_not_list(message, areas):
    planned = message("plan", areas[0], "--text", TEXT, "--save", *LEAD)
    found = planned.answer["campaign"]
    message("submit", found, *LEAD)
    assert message("approve", found, *LEAD).code == REFUSED
    assert message("list", "--as", cast.ANALYST.login).code == REFUSED
    listed = message("list", "--as", cast.DIRECTOR.login).answer["campaigns"]
    assert [one["state"] for one in listed] == ["submitted"]
    table = message("list", "--as", cast.DIRECTOR.login, json_wanted=False).out
    assert "Campaigns: 1" in table
    assert f"{TODAY.day} {TODAY:%b %Y}, " in table, "the moment as people say it"


def test_a_declined_and_a_stopped_campaign_say_so(message, campaign, areas):
    stopped = message("stop", campaign, "--why", "The figures were wrong.", *LEAD)
    assert stopped.answer["steps"][-1]["reason"] == "The figures were wrong."
    assert message("close", campaign, "--confirm", *COMMS).answer["state"] == "closed"
    other = message("plan", areas[0], "--text", TEXT, "--save", *COMMS).answer["campaign"]
    message("submit", other, *COMMS)
    assert message("decline", other, "--why", "Say where.", *LEAD).answer["state"] == "declined"
    assert message("decline", other, "--why", "Say where.", *LEAD).code == BAD_INPUT


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["--template", "text"], 2, "--template"),
        (["--template", "pigeon=1"], BAD_INPUT, "pigeon"),
        (["--template", "text=12345678-1234-4234-8234-123456789012"], BAD_INPUT, "no template"),
        ([], BAD_INPUT, "no template"),
    ],
)
def test_templates_that_are_wrong_are_told_in_words(message, campaign, given, code, said, server):
    email = ["--template", f"email={server.email}"] if given else []
    done = message("send", campaign, "--send", *given, *email, *COMMS)
    assert done.code == code
    assert said in (done.out + done.err).lower()


def test_a_wrong_key_is_told_without_it(message, campaign, templates, server, monkeypatch):
    wrong = server.key().replace("aaaaaaaa", "bbbbbbbb")
    monkeypatch.setenv("WARDKEEPER_NOTIFY_KEY", wrong)
    done = message("send", campaign, "--send", *templates, *COMMS)
    assert done.code == BAD_INPUT
    assert "bbbbbbbb" not in done.out + done.err
    monkeypatch.setenv("WARDKEEPER_NOTIFY_URL", "http://notify.example")
    assert "https://" in message("send", campaign, "--send", *templates, *COMMS).answer["error"]["message"]


def start(folder, server, minutes, *arguments):
    environment = {**os.environ, "WARDKEEPER_NOTIFY_URL": server.url, "WARDKEEPER_NOTIFY_KEY": server.key()}
    line = [sys.executable, LATER, str(minutes), "message", *arguments, "--folder", folder]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_cut_off_in_the_middle_and_run_again_nobody_is_written_to_twice(
    folder, message, campaign, templates, server, how
):
    server.delay = 0.1
    begun = start(folder, server, 0, "send", campaign, "--send", *templates, *COMMS)
    deadline = time.monotonic() + 60
    while len(server.held) < 30 and time.monotonic() < deadline:
        time.sleep(0.02)
    begun.send_signal(how)
    begun.wait(timeout=60)
    server.delay = 0.0
    time.sleep(0.3)  # what was on the wire arrives
    cut_off = len(server.held)
    assert 30 <= cut_off < 102

    soon, _ = start(folder, server, 1, "send", campaign, "--send", "--json", *templates, *COMMS).communicate()
    assert json.loads(soon)["unsettled"] > 0
    assert json.loads(soon)["state"] == "sending"
    later, _ = start(folder, server, 10, "send", campaign, "--send", "--json", *templates, *COMMS).communicate()
    assert json.loads(later)["state"] == "sent"
    assert json.loads(later)["unsettled"] == 0
    assert max(Counter(one.to for one in server.held).values()) == 1
    assert len(server.held) == json.loads(later)["messages"]
