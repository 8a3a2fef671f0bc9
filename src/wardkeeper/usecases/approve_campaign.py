"""Approve a campaign, as a named public-health lead who did not make it: nothing is sent before that.

With the approval the permission begins under which it is kept to whom the campaign goes. It has an end of its own.
"""

from collections.abc import Sequence
from datetime import timedelta

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.purposes import Group
from wardkeeper.kernel.errors import Conflict, Refused, Where
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Detail
from wardkeeper.messages.campaign_life import Campaign, Step, check_may_approve, check_may_follow
from wardkeeper.usecases.alert_book import Standing, load_alert
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, name_mandate, step_detail, take_step
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook

LASTS = timedelta(days=28)
"""How long it is kept to whom a campaign went: long enough for what failed to be put right."""

GATEWAYS: dict[Group, tuple[str, ...]] = {
    Group.HEALTH: ("copi-regs-2002",),
    Group.EMERGENCY: ("cca-2004", "cp-regs-2005"),
}
"""The legal power behind a campaign, by the family of its purpose."""


def approve(
    house: House, actor: Actor, campaign_id: str, acknowledged: Sequence[str] = (), *, shown: str | None = None
) -> Campaign:
    """Approve a submitted campaign. `acknowledged` are the words that may single out, each by itself.

    `shown` is the fingerprint of what the approver read; None where that needs no proof.

    Raises Refused for its author, for other roles, and when the alert behind it is not accepted or has ended;
    BadInput, Conflict.
    """
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.APPROVE_CAMPAIGN, {}))
    check_may_follow(campaign.state, Step.APPROVE)
    if shown is not None and shown != campaign.draft.fingerprint:
        raise Conflict("This is not the campaign that was on the page.", "Open its page again, and read it.")
    check_may_approve(campaign, actor.login, acknowledged)
    check_accepted(house, campaign)
    _check_not_ended(house, campaign)
    mandate = _mandate(house, campaign)
    commitment = house.vault.open_mandate(mandate.id)
    taken = begin_step(opened, Step.APPROVE, acknowledged=tuple(acknowledged))
    added: dict[str, Detail] = {"mandate": mandate.id, "key_commitment": commitment}
    with house.store.write(opened.leaf(ACTS[Step.APPROVE], step_detail(campaign, taken) | added)) as writer:
        writer.add_mandate(mandate)
        return take_step(opened, writer, campaign, taken)


def check_accepted(house: House, campaign: Campaign) -> None:
    """Raise Refused while no public-health lead has accepted the alert behind a campaign, if there is one."""
    alert = campaign.draft.alert
    if alert and not load_alert(house, alert).accepted:
        raise Refused(
            "Refused: no public-health lead has accepted the alert behind this campaign.",
            f"Look at the alert {alert}, and accept it or decline it.",
            Where(rule="alert accepted"),
        )


def _check_not_ended(house: House, campaign: Campaign) -> None:
    alert = campaign.draft.alert
    if alert and load_alert(house, alert).standing is Standing.ENDED:
        raise Refused(
            "Refused: the alert behind this campaign has ended, since the figures do not show it any more.",
            "Look for alerts again, and plan from one that is there; or choose areas without an alert.",
            Where(rule="alert open"),
        )


def _mandate(house: House, campaign: Campaign) -> Mandate:
    today = london_day(house.clock.now())
    purpose = campaign.draft.purpose
    return Mandate(
        id=name_mandate(campaign.id),
        kind=MandateKind.NOTICE,
        title=f"Whom the campaign {campaign.id} goes to",
        purposes=frozenset({purpose}),
        gateways=GATEWAYS.get(rulebook(house.store).purposes[purpose].group, ()),
        starts=today,
        ends=today + LASTS,
        review_by=None,
        at_end=AtEnd.DELETE,
    )
