"""The activity record, its verification, and the permissions that data is held under."""

from dataclasses import replace
from datetime import timedelta

import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import Refused
from wardkeeper.usecases.list_mandates import list_mandates
from wardkeeper.usecases.verify_ledger import verify_ledger
from wardkeeper.usecases.view_activity import recent
from wardkeeper.usecases.view_incident import view

MAY_LOOK = [cast.DPO, cast.DIRECTOR, cast.PLANNER]
MAY_NOT = [cast.ANALYST, cast.PUBLIC_HEALTH, cast.CREW, cast.VOLUNTEER]


class ForgedStore:
    """The real store, but one leaf reads differently."""

    def __init__(self, store, number):
        self._store, self._number = store, number

    def __getattr__(self, name):
        return getattr(self._store, name)

    def leaves(self, start=0):
        for number, leaf in enumerate(self._store.leaves(start), start):
            yield leaf.replace(b"trafford", b"TRAFFORD", 1) if number == self._number else leaf


@pytest.mark.parametrize("actor", MAY_LOOK, ids=lambda actor: actor.login)
def test_the_newest_act_comes_first_with_its_number(house, actor):
    lines = recent(house, actor, limit=5)
    size = house.store.ledger_size()
    assert [line.number for line in lines] == list(range(size, size - 5, -1))
    assert (lines[0].act, lines[0].login) == ("decision.made", actor.login)
    assert lines[0].detail["operation"] == "view-activity"


@pytest.mark.parametrize("actor", MAY_NOT, ids=lambda actor: actor.login)
def test_others_see_neither_the_record_nor_the_permissions(house, actor):
    with pytest.raises(Refused):
        recent(house, actor)
    with pytest.raises(Refused):
        list_mandates(house, actor)


def test_asking_for_more_than_there_is_gives_all(house):
    lines = recent(house, cast.DPO, limit=10_000)
    assert len(lines) == house.store.ledger_size()
    assert lines[-1].act == "authority.created"


def test_older_acts_come_page_by_page_without_a_gap_or_a_repeat(house):
    first = recent(house, cast.DPO, 4)
    second = recent(house, cast.DPO, 4, before=first[-1].number)
    assert [line.number for line in second] == list(range(first[-1].number - 1, first[-1].number - 5, -1))
    assert [line.number for line in recent(house, cast.DPO, 4, before=3)] == [2, 1]
    assert recent(house, cast.DPO, 4, before=1) == []


def test_a_number_beyond_the_end_gives_the_newest(house):
    assert recent(house, cast.DPO, 1, before=10**9)[0].number == house.store.ledger_size()


def test_who_looked_at_whom_can_be_told_from_the_record(flood):
    view(flood.house, cast.CREW, flood.incident)
    looked = [line for line in recent(flood.house, cast.DPO, 10) if line.act == "data.read"]
    assert looked[0].login == cast.CREW.login
    assert looked[0].organisation == "gm-fire"
    assert looked[0].detail["incident"] == flood.incident


def test_the_record_verifies(house):
    found = verify_ledger(house)
    assert (found.verified, found.leaves, found.problem) == (True, house.store.ledger_size(), "")


@pytest.mark.parametrize("number", [0, 7, -1], ids=["first", "middle", "last"])
def test_a_changed_leaf_is_found(house, number):
    forged = replace(house, store=ForgedStore(house.store, number % house.store.ledger_size()))
    found = verify_ledger(forged)
    assert not found.verified
    assert found.problem


@pytest.mark.parametrize("actor", MAY_LOOK, ids=lambda actor: actor.login)
def test_permissions_are_listed_the_soonest_to_end_first(house, actor):
    lines = list_mandates(house, actor)
    ends = [line.ends or line.review_by for line in lines]
    assert len(lines) == 8
    assert ends == sorted(ends)
    assert {line.state for line in lines} == {"in force"}
    assert all(line.files > 0 for line in lines)


def test_an_incident_has_a_permission_of_its_own_that_ends_in_four_weeks(flood):
    lines = {line.id: line for line in list_mandates(flood.house, cast.DPO)}
    line = lines[f"mandate-{flood.incident}"]
    assert (line.title, line.at_end, line.files) == ("Flood: Mersey flood", "delete", 2)
    assert line.ends == (flood.house.clock.now() + timedelta(days=28)).date()
    flood.house.clock.move(timedelta(days=29))
    states = {one.id: one.state for one in list_mandates(flood.house, cast.DPO)}
    assert states[line.id] == "ended"


def test_g5_when_its_permission_has_ended_a_list_is_closed(flood):
    flood.house.clock.move(timedelta(days=29))
    with pytest.raises(Refused) as raised:
        view(flood.house, cast.CREW, flood.incident)
    assert "permission has ended" in raised.value.message
