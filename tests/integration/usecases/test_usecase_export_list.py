"""Exporting a list: a disclosure of its own, for fewer people than may look."""

import json

import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import Refused
from wardkeeper.usecases.export_list import export
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view


def test_a_planner_gets_every_line_with_its_check(flood):
    lines = export(flood.house, cast.PLANNER, flood.incident)
    shown = view(flood.house, cast.PLANNER, flood.incident).lines
    assert lines.height == shown.height
    assert set(lines.columns) == set(shown.columns) - {"check_id"}


def test_the_disclosure_is_on_the_ledger_with_columns_and_count(flood):
    lines = export(flood.house, cast.PLANNER, flood.incident)
    leaf = json.loads(list(flood.house.store.leaves())[-1])
    assert leaf["type"] == "data.exported"
    assert leaf["detail"]["rows"] == lines.height
    assert "names" in leaf["detail"]["columns"]


@pytest.mark.parametrize(
    "actor",
    [cast.CREW, cast.VOLUNTEER, cast.DIRECTOR, cast.DPO, cast.ANALYST, cast.PUBLIC_HEALTH],
    ids=["crew", "volunteer", "director", "dpo", "analyst", "health"],
)
def test_nobody_else_may_take_it_away(flood, actor):
    with pytest.raises(Refused) as raised:
        export(flood.house, actor, flood.incident)
    assert any(reason.check == 0 for reason in raised.value.decision.failed)
    assert not any(json.loads(leaf)["type"] == "data.exported" for leaf in flood.house.store.leaves())


def test_g5_after_stand_down_nobody_may(flood):
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused, match="stood down"):
        export(flood.house, cast.PLANNER, flood.incident)
