"""Send an approved campaign: batch by batch, each claimed before it goes, so that a power cut sends nobody twice.

The audience is made afresh when sending begins, and again whenever residents or homes have changed: a death or an
objection that arrives while messages go out is honoured by the next batch. Stopping, and declining the alert behind it,
count from the next batch, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from wardkeeper.kernel.errors import BadInput, Conflict, ServiceFailed, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.campaign_life import Campaign, State, Step
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.outbox import Difference, new_messages
from wardkeeper.messages.sending import UNFINISHED, Message, MessageState, Total, in_order
from wardkeeper.messages.templates import Template, check_template, personalise
from wardkeeper.usecases.approve_campaign import check_accepted
from wardkeeper.usecases.campaign_audience import check_sealed, current_ground, seal_written
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, step_detail, take_step
from wardkeeper.usecases.door import Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Answer, Attempt, MessageService, Outgoing
from wardkeeper.usecases.prepare_sending import Prepared, ask_to_send, check_named, open_to_send, prepare_with
from wardkeeper.usecases.settle_messages import Finding, record, settle

BATCH = 100
WITHIN = timedelta(minutes=2)
"""How long after its claim a batch may go on beginning messages: well below the time after which another run asks about
them. It is told by the clock on the wall: a computer that slept in between has slept the time away."""

AFTER: dict[Answer, MessageState] = {
    Answer.TAKEN: MessageState.ACCEPTED,
    Answer.NOT_TAKEN: MessageState.REFUSED,
    Answer.UNSURE: MessageState.CLAIMED,
    Answer.NOT_TRIED: MessageState.WAITING,
}
"""What an attempt makes of a message."""

Tell = Callable[[int, int], None]
"""Hears how many messages have gone out in this run, and how many are left."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run came to. `unsettled` messages may have been sent: a later run asks Notify. `halted` says why it ended."""

    campaign: Campaign
    totals: tuple[Total, ...]
    differences: tuple[Difference, ...]
    letters: int
    doors: int
    unsettled: int
    halted: ServiceFailed | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """What does not change while a campaign is sent."""

    house: House
    actor: Actor
    service: MessageService
    templates: Mapping[str, str]
    tell: Tell

    def open(self, campaign: Campaign) -> Opened:
        """Ask at the door once more: what was allowed a moment ago may be refused now."""
        return open_door(self.house, ask_to_send(self.actor, campaign))


@dataclass(frozen=True, eq=False)
class _Ready:
    """What is ready to go: the preparation, its templates held to what was approved, and what is left of it."""

    prepared: Prepared
    templates: Mapping[tuple[Channel, str], Template]
    left: pl.DataFrame


def send(
    house: House,
    actor: Actor,
    campaign_id: str,
    *,
    templates: Mapping[str, str] | None = None,
    tell: Tell | None = None,
) -> Sent:
    """Send what is to be sent, or go on where an earlier run ended.

    Raises Refused without an approval, BadInput when a template says something else, Conflict when somebody stopped it
    or another run is sending, ServiceFailed when Notify can't be asked.
    """
    campaign = load_campaign(house, campaign_id)
    opened = open_to_send(house, actor, campaign)
    run = _Run(house, actor, house.message_service(), templates or {}, tell or _say_nothing)
    settle(opened, run.service, campaign)
    ready = _make_ready(run, campaign)
    halted, gone = None, 0
    while halted is None and not ready.left.is_empty():
        ready, tried, halted = _send_batch(run, ready)
        gone += tried
        run.tell(gone, ready.left.height)
    return _conclude(run, ready.prepared, halted)


def _make_ready(run: _Run, campaign: Campaign) -> _Ready:
    """Make the audience afresh, and put every message on record before the first is sent."""
    prepared = prepare_with(run.open(campaign), campaign, run.templates)
    check_named(prepared)
    _check_anything_goes(prepared)
    templates = _check_templates(run.service, prepared)
    opened = run.open(campaign)
    taken = begin_step(opened, Step.SEND)
    added = new_messages(campaign.id, prepared.outbox.add)
    sealed = seal_written(opened, campaign.id, prepared.audience.written, prepared.outbox.add)
    detail: dict[str, Detail] = {"added": len(added), "withdrawn": len(prepared.outbox.withdraw)}
    with run.house.store.write(opened.leaf(ACTS[Step.SEND], step_detail(campaign, taken) | detail)) as writer:
        check_sealed([one.reference for one in run.house.store.messages(campaign.id)], prepared.audience)
        writer.set_current(sealed)
        writer.add_messages(added)
        writer.change_messages(_changed(run.house, prepared))
        if load_campaign(run.house, campaign.id).state is not State.SENDING:
            take_step(opened, writer, campaign, taken)
    return _Ready(prepared, templates, prepared.outbox.send)


def _check_anything_goes(prepared: Prepared) -> None:
    """Raise Conflict for a campaign that would only be said to have begun: all its messages are in files, or nobody is left."""
    if prepared.campaign.state is not State.APPROVED or not prepared.outbox.send.is_empty():
        return
    files = ", ".join(prepared.campaign.open_files)
    if files:
        raise Conflict(
            f"All its messages are in files that were taken: {files}. Nothing was sent.",
            "Record of each whether it was handed over, or put away unused.",
        )
    raise Conflict("No message of it can go from here. Nothing was sent.", "Take its files.")


