"""Prepare the sending of an approved campaign: what would be sent now, and how that differs from what was approved.

Nothing is sent from here and nothing is changed. What goes by letter where Notify has no letter template is a file, and
homes that no message reaches are a list of doors: nobody is dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.errors import BadInput, Refused, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.ways import Way
from wardkeeper.messages.campaign_life import Campaign, State, Step, check_may_follow
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.outbox import Difference, Outbox, compare_with_approved, fill_outbox, not_written
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.sending import NOT_ARRIVED, WRITTEN, Message, MessageState
from wardkeeper.messages.templates import choose_template
from wardkeeper.usecases.approve_campaign import check_accepted
from wardkeeper.usecases.campaign_audience import GROUND, WRITTEN_TO_COLUMNS, Audience, make_audience
from wardkeeper.usecases.campaign_book import load_campaign, name_mandate
from wardkeeper.usecases.datasets import written_to
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook

GOING_ON = frozenset({State.SENDING})

LETTER_LOST = "The letter did not arrive, and somebody there is not to be visited."


@dataclass(frozen=True, eq=False)
class Prepared:
    """What sending would do now.

    `templates` maps channel and language to a template's id, empty where none is named. `letters` go by a file that is
    still to be taken, `left` are the recipients of every file, those in one that was taken too, and `doors` need a
    knock; `differences` tells where today's audience is not the approved one.
    """

    campaign: Campaign
    audience: Audience
    outbox: Outbox
    templates: Mapping[tuple[Channel, str], str]
    letters: int
    left: pl.DataFrame
    doors: pl.DataFrame
    differences: tuple[Difference, ...]

    @property
    def plan(self) -> MessagePlan:
        """The plan made now."""
        return self.audience.plan

    @property
    def to_send(self) -> list[tuple[Channel, str, int]]:
        """How many messages would go by each channel in each language."""
        counted = self.outbox.send.group_by("channel", "language").len().sort("channel", "language")
        return [(Channel(channel), language, number) for channel, language, number in counted.iter_rows()]

    @property
    def unnamed(self) -> list[str]:
        """What has no template yet: the channel and the language."""
        return [f"{channel} {language}" for (channel, language), template in self.templates.items() if not template]


def prepare(
    house: House, actor: Actor, campaign_id: str, templates: Mapping[str, str] | None = None, *, file: str = ""
) -> Prepared:
    """Tell what sending would do, whether or not it can be done from here: a dry run.

    `templates` add to the authority's, by channel and language. With `file`, its counts leave as a file of that name, and the
    ledger says so. Raises Refused without an approval, NotFound, Conflict.
    """
    campaign = load_campaign(house, campaign_id)
    opened = open_to_send(house, actor, campaign)
    opened.tell_export(file)
    return prepare_with(opened, campaign, templates or {})


def hindrances(house: House, prepared: Prepared) -> tuple[BadInput, ...]:
    """Tell what GOV.UK Notify still needs before this can be sent from here: nothing where nothing is to be sent."""
    found = []
    for check in (house.message_service, partial(check_named, prepared)) if prepared.to_send else ():
        try:
            check()
        except BadInput as error:
            found.append(error)
    return tuple(found)


def check_named(prepared: Prepared) -> None:
    """Raise BadInput when a template is missing."""
    if prepared.unnamed:
        raise BadInput(
            f"There is no template of GOV.UK Notify for {', '.join(prepared.unnamed)}.",
            "Name it in authority.toml under [notify_templates], and apply that.",
            Where(key="notify_templates"),
            way=Way.NAME_TEMPLATE,
        )


def open_to_send(house: House, actor: Actor, campaign: Campaign) -> Opened:
    """Open the door to whom a campaign goes. Whoever may send nothing learns nothing of how far it has come."""
    open_door(house, Ask(actor, campaign.draft.purpose, Operation.SEND_MESSAGES, {}))
    check_may_be_sent(house, campaign)
    return open_door(house, ask_to_send(actor, campaign))


def ask_to_send(actor: Actor, campaign: Campaign) -> Ask:
    """Make the question at the door: to read whom it goes to, and to seal that under the campaign's own permission."""
    wanted = {**GROUND, written_to(campaign.id): WRITTEN_TO_COLUMNS}
    mandates = (name_mandate(campaign.id),)
    return Ask(actor, campaign.draft.purpose, Operation.SEND_MESSAGES, wanted, Tier.NAMES, mandates=mandates)


