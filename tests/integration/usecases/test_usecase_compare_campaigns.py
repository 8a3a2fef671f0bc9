"""A comparison is drawn by a named public-health lead before anything is sent, decides who gets what, and can be measured."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from campaign_drafts import BODY, DRAFT, make_draft
from campaign_house import load_anew, make_notify, measure_later
from districts import TODAY
from meanwhile import Meanwhile
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, Refused
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.leaves import Act
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import State, Step
from wardkeeper.messages.campaigns import Words
from wardkeeper.messages.channels import FALLBACKS, Channel
from wardkeeper.messages.comparisons import Unit
from wardkeeper.messages.effects import Design as Method
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.campaign_areas import find_comparison
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.campaign_files import put_away, rehearse, take_files
from wardkeeper.usecases.compare_campaigns import compare_wordings, start_in_steps
from wardkeeper.usecases.measure_campaign import NOT_DRAWN
from wardkeeper.usecases.prepare_sending import prepare
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.send_campaign import send
from wardkeeper.usecases.submit_campaign import submit

AUTHOR, LEAD = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH
TEMPLATES = {"text": "t", "email": "e"}
STEPS = [TODAY.isoformat(), (TODAY + timedelta(days=7)).isoformat()]


@pytest.fixture
def two(house, areas):
    """Two submitted campaigns for the same areas, in other words."""
    for name, body in (("cam-a", BODY), ("cam-b", "Tests are free. Come to Sale library.")):
        save(house, AUTHOR, make_draft(id=name, areas=areas, words=(Words("English", body, "Tests"),)))
        submit(house, AUTHOR, name)
    return house


def lsoas(prepared):
    return set(prepared.plan.audience["lsoa"])


def test_each_wording_goes_to_its_own_areas_and_every_area_gets_one(two, areas):
    drawn = compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1).comparison
    for name in ("cam-a", "cam-b"):
        approve(two, LEAD, name)
    went = [lsoas(prepare(two, AUTHOR, name, TEMPLATES)) for name in ("cam-a", "cam-b")]
    assert went == [set(drawn.units_of("cam-a")), set(drawn.units_of("cam-b"))]
    assert went[0] | went[1] == set(areas)
    assert not went[0] & went[1]


def test_by_home_each_gets_one_wording_and_every_home_has_one(two, areas):
    approve(two, LEAD, "cam-a")
    whole = prepare(two, AUTHOR, "cam-a", TEMPLATES)
    drawn = compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1, unit=Unit.HOUSEHOLD).comparison
    approve(two, LEAD, "cam-b")
    parts = [prepare(two, AUTHOR, name, TEMPLATES) for name in ("cam-a", "cam-b")]
    for of in (lambda one: one.plan.recipients, lambda one: one.doors):
        homes = [set(of(one)["home_id"]) for one in parts]
        assert not homes[0] & homes[1]
        assert homes[0] | homes[1] == set(of(whole)["home_id"])
    assert sum(one.plan.recipients.height for one in parts) == whole.plan.recipients.height
    assert all(one.plan.recipients.height > 0.4 * whole.plan.recipients.height for one in parts)
    assert b"uprn" not in drawn.to_bytes()
    assert not {"door-drop", "partners"} & set(rehearse(two, AUTHOR, "cam-a").files)


def test_by_home_nobody_is_written_to_by_both_and_areas_are_not_measured(two, areas):
    compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1, unit=Unit.HOUSEHOLD)
    notify = make_notify("((message))")
    opened = replace(two, message_service=lambda: notify)
    for name in ("cam-a", "cam-b"):
        approve(opened, LEAD, name)
        send(opened, AUTHOR, name, templates=notify.ids)
    assert len(notify.held) > 80
    assert max(notify.recipients.values()) == 1
    with pytest.raises(Conflict, match="each area has both wordings"):
        measure_later(opened, AUTHOR, "cam-a", outcome(areas))


def share_numbers(frame):
    """Let the first person of each two homes have one number, and all others a number of their own."""
    pair = pl.col("home_id").rank("dense") // 2
    first = pl.int_range(pl.len()).over("home_id") == 0
    number = pl.when(first).then(10_000_000 + pair).otherwise(20_000_000 + pl.int_range(pl.len()))
    return frame.with_columns(phone=pl.format("+4477{}", number.cast(pl.Int64)))


@pytest.mark.parametrize("unit", Unit)
def test_a_number_that_homes_share_gets_one_of_two_wordings(two, areas, unit):
    load_anew(two, share_numbers)
    approve(two, LEAD, "cam-a")
    whole = prepare(two, AUTHOR, "cam-a", TEMPLATES).plan.recipients
    compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1, unit=unit)
    approve(two, LEAD, "cam-b")
    plans = [prepare(two, AUTHOR, name, TEMPLATES).plan for name in ("cam-a", "cam-b")]
    numbers = [set(plan.recipients["to"].drop_nulls()) for plan in plans]
    assert min(map(len, numbers)) > 20
    assert not numbers[0] & numbers[1]
    assert numbers[0] | numbers[1] == set(whole["to"].drop_nulls())
    assert sum(plan.recipients.height for plan in plans) == whole.height
    if unit is Unit.HOUSEHOLD:
        firsts = [{plan.linked.get(home, home) for home in plan.recipients["home_id"]} for plan in plans]
        assert plans[0].linked
        assert not firsts[0] & firsts[1]


def test_by_home_both_must_go_the_same_way(two, areas):
    save(two, AUTHOR, make_draft(id="cam-l", areas=areas, channels=FALLBACKS[Channel.LETTER]))
    submit(two, AUTHOR, "cam-l")
    with pytest.raises(BadInput, match="go different ways"):
        compare_wordings(two, LEAD, "cam-a", "cam-l", seed=1, unit=Unit.HOUSEHOLD)


def test_a_stepped_start_reaches_some_areas_now_and_the_others_on_their_day(two, areas):
    drawn = start_in_steps(two, LEAD, "cam-a", STEPS, seed=1).comparison
    approve(two, LEAD, "cam-a")
    assert lsoas(prepare(two, AUTHOR, "cam-a", TEMPLATES)) == set(drawn.units_of(STEPS[0])) < set(areas)
    two.clock.move(timedelta(days=7))
    assert lsoas(prepare(two, AUTHOR, "cam-a", TEMPLATES)) == set(areas)


def test_before_the_first_day_nothing_goes_out(two):
    start_in_steps(two, LEAD, "cam-a", ["2027-01-04", "2027-01-11"], seed=1)
    approve(two, LEAD, "cam-a")
    with pytest.raises(Conflict, match="no area") as raised:
        prepare(two, AUTHOR, "cam-a", TEMPLATES)
    assert "2027-01-04" in raised.value.next


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2026-11-20", "2026-11-29"], "2026-11-20 has passed"),
        (["2026-11-29", "soon"], "is not a day"),
        (["2026-11-29"], "two or more"),
        (["2026-11-29", "20261129"], "two or more"),
    ],
)
def test_days_are_days_to_come(two, days, said):
    with pytest.raises(BadInput, match=said):
        start_in_steps(two, LEAD, "cam-a", days, seed=1)


def test_a_safety_message_is_never_compared(house, areas):
    save(house, AUTHOR, make_draft(areas=areas, kind=MessageKind.SAFETY))
    with pytest.raises(Refused, match="safety message"):
        start_in_steps(house, LEAD, "cam-000000000000", STEPS, seed=1)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC_HEALTH], ids=str)
def test_only_public_health_draws_a_comparison(two, role):
    actor = Actor(Login("somebody@trafford.example"), "Somebody", cast.COUNCIL, frozenset({role}))
    with pytest.raises(Refused):
        compare_wordings(two, actor, "cam-a", "cam-b", seed=1)


@pytest.mark.parametrize("made_by", [LEAD, AUTHOR], ids=lambda one: one.login)
def test_nobody_draws_one_of_a_campaign_they_made_or_submitted(house, areas, made_by):
    save(house, made_by, make_draft(areas=areas, made_by=made_by.login))
    submit(house, LEAD, DRAFT.id)
    with pytest.raises(Refused, match="made or submitted"):
        start_in_steps(house, LEAD, DRAFT.id, STEPS, seed=1)


def test_it_is_drawn_once_and_for_the_same_areas(two, areas):
    save(two, AUTHOR, make_draft(id="cam-c", areas=areas[:2]))
    submit(two, AUTHOR, "cam-c")
    with pytest.raises(BadInput, match="different areas"):
        compare_wordings(two, LEAD, "cam-a", "cam-c", seed=1)
    compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1)
    with pytest.raises(Conflict, match="already"):
        start_in_steps(two, LEAD, "cam-a", STEPS, seed=1)


def test_a_draft_is_not_compared_before_it_is_submitted(house, areas):
    save(house, AUTHOR, make_draft(areas=areas))
    with pytest.raises(Conflict, match="is draft"):
        start_in_steps(house, LEAD, "cam-000000000000", STEPS, seed=1)


def test_none_is_drawn_once_a_file_was_taken_even_one_that_was_put_away(two):
    approve(two, LEAD, "cam-a")
    take_files(two, AUTHOR, "cam-a", ["partners"])
    with pytest.raises(Conflict, match="file of the campaign cam-a has been taken"):
        compare_wordings(two, LEAD, "cam-b", "cam-a", seed=1)
    put_away(two, AUTHOR, "cam-a", "partners")
    with pytest.raises(Conflict, match="has been taken"):
        start_in_steps(two, LEAD, "cam-a", STEPS, seed=1)
    assert load_campaign(two, "cam-b").state is State.SUBMITTED


@pytest.fixture
def meanwhile(two):
    """The same house, with a store that lets something happen between an act's reading and its writing."""
    return replace(two, store=Meanwhile(two.store))


