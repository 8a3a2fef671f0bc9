"""Stop a campaign at any time: nothing more of it is sent, not even by a run that is under way."""

from dataclasses import replace

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.reasons import check_reason
from wardkeeper.ledger.leaves import Act
from wardkeeper.messages.campaign_life import Campaign, Step, check_may_follow
from wardkeeper.messages.sending import MessageState
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, step_detail, take_step
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.settle_messages import tell_of


def stop(house: House, actor: Actor, campaign_id: str, reason: str) -> Campaign:
    """Stop a campaign, with a reason: what waits is withdrawn. Raises Refused, NotFound, BadInput, Conflict."""
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.END_CAMPAIGN, {}))
    check_may_follow(campaign.state, Step.STOP)
    taken = begin_step(opened, Step.STOP, reason=check_reason(reason))
    with house.store.write(opened.leaf(ACTS[Step.STOP], step_detail(campaign, taken))) as writer:
        # Read now that nobody else can write: a run may have claimed some of them a moment ago.
        waiting = [one for one in house.store.messages(campaign.id) if one.state is MessageState.WAITING]
        withdrawn = [replace(one, state=MessageState.WITHDRAWN, changed_at=taken.at) for one in waiting]
        writer.change_messages(withdrawn)
        writer.add_leaf(opened.leaf(Act.MESSAGES_REPORTED, tell_of(campaign.id, withdrawn)))
        return take_step(opened, writer, campaign, taken)
