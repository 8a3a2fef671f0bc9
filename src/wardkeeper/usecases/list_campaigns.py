"""List campaigns, and view one: what was approved by whom, and what became of its messages. Counts only.

The permission to hold whom a campaign goes to ends by itself, and nothing can be read from then on; what is held is
destroyed by two people and not by a clock (rule G15). So whoever can do it is told until it is done (`list_due`).
"""

from dataclasses import dataclass
from datetime import date

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import WHEN_LAPSED, Campaign, State
from wardkeeper.messages.sending import Total, in_order, say_left
from wardkeeper.usecases.campaign_book import kept_campaigns, load_campaign, name_mandate
from wardkeeper.usecases.door import Ask, consider, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and the counts of its messages, which add up to `messages`.

    `permission_ended` is the day on which the permission to hold whom it went to ended, while that is not destroyed.
    """

    campaign: Campaign
    totals: tuple[Total, ...]
    permission_ended: date | None = None

    @property
    def messages(self) -> int:
        """All messages of the campaign."""
        return sum(total.messages for total in self.totals)

    @property
    def due(self) -> str:
        """What must be done since its permission has ended, in a sentence; empty while nothing must."""
        return say_due(self.campaign.state, self.permission_ended)

    @property
    def left(self) -> tuple[str, ...]:
        """What it would leave undone if it were closed now, in sentences."""
        return say_left(self.totals, [one.channel for one in self.campaign.draft.total.messages])


@dataclass(frozen=True, slots=True)
class Due:
    """A campaign whose permission has ended and that still holds whom it went to; `words` say what is to be done."""

    campaign: Campaign
    words: str


def list_campaigns(house: House, actor: Actor, *, file: str = "", purpose: str = PURPOSE) -> list[CampaignView]:
    """List the campaigns, the newest first. With `file`, they leave as a file of that name: the ledger says so. Raises Refused."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {})).tell_export(file)
    return [view_of(house, one) for one in kept_campaigns(house)]


def view_campaign(
    house: House, actor: Actor, campaign_id: str, *, file: str = "", purpose: str = PURPOSE
) -> CampaignView:
    """View one campaign. With `file`, it leaves as a file of that name: the ledger says so. Raises Refused, NotFound."""
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {}))
    campaign = load_campaign(house, campaign_id)
    opened.tell_export(file)
    return view_of(house, campaign)


def list_due(house: House, actor: Actor, *, purpose: str = PURPOSE) -> list[Due]:
    """List the campaigns that must be closed or destroyed, for those who may view campaigns; for others none."""
    if not consider(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {})).allows:
        return []
    found = [(one, say_due(one.state, _permission_ended(house, one))) for one in kept_campaigns(house)]
    return [Due(campaign, words) for campaign, words in found if words]


def say_due(state: State, ended: date | None) -> str:
    """Say what must be done with a campaign whose permission ended on a day; empty when nothing is held."""
    return f"Its permission ended on {ended:%-d %B %Y}. {WHEN_LAPSED[state]}" if ended and state in WHEN_LAPSED else ""


def view_of(house: House, campaign: Campaign) -> CampaignView:
    """Give a campaign with its counts. Whoever calls has opened the door."""
    totals = in_order(house.store.count_messages(campaign.id))
    return CampaignView(campaign, totals, _permission_ended(house, campaign))


def _permission_ended(house: House, campaign: Campaign) -> date | None:
    mandate, now = house.store.mandate(name_mandate(campaign.id)), house.clock.now()
    if mandate is None or mandate.destroyed_at is not None or mandate.in_force(now):
        return None
    days = [mandate.ends, london_day(mandate.ended_at) if mandate.ended_at else None]
    return min(day for day in days if day is not None)
