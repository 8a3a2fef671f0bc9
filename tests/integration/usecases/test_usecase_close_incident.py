"""Standing down and closing: two people, the data protection officer among them; then the rest is destroyed (G6, G15, G18)."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest

from districts import declare_flood
from fakes import make_permit
from that_day import open_town
from wardkeeper.demo import cast
from wardkeeper.incidents.closing import QUESTIONS, ClosingAnswers
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.columns import VISIT
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused, StorageFailed
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.close_incident import closing, confirm
from wardkeeper.usecases.datasets import incident_doors, incident_list, visits
from wardkeeper.usecases.destruction import finish_destruction
from wardkeeper.usecases.find_homes import find_homes
from wardkeeper.usecases.record_check import CheckReport, done
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.verify_ledger import verify_ledger
from wardkeeper.usecases.view_incident import view

NONE = ClosingAnswers(death=False, injury=False, complaint=False, claim=False, inquest=False)
OVER = "The river is below the warning level."


class FailingStore:
    """The real store, but the write of one act fails as a crash would: before anything is kept."""

    def __init__(self, store, act):
        self._store, self._act = store, act

    def __getattr__(self, name):
        return getattr(self._store, name)

    @contextmanager
    def write(self, leaf):
        if leaf.act is self._act:
            raise StorageFailed("The power went out.", "Start again.")
        with self._store.write(leaf) as writer:
            yield writer


@pytest.fixture
def over(flood):
    """An incident that was worked and stood down: one door found safe, one with no reply."""
    first, second = view(flood.house, cast.CREW, flood.incident).lines["check_id"][:2]
    done(flood.house, cast.CREW, flood.incident, first, CheckReport(CheckOutcome.SAFE, "She is well", "k1"))
    done(flood.house, cast.CREW, flood.incident, second, CheckReport(CheckOutcome.NO_REPLY, "", "k2"))
    stand_down(flood.house, cast.PLANNER, flood.incident, OVER)
    return flood


def close(flood):
    confirm(flood.house, cast.PLANNER, flood.incident, NONE)
    return confirm(flood.house, cast.DPO, flood.incident, NONE)


def phase(flood, actor=cast.PLANNER):
    return closing(flood.house, actor, flood.incident).phase


# Standing down


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DIRECTOR], ids=["planner", "director"])
def test_a_planner_or_director_stands_down(flood, actor):
    stand_down(flood.house, actor, flood.incident, OVER)
    assert phase(flood) is Phase.RECOVERY


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER, cast.DPO, cast.ANALYST], ids=lambda one: one.login)
def test_nobody_else_stands_down(flood, actor):
    with pytest.raises(Refused):
        stand_down(flood.house, actor, flood.incident, OVER)
    assert view(flood.house, cast.CREW, flood.incident).phase is Phase.ACTIVE


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_stand_down_needs_a_reason(flood, reason):
    with pytest.raises(BadInput) as raised:
        stand_down(flood.house, cast.PLANNER, flood.incident, reason)
    assert (raised.value.message, raised.value.where.column) == ("No reason was given.", "reason")
    assert view(flood.house, cast.CREW, flood.incident).phase is Phase.ACTIVE


def test_an_incident_is_stood_down_once(over):
    with pytest.raises(Refused, match="stood down"):
        stand_down(over.house, cast.PLANNER, over.incident, OVER)


# Confirming


def test_a_live_incident_cannot_be_closed(flood):
    with pytest.raises(Refused) as raised:
        confirm(flood.house, cast.PLANNER, flood.incident, NONE)
    assert raised.value.message == "Refused: the incident is still under way."


def test_one_person_is_not_enough_and_cannot_answer_twice(over):
    after_one = confirm(over.house, cast.PLANNER, over.incident, NONE)
    assert after_one.needed == "The data protection officer must still confirm."
    assert (after_one.phase, after_one.receipt) == (Phase.RECOVERY, None)
    with pytest.raises(Conflict) as raised:
        confirm(over.house, cast.PLANNER, over.incident, NONE)
    assert raised.value.message == "You have answered already."
    assert closing(over.house, cast.DPO, over.incident).confirmed_by == [cast.PLANNER.login]


def test_the_officer_alone_is_not_enough(over):
    after_one = confirm(over.house, cast.DPO, over.incident, NONE)
    assert after_one.needed == "A second person must still confirm."
    assert over.house.store.current(incident_list(over.incident)) is not None


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER, cast.ANALYST, cast.DIRECTOR], ids=lambda one: one.login)
def test_others_may_neither_confirm_nor_look(over, actor):
    with pytest.raises(Refused):
        confirm(over.house, actor, over.incident, NONE)
    with pytest.raises(Refused):
        closing(over.house, actor, over.incident)


@pytest.mark.parametrize("question", list(QUESTIONS))
@pytest.mark.parametrize("worried", [cast.PLANNER, cast.DPO], ids=["planner", "dpo"])
def test_g18_one_yes_from_either_keeps_everything(over, question, worried):
    kept = [over.house.store.current(name) for name in (incident_list(over.incident), incident_doors(over.incident))]
    for actor in (cast.PLANNER, cast.DPO):
        answers = replace(NONE, **{question: True}) if actor is worried else NONE
        shown = confirm(over.house, actor, over.incident, answers)
    assert (shown.phase, shown.receipt, shown.held) == (Phase.RECOVERY, None, [QUESTIONS[question]])
    assert [over.house.store.current(one.dataset) for one in kept] == kept
    for file in kept:
        permit = make_permit(file.dataset, now=over.house.clock.now())
        assert over.house.vault.read(file, ["check_id"], permit=permit).height > 0
    assert finish_destruction(over.house) == []


# What is kept and what is destroyed


def test_the_receipt_names_every_file_and_the_key_that_was_promised(over):
    files = {file.id: file.sha256 for file in over.house.store.files_under(f"mandate-{over.incident}")}
    declared = next(leaf for leaf in map(json.loads, over.house.store.leaves()) if leaf["type"] == "incident.declared")
    shown = close(over)
    assert dict(shown.receipt.files) == files
    assert shown.receipt.commitment == declared["detail"]["key_commitment"]
    assert shown.receipt.destroyed_at == over.house.clock.now()
    assert "exported" in shown.receipt.limits
    assert (shown.phase, shown.needed, shown.held) == (Phase.CLOSED, "", [])


def test_g6_a_copy_of_the_vault_made_before_gives_nothing_but_standing_data_opens(over, tmp_path):
    folder = tmp_path / "flooded" / ".wardkeeper"
    gone = over.house.store.files_under(f"mandate-{over.incident}")
    residents = over.house.store.current("residents")
    copy = shutil.copytree(folder / "vault", tmp_path / "vault-copy")
    close(over)
    shutil.rmtree(folder / "vault")
    shutil.copytree(copy, folder / "vault")
    now = over.house.clock.now()
    for file in gone:
        with pytest.raises(Refused, match="was destroyed"):
            over.house.vault.read(file, ["check_id"], permit=make_permit(file.dataset, now=now))
    assert over.house.vault.read(residents, ["resident_id"], permit=make_permit("residents", now=now)).height > 1000


def test_what_crews_recorded_is_unreadable_too(over):
    sealed = over.house.store.events(over.incident)[2].sealed
    close(over)
    permit = make_permit(incident_list(over.incident), now=over.house.clock.now())
    with pytest.raises(Refused, match="was destroyed"):
        over.house.vault.unseal(f"mandate-{over.incident}", sealed, permit=permit)


def test_g18_the_visit_record_outlives_it_without_a_name_or_an_address(over):
    close(over)
    file = over.house.store.current(visits(over.incident))
    assert file.mandates == (f"visits-{over.incident}",)
    assert set(file.columns) == {column.name for column in VISIT}
    columns = ["reference", "outcome", "by", "organisation"]
    kept = over.house.vault.read(file, columns, permit=make_permit(file.dataset, now=over.house.clock.now()))
    assert kept.rows() == [
        ("Alpha 1", "safe", cast.CREW.login, "gm-fire"),
        ("Alpha 2", "no reply", cast.CREW.login, "gm-fire"),
    ]
    retention = over.house.store.mandate(f"visits-{over.incident}")
    assert (retention.ends - retention.starts).days // 365 == 6


def test_no_file_of_the_incident_is_left_on_disk(over, tmp_path):
    gone = {f"{file.id}.parquet" for file in over.house.store.files_under(f"mandate-{over.incident}")}
    vault = tmp_path / "flooded" / ".wardkeeper" / "vault"
    assert gone <= {path.name for path in vault.iterdir()}
    close(over)
    assert not gone & {path.name for path in vault.iterdir()}
    assert over.house.store.files_under(f"mandate-{over.incident}") == []


def test_another_incident_and_the_standing_data_go_on(over, town):
    other = declare_flood(over.house, town, name="Another")
    close(over)
    assert view(over.house, cast.CREW, other).lines.height > 0
    assert find_homes(over.house, cast.PLANNER, view(over.house, cast.CREW, other).hazard, town.outline).lines.height


def test_a_closed_incident_shows_its_receipt_to_those_who_see_the_record_and_its_list_to_nobody(over):
    receipt = close(over).receipt
    for actor in (cast.PLANNER, cast.DPO, cast.DIRECTOR):
        assert closing(over.house, actor, over.incident).receipt == receipt
    for actor in (cast.PLANNER, cast.CREW, cast.DPO):
        with pytest.raises(Refused):
            view(over.house, actor, over.incident)
    with pytest.raises(Refused):
        closing(over.house, cast.CREW, over.incident)
    assert verify_ledger(over.house).verified


# Crashes


def crash_at(flood, act):
    confirm(flood.house, cast.PLANNER, flood.incident, NONE)
    crashing = replace(flood.house, store=FailingStore(flood.house.store, act))
    with pytest.raises(StorageFailed):
        confirm(crashing, cast.DPO, flood.incident, NONE)


def test_a_crash_between_the_destruction_and_its_receipt_is_finished_when_the_house_opens(over, tmp_path):
    crash_at(over, Act.DATA_DESTROYED)
    assert closing(over.house, cast.DPO, over.incident).receipt is None
    again = open_town(tmp_path / "flooded", over.house.places)
    shown = closing(again, cast.PLANNER, over.incident)
    assert (shown.phase, shown.receipt.mandate) == (Phase.CLOSED, f"mandate-{over.incident}")
    assert again.store.files_under(f"mandate-{over.incident}") == []
    assert verify_ledger(again).verified
    again.store.close()


def test_a_crash_at_the_last_answer_keeps_neither_the_answer_nor_the_end(over):
    crash_at(over, Act.CLOSING_CONFIRMED)
    shown = closing(over.house, cast.DPO, over.incident)
    assert (shown.phase, shown.confirmed_by) == (Phase.RECOVERY, [cast.PLANNER.login])
    assert confirm(over.house, cast.DPO, over.incident, NONE).phase is Phase.CLOSED


def test_the_last_answer_and_the_end_are_one_commit(over):
    confirm(over.house, cast.PLANNER, over.incident, NONE)
    before = over.house.store.ledger_size()
    notes = len(list(over.house.store.checkpoints()))
    confirm(over.house, cast.DPO, over.incident, NONE)
    acts = [json.loads(leaf)["type"] for leaf in over.house.store.leaves(before)]
    assert acts == ["decision.made", "data.read", "closing.confirmed", "mandate.ended", "data.destroyed"]
    assert len(list(over.house.store.checkpoints())) - notes == len(acts) - 1


def test_finishing_again_destroys_and_writes_nothing_more(over):
    close(over)
    before = over.house.store.ledger_size()
    assert finish_destruction(over.house) == []
    assert over.house.store.ledger_size() == before


def test_an_unknown_incident_is_not_found(house):
    with pytest.raises(NotFound):
        closing(house, cast.DPO, "inc-000000000000")
