"""List campaigns, and view one: what was approved by whom, and what became of its messages. Counts only."""

from dataclasses import dataclass

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.sending import Total, in_order
from wardkeeper.usecases.campaign_book import kept_campaigns, load_campaign
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and the counts of its messages, which add up to `messages`."""

    campaign: Campaign
    totals: tuple[Total, ...]

    @property
    def messages(self) -> int:
        """All messages of the campaign."""
        return sum(total.messages for total in self.totals)


def list_campaigns(house: House, actor: Actor, *, purpose: str = PURPOSE) -> list[CampaignView]:
    """List the campaigns, the newest first. Raises Refused."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {}))
    return [_view(house, one) for one in kept_campaigns(house)]


def view_campaign(house: House, actor: Actor, campaign_id: str, *, purpose: str = PURPOSE) -> CampaignView:
    """View one campaign. Raises Refused, NotFound."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {}))
    return _view(house, load_campaign(house, campaign_id))


def _view(house: House, campaign: Campaign) -> CampaignView:
    return CampaignView(campaign, in_order(house.store.count_messages(campaign.id)))
