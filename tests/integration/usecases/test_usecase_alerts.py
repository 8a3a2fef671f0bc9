"""Alerts: raised from the loaded cases, kept from week to week, accepted by a named public-health lead and nobody else."""

import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from meanwhile import Meanwhile
from risen_cases import RISEN, WEEKS, load_counts, load_risen, risen_counts, side_by_side
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused
from wardkeeper.kernel.ways import Way
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.outbreaks.alerting.alerts import Reason
from wardkeeper.usecases.accept_alert import accept, decline
from wardkeeper.usecases.alert_book import Standing, kept_alerts, load_alert
from wardkeeper.usecases.case_versions import list_versions
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.list_alerts import list_alerts
from wardkeeper.usecases.load_cases import MANDATE
from wardkeeper.usecases.raise_alerts import raise_alerts
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.view_alert import view_alert
from wardkeeper.usecases.view_alerts import view_alerts
from wardkeeper.usecases.view_outbreak import find_rises, view


def without_the_newest(counts):
    """The same figures before the newest week was there."""
    return replace(counts, frame=counts.frame.filter(pl.col("week_end") < WEEKS[-1]))


@pytest.fixture
def risen(house, town):
    """A house where six areas side by side had 60 cases each in the newest week, and 30 in the one before."""
    load_risen(house, town, (60, 30))
    return house


def newest(house):
    return raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1])


def last_leaf(house):
    return json.loads(list(house.store.leaves())[-1])


def test_the_risen_areas_make_the_first_alert(risen, town):
    found = newest(risen)
    first = found.alerts[0]
    areas = side_by_side(town)["area"].to_list()[:RISEN]
    assert len(set(first.areas) & set(areas)) >= RISEN // 2
    assert (first.alert.rank, first.alert.new, first.standing) == (1, True, Standing.WAITING)
    assert first.alert.observed > 2 * first.alert.expected
    assert "cases" in first.alert.why


def test_the_list_of_alerts_reads_no_more_than_which_weeks_there_are(risen):
    view_alerts(risen, cast.PLANNER)
    decided = next(
        leaf for leaf in map(json.loads, reversed(list(risen.store.leaves()))) if leaf["type"] == Act.DECIDED
    )
    assert decided["detail"]["fields"] == ["estimate", "incomplete", "week_end"]


def with_few(counts, area):
    """The same figures, but 3 cases in one of the areas in its newest week."""
    newest = (pl.col("area") == area) & (pl.col("week_end") == WEEKS[-1])
    few = [pl.when(newest).then(3).otherwise(pl.col(end)).cast(pl.Int64).alias(end) for end in ("low", "high")]
    return replace(counts, frame=counts.frame.with_columns(few))


@pytest.mark.parametrize(
    ("actor", "ends"),
    [(cast.PUBLIC_HEALTH, (3, 3)), (cast.ANALYST, (3, 3)), (cast.PLANNER, (0, 4)), (cast.COMMUNICATIONS, (0, 4))],
    ids=lambda one: getattr(one, "login", ""),
)
def test_small_counts_leave_exactly_with_those_who_follow_cases_up_alone(risen, town, actor, ends):
    area = newest(risen).alerts[0].alert.areas[0]
    load_counts(risen, with_few(risen_counts(town), area))

    def told(**settings):
        seen, alert = view(risen, actor, area=area, **settings), kept_alerts(risen)[0].id
        row = seen.areas.row(by_predicate=pl.col("code") == area, named=True)
        week = seen.course.weeks.row(-1, named=True)
        own = view_alert(risen, actor, alert, **settings).areas.row(by_predicate=pl.col("code") == area, named=True)
        counts = [(row["low"], row["high"]), (week["low"], week["high"]), (own["week_low"], own["week_high"])]
        return counts, row["rate"] is None, own["rate"] is None

    assert told(file="a-file") == ([ends] * 3, ends == (0, 4), ends == (0, 4))
    assert told()[0] == [(3, 3)] * 3


def test_areas_that_rose_are_offered_without_an_entry_of_alarms_raised(risen):
    found = view(risen, cast.PUBLIC_HEALTH)
    before = len([leaf for leaf in risen.store.leaves() if Act.ALARMS_RAISED.encode() in leaf])
    week, rises = find_rises(risen, cast.COMMUNICATIONS)
    assert (week, rises.height) == (found.week, found.alarms)
    assert len([leaf for leaf in risen.store.leaves() if Act.ALARMS_RAISED.encode() in leaf]) == before


