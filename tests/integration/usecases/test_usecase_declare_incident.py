"""Declaring an incident: who may, what must be said, and that a fault leaves nothing behind."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from districts import declare_flood, flood_of
from wardkeeper.demo import cast
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.columns import DOOR, LIST
from wardkeeper.kernel.errors import BadInput, NotFound, Refused
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.usecases.datasets import incident_doors, incident_list
from wardkeeper.usecases.declare_incident import check_may_declare, declare
from wardkeeper.usecases.incident_log import load
from wardkeeper.usecases.list_incidents import list_incidents
from wardkeeper.usecases.view_incident import view

IN_LONDON = '{"type":"Polygon","coordinates":[[[-0.1,51.5],[-0.09,51.5],[-0.09,51.51],[-0.1,51.51],[-0.1,51.5]]]}'
BOW_TIE = '{"type":"Polygon","coordinates":[[[-2.32,53.41],[-2.31,53.42],[-2.31,53.41],[-2.32,53.42],[-2.32,53.41]]]}'


def count_of_everything(house):
    mandates = [one.id for one in house.store.mandates()]
    return house.store.incidents(), mandates, [one.id for one in house.store.currents()]


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DIRECTOR], ids=["planner", "director"])
def test_a_planner_and_a_director_may_declare(house, town, actor):
    incident = declare(house, actor, flood_of(town))
    assert load(house, incident).state.phase is Phase.ACTIVE
    assert load(house, incident).state.declared_by == actor.login


def test_what_may_happen_is_an_expected_incident_and_crews_may_open_it(house, town):
    incident = declare_flood(house, town, expected=True)
    assert load(house, incident).state.phase is Phase.EXPECTED
    assert view(house, cast.CREW, incident).lines.height > 0


@pytest.mark.parametrize(
    "actor",
    [cast.ANALYST, cast.DPO, cast.PUBLIC_HEALTH, cast.CREW, cast.VOLUNTEER],
    ids=["analyst", "dpo", "health", "crew", "volunteer"],
)
def test_nobody_else_may_and_nothing_is_kept(house, town, actor):
    before = count_of_everything(house)
    with pytest.raises(Refused):
        declare(house, actor, flood_of(town))
    assert count_of_everything(house) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "  "}, "The incident needs a name."),
        ({"name": "x" * 81}, "The incident needs a name."),
        ({"outline_text": BOW_TIE}, "crosses itself"),
        ({"outline_text": IN_LONDON}, "outside"),
        ({"outline_text": "the river"}, "GeoJSON"),
        ({"outline_text": ""}, "GeoJSON"),
    ],
    ids=["no name", "long name", "crosses itself", "elsewhere", "not GeoJSON", "empty"],
)
def test_a_bad_declaration_says_what_is_wrong_and_keeps_nothing(house, town, changes, message):
    before = count_of_everything(house)
    with pytest.raises(BadInput) as raised:
        declare_flood(house, town, **changes)
    assert message in str(raised.value)
    assert raised.value.next
    assert count_of_everything(house) == before


@pytest.mark.parametrize("necessity", ["", "   ", "...", "123"])
def test_without_a_sentence_of_necessity_it_is_refused(house, town, necessity):
    with pytest.raises(Refused) as raised:
        declare_flood(house, town, necessity=necessity)
    assert raised.value.message == "Refused: nobody has said why this is necessary."
    assert raised.value.next == "Say why in a sentence."
    assert house.store.incidents() == []


def test_a_purpose_behind_the_firewall_cannot_declare(house, town):
    with pytest.raises(Refused) as raised:
        declare(house, cast.PLANNER, flood_of(town), purpose="debt-recovery")
    assert any(reason.check == 1 for reason in raised.value.decision.failed)


def test_the_list_is_sealed_under_the_incident_and_every_source_behind_it(house, town):
    incident = declare_flood(house, town)
    for dataset, columns in ((incident_list(incident), LIST), (incident_doors(incident), DOOR)):
        file = house.store.current(dataset)
        assert f"mandate-{incident}" in file.mandates
        assert len(file.mandates) == 8
        assert set(file.columns) == {column.name for column in columns}


def test_a_hazard_without_need_rules_leaves_no_incident_behind(house, town):
    before = count_of_everything(house)
    with pytest.raises(NotFound, match="no need rules"):
        declare_flood(house, town, hazard=Hazard.POWER_CUT)
    assert count_of_everything(house) == before


def test_two_incidents_have_lists_of_their_own(house, town):
    first, second = declare_flood(house, town), declare_flood(house, town, name="Another")
    lists = [set(view(house, cast.PLANNER, one).lines["check_id"]) for one in (first, second)]
    assert not lists[0] & lists[1]
    assert [one.name for one in list_incidents(house, cast.PLANNER)] == ["Another", "Mersey flood"]


@pytest.mark.parametrize("actor", cast.EVERYBODY, ids=lambda actor: actor.login)
def test_asking_before_the_form_gives_the_answer_that_sending_it_would(house, actor):
    may = actor in (cast.PLANNER, cast.DIRECTOR)
    with nullcontext() if may else pytest.raises(Refused):
        check_may_declare(house, actor)


def test_an_incident_and_its_list_are_kept_together_or_not_at_all(house, town):
    class Interrupted(Exception):
        pass

    class FailingVault:
        """A vault that breaks off after the first file of the list, as a power cut would."""

        def __init__(self, vault):
            self.vault, self.writes = vault, 0

        def write(self, *args, **kwargs):
            self.writes += 1
            if self.writes > 1:
                raise Interrupted
            return self.vault.write(*args, **kwargs)

        def __getattr__(self, name):
            return getattr(self.vault, name)

    with pytest.raises(Interrupted):
        declare_flood(replace(house, vault=FailingVault(house.vault)), town)
    assert house.store.incidents() == []
    assert list_incidents(house, cast.PLANNER) == []
    assert view(house, cast.PLANNER, declare_flood(house, town)).lines.height > 0
