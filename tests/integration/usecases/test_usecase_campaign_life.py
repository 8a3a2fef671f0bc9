"""A campaign is submitted by one person, approved by another who leads public health, and can be stopped: nothing else."""

import json
from dataclasses import replace
from datetime import date

import pytest

from campaign_drafts import DRAFT, make_draft
from districts import TODAY
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.campaign_life import State
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.usecases import accept_alert
from wardkeeper.usecases.alert_book import KeptAlert, Standing
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.close_campaign import close
from wardkeeper.usecases.decline_campaign import decline
from wardkeeper.usecases.list_campaigns import list_campaigns, view_campaign
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.stop_campaign import stop
from wardkeeper.usecases.submit_campaign import submit

AUTHOR, LEAD = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH
SECOND_LEAD = replace(LEAD, login=Login("lead@trafford.example"))
EVERY_ROLE = [Actor(Login(f"{role}@trafford.example"), role.value, cast.COUNCIL, frozenset({role})) for role in Role]
"""Somebody of the council for each role, who has no other."""


def but(*allowed):
    return [pytest.param(one, id=one.name) for one in EVERY_ROLE if not one.has(*allowed)]


@pytest.fixture
def saved(house):
    save(house, AUTHOR, DRAFT)
    return house


@pytest.fixture
def submitted(saved):
    submit(saved, AUTHOR, DRAFT.id)
    return saved


def leaves(house, kind):
    found = [json.loads(leaf) for leaf in house.store.leaves()]
    return [leaf for leaf in found if leaf["type"] == kind]


def test_a_campaign_is_saved_submitted_and_approved_by_two_people(submitted):
    after = approve(submitted, LEAD, DRAFT.id)
    assert after.state is State.APPROVED
    assert after.approved_as_it_is
    assert [one.by for one in after.steps] == [AUTHOR.login, LEAD.login]
    assert view_campaign(submitted, cast.DIRECTOR, DRAFT.id).campaign == after
    [leaf] = leaves(submitted, "campaign.approved")
    assert leaf["login"] == LEAD.login
    assert leaf["decision"]
    assert leaf["detail"]["fingerprint"] == DRAFT.fingerprint


def test_the_approval_opens_a_permission_that_has_an_end(submitted):
    approve(submitted, LEAD, DRAFT.id)
    mandate = submitted.store.mandate(f"campaign-{DRAFT.id}")
    assert mandate.has_an_end
    assert (mandate.ends - TODAY).days == 28
    assert mandate.purposes == {"public-health"}
    assert mandate.gateways


@pytest.mark.parametrize("actor", but(Role.COMMUNICATIONS, Role.PUBLIC_HEALTH))
def test_other_roles_neither_save_nor_submit(saved, actor):
    with pytest.raises(Refused):
        save(saved, actor, make_draft(id="cam-1", made_by=actor.login))
    with pytest.raises(Refused):
        submit(saved, actor, DRAFT.id)


@pytest.mark.parametrize("actor", but(Role.PUBLIC_HEALTH))
def test_only_public_health_approves_or_declines(submitted, actor):
    with pytest.raises(Refused):
        approve(submitted, actor, DRAFT.id)
    with pytest.raises(Refused):
        decline(submitted, actor, DRAFT.id, "Too soon.")
    assert view_campaign(submitted, LEAD, DRAFT.id).campaign.state is State.SUBMITTED


@pytest.mark.parametrize("actor", but(Role.PUBLIC_HEALTH, Role.COMMUNICATIONS, Role.DPO, Role.DIRECTOR))
def test_other_roles_neither_stop_nor_close(submitted, actor):
    with pytest.raises(Refused):
        stop(submitted, actor, DRAFT.id, "Too soon.")
    with pytest.raises(Refused):
        close(submitted, actor, DRAFT.id)


@pytest.mark.parametrize("actor", but(Role.PUBLIC_HEALTH, Role.COMMUNICATIONS, Role.PLANNER, Role.DPO, Role.DIRECTOR))
def test_other_roles_see_no_campaigns(saved, actor):
    with pytest.raises(Refused):
        list_campaigns(saved, actor)
    with pytest.raises(Refused):
        view_campaign(saved, actor, DRAFT.id)


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER], ids=lambda actor: actor.login)
def test_partners_do_nothing_with_campaigns(submitted, actor):
    for act in (submit, approve, close):
        with pytest.raises(Refused):
            act(submitted, actor, DRAFT.id)


def test_the_author_never_approves_even_as_a_public_health_lead(house):
    save(house, LEAD, make_draft(made_by=LEAD.login))
    submit(house, LEAD, DRAFT.id)
    with pytest.raises(Refused, match="nobody approves"):
        approve(house, LEAD, DRAFT.id)
    assert approve(house, SECOND_LEAD, DRAFT.id).state is State.APPROVED