def test_an_alert_stays_the_same_one_when_looked_for_again(risen):
    before, after = newest(risen), newest(risen)
    assert [one.id for one in before.alerts] == [one.id for one in after.alerts]
    assert len(kept_alerts(risen)) == len(before.alerts)
    assert before.alerts[0].alert.told
    assert not after.alerts[0].alert.told


def test_an_alert_kept_before_there_was_a_second_reason_is_read_as_listed_for_its_size(risen):
    first = newest(risen).alerts[0]
    document = first.to_document(risen)
    content = json.loads(document.content)
    for name in ("listed_for", "chance"):
        del content["alert"][name]
    with risen.store.write(Leaf(Act.ALERTS_RAISED, risen.clock.now(), "test", "")) as writer:
        writer.apply_document(document_of(risen, Kind.ALERT, first.id, json.dumps(content).encode()))
    assert load_alert(risen, first.id).alert.listed_for is Reason.SIZE


def test_an_alert_is_read_as_it_was_kept(risen):
    first = newest(risen).alerts[0]
    assert load_alert(risen, first.id) == first
    assert load_alert(risen, first.id).alert.listed_for is first.alert.listed_for


def test_an_alert_goes_on_from_one_week_to_the_next(house, town):
    load_risen(house, town, (62, 60, 30))
    before = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-2]).alerts[0]
    after = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1]).alerts[0]
    assert after.id == before.id
    assert not after.alert.new
    assert after.alert.since == WEEKS[-2]


def test_what_no_week_shows_again_ends(house, town):
    load_risen(house, town, (5, 5, 5, 5, 60, 30))
    early = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-5]).alerts[0]
    load_risen(house, town, (5,))
    raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    assert load_alert(house, early.id).standing is Standing.ENDED
    assert list_alerts(house, cast.PLANNER) == []
    assert [one.id for one in list_alerts(house, cast.PLANNER, ended=True)] == [early.id]


def test_an_ended_alert_can_be_accepted_no_more(house, town):
    load_risen(house, town, (5, 5, 5, 5, 60, 30))
    early = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-5]).alerts[0]
    load_risen(house, town, (5,))
    raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    with pytest.raises(Conflict, match="The alert has ended"):
        accept(house, cast.PUBLIC_HEALTH, early.id, "Cases rose.")


def test_a_lead_accepts_an_alert_for_the_areas_it_has_then(risen):
    first = newest(risen).alerts[0]
    accept(risen, cast.PUBLIC_HEALTH, first.id, "A workplace outbreak, known to the team.")
    kept = load_alert(risen, first.id)
    assert (kept.accepted, kept.accepted_by) == (True, cast.PUBLIC_HEALTH.login)
    grown = replace(kept, alert=replace(kept.alert, areas=(*kept.alert.areas, "E01000001")))
    assert grown.areas == first.areas
    assert grown.added == ("E01000001",)


def test_accepting_is_on_the_ledger_with_its_reason(risen):
    first = newest(risen).alerts[0]
    accept(risen, cast.PUBLIC_HEALTH, first.id, "  A workplace outbreak. ")
    leaf = last_leaf(risen)
    assert leaf["type"] == "alert.accepted"
    assert leaf["detail"]["alert"] == first.id
    assert leaf["detail"]["reason"] == "A workplace outbreak."


def test_raising_is_on_the_ledger_with_counts_alone(risen):
    found = newest(risen)
    leaf = last_leaf(risen)
    assert leaf["type"] == "alerts.raised"
    assert leaf["detail"] == {
        "week": "2026-11-14",
        "alerts": len(found.alerts),
        "new": len(found.alerts),
        "told": len(found.alerts),
        "ended": 0,
        "load": 2,
    }


def test_an_alert_whose_week_is_looked_at_again_and_does_not_show_it_ends(risen, town):
    first = newest(risen).alerts[0]
    load_risen(risen, town, (5, 5))
    assert newest(risen).alerts == ()
    assert load_alert(risen, first.id).standing is Standing.ENDED
    assert list_alerts(risen, cast.PUBLIC_HEALTH) == []


