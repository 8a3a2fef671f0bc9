"""Following an incident live: every event once, in order, until access ends."""

import pytest

from wardkeeper.demo import cast
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.usecases.follow_incident import follow
from wardkeeper.usecases.record_check import CheckReport, done, take
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view


@pytest.fixture
def doors(flood):
    return view(flood.house, cast.CREW, flood.incident).lines["check_id"].to_list()


def test_events_come_in_order_without_gaps(flood, doors):
    for door in doors[:3]:
        take(flood.house, cast.CREW, flood.incident, door)
    told = follow(flood.house, cast.PLANNER, flood.incident, after=0)
    assert [one.number for one in told] == [1, 2, 3, 4, 5]
    assert [one.type for one in told] == ["incident.declared", "incident.listed", *["check.taken"] * 3]
    assert [one.check_id for one in told[2:]] == doors[:3]


def test_only_what_came_after_is_told(flood, doors):
    take(flood.house, cast.CREW, flood.incident, doors[0])
    assert [one.number for one in follow(flood.house, cast.PLANNER, flood.incident, after=2)] == [3]
    assert follow(flood.house, cast.PLANNER, flood.incident, after=3) == []


def test_finding_nothing_new_is_no_act(flood):
    before = flood.house.store.ledger_size()
    assert follow(flood.house, cast.PLANNER, flood.incident, after=2) == []
    assert flood.house.store.ledger_size() == before


def test_an_event_tells_where_the_check_stands_but_not_its_note(flood, doors):
    done(flood.house, cast.CREW, flood.incident, doors[0], CheckReport(CheckOutcome.NO_REPLY, "dog in the garden"))
    (told,) = follow(flood.house, cast.PLANNER, flood.incident, after=2)
    assert (told.status, told.outcome, told.by_organisation) == ("try again", "No reply", "gm-fire")
    assert "dog" not in repr(told)


def test_events_read_late_tell_where_the_check_stands_now(flood, doors):
    take(flood.house, cast.CREW, flood.incident, doors[0])
    done(flood.house, cast.CREW, flood.incident, doors[0], CheckReport(CheckOutcome.SAFE))
    told = follow(flood.house, cast.PLANNER, flood.incident, after=2)
    assert [one.status for one in told] == ["done", "done"]


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.CREW, cast.VOLUNTEER], ids=["planner", "crew", "volunteer"])
def test_g5_after_stand_down_the_next_look_is_refused(flood, doors, actor):
    assert follow(flood.house, actor, flood.incident, after=0)
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused) as raised:
        follow(flood.house, actor, flood.incident, after=2)
    assert "stood down" in raised.value.message


def test_somebody_without_the_role_is_refused_and_it_is_recorded(flood):
    before = flood.house.store.ledger_size()
    with pytest.raises(Refused):
        follow(flood.house, cast.DPO, flood.incident, after=0)
    assert flood.house.store.ledger_size() == before + 1


def test_an_unknown_incident_is_not_found(house):
    with pytest.raises(NotFound):
        follow(house, cast.PLANNER, "inc-000000000000", after=0)
