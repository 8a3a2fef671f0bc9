"""The live stream: what it sends, when it wakes, and that it ends when the right to read ends."""

import asyncio
import json

import pytest

from wardkeeper.kernel.errors import NotSignedIn, Refused, StorageFailed
from wardkeeper.usecases import follow_incident
from wardkeeper.usecases.follow_incident import LiveEvent
from wardkeeper.web.live import Changes, stream
from web_house import CREW, INCIDENT, MORNING

REFUSED = Refused("Refused: the incident was stood down.", "Declare a new incident.")


def happened(number, status="taken", check="chk-000000000001"):
    return LiveEvent(number, "check.taken", check, status, "", "gm-fire", MORNING)


class Incident:
    """What happened so far, and a counter of commits as the database has one."""

    def __init__(self):
        self.events = []
        self.commits = 1
        self.refused = None
        self.asked = 0

    def happen(self, event):
        self.events.append(event)
        self.commits += 1

    def end(self, error=REFUSED):
        self.refused = error
        self.commits += 1

    def follow(self, after):
        self.asked += 1
        if self.refused:
            raise self.refused
        return [event for event in self.events if event.number > after]

    def open(self, after=0, *, recheck=5.0, names=None):
        changes = Changes(lambda: self.commits, pause=0.005)
        return stream(self.follow, changes, after=after, names=names or {}, recheck=recheck)


def read(frame):
    """One frame of an event stream as (id, event, data)."""
    lines = dict(line.split(": ", 1) for line in frame.strip().splitlines())
    return lines.get("id"), lines["event"], json.loads(lines["data"])


def run(scene):
    return asyncio.run(asyncio.wait_for(scene, timeout=5))


def test_what_happened_before_the_stream_opened_comes_first():
    incident = Incident()
    incident.happen(happened(8))

    async def scene():
        return await anext(incident.open(after=7))

    number, kind, data = read(run(scene()))
    assert (number, kind) == ("8", "change")
    assert data["check"] == "chk-000000000001"
    assert data["status"] == "taken"


def test_a_reader_that_was_cut_off_gets_only_what_it_missed():
    incident = Incident()
    for number in range(1, 6):
        incident.happen(happened(number))

    async def scene():
        events = incident.open(after=3)
        return [await anext(events), await anext(events)]

    assert [read(frame)[0] for frame in run(scene())] == ["4", "5"]


def test_a_change_wakes_the_stream():
    incident = Incident()

    async def scene():
        events = incident.open()
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        incident.happen(happened(1))
        return await waiting

    assert read(run(scene()))[0] == "1"


def test_nothing_is_sent_once_the_right_has_ended():
    incident = Incident()

    async def scene():
        events = incident.open()
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.02)
        incident.events.append(happened(1))
        incident.end()
        first = await waiting
        with pytest.raises(StopAsyncIteration):
            await anext(events)
        return first

    number, kind, data = read(run(scene()))
    assert kind == "purge"
    assert number is None
    assert data == {"message": "Refused: the incident was stood down.", "next": "Declare a new incident."}


def test_signing_out_ends_the_stream():
    incident = Incident()
    incident.end(NotSignedIn("You are not signed in.", "Sign in again."))

    async def scene():
        return [frame async for frame in incident.open()]

    frames = run(scene())
    assert [read(frame)[1] for frame in frames] == ["purge"]


def test_a_quiet_stream_asks_again_and_shows_it_is_alive():
    incident = Incident()

    async def scene():
        events = incident.open(recheck=0.02)
        first = await anext(events)
        incident.refused = REFUSED
        return first, await anext(events)

    alive, last = run(scene())
    assert alive == ": still here\n\n"
    assert read(last)[1] == "purge"


def test_trouble_with_the_database_is_said_and_takes_nothing_away():
    incident = Incident()
    incident.end(StorageFailed("The disk is full.", "Make room."))

    async def scene():
        return [frame async for frame in incident.open()]

    assert [read(frame)[1] for frame in run(scene())] == ["trouble"]


def test_organisations_are_named_and_nothing_else_is_added():
    incident = Incident()
    incident.happen(happened(1))

    async def scene():
        return await anext(incident.open(names={"gm-fire": "Fire Service"}))

    data = read(run(scene()))[2]
    assert data["organisation"] == "Fire Service"
    assert set(data) == {"number", "type", "check", "status", "outcome", "organisation", "at"}


def test_one_poller_serves_every_stream_and_stops_with_the_last():
    reads = []

    def number():
        reads.append(1)
        return 1

    async def scene():
        changes = Changes(number, pause=0.005)
        async with changes.subscribe(), changes.subscribe(), changes.subscribe():
            await asyncio.sleep(0.06)
            open_reads = len(reads)
        await asyncio.sleep(0.03)
        stopped = len(reads)
        await asyncio.sleep(0.03)
        return open_reads, stopped, len(reads)

    open_reads, stopped, later = run(scene())
    assert open_reads <= 14, "three streams, one poller: about one read each 5 ms"
    assert stopped == later


def test_a_busy_database_does_not_stop_the_poller():
    answers = iter([1, StorageFailed("busy", "wait"), 2])

    def number():
        answer = next(answers, 2)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def scene():
        changes = Changes(number, pause=0.005)
        async with changes.subscribe() as wake:
            await wake.wait()
            wake.clear()
            await asyncio.wait_for(wake.wait(), 1)

    run(scene())


def test_the_route_follows_as_the_person_who_is_signed_in(crew, monkeypatch):
    asked = []

    def follow(house, actor, incident, after):
        asked.append((actor.login, incident, after))
        raise REFUSED

    monkeypatch.setattr(follow_incident, "follow", follow)
    answer = crew.get(f"/incidents/{INCIDENT}/stream?after=7")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: purge" in answer.text
    crew.get(f"/incidents/{INCIDENT}/stream?after=7", headers={"Last-Event-ID": "12"})
    crew.get(f"/incidents/{INCIDENT}/stream?after=7", headers={"Last-Event-ID": "twelve"})
    crew.get(f"/incidents/{INCIDENT}/stream?after=7", headers={"Last-Event-ID": "9" * 5_000})
    assert asked == [(CREW.login, INCIDENT, start) for start in (7, 12, 7, 7)]


def test_a_stranger_gets_no_stream(stranger):
    answer = stranger.get(f"/incidents/{INCIDENT}/stream", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 401