def test_an_alert_whose_week_is_loaded_no_more_ends(risen, town):
    first = newest(risen).alerts[0]
    load_counts(risen, without_the_newest(risen_counts(town)))
    raise_alerts(risen, cast.PUBLIC_HEALTH, WEEKS[-2])
    assert load_alert(risen, first.id).standing is Standing.ENDED


def test_an_alert_of_a_later_week_stays_when_an_earlier_one_is_looked_at(risen):
    first = newest(risen).alerts[0]
    raise_alerts(risen, cast.PUBLIC_HEALTH, WEEKS[-4])
    assert load_alert(risen, first.id).standing is Standing.WAITING


def test_an_earlier_week_makes_no_second_alert_of_one_that_has_gone_on(house, town):
    load_risen(house, town, (62, 60, 30))
    after = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1]).alerts[0]
    looked_back = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-2])
    assert looked_back.alerts[0] == after
    assert len(kept_alerts(house)) == 1


def test_an_earlier_week_of_a_newer_load_takes_the_place_of_a_later_one_that_was_replaced(house, town):
    load_risen(house, town, (62, 60, 30))
    before = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1]).alerts[0]
    load_risen(house, town, (5, 60, 30))
    after = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-2]).alerts[0]
    assert (after.id, after.alert.end, after.load) == (before.id, WEEKS[-2], before.load + 1)


def test_what_is_found_in_a_week_long_ago_has_ended_already(house, town):
    load_risen(house, town, (60, 5, 5, 5, 60, 30))
    raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    old = raise_alerts(house, cast.PUBLIC_HEALTH, WEEKS[-5]).alerts
    assert old
    assert {one.standing for one in old if one.alert.end == WEEKS[-5]} <= {Standing.ENDED}


def test_an_alert_found_in_figures_that_were_replaced_is_accepted_only_once_it_is_found_again(risen, town):
    first = newest(risen).alerts[0]
    load_risen(risen, town, (61, 30))
    with pytest.raises(Conflict, match="Cases were loaded after this alert was looked for") as refused:
        accept(risen, cast.PUBLIC_HEALTH, first.id, "Known to the team.")
    assert refused.value.way is Way.RAISE_ALERTS
    assert newest(risen).alerts[0].id == first.id
    accept(risen, cast.PUBLIC_HEALTH, first.id, "Known to the team.")
    assert load_alert(risen, first.id).accepted


def test_an_alert_found_in_figures_that_were_replaced_may_be_declined(risen, town):
    first = newest(risen).alerts[0]
    load_risen(risen, town, (5, 5))
    decline(risen, cast.PUBLIC_HEALTH, first.id, "The figures were another place's.")
    assert load_alert(risen, first.id).standing is Standing.DECLINED


@pytest.fixture
def meanwhile(risen):
    """The risen house, with a store that lets something happen between an act's reading and its writing."""
    return replace(risen, store=Meanwhile(risen.store))


def test_an_acceptance_while_somebody_looks_again_is_not_overwritten(risen, meanwhile):
    first = newest(risen).alerts[0]
    meanwhile.store.before[Act.ALERTS_RAISED] = lambda: accept(
        risen, cast.PUBLIC_HEALTH, first.id, "Known to the team."
    )
    with pytest.raises(Conflict, match="changed while alerts were looked for"):
        newest(meanwhile)
    assert load_alert(risen, first.id).accepted


def test_an_alert_that_changes_while_it_is_accepted_is_not_accepted(risen, meanwhile):
    first = newest(risen).alerts[0]
    meanwhile.store.before[Act.ALERT_ACCEPTED] = lambda: decline(risen, cast.PUBLIC_HEALTH, first.id, "In hand.")
    with pytest.raises(Conflict):
        accept(meanwhile, cast.PUBLIC_HEALTH, first.id, "Known to the team.")
    assert load_alert(risen, first.id).standing is Standing.DECLINED


def test_cases_loaded_while_others_are_compared_are_not_replaced_unasked(risen, meanwhile, town):
    meanwhile.store.before[Act.CASES_LOADED] = lambda: load_risen(risen, town, (90, 60))
    with pytest.raises(Conflict, match="Other cases were loaded at the same moment"):
        load_risen(meanwhile, town, (61, 30))
    assert len(list_versions(risen, cast.PUBLIC_HEALTH).versions) == 3


