"""The live stream over a real server: told within a second, ended within a second."""

import json
import time

import pytest

from wardkeeper.demo import cast
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.usecases.record_check import CheckReport, done, take
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view
from web_house import csrf_of, post
from web_server import listening, serving, visitor


@pytest.fixture
def address(flood):
    with serving(flood.house) as address:
        yield address


@pytest.fixture
def doors(flood):
    return view(flood.house, cast.CREW, flood.incident).lines["check_id"].to_list()


def test_a_crews_outcome_reaches_the_planner_within_a_second(address, flood, doors):
    planner, crew = visitor(address, cast.PLANNER), visitor(address, cast.CREW)
    form = crew.get(f"/incidents/{flood.incident}/checks/{doors[0]}").text
    key = form.split('name="key" value="')[1].split('"')[0]
    with listening(planner, f"/incidents/{flood.incident}/stream?after=2") as next_frame:
        sent = time.monotonic()
        fields = {"csrf": csrf_of(form), "key": key, "outcome": "safe", "note": "at her son's"}
        assert crew.post(f"/incidents/{flood.incident}/checks/{doors[0]}/done", data=fields).status_code == 303
        kind, data = next_frame()
        took = time.monotonic() - sent
    told = json.loads(data)
    assert kind == "change"
    assert (told["check"], told["status"], told["outcome"]) == (doors[0], "done", "Safe")
    assert "son" not in data
    assert took < 1.0


def test_a_reader_that_lost_the_line_goes_on_where_it_was(address, flood, doors):
    planner = visitor(address, cast.PLANNER)
    for door in doors[:3]:
        take(flood.house, cast.CREW, flood.incident, door)
    with listening(planner, f"/incidents/{flood.incident}/stream?after=2", {"Last-Event-ID": "4"}) as next_frame:
        assert json.loads(next_frame()[1])["number"] == 5


def test_g5_stand_down_ends_an_open_stream_and_sends_nothing_more(address, flood, doors):
    crew = visitor(address, cast.CREW)
    with listening(crew, f"/incidents/{flood.incident}/stream?after=2") as next_frame:
        done(flood.house, cast.CREW, flood.incident, doors[0], CheckReport(CheckOutcome.SAFE))
        assert next_frame()[0] == "change"
        ended = time.monotonic()
        stand_down(flood.house, cast.PLANNER, flood.incident, "The water fell.")
        kind, data = next_frame()
        assert kind == "purge"
        assert "stood down" in json.loads(data)["message"]
        assert time.monotonic() - ended < 1.0
        assert next_frame()[0] == "closed"
    assert crew.get(f"/incidents/{flood.incident}").status_code == 403


def test_signing_out_ends_the_persons_streams(address, flood):
    crew = visitor(address, cast.CREW)
    with listening(crew, f"/incidents/{flood.incident}/stream?after=2") as next_frame:
        assert post(crew, "/sign-out").status_code == 303
        assert next_frame()[0] == "purge"


def test_following_quietly_writes_nothing(address, flood):
    planner = visitor(address, cast.PLANNER)
    with listening(planner, f"/incidents/{flood.incident}/stream?after=2"):
        time.sleep(0.3)
        before = flood.house.store.ledger_size()
        time.sleep(0.6)
        assert flood.house.store.ledger_size() == before
