"""The rows of messages that a plan comes to: one a phone, an e-mail address or a door, each in one language."""

from collections.abc import Collection, Mapping

import polars as pl

from wardkeeper.messages.audience import Standing
from wardkeeper.messages.channels import Channel, address_parts
from wardkeeper.messages.scripts import ENGLISH, standard_language

HOUSEHOLD = "Householder"


def list_recipients(people: pl.DataFrame, homes: pl.DataFrame, languages: Collection[str]) -> pl.DataFrame:
    """Give home_id, channel, to, name, address, postcode, lsoa and language: a row for each message to be sent.

    `people` is an audience with its homes' outcomes in `homes`. A message is in the language, of those offered, that
    most of the people behind it are recorded to prefer; else in English.
    """
    offered = pl.when(standard_language().is_in(list(languages))).then(standard_language()).alias("offered")
    written = people.join(homes.select("home", "outcome"), on="home", how="left").filter(
        (pl.col("standing") == Standing.OPEN) & pl.col("adult")
    )
    written = written.with_columns(offered)
    return pl.concat(
        [
            _by_number(written.filter(pl.col("outcome") == Channel.TEXT), Channel.TEXT, "phone"),
            _by_number(written.filter(pl.col("outcome") == Channel.EMAIL), Channel.EMAIL, "email"),
            _by_door(homes.filter(pl.col("outcome") == Channel.LETTER), written),
        ]
    )


def _by_number(written: pl.DataFrame, channel: Channel, column: str) -> pl.DataFrame:
    """Give one row a phone or e-mail, however many people and homes share it: it is that of the first home by its id."""
    named = written.filter(pl.col(column).is_not_null()).sort("home", "resident_id")
    return (
        named.group_by(pl.col(column).alias("to"), maintain_order=True)
        .agg(pl.col("home_id", "lsoa").first(), _language(), names=full_name().drop_nulls().unique(maintain_order=True))
        .select(
            "home_id",
            pl.lit(channel.value).alias("channel"),
            "to",
            _joined("names").alias("name"),
            pl.lit(None, pl.List(pl.String)).alias("address"),
            pl.lit(None, pl.String).alias("postcode"),
            "lsoa",
            "language",
        )
    )


def _by_door(homes: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """Give one row a door: one letter, though several people, or two home ids, share it."""
    doors = homes.select("home", "home_id", "address", "postcode", "lsoa", "door")
    named = doors.join(written.select("home", "offered", full_name().alias("name")), on="home", how="left").sort(
        "home", "name"
    )
    return (
        named.group_by("door", maintain_order=True)
        .agg(
            pl.col("home_id", "address", "postcode", "lsoa").first(),
            _language(),
            names=pl.col("name").drop_nulls().unique(maintain_order=True),
        )
        .select(
            "home_id",
            pl.lit(Channel.LETTER.value).alias("channel"),
            pl.lit(None, pl.String).alias("to"),
            _joined("names").alias("name"),
            address_parts().alias("address"),
            "postcode",
            "lsoa",
            "language",
        )
    )


def find_linked(people: pl.DataFrame) -> Mapping[str, str]:
    """Give the first home of those that are linked, for each home id that is linked with another.

    Homes are linked when they share a phone, an e-mail address or a door, or are linked with the same home. Two wordings
    are parted by that first home, so that whoever shares a number sees one of them.
    """
    held = (people.select("home_id", held=pl.concat_str(pl.lit(f"{one} "), one)) for one in ("phone", "email", "door"))
    every = pl.concat(held).drop_nulls().unique()
    found = every.filter(pl.col("home_id").n_unique().over("held") > 1).with_columns(first="home_id")
    before = None
    while before is None or not found.equals(before):
        before = found
        found = found.with_columns(pl.col("first").min().over("held")).with_columns(
            pl.col("first").min().over("home_id")
        )
    return dict(found.select("home_id", "first").unique().iter_rows())


def full_name() -> pl.Expr:
    """Give title, given name and family name as people write them; null when there is neither a family nor a whole given name."""
    whole = pl.concat_str("title", "given", "family", separator=" ", ignore_nulls=True).str.to_titlecase()
    return pl.when(pl.col("family").is_not_null() | (pl.col("given").str.len_chars() > 1)).then(whole)


def _language() -> pl.Expr:
    return pl.col("offered").drop_nulls().mode().sort().first().fill_null(ENGLISH).alias("language")


def _joined(names: str) -> pl.Expr:
    """Address up to two people by name, and more than two (or nobody known) as the household."""
    few = pl.col(names).list.len().is_between(1, 2)
    return pl.when(few).then(pl.col(names).list.join(" and ")).otherwise(pl.lit(HOUSEHOLD))
