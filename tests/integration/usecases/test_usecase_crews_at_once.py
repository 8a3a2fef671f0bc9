"""Many crews at work at once: nobody's report is lost, refused or counted twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wardkeeper.demo import cast
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.kernel.errors import Conflict
from wardkeeper.usecases.record_check import CheckReport, done, take
from wardkeeper.usecases.verify_ledger import verify_ledger
from wardkeeper.usecases.view_incident import view


@pytest.fixture
def doors(flood):
    return view(flood.house, cast.CREW, flood.incident).lines["check_id"].to_list()


def at_once(calls):
    """Run all calls at the same time; give what each raised, if anything."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.exception() for task in [pool.submit(*call) for call in calls]]


def test_reports_at_different_doors_never_stand_in_each_others_way(flood, doors):
    calls = [
        (done, flood.house, cast.CREW, flood.incident, door, CheckReport(CheckOutcome.SAFE, "", f"key-{number}"))
        for number, door in enumerate(doors[:24])
    ]
    assert at_once(calls) == [None] * 24
    shown = view(flood.house, cast.PLANNER, flood.incident)
    assert shown.counts["done"] == 24
    assert shown.last_event == 2 + 24
    assert verify_ledger(flood.house).verified


def test_the_same_report_sent_many_times_at_once_is_kept_once(flood, doors):
    report = CheckReport(CheckOutcome.SAFE, "", "same")
    assert at_once([(done, flood.house, cast.CREW, flood.incident, doors[0], report)] * 8) == [None] * 8
    assert view(flood.house, cast.PLANNER, flood.incident).last_event == 2 + 1


def test_one_key_at_two_doors_is_two_reports(flood, doors):
    report = CheckReport(CheckOutcome.SAFE, "", "same")
    for door in doors[:2]:
        done(flood.house, cast.CREW, flood.incident, door, report)
    assert view(flood.house, cast.PLANNER, flood.incident).counts["done"] == 2


def test_two_agencies_do_not_take_one_door(flood, doors):
    take(flood.house, cast.CREW, flood.incident, doors[0])
    take(flood.house, cast.CREW, flood.incident, doors[0])
    with pytest.raises(Conflict, match="Somebody else has taken this check already"):
        take(flood.house, cast.PLANNER, flood.incident, doors[0])
