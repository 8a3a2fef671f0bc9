"""Submit a campaign: put its draft before a public-health lead, who approves or declines it."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.messages.campaign_life import Campaign, Step, check_may_follow
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, step_detail, take_step
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House


def submit(house: House, actor: Actor, campaign_id: str) -> Campaign:
    """Submit a draft. Raises Refused, NotFound, Conflict."""
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.SUBMIT_CAMPAIGN, {}))
    check_may_follow(campaign.state, Step.SUBMIT)
    taken = begin_step(opened, Step.SUBMIT)
    with house.store.write(opened.leaf(ACTS[Step.SUBMIT], step_detail(campaign, taken))) as writer:
        return take_step(opened, writer, campaign, taken)
