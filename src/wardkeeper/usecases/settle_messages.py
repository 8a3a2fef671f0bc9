"""Record what became of messages, and settle those of which it is not known whether they went out.

What is recorded is compared with what is there by then, in the same transaction: a delivery reported while a batch is
under way is not undone by the batch's own end, and what one run learned of its own attempt says nothing of a later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.sending import Message, MessageState, add_up, is_remembered, is_settled, may_move, state_of
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.door import Opened
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import MessageService, Report


@dataclass(frozen=True, slots=True)
class Finding:
    """What is now known of one message.

    `of_claim` is when the attempt that it tells of was claimed. Notify's own word that it has a message, with its id,
    holds whichever attempt that came by.
    """

    reference: str
    state: MessageState
    notify_id: str = ""
    status: str = ""
    of_claim: datetime | None = None


def finding_of(report: Report) -> Finding:
    """Give what a report says of a message."""
    return Finding(report.reference, state_of(report.status), report.id, report.status)


def record(opened: Opened, campaign: Campaign, act: Act, findings: Sequence[Finding]) -> int:
    """Record findings, and give how many messages they changed. What waits in a stopped campaign is withdrawn."""
    house, now = opened.house, opened.house.clock.now()
    changed = apply_findings(house, findings, now)
    if not changed and act is Act.MESSAGES_REPORTED:
        return 0
    with house.store.write(opened.leaf(act, tell_of(campaign.id, changed))) as writer:
        # Once more, now that nobody else can write.
        stopped = load_campaign(house, campaign.id).stopped
        fresh = [_withdraw(one) if stopped else one for one in apply_findings(house, findings, now)]
        writer.change_messages(fresh)
    return len(changed)


def apply_findings(house: House, findings: Sequence[Finding], now: datetime) -> list[Message]:
    """Give the messages that the findings change, changed."""
    known = {one.reference: one for one in house.store.messages_named([one.reference for one in findings])}
    pairs = [(known[one.reference], one) for one in findings if one.reference in known]
    return [_change(message, one, now) for message, one in pairs if _counts(message, one)]


def tell_of(campaign_id: str, changed: Sequence[Message]) -> dict[str, Detail]:
    """Say on the ledger how many messages came to which state."""
    totals = [f"{one.channel} {one.state}: {one.messages}" for one in add_up(changed)]
    return {"campaign": campaign_id, "messages": len(changed), "states": totals}


def settle(opened: Opened, service: MessageService, campaign: Campaign) -> None:
    """Ask Notify about each message that may have gone out. Not there: it waits again. Too old to be there: not known."""
    now = opened.house.clock.now()
    open_ones = [one for one in opened.house.store.messages(campaign.id) if one.state is MessageState.CLAIMED]
    findings = [_settle_one(service, one, now) for one in open_ones if is_settled(one, now)]
    record(opened, campaign, Act.MESSAGES_REPORTED, findings)


def _settle_one(service: MessageService, message: Message, now: datetime) -> Finding:
    report = service.find(message.reference)
    if report is not None:
        return finding_of(report)
    lost = MessageState.WAITING if is_remembered(message, now) else MessageState.UNKNOWN
    return Finding(message.reference, lost, of_claim=message.attempted_at)


def _counts(message: Message, finding: Finding) -> bool:
    """Tell whether a finding is of this very message and may still change it."""
    same = not (message.notify_id and finding.notify_id) or message.notify_id == finding.notify_id
    latest = bool(finding.notify_id) or finding.of_claim == message.attempted_at
    return same and latest and may_move(message.state, finding.state)


def _change(message: Message, finding: Finding, now: datetime) -> Message:
    return replace(
        message,
        state=finding.state,
        notify_id=finding.notify_id or message.notify_id,
        status=finding.status or message.status,
        changed_at=now,
    )


def _withdraw(message: Message) -> Message:
    waits = message.state is MessageState.WAITING
    return replace(message, state=MessageState.WITHDRAWN) if waits else message