def _changed(house: House, prepared: Prepared) -> list[Message]:
    """Give the messages that are withdrawn, or wait again, since the audience has changed.

    Within the transaction: one that another run has claimed meanwhile is left to that run.
    """
    known = {one.reference: one for one in house.store.messages(prepared.campaign.id)}
    now, box = house.clock.now(), prepared.outbox
    moves = [
        (box.withdraw, MessageState.WAITING, MessageState.WITHDRAWN),
        (box.revive, MessageState.WITHDRAWN, MessageState.WAITING),
    ]
    return [
        replace(known[one], state=after, changed_at=now)
        for ones, before, after in moves
        for one in ones
        if known[one].state is before
    ]


def _check_templates(service: MessageService, prepared: Prepared) -> dict[tuple[Channel, str], Template]:
    """Give the templates, each held to what was approved. Raises BadInput, NotFound, ServiceFailed."""
    found = {}
    for (channel, language), template in prepared.templates.items():
        words = service.template(template)
        if words.channel is not channel:
            raise BadInput(
                f"The template for {channel} in {language} is one for {words.channel}.",
                "Name another template.",
                Where(key=f"{channel} {language}"),
            )
        chosen = Template(template, channel, language, words.version, whole=False)
        wording = prepared.plan.wording_in(language)
        found[channel, language] = check_template(chosen, wording, body=words.body, subject=words.subject)
    return found


def _send_batch(run: _Run, ready: _Ready) -> tuple[_Ready, int, ServiceFailed | None]:
    """Claim the next messages, send them, and record what came of each; made afresh first when the ground has moved.

    Gives what is left, those among it for which there was no time, and how many were tried.
    """
    campaign = load_campaign(run.house, ready.prepared.campaign.id)
    if campaign.state is not State.SENDING:
        raise Conflict(f"Sending has ended: the campaign is {campaign.state.value}.", "Nothing more was sent.")
    check_accepted(run.house, campaign)
    if ready.prepared.audience.ground != current_ground(run.house):
        return _make_ready(run, campaign), 0, None
    batch, opened, clock = ready.left.head(BATCH), run.open(campaign), run.house.clock
    claimed_at = clock.now()
    claimed: dict[str, Detail] = {"campaign": campaign.id, "messages": batch.height}
    with run.house.store.write(opened.leaf(Act.MESSAGES_CLAIMED, claimed)) as writer:
        writer.claim_messages(batch["reference"].to_list(), claimed_at)
    done = run.service.send_all(
        _address(ready, batch),
        may_begin=lambda: clock.now() - claimed_at < WITHIN,
        proven=_is_proven(run.house, campaign),
    )
    record(opened, campaign, Act.MESSAGES_SENT, [_found(one, claimed_at) for one in done.attempts])
    tried = [one.reference for one in done.attempts if one.answer is not Answer.NOT_TRIED]
    return replace(ready, left=ready.left.filter(~pl.col("reference").is_in(tried))), len(tried), done.halted


def _address(ready: _Ready, batch: pl.DataFrame) -> list[Outgoing]:
    """Give each message of a batch its template and what fills it."""
    return [
        Outgoing(
            reference=row["reference"],
            channel=Channel(row["channel"]),
            template=template.id,
            version=template.version,
            to=row["to"] or "",
            personalisation=personalise(template, ready.prepared.plan.wording_in(row["language"]), row),
        )
        for row in batch.iter_rows(named=True)
        if (template := ready.templates[Channel(row["channel"]), row["language"]])
    ]


def _found(attempt: Attempt, claimed_at: datetime) -> Finding:
    return Finding(attempt.reference, AFTER[attempt.answer], attempt.id, attempt.status, claimed_at)


def _is_proven(house: House, campaign: Campaign) -> bool:
    """Tell whether Notify has taken a message of this campaign: then the key and the templates are right."""
    good = {MessageState.ACCEPTED, MessageState.DELIVERED}
    return any(one.state in good for one in house.store.count_messages(campaign.id))


def _conclude(run: _Run, prepared: Prepared, halted: ServiceFailed | None) -> Sent:
    """End the run, and the sending when nothing is left to do."""
    house, campaign_id = run.house, prepared.campaign.id
    totals = in_order(house.store.count_messages(campaign_id))
    campaign = load_campaign(house, campaign_id)
    left = sum(one.messages for one in totals if one.state in UNFINISHED)
    if left == 0 and campaign.state is State.SENDING:
        opened = run.open(campaign)
        taken = begin_step(opened, Step.FINISH)
        with house.store.write(opened.leaf(ACTS[Step.FINISH], step_detail(campaign, taken))) as writer:
            campaign = take_step(opened, writer, campaign, taken)
    return Sent(
        campaign=campaign,
        totals=totals,
        differences=prepared.differences,
        letters=prepared.letters,
        doors=prepared.doors.height,
        unsettled=sum(one.messages for one in totals if one.state is MessageState.CLAIMED),
        halted=halted,
    )


def _say_nothing(_gone: int, _left: int) -> None:
    """Stand in for somebody who listens."""