def test_of_two_who_draw_at_once_one_does(two, meanwhile):
    meanwhile.store.before[Act.CAMPAIGN_COMPARED] = lambda: start_in_steps(two, LEAD, "cam-a", STEPS, seed=2)
    with pytest.raises(Conflict, match="already"):
        compare_wordings(meanwhile, LEAD, "cam-a", "cam-b", seed=1)
    assert find_comparison(two, "cam-a").arms == tuple(STEPS)
    assert find_comparison(two, "cam-b") is None


def test_none_is_drawn_while_somebody_takes_a_file(two, meanwhile):
    approve(two, LEAD, "cam-a")
    meanwhile.store.before[Act.CAMPAIGN_COMPARED] = lambda: take_files(two, AUTHOR, "cam-a")
    with pytest.raises(Conflict, match="has been taken"):
        start_in_steps(meanwhile, LEAD, "cam-a", STEPS, seed=1)
    assert find_comparison(two, "cam-a") is None


def test_no_file_is_taken_of_whom_a_comparison_has_parted_meanwhile(two, meanwhile):
    approve(two, LEAD, "cam-a")
    meanwhile.store.before[Act.DATA_EXPORTED] = lambda: start_in_steps(two, LEAD, "cam-a", STEPS, seed=1)
    with pytest.raises(Conflict, match="drawn meanwhile"):
        take_files(meanwhile, AUTHOR, "cam-a")
    assert two.store.messages("cam-a") == []
    assert take_files(two, AUTHOR, "cam-a")


