"""Follow a campaign: ask Notify what became of its messages, or hear it from a callback.

A message that did not arrive is not the end: sending again goes on to the home's next way, down to a knock.
"""

from dataclasses import dataclass

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.sending import NOT_ARRIVED, Message, MessageState, Total, in_order
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.ports import Report
from wardkeeper.usecases.settle_messages import apply_findings, finding_of, record, settle, tell_of

NOTIFY = "notify"
"""The login that a callback's entry in the ledger bears: no person's."""

ASKED_ABOUT = frozenset({MessageState.ACCEPTED, MessageState.UNKNOWN})


class _NothingNew(Conflict):
    """A report that changes nothing. Any other conflict is told to Notify, which then sends the report again."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of a campaign's messages. The totals add up to `messages`; `changed` is what was learned just now."""

    campaign: Campaign
    totals: tuple[Total, ...]
    changed: int

    @property
    def messages(self) -> int:
        """All messages."""
        return sum(one.messages for one in self.totals)

    @property
    def not_arrived(self) -> int:
        """Messages whose homes are to be reached another way."""
        return sum(one.messages for one in self.totals if one.state in NOT_ARRIVED)


def ask(house: House, actor: Actor, campaign_id: str) -> Followed:
    """Ask Notify what became of the messages that are on their way. Raises Refused, NotFound, ServiceFailed."""
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.SEND_MESSAGES, {}))
    service = house.message_service()
    settle(opened, service, campaign)
    wanted = [one.reference for one in house.store.messages(campaign.id) if one.state in ASKED_ABOUT]
    reports = list(service.reports(wanted))
    changed = record(opened, campaign, Act.MESSAGES_REPORTED, [finding_of(one) for one in reports])
    return _followed(house, campaign, changed)


def view(house: House, actor: Actor, campaign_id: str, *, purpose: str = PURPOSE) -> Followed:
    """Tell what is known already. Raises Refused, NotFound."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_CAMPAIGNS, {}))
    return _followed(house, load_campaign(house, campaign_id), 0)


def hear(house: House, report: Report) -> bool:
    """Record what a callback says of a message; tell whether it changed anything. Whoever calls has checked the token.

    A message that is not of this house, or a report that is late or repeated, changes nothing.
    """
    try:
        changed = _changes(house, report)
        leaf = Leaf(Act.MESSAGES_REPORTED, house.clock.now(), NOTIFY, "", detail=tell_of(changed[0].campaign, changed))
        with house.store.write(leaf) as writer:
            # Once more, now that nobody else can write: the same report may come twice at the same moment.
            writer.change_messages(_changes(house, report))
    except _NothingNew:
        return False
    return True


def _changes(house: House, report: Report) -> list[Message]:
    """Give the message that a report changes, changed. Raises _NothingNew when there is none."""
    changed = apply_findings(house, [finding_of(report)], house.clock.now())
    if not changed:
        raise _NothingNew("This report changes nothing.", "Nothing is to be done.")
    return changed


def _followed(house: House, campaign: Campaign, changed: int) -> Followed:
    return Followed(campaign, in_order(house.store.count_messages(campaign.id)), changed)