def check_may_be_sent(house: House, campaign: Campaign) -> None:
    """Raise Refused unless a public-health lead approved exactly this, and the alert behind it is still accepted."""
    if campaign.approval is None:
        raise Refused(
            "Refused: no public-health lead has approved this campaign.",
            "Submit it and have it approved.",
            Where(rule="approved"),
            way=Way.SUBMIT_CAMPAIGN,
        )
    if campaign.state not in GOING_ON:
        check_may_follow(campaign.state, Step.SEND)
    if not campaign.approved_as_it_is:
        raise Refused(
            "Refused: this is not what was approved.", "Plan it anew and submit it again.", Where(rule="approved")
        )
    check_accepted(house, campaign)


def prepare_with(opened: Opened, campaign: Campaign, templates: Mapping[str, str]) -> Prepared:
    """Make audience and outbox behind an open door."""
    house = opened.house
    messages = house.store.messages(campaign.id)
    audience = make_audience(opened, campaign.draft, messages)
    known = _known(messages, audience.written)
    audience = replace(audience, plan=replace(audience.plan, officer=_for_officer(audience, known)))
    chosen = {**rulebook(house.store).authority.notify_templates, **templates}
    by_file = not choose_template(chosen, Channel.LETTER, "")
    is_letter = pl.col("channel") == Channel.LETTER
    in_file = pl.col("reference").is_in(known.filter(state=MessageState.IN_FILE)["reference"].implode())
    outbox = fill_outbox(audience.recipients.filter(pl.lit(not by_file) | ~is_letter), known)
    left = not_written(audience.recipients, known)
    return Prepared(
        campaign=campaign,
        audience=audience,
        outbox=outbox,
        templates=_choose(outbox, chosen),
        letters=left.filter(is_letter & ~in_file).height if by_file else 0,
        left=left,
        doors=_doors(audience, known),
        differences=compare_with_approved(audience.plan, campaign.draft.total),
    )


def _known(messages: list[Message], written: pl.DataFrame) -> pl.DataFrame:
    rows = [(one.reference, one.state.value) for one in messages]
    states = pl.DataFrame(rows, schema={"reference": pl.String, "state": pl.String}, orient="row")
    return states.join(written.select("reference", "home_id", "channel"), on="reference", how="left")


def _choose(outbox: Outbox, chosen: Mapping[str, str]) -> dict[tuple[Channel, str], str]:
    wanted = outbox.send.select("channel", "language").unique().sort("channel", "language")
    return {
        (Channel(channel), language): choose_template(chosen, Channel(channel), language)
        for channel, language in wanted.iter_rows()
    }


def _doors(audience: Audience, known: pl.DataFrame) -> pl.DataFrame:
    """Give the doors to knock at: those that no way reaches, and those whose letter did not arrive and who may be visited."""
    again = _lost_letters(audience, known).filter(~_not_to_knock(audience.plan))
    doors = audience.plan.doors
    more = again.select(
        "home_id",
        pl.col("address").list.join(", "),
        "postcode",
        "lsoa",
        pl.lit(None, doors.schema["people"]).alias("people"),
        pl.lit(None, pl.List(pl.String)).alias("languages"),
    )
    return pl.concat([doors, more], how="vertical_relaxed").filter(~_is_reached(known))


def _for_officer(audience: Audience, known: pl.DataFrame) -> pl.DataFrame:
    """Give whom an officer decides about, and those whose letter did not arrive where somebody is not to be visited."""
    lost = _lost_letters(audience, known).filter(_not_to_knock(audience.plan), ~_is_reached(known))
    more = lost.select(
        pl.lit(None, pl.String).alias("resident_id"),
        "home_id",
        "name",
        pl.col("address").list.join(", "),
        "postcode",
        pl.lit(LETTER_LOST).alias("note"),
    )
    return pl.concat([audience.plan.officer, more])


def _lost_letters(audience: Audience, known: pl.DataFrame) -> pl.DataFrame:
    lost = known.filter((pl.col("channel") == Channel.LETTER) & pl.col("state").is_in(NOT_ARRIVED))
    return audience.recipients.filter(pl.col("reference").is_in(lost["reference"].implode()))


def _not_to_knock(plan: MessagePlan) -> pl.Expr:
    return pl.col("home_id").is_in(list(plan.not_to_knock)).fill_null(value=False)


def _is_reached(known: pl.DataFrame) -> pl.Expr:
    reached = known.filter(pl.col("state").is_in(WRITTEN - {MessageState.CLAIMED}))["home_id"]
    return pl.col("home_id").is_in(reached.drop_nulls().implode()).fill_null(value=False)
