"""What is to be sent now: the audience as it is today beside the messages there are, so that nobody is written to twice.

A home that has been written to gets nothing more, even by a number that came to light since; a message that waits for
somebody who is no longer to be written to is withdrawn.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wardkeeper.messages.campaigns import PlanTotal
from wardkeeper.messages.channels import Channel, usable_email, usable_phone
from wardkeeper.messages.plan import OUTCOME_WORDS, MessagePlan, Outcome
from wardkeeper.messages.sending import LIVE, NOT_ARRIVED, WRITTEN, Message, MessageState

NOT_WORKING = "not working"
"""Stands in for a safe number that did not work."""


@dataclass(frozen=True, eq=False)
class Outbox:
    """What to do with the messages of a campaign. Frames have the columns of the recipients, and reference.

    `send` is everything to be sent now, of which `add` is new. `withdraw` and `revive` are references. `done` recipients
    have had their message, and `covered` are in a home that has been written to another way.
    """

    send: pl.DataFrame
    add: pl.DataFrame
    withdraw: tuple[str, ...]
    revive: tuple[str, ...]
    done: int
    covered: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that is not what was approved: of homes with an outcome, or of messages by a channel."""

    what: str
    approved: int
    now: int


def fill_outbox(recipients: pl.DataFrame, known: pl.DataFrame) -> Outbox:
    """Compare today's recipients (with reference) with the messages there are: reference, state, home_id."""
    theirs = recipients.join(known.select("reference", "state"), on="reference", how="left", maintain_order="left")
    written = known.filter(pl.col("state").is_in(LIVE))["home_id"].drop_nulls().unique().to_list()
    is_new, is_written = pl.col("state").is_null(), pl.col("home_id").is_in(written).fill_null(value=False)
    add = theirs.filter(is_new & ~is_written)
    revive = theirs.filter((pl.col("state") == MessageState.WITHDRAWN) & ~is_written)
    waiting = theirs.filter(pl.col("state") == MessageState.WAITING)
    gone = known.filter(pl.col("state") == MessageState.WAITING).join(recipients, on="reference", how="anti")
    return Outbox(
        send=pl.concat([waiting, revive, add]).drop("state"),
        add=add.drop("state"),
        withdraw=tuple(gone["reference"]),
        revive=tuple(revive["reference"]),
        done=theirs.filter(pl.col("state").is_in(LIVE)).height,
        covered=theirs.filter((is_new | (pl.col("state") == MessageState.WITHDRAWN)) & is_written).height,
    )


def not_written(recipients: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give the recipients (with reference) for a file: no home that was written to, and no way that did not work.

    Those in a file that was taken stay: until it is handed over, it may be taken again.
    """
    homes = known.filter(pl.col("state").is_in(WRITTEN))["home_id"].drop_nulls().unique().to_list()
    done = known.filter(pl.col("state").is_in(WRITTEN | NOT_ARRIVED))["reference"].to_list()
    written = pl.col("home_id").is_in(homes).fill_null(value=False)
    return recipients.filter(~written & ~pl.col("reference").is_in(done))


def new_messages(
    campaign: str, recipients: pl.DataFrame, state: MessageState = MessageState.WAITING, at: datetime | None = None
) -> list[Message]:
    """Make a message for each recipient (with reference)."""
    rows = recipients.select("reference", "channel", "language").iter_rows()
    return [
        Message(reference, campaign, Channel(channel), language, state, changed_at=at)
        for reference, channel, language in rows
    ]


def leave_out_numbers(people: pl.DataFrame, failed: list[str]) -> pl.DataFrame:
    """Take away the phones and e-mail addresses that did not work, so that a plan goes on to the next way.

    A safe number that does not work stays the only one that may be used: nobody falls back on one that is not safe.
    """
    safe = pl.col("safe_phone").str.replace_all(r"[\s()-]", "").is_in(failed)
    return people.with_columns(
        pl.when(~usable_phone().is_in(failed).fill_null(value=False)).then("phone").alias("phone"),
        pl.when(~usable_email().is_in(failed).fill_null(value=False)).then("email").alias("email"),
        pl.when(safe).then(pl.lit(NOT_WORKING)).otherwise("safe_phone").alias("safe_phone"),
    )


def compare_with_approved(plan: MessagePlan, approved: PlanTotal) -> tuple[Difference, ...]:
    """Tell where the audience of today differs from what was approved."""
    then = {one.outcome: one.homes for one in approved.outcomes}
    homes = ((OUTCOME_WORDS[one], then.get(one, 0), plan.of(one).homes) for one in Outcome)
    rows = dict(plan.recipients["channel"].value_counts().iter_rows())
    messages = ((f"Messages by {one}", approved.count(one), rows.get(one.value, 0)) for one in Channel)
    return tuple(Difference(what, before, now) for what, before, now in (*homes, *messages) if before != now)
