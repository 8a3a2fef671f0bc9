"""Decline a campaign, as a named public-health lead, with a reason."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.reasons import check_reason
from wardkeeper.messages.campaign_life import Campaign, Step, check_may_follow
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, step_detail, take_step
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House


def decline(house: House, actor: Actor, campaign_id: str, reason: str) -> Campaign:
    """Decline a submitted campaign: it stays on record, and is planned anew. Raises Refused, BadInput, Conflict."""
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.APPROVE_CAMPAIGN, {}))
    check_may_follow(campaign.state, Step.DECLINE)
    taken = begin_step(opened, Step.DECLINE, reason=check_reason(reason))
    with house.store.write(opened.leaf(ACTS[Step.DECLINE], step_detail(campaign, taken))) as writer:
        return take_step(opened, writer, campaign, taken)