def test_words_that_single_out_are_acknowledged_on_the_record(house):
    save(house, AUTHOR, make_draft(singles_out=("Polish",)))
    submit(house, AUTHOR, DRAFT.id)
    with pytest.raises(BadInput, match="Polish"):
        approve(house, LEAD, DRAFT.id)
    approve(house, LEAD, DRAFT.id, ["Polish"])
    [leaf] = leaves(house, "campaign.approved")
    assert leaf["detail"]["acknowledged"] == ["Polish"]


def keep_alert(house):
    end = date(2026, 11, 20)
    alert = Alert(
        *(1, ("E02001259",), ("Sale",), end, end, 9, 9, 9, 2.0, 5.0, 2.0, 0.9, 4.5, 60.0, None, end), id="alert-1"
    )
    write_alert(house, KeptAlert(alert, Standing.WAITING, end, 5.0))


def write_alert(house, kept):
    with house.store.write(Leaf(Act.ALERTS_RAISED, house.clock.now(), "test", "")) as writer:
        writer.apply_document(kept.to_document(house))


def test_no_campaign_is_approved_before_its_alert_is_accepted(house):
    keep_alert(house)
    save(house, AUTHOR, make_draft(alert="alert-1"))
    submit(house, AUTHOR, DRAFT.id)
    with pytest.raises(Refused, match="accepted the alert"):
        approve(house, LEAD, DRAFT.id)
    accept_alert.accept(house, LEAD, "alert-1", "The rise is real.")
    assert approve(house, LEAD, DRAFT.id).state is State.APPROVED


def test_no_campaign_is_approved_once_its_alert_has_ended(house):
    keep_alert(house)
    save(house, AUTHOR, make_draft(alert="alert-1"))
    submit(house, AUTHOR, DRAFT.id)
    accepted = accept_alert.accept(house, LEAD, "alert-1", "The rise is real.")
    write_alert(house, replace(accepted, standing=Standing.ENDED))
    with pytest.raises(Refused, match="has ended"):
        approve(house, LEAD, DRAFT.id)


def test_an_alert_that_is_not_there_is_not_accepted(house):
    save(house, AUTHOR, make_draft(alert="alert-9"))
    submit(house, AUTHOR, DRAFT.id)
    with pytest.raises(NotFound):
        approve(house, LEAD, DRAFT.id)


def test_a_declined_campaign_keeps_its_reason_and_goes_no_further(submitted):
    after = decline(submitted, LEAD, DRAFT.id, " Say where the tests are. ")
    assert after.steps[-1].reason == "Say where the tests are."
    for act in (submit, approve):
        with pytest.raises(Conflict, match="declined"):
            act(submitted, LEAD, DRAFT.id)


def test_a_stopped_campaign_goes_no_further(submitted):
    stop(submitted, cast.DIRECTOR, DRAFT.id, "The figures were wrong.")
    with pytest.raises(Conflict, match="stopped"):
        approve(submitted, LEAD, DRAFT.id)


@pytest.mark.parametrize("act", [decline, stop])
def test_a_reason_is_asked_for(submitted, act):
    with pytest.raises(BadInput, match="reason"):
        act(submitted, LEAD, DRAFT.id, " ")


def test_closing_ends_the_permission(submitted):
    approve(submitted, LEAD, DRAFT.id)
    stop(submitted, LEAD, DRAFT.id, "No longer needed.")
    assert close(submitted, AUTHOR, DRAFT.id).state is State.CLOSED
    assert not submitted.store.mandate(f"campaign-{DRAFT.id}").in_force(submitted.clock.now())
    assert leaves(submitted, "mandate.ended")


def test_a_campaign_is_kept_once_and_as_its_author(saved):
    with pytest.raises(Conflict, match="already"):
        save(saved, AUTHOR, DRAFT)
    with pytest.raises(Refused, match="somebody else"):
        save(saved, LEAD, make_draft(id="cam-1"))


def test_a_campaign_that_is_not_there_is_told_with_those_that_are(saved):
    with pytest.raises(NotFound) as raised:
        approve(saved, LEAD, "cam-9")
    assert DRAFT.id in raised.value.next


def test_campaigns_are_listed_newest_first(saved):
    save(saved, AUTHOR, make_draft(id="cam-1"))
    assert [one.campaign.id for one in list_campaigns(saved, cast.PLANNER)] == ["cam-1", DRAFT.id]


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "enforcement", "immigration"])
def test_g9_no_campaign_for_another_purpose(house, purpose):
    with pytest.raises(Refused, match="Refused"):
        save(house, AUTHOR, make_draft(purpose=purpose))