def test_the_newer_weeks_that_were_not_looked_at_are_told(risen):
    assert newest(risen).later == ()
    assert raise_alerts(risen, cast.PUBLIC_HEALTH, WEEKS[-3]).later == tuple(WEEKS[-2:])


def test_the_pages_tell_that_cases_were_loaded_since(risen, town):
    first = newest(risen).alerts[0]
    assert not view_alerts(risen, cast.PUBLIC_HEALTH).changed
    assert not view_alert(risen, cast.PUBLIC_HEALTH, first.id).changed
    load_risen(risen, town, (61, 30))
    assert view_alerts(risen, cast.PUBLIC_HEALTH).changed
    assert view_alert(risen, cast.PUBLIC_HEALTH, first.id).changed
    assert view(risen, cast.PUBLIC_HEALTH, None).changed


def test_a_declined_alert_is_hushed_and_not_listed(risen):
    first = newest(risen).alerts[0]
    decline(risen, cast.PUBLIC_HEALTH, first.id, "One care home, in hand.")
    again = newest(risen).alerts[0]
    assert (again.id, again.standing, again.alert.told) == (first.id, Standing.DECLINED, False)
    assert first.id not in [one.id for one in list_alerts(risen, cast.PUBLIC_HEALTH)]


@pytest.mark.parametrize(
    "actor", [one for one in cast.EVERYBODY if one is not cast.PUBLIC_HEALTH], ids=lambda one: one.login
)
def test_nobody_but_a_public_health_lead_may_accept(risen, actor):
    first = newest(risen).alerts[0]
    for act in (accept, decline):
        with pytest.raises(Refused):
            act(risen, actor, first.id, "It looks right.")
    assert load_alert(risen, first.id).standing is Standing.WAITING


@pytest.mark.parametrize(
    "actor", [cast.PLANNER, cast.DPO, cast.DIRECTOR, cast.CONTROL, cast.CREW, cast.VOLUNTEER], ids=lambda one: one.login
)
def test_others_raise_nothing(risen, actor):
    with pytest.raises(Refused):
        raise_alerts(risen, actor, WEEKS[-1])
    assert kept_alerts(risen) == []


@pytest.mark.parametrize("actor", [cast.DPO, cast.CREW, cast.VOLUNTEER], ids=lambda one: one.login)
def test_others_list_nothing(risen, actor):
    newest(risen)
    with pytest.raises(Refused):
        list_alerts(risen, actor)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501], ids=["none", "blanks", "too long"])
def test_a_reason_is_needed(risen, reason):
    first = newest(risen).alerts[0]
    with pytest.raises(BadInput) as raised:
        accept(risen, cast.PUBLIC_HEALTH, first.id, reason)
    assert "reason" in raised.value.message


def test_accepting_twice_changes_nothing(risen):
    first = newest(risen).alerts[0]
    accept(risen, cast.PUBLIC_HEALTH, first.id, "Known to the team.")
    with pytest.raises(Conflict, match="accepted already"):
        accept(risen, cast.PUBLIC_HEALTH, first.id, "Again.")


def test_an_unknown_alert_names_the_newest(risen):
    first = newest(risen).alerts[0]
    with pytest.raises(NotFound) as raised:
        accept(risen, cast.PUBLIC_HEALTH, "alr-nothing", "It looks right.")
    assert first.id in raised.value.next


def test_no_alert_is_about_fewer_than_five_known_cases(risen):
    assert all(one.alert.observed_low >= 5 for one in newest(risen).alerts)


def test_g5_when_the_permission_for_the_counts_has_ended_so_has_what_was_drawn_from_them(risen):
    alert = newest(risen).alerts[0]
    permission = risen.store.mandate(MANDATE)
    leaf = Leaf(Act.MANDATE_ENDED, risen.clock.now(), "dpo@trafford.example", "trafford-council")
    with risen.store.write(leaf) as writer:
        writer.add_mandate(replace(permission, ends=risen.clock.now().date()))
    risen.clock.move(timedelta(days=2))
    for look in (
        lambda: list_alerts(risen, cast.PUBLIC_HEALTH, ended=True),
        lambda: list_versions(risen, cast.PUBLIC_HEALTH),
        lambda: accept(risen, cast.PUBLIC_HEALTH, alert.id, "Cases rose."),
    ):
        with pytest.raises(Refused, match="permission"):
            look()
