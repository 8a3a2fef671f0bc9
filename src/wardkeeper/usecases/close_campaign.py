"""Close a campaign that was sent or stopped: the permission ends, and to whom it went can no longer be read.

Access stops at once; destroying what was held takes a second person (`destroy_campaign`).
"""

from dataclasses import replace

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.messages.campaign_life import Campaign, Step, check_may_close
from wardkeeper.usecases.campaign_book import (
    ACTS,
    begin_step,
    load_campaign,
    name_mandate,
    step_detail,
    take_step,
)
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.list_campaigns import CampaignView, view_of


def look(house: House, actor: Actor, campaign_id: str) -> CampaignView:
    """Say what closing would mean, and change nothing. Raises Refused, NotFound, and Conflict where it can't be closed."""
    campaign = load_campaign(house, campaign_id)
    open_door(house, Ask(actor, campaign.draft.purpose, Operation.END_CAMPAIGN, {}))
    check_may_close(campaign)
    return view_of(house, campaign)


def close(house: House, actor: Actor, campaign_id: str) -> Campaign:
    """Close a campaign. Its counts stay on record.

    Raises Refused, NotFound, and Conflict while a file is out.
    """
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.END_CAMPAIGN, {}))
    check_may_close(campaign)
    taken = begin_step(opened, Step.CLOSE)
    mandate = house.store.mandate(name_mandate(campaign.id))
    with house.store.write(opened.leaf(ACTS[Step.CLOSE], step_detail(campaign, taken))) as writer:
        # Once more, now that nobody else can write: a file may have been taken a moment ago.
        check_may_close(load_campaign(house, campaign.id))
        if mandate is not None and mandate.ended_at is None:
            writer.add_leaf(opened.leaf(Act.MANDATE_ENDED, {"mandate": mandate.id}))
            writer.add_mandate(replace(mandate, ended_at=taken.at))
        return take_step(opened, writer, campaign, taken)
