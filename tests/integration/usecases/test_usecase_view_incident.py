"""Viewing an incident: as deep as the viewer's role and agreement go, and only while it is live (rules G5, G10)."""

import json

import polars as pl
import pytest

from districts import declare_flood
from wardkeeper.demo import cast
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.columns import LIST, Sensitivity
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.needs.coverage import Freshness
from wardkeeper.usecases.list_incidents import list_incidents
from wardkeeper.usecases.record_check import CheckReport, done
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import line, view

EVERY_COLUMN = {column.name for column in LIST}
NAMING = {column.name for column in LIST if column.sensitivity is Sensitivity.IDENTITY}
PROGRESS = {"status", "outcome", "note", "by_organisation", "changed_at"}

SEES = [
    (cast.PLANNER, EVERY_COLUMN, {"take", "record", "export", "stand_down"}),
    (cast.CREW, EVERY_COLUMN, {"take", "record"}),
    (cast.DIRECTOR, EVERY_COLUMN - NAMING, {"stand_down"}),
    (cast.VOLUNTEER, EVERY_COLUMN - NAMING, {"take", "record"}),
]
NEVER = [(cast.DPO, "dpo"), (cast.ANALYST, "analyst"), (cast.PUBLIC_HEALTH, "health")]


@pytest.mark.parametrize(("actor", "columns", "may"), SEES, ids=["planner", "crew", "director", "volunteer"])
def test_g10_each_role_sees_its_columns_and_is_offered_its_acts(flood, actor, columns, may):
    shown = view(flood.house, actor, flood.incident)
    assert set(shown.lines.columns) == columns | PROGRESS
    assert shown.may == may


def test_no_identity_column_is_called_a_flag():
    assert {"names", "phones", "birth_years"} == NAMING


def test_names_are_those_of_people_who_live_there(flood, town):
    lines = view(flood.house, cast.CREW, flood.incident).lines
    living = {f"{row['given']} {row['family']}".title() for row in town.people.iter_rows(named=True)}
    named = [name for names in lines["names"] for name in names]
    assert len(named) > 20
    # Typing mistakes in the extracts change some names, so most rather than all are known.
    known = [name for name in named if any(name.endswith(one) for one in living)]
    assert len(known) > 0.8 * len(named)


@pytest.mark.parametrize(("actor", "name"), NEVER, ids=[name for _, name in NEVER])
def test_other_staff_are_refused_with_the_reason(flood, actor, name):
    with pytest.raises(Refused) as raised:
        view(flood.house, actor, flood.incident)
    assert raised.value.message == "Refused: none of the requester's roles may do this."
    assert raised.value.next == "Ask somebody with the role control room, director or emergency planner."
    assert [reason.check for reason in raised.value.decision.failed] == [0]


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.CREW, cast.VOLUNTEER], ids=["planner", "crew", "volunteer"])
def test_g5_after_stand_down_the_same_people_are_refused_with_the_reason(flood, actor):
    assert view(flood.house, actor, flood.incident).phase is Phase.ACTIVE
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused) as raised:
        view(flood.house, actor, flood.incident)
    facts = [reason.fact for reason in raised.value.decision.failed]
    assert "the incident was stood down, and access ended with it" in facts
    assert raised.value.decision.fields == frozenset()


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "enforcement", "immigration"])
def test_g9_an_incident_is_not_open_to_other_purposes(flood, purpose):
    with pytest.raises(Refused) as raised:
        view(flood.house, cast.PLANNER, flood.incident, purpose=purpose)
    assert "is not compatible" in raised.value.message


def test_a_planner_sees_where_the_list_may_fall_short(flood):
    shown = view(flood.house, cast.PLANNER, flood.incident)
    assert {one.state for one in shown.coverage} <= set(Freshness)
    assert len(shown.coverage) == 7
    assert shown.counts == {"needs help": 0, "to do": shown.lines.height, "taken": 0, "try again": 0, "done": 0}
    assert shown.hazard is Hazard.FLOOD
    assert shown.last_event == 2


def test_one_line_shows_one_line(flood):
    first = view(flood.house, cast.CREW, flood.incident).lines["check_id"][0]
    assert line(flood.house, cast.CREW, flood.incident, first).lines["check_id"].to_list() == [first]
    with pytest.raises(NotFound) as raised:
        line(flood.house, cast.CREW, flood.incident, "chk-000000000000")
    assert raised.value.message == "There is no such home on this list."


def test_a_line_of_another_incident_is_not_on_this_list(flood, town):
    other = declare_flood(flood.house, town, name="Another")
    strange = view(flood.house, cast.PLANNER, other).lines["check_id"][0]
    with pytest.raises(NotFound):
        line(flood.house, cast.CREW, flood.incident, strange)


def test_an_unknown_incident_is_not_found(house):
    with pytest.raises(NotFound) as raised:
        view(house, cast.PLANNER, "inc-000000000000")
    assert raised.value.message == "There is no such incident."


def test_the_start_page_says_who_may_open_and_why_not(flood):
    def summary(actor):
        (one,) = list_incidents(flood.house, actor)
        return one.may_open, one.reason

    assert summary(cast.CREW) == (True, "")
    assert summary(cast.DPO) == (False, "Refused: none of the requester's roles may do this.")
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    assert summary(cast.CREW) == (False, "Refused: the incident was stood down, and access ended with it.")


def test_g12_each_view_leaves_its_decision_and_its_count(flood):
    before = flood.house.store.ledger_size()
    shown = view(flood.house, cast.CREW, flood.incident)
    decided, read = (json.loads(leaf) for leaf in flood.house.store.leaves(before))
    assert decided["detail"]["incident"] == read["detail"]["incident"] == flood.incident
    assert "names" in decided["detail"]["fields"]
    assert read["detail"]["rows"] == shown.lines.height


def test_g10_a_note_is_shown_only_to_those_who_see_names(flood):
    door = view(flood.house, cast.CREW, flood.incident).lines["check_id"][0]
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.MOVED, "Gone to Ann's in Stretford"))
    seen = {
        actor.login: view(flood.house, actor, flood.incident).lines.filter(pl.col("check_id") == door)["note"].to_list()
        for actor in (cast.PLANNER, cast.CREW, cast.VOLUNTEER, cast.DIRECTOR)
    }
    assert seen[cast.PLANNER.login] == seen[cast.CREW.login] == ["Gone to Ann's in Stretford"]
    assert seen[cast.VOLUNTEER.login] == seen[cast.DIRECTOR.login] == [None]
