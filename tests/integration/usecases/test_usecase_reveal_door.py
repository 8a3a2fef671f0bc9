"""G17: the address behind “Ring Control first” is shown to one named officer in Control, with a reason, and recorded."""

import json

import polars as pl
import pytest

from wardkeeper.demo import cast
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.usecases.incident_log import events
from wardkeeper.usecases.reveal_door import reveal
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view

WHY = "Crew 2 is ten minutes away and needs the door."


@pytest.fixture
def hidden(flood):
    """A line of the list where Control is rung first."""
    lines = view(flood.house, cast.CONTROL, flood.incident).lines
    return lines.filter("ring_control")["check_id"][0]


def test_control_sees_the_address_that_the_list_hides(flood, hidden):
    shown = view(flood.house, cast.CONTROL, flood.incident)
    assert shown.lines.row(by_predicate=pl.col("check_id") == hidden, named=True)["address"] is None
    assert "reveal" in shown.may
    assert reveal(flood.house, cast.CONTROL, flood.incident, hidden, WHY).address


def test_a_reveal_is_a_leaf_and_a_sealed_event_that_name_no_place_in_the_clear(flood, hidden):
    door = reveal(flood.house, cast.CONTROL, flood.incident, hidden, WHY)
    leaf = list(flood.house.store.leaves())[-1].decode()
    assert json.loads(leaf)["type"] == "door.revealed"
    assert len(json.loads(leaf)["subject"]) == 32
    for secret in (door.address, WHY, hidden):
        assert secret not in leaf
    last = flood.house.store.events(flood.incident)[-1]
    assert (last.event.type, dict(last.event.data)) == (EventType.DOOR_REVEALED, {})
    permit = view(flood.house, cast.CONTROL, flood.incident).decision
    assert events(flood.house, flood.incident, permit=permit)[-1].data == {"reason": WHY}


@pytest.mark.parametrize(
    "actor", [actor for actor in cast.EVERYBODY if actor is not cast.CONTROL], ids=lambda actor: actor.login
)
def test_nobody_but_control_may(flood, hidden, actor):
    with pytest.raises(Refused):
        reveal(flood.house, actor, flood.incident, hidden, WHY)


@pytest.mark.parametrize("why", ["", "   "])
def test_no_reason_no_address(flood, hidden, why):
    with pytest.raises(Refused, match=r"necess|why"):
        reveal(flood.house, cast.CONTROL, flood.incident, hidden, why)


def test_a_door_that_is_not_on_the_list_is_not_found(flood):
    with pytest.raises(NotFound, match="no such home"):
        reveal(flood.house, cast.CONTROL, flood.incident, "chk-000000000000", WHY)


def test_after_stand_down_not_even_control(flood, hidden):
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is down.")
    with pytest.raises(Refused):
        reveal(flood.house, cast.CONTROL, flood.incident, hidden, WHY)
