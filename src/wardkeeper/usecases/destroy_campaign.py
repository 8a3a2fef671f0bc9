"""Destroy to whom a closed campaign went, as a second person: key and files, with a receipt (G6, G15). Counts stay."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.messages.campaign_life import Campaign, State, Step, check_may_destroy, check_may_follow
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, name_mandate, step_detail, take_step
from wardkeeper.usecases.destruction import finish_destruction, receipt_of
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Receipt


def destroy(house: House, actor: Actor, campaign_id: str) -> Campaign:
    """Destroy what a closed campaign holds of people. Raises Refused for whoever closed it, NotFound, Conflict."""
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.DESTROY, {}))
    check_may_follow(campaign.state, Step.DESTROY)
    officers = {one.actor.login for one in house.store.accounts() if one.actor.has(Role.DPO)}
    check_may_destroy(campaign, actor.login, officers)
    taken = begin_step(opened, Step.DESTROY)
    with house.store.write(opened.leaf(ACTS[Step.DESTROY], step_detail(campaign, taken))) as writer:
        # In one commit with the answer; a crash from here on is made good when the house is opened next.
        after = take_step(opened, writer, campaign, taken)
    finish_destruction(house)
    return after


def receipt_of_campaign(house: House, campaign: Campaign) -> Receipt | None:
    """Give the receipt of a campaign's destruction; None before it, and where nothing was ever held."""
    return receipt_of(house, name_mandate(campaign.id)) if campaign.state is State.DESTROYED else None
