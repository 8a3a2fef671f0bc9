"""A campaign's life is a table: what may follow what, who approves, and what an approval stands for."""

from dataclasses import replace
from itertools import product

import pytest

from campaign_drafts import AUTHOR, DRAFT, LEAD
from fakes import MORNING
from wardkeeper.kernel.errors import BadInput, Conflict, Refused
from wardkeeper.messages.campaign_life import (
    ASKED,
    NEXT,
    STATE_WORDS,
    Campaign,
    State,
    Step,
    Taken,
    can_close,
    can_follow,
    check_may_approve,
    check_may_close,
    check_may_follow,
)


def after(*steps, draft=DRAFT):
    campaign = Campaign(draft)
    for step in steps:
        campaign = campaign.take(Taken(step, LEAD, MORNING))
    return campaign


def test_a_campaign_goes_from_draft_to_closed():
    steps = (Step.SUBMIT, Step.APPROVE, Step.SEND, Step.FINISH, Step.CLOSE)
    states = [after(*steps[:number]).state for number in range(len(steps) + 1)]
    assert states == [State.DRAFT, State.SUBMITTED, State.APPROVED, State.SENDING, State.SENT, State.CLOSED]


@pytest.mark.parametrize(("state", "step"), [pair for pair in product(State, Step) if pair not in NEXT])
def test_a_step_that_is_not_in_the_table_may_not_be_taken(state, step):
    assert not can_follow(state, step)
    with pytest.raises(Conflict):
        check_may_follow(state, step)


def test_nothing_is_sent_without_an_approval():
    leading_to_sending = {state for (state, step) in NEXT if step is Step.SEND}
    assert leading_to_sending == {State.APPROVED, State.SENT}
    approved = {state for (state, step), _ in NEXT.items() if step is Step.APPROVE}
    assert approved == {State.SUBMITTED}


def test_it_can_be_stopped_at_any_time_until_it_is_over():
    over = {State.DECLINED, State.CLOSED, State.DESTROYED, State.STOPPED}
    assert {state for state in State if can_follow(state, Step.STOP)} == set(State) - over


def test_g15_no_file_is_taken_and_nothing_handed_over_before_the_approval():
    before = {State.DRAFT, State.SUBMITTED, State.DECLINED}
    for step in (Step.TAKE_FILE, Step.HAND_OVER, Step.PUT_AWAY):
        assert not before & {state for state in State if can_follow(state, step)}


def test_a_file_is_out_until_somebody_says_what_became_of_it():
    taken = [Taken(step, LEAD, MORNING, file="partners", rows=3) for step in (Step.TAKE_FILE, Step.HAND_OVER)]
    approved = after(Step.SUBMIT, Step.APPROVE)
    assert approved.begun is None
    out = approved.take(taken[0])
    assert [one.rows for one in out.open_files.values()] == [3]
    done = out.take(taken[1])
    assert (done.open_files, done.state, done.begun) == ({}, State.SENT, MORNING)
    assert Campaign.from_bytes(done.to_bytes()) == done


def test_every_state_has_words_and_can_be_reached():
    assert set(STATE_WORDS) == set(State)
    assert set(ASKED) == set(Step)
    assert set(NEXT.values()) == set(State) - {State.DRAFT}
    assert {step for _, step in NEXT} == set(Step)


def test_nobody_approves_what_they_made_or_submitted():
    submitted = after(Step.SUBMIT)
    for login in (AUTHOR, LEAD):
        with pytest.raises(Refused, match="nobody approves"):
            check_may_approve(submitted, login, ())
    check_may_approve(submitted, "another@trafford.example", ())


def test_whoever_planned_or_submitted_it_counts_as_its_author():
    assert after(Step.SUBMIT).authors == {AUTHOR, LEAD}
    assert Campaign(DRAFT).authors == {AUTHOR}


def test_a_file_that_was_put_away_has_left_all_the_same():
    approved = after(Step.SUBMIT, Step.APPROVE)
    assert not approved.anything_left
    out = approved.take(Taken(Step.TAKE_FILE, LEAD, MORNING, file="partners", rows=3))
    assert out.anything_left
    assert out.take(Taken(Step.PUT_AWAY, LEAD, MORNING, file="partners", rows=3)).anything_left
    assert after(Step.SUBMIT, Step.APPROVE, Step.SEND).anything_left


def test_a_campaign_with_a_file_out_is_not_closed():
    with pytest.raises(Conflict, match="approved") as refused:
        check_may_close(after(Step.SUBMIT, Step.APPROVE))
    assert refused.value.next == "Stop it first."
    out = after(Step.SUBMIT, Step.APPROVE, Step.SEND, Step.FINISH).take(
        Taken(Step.TAKE_FILE, LEAD, MORNING, file="partners", rows=3)
    )
    with pytest.raises(Conflict, match="The file partners is out") as refused:
        check_may_close(out)
    assert "handed over" in refused.value.next
    check_may_close(out.take(Taken(Step.PUT_AWAY, LEAD, MORNING, file="partners", rows=3)))


def test_what_was_stopped_before_its_approval_is_not_closed_for_it_holds_nobody():
    stopped = after(Step.SUBMIT, Step.STOP)
    assert not can_close(stopped)
    with pytest.raises(Conflict, match="never held anybody"):
        check_may_close(stopped)
    assert can_close(after(Step.SUBMIT, Step.APPROVE, Step.STOP))


def test_each_wording_that_singles_out_is_acknowledged_by_its_words():
    campaign = Campaign(replace(DRAFT, singles_out=("Sale Road", "Polish")))
    with pytest.raises(BadInput, match="Sale Road; Polish"):
        check_may_approve(campaign, LEAD, ())
    with pytest.raises(BadInput, match="community: Polish"):
        check_may_approve(campaign, LEAD, ("Sale Road",))
    check_may_approve(campaign, LEAD, ("Polish", "Sale Road"))


def test_an_approval_stands_for_the_draft_to_the_letter():
    campaign = after(Step.SUBMIT, Step.APPROVE)
    assert campaign.approved_as_it_is
    assert not replace(campaign, draft=replace(DRAFT, areas=("E01006113",))).approved_as_it_is
    assert not after(Step.SUBMIT).approved_as_it_is


def test_a_campaign_comes_back_from_its_bytes_as_it_was():
    submitted = Campaign(DRAFT).take(Taken(Step.SUBMIT, AUTHOR, MORNING))
    declined = submitted.take(Taken(Step.DECLINE, LEAD, MORNING, "Say where.", ("Polish",)))
    again = Campaign.from_bytes(declined.to_bytes())
    assert again == declined
    assert again.state is State.DECLINED
