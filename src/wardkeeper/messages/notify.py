"""The file of recipients in the form GOV.UK Notify takes, as a frame: writing it is left to an adapter.

Headings are Notify's: `phone number`, `email address`, or `address line 1` to `address line 7` (the last one the
postcode). Notify wants a column for each gap of its template and leaves others unread, so a file has both: the gaps of
the words, for a template that holds these, and `subject` and `message`, the words as each reads them, for a template that
is only ((message)) with the subject ((subject)).
"""

from collections.abc import Callable, Collection
from typing import assert_never

import polars as pl

from wardkeeper.messages.channels import ADDRESS_LINES, ADDRESS_PARTS, Channel
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.templates import fill
from wardkeeper.messages.wording import Wording

NAME = "((name))"
"""The gap for who is written to."""


def notify_file(plan: MessagePlan, channel: Channel | None = None, language: str = "") -> pl.DataFrame:
    """Give the rows for one channel (by default the plan's own), all text, ready to be written as CSV.

    One row a phone, an e-mail address or a door. A plan whose chosen channel does not reach every home has rows for
    other channels too: ask for each. A template has one language: with `language`, only its rows are given.
    """
    way = channel or plan.channel
    rows = plan.recipients.filter(pl.col("channel") == way)
    rows = rows.filter(pl.col("language") == language) if language else rows
    gaps = _gaps(plan, taken=_names(way))
    return rows.select(*_headings(way), *gaps.values(), *_whole(plan, way, taken=gaps))


def _names(channel: Channel) -> tuple[str, ...]:
    match channel:
        case Channel.TEXT:
            return ("phone number",)
        case Channel.EMAIL:
            return ("email address",)
        case Channel.LETTER:
            return ADDRESS_LINES
        case _:
            assert_never(channel)


def _headings(channel: Channel) -> list[pl.Expr]:
    match channel:
        case Channel.TEXT:
            # Without the +, so that no spreadsheet takes the number for a formula.
            return [pl.col("to").str.replace(r"^\+44", "0").alias("phone number")]
        case Channel.EMAIL:
            return [pl.col("to").alias("email address")]
        case Channel.LETTER:
            return address_lines()
        case _:
            assert_never(channel)


def address_lines() -> list[pl.Expr]:
    """Give Notify's seven address lines of a letter: the name, the address and the postcode."""
    parts = [pl.col("address").list.get(number, null_on_oob=True).fill_null("") for number in range(ADDRESS_PARTS)]
    lines = [pl.col("name"), *parts, pl.col("postcode")]
    return [line.alias(heading) for line, heading in zip(lines, ADDRESS_LINES, strict=True)]


def whole_words(plan: MessagePlan, part: Callable[[Wording], str]) -> pl.Expr:
    """Give a part of the words as each recipient reads it: in their language, with every gap filled."""
    languages = plan.recipients["language"].unique().to_list()
    words = {one: plan.wording_in(one) for one in languages}
    texts = {one: fill(part(said), {**said.given, "name": NAME}) for one, said in words.items()}
    theirs = pl.col("language").replace_strict(texts, default="", return_dtype=pl.String)
    return theirs.str.replace_all(NAME, pl.col("name"), literal=True)


def _whole(plan: MessagePlan, channel: Channel, taken: Collection[str]) -> list[pl.Expr]:
    message = whole_words(plan, lambda words: words.body).alias("message")
    subject = whole_words(plan, lambda words: words.subject).alias("subject")
    parts = {"message": message} if channel is Channel.TEXT else {"subject": subject, "message": message}
    return [part for name, part in parts.items() if name not in taken]


def _gaps(plan: MessagePlan, taken: Collection[str]) -> dict[str, pl.Expr]:
    values = plan.wording.given
    return {
        gap: (pl.lit(values[gap]) if gap in values else pl.col(gap)).alias(gap)
        for gap in plan.wording.gaps
        if gap not in taken
    }