def test_nothing_is_sent_to_whom_a_comparison_has_parted_meanwhile(two, meanwhile):
    approve(two, LEAD, "cam-a")
    notify = make_notify()
    meanwhile.store.before[Act.SENDING_STARTED] = lambda: start_in_steps(two, LEAD, "cam-a", STEPS, seed=1)
    with pytest.raises(Conflict, match="drawn meanwhile"):
        send(replace(meanwhile, message_service=lambda: notify), AUTHOR, "cam-a", templates=notify.ids)
    assert notify.held == []


def test_the_campaign_tells_who_drew_the_comparison(two):
    compare_wordings(two, LEAD, "cam-a", "cam-b", seed=1)
    for name in ("cam-a", "cam-b"):
        assert [(one.step, one.by) for one in load_campaign(two, name).steps][-1] == (Step.COMPARE, LEAD.login)


def outcome(areas):
    days = [date(2026, 11, 14), date(2026, 11, 28)]
    rows = [(area, day, 10.0 + number) for number, area in enumerate(areas) for day in days]
    return pl.DataFrame(rows, schema=["area", "date", "value"], orient="row")


def test_what_was_drawn_is_measured_between_its_arms(two, areas):
    notify = make_notify()
    ready = replace(two, message_service=lambda: notify)
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    approve(ready, LEAD, "cam-a")
    with pytest.raises(Conflict, match="has not been sent"):
        measure_later(ready, LEAD, "cam-a", outcome(areas))
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    elsewhere = pl.concat([outcome(areas), outcome([f"E0199{number:04}" for number in range(9)])])
    found = measure_later(ready, LEAD, "cam-a", elsewhere).effect
    assert found.design is Method.DIFFERENCES
    assert found.treated + found.compared == len(areas)
    assert NOT_DRAWN not in found.notes
