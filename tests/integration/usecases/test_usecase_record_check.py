"""Taking a check and recording what was found: once, by those who may, in words that fit."""

import json

import polars as pl
import pytest

from wardkeeper.demo import cast
from wardkeeper.incidents.checks import STATUS_AFTER, WORDING, CheckStatus
from wardkeeper.incidents.events import CheckOutcome, EventType
from wardkeeper.kernel.errors import BadInput, NotFound, Refused
from wardkeeper.usecases.incident_log import events
from wardkeeper.usecases.record_check import LONGEST_NOTE, CheckReport, done, take
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view

NOTE = "Gone to her sister in Stretford"


@pytest.fixture
def door(flood):
    """The first door of the list."""
    return view(flood.house, cast.CREW, flood.incident).lines["check_id"][0]


def row(flood, check, actor=cast.PLANNER):
    return view(flood.house, actor, flood.incident).lines.row(by_predicate=pl.col("check_id") == check, named=True)


def test_a_taken_check_shows_whose_it_is(flood, door):
    take(flood.house, cast.CREW, flood.incident, door)
    assert (row(flood, door)["status"], row(flood, door)["by_organisation"]) == ("taken", "gm-fire")
    assert row(flood, door)["changed_at"] == flood.house.clock.now()


@pytest.mark.parametrize("outcome", list(CheckOutcome), ids=lambda outcome: outcome.name.lower())
def test_each_outcome_leaves_the_check_where_it_should_stand(flood, door, outcome):
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(outcome, NOTE, "key-1"))
    found = row(flood, door)
    assert (found["status"], found["outcome"], found["note"]) == (STATUS_AFTER[outcome].value, WORDING[outcome], NOTE)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (CheckOutcome.NO_REPLY, "try again"),
        (CheckOutcome.NEEDS_HELP, "needs help"),
        (CheckOutcome.REFUSED_CAPACITY_DOUBTED, "needs help"),
    ],
)
def test_an_open_question_never_counts_as_done(flood, door, outcome, status):
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(outcome))
    counts = view(flood.house, cast.PLANNER, flood.incident).counts
    assert (counts[status], counts["done"]) == (1, 0)


def test_the_same_key_again_changes_nothing(flood, door):
    report = CheckReport(CheckOutcome.SAFE, NOTE, "key-1")
    done(flood.house, cast.CREW, flood.incident, door, report)
    last = view(flood.house, cast.PLANNER, flood.incident).last_event
    done(flood.house, cast.CREW, flood.incident, door, report)
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.DIED, "", "key-1"))
    shown = view(flood.house, cast.PLANNER, flood.incident)
    assert shown.last_event == last
    assert row(flood, door)["outcome"] == "Safe"


def test_a_new_key_records_a_second_visit(flood, door):
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.NO_REPLY, "", "key-1"))
    done(flood.house, cast.PLANNER, flood.incident, door, CheckReport(CheckOutcome.SAFE, "", "key-2"))
    assert (row(flood, door)["outcome"], row(flood, door)["by_organisation"]) == ("Safe", "trafford-council")


@pytest.mark.parametrize("check", ["chk-000000000000", "", "../1"])
def test_an_unknown_check_is_not_found_and_records_nothing(flood, check):
    for act in (
        lambda: take(flood.house, cast.CREW, flood.incident, check),
        lambda: done(flood.house, cast.CREW, flood.incident, check, CheckReport(CheckOutcome.SAFE)),
    ):
        with pytest.raises(NotFound) as raised:
            act()
        assert raised.value.message == "There is no such home on this list."
    assert len(flood.house.store.events(flood.incident)) == 2


def test_a_note_that_is_too_long_says_how_long_it_may_be(flood, door):
    with pytest.raises(BadInput) as raised:
        done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.SAFE, "x" * (LONGEST_NOTE + 1)))
    assert (raised.value.message, raised.value.next) == ("The note has 2,001 letters.", "Shorten it to 2,000.")
    assert raised.value.where.column == "note"
    assert len(flood.house.store.events(flood.incident)) == 2


@pytest.mark.parametrize(
    "actor",
    [cast.DPO, cast.ANALYST, cast.DIRECTOR, cast.PUBLIC_HEALTH],
    ids=["dpo", "analyst", "director", "health"],
)
def test_those_who_do_not_work_the_list_are_refused(flood, door, actor):
    with pytest.raises(Refused):
        take(flood.house, actor, flood.incident, door)
    with pytest.raises(Refused):
        done(flood.house, actor, flood.incident, door, CheckReport(CheckOutcome.SAFE))
    assert len(flood.house.store.events(flood.incident)) == 2


def test_g5_after_stand_down_a_crew_cannot_record(flood, door):
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused, match="stood down"):
        done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.SAFE))


def test_what_was_recorded_is_sealed_and_the_ledger_names_its_subject_by_a_code(flood, door):
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.SAFE, NOTE, "key-1"))
    stored = flood.house.store.events(flood.incident)[-1]
    assert stored.event.data == {}
    assert NOTE.encode() not in stored.sealed
    leaf = json.loads(list(flood.house.store.leaves())[-1])
    assert leaf["type"] == "check.changed"
    assert len(leaf["subject"]) == 32
    assert door not in json.dumps(leaf)
    assert all(NOTE.encode() not in one for one in flood.house.store.leaves())


def test_without_a_permit_the_log_shows_that_something_happened_but_not_what(flood, door):
    done(flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.DIED, NOTE))
    last = events(flood.house, flood.incident)[-1]
    assert (last.type, last.check, last.data) == (EventType.CHECK_DONE, door, {})


def test_every_status_is_counted_even_at_nought(flood):
    counts = view(flood.house, cast.PLANNER, flood.incident).counts
    assert set(counts) == {status.value for status in CheckStatus if status is not CheckStatus.WITHHELD}
