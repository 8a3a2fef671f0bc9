"""A campaign whose permission has ended is closed and destroyed like any other, and is told of until that is done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign_drafts import BODY, DRAFT, make_draft
from districts import TODAY
from fake_notify import FakeNotify
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import Refused
from wardkeeper.messages.campaign_life import NEXT, WHEN_LAPSED, State, Step
from wardkeeper.messages.channels import Channel
from wardkeeper.usecases.approve_campaign import LASTS, approve
from wardkeeper.usecases.campaign_files import hand_over, take_files
from wardkeeper.usecases.close_campaign import close
from wardkeeper.usecases.datasets import written_to
from wardkeeper.usecases.destroy_campaign import destroy, receipt_of_campaign
from wardkeeper.usecases.list_campaigns import list_campaigns, list_due, view_campaign
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.send_campaign import send
from wardkeeper.usecases.stop_campaign import stop
from wardkeeper.usecases.submit_campaign import submit

AUTHOR, LEAD, DPO = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH, cast.DPO
ENDED = "Its permission ended on 20 December 2026."
LETTERS = "letters-to-print"


@pytest.fixture
def approved(house, town):
    save(house, AUTHOR, make_draft(areas=tuple(town.homes["lsoa"].unique().sort())))
    submit(house, AUTHOR, DRAFT.id)
    approve(house, LEAD, DRAFT.id)
    return house


def lapse(house):
    house.clock.move(LASTS + timedelta(days=1))


def due(house):
    return [one.words for one in list_due(house, DPO)]


def test_the_dates_of_this_page():
    assert f"{TODAY + LASTS:%-d %B %Y}" in ENDED


def test_on_its_last_day_nothing_is_due_and_the_day_after_it_is(approved):
    approved.clock.move(LASTS)
    assert due(approved) == []
    approved.clock.move(timedelta(days=1))
    assert due(approved) == [f"{ENDED} Stop it, close it and have a second person destroy it."]
    assert view_campaign(approved, AUTHOR, DRAFT.id).due == due(approved)[0]
    assert [one.due for one in list_campaigns(approved, AUTHOR)] == due(approved)


def test_once_lapsed_nothing_is_read_and_it_is_stopped_closed_and_destroyed(approved):
    take_files(approved, AUTHOR, DRAFT.id, [LETTERS])
    lapse(approved)
    with pytest.raises(Refused):
        take_files(approved, AUTHOR, DRAFT.id, [LETTERS])
    hand_over(approved, AUTHOR, DRAFT.id, LETTERS)
    assert due(approved) == [f"{ENDED} Close it and have a second person destroy it."]
    stop(approved, AUTHOR, DRAFT.id, "It is over.")
    close(approved, AUTHOR, DRAFT.id)
    assert due(approved) == [f"{ENDED} A second person must destroy it."]
    done = destroy(approved, DPO, DRAFT.id)
    assert receipt_of_campaign(approved, done).files
    assert approved.store.current(written_to(DRAFT.id)) is None
    assert due(approved) == []


def test_one_whose_sending_was_broken_off_is_ended_too(approved):
    notify = FakeNotify()
    ids = {
        "text": notify.add_template(Channel.TEXT, BODY),
        "email": notify.add_template(Channel.EMAIL, "((message))", "((subject))"),
    }
    notify.halt_after = 3
    broken_off = send(replace(approved, message_service=lambda: notify), AUTHOR, DRAFT.id, templates=ids)
    assert broken_off.campaign.state is State.SENDING
    lapse(approved)
    for step in (lambda: stop(approved, LEAD, DRAFT.id, "It is over."), lambda: close(approved, LEAD, DRAFT.id)):
        step()
    assert destroy(approved, DPO, DRAFT.id).state is State.DESTROYED


def test_what_was_closed_waits_for_the_second_person(approved):
    stop(approved, LEAD, DRAFT.id, "The site is full.")
    assert due(approved) == []
    close(approved, LEAD, DRAFT.id)
    assert [one.split(". ")[1] for one in due(approved)] == ["A second person must destroy it."]


def test_a_draft_and_one_that_was_stopped_before_its_approval_hold_nobody(house, town):
    save(house, AUTHOR, make_draft(areas=tuple(town.homes["lsoa"].unique().sort())))
    stop(house, AUTHOR, DRAFT.id, "Not needed.")
    lapse(house)
    assert due(house) == []


def test_those_who_may_not_see_campaigns_hear_of_none(approved):
    lapse(approved)
    assert list_due(approved, cast.ANALYST) == []


def test_what_is_to_be_done_can_be_done_from_every_state_that_may_hold_somebody():
    after_approval = {to for (_, step), to in NEXT.items() if step is Step.APPROVE} | {
        state for state, step in NEXT if step in {Step.TAKE_FILE, Step.HAND_OVER, Step.CLOSE, Step.DESTROY}
    }
    assert set(WHEN_LAPSED) == after_approval
    for state, words in WHEN_LAPSED.items():
        first = (
            next(step for step in (Step.STOP, Step.CLOSE) if step.value in words.lower())
            if state is not State.CLOSED
            else Step.DESTROY
        )
        assert (state, first) in NEXT
