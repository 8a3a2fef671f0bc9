"""What partners get: how many people speak what where, who should speak to them, and the words. Nobody's name or address.

Small counts are not told, nor that a language is there at all: a lone speaker of it in a small area would be known by it.
People are counted by LSOA, whatever areas a campaign is for: who got the counts of an area from one list and of its parts
from another could take them from each other, and find the small one.
"""

from collections.abc import Sequence

import polars as pl

from wardkeeper.messages.campaigns import Speaker
from wardkeeper.messages.few import FEW, FEWEST
from wardkeeper.messages.messengers import choose_speaker
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.scripts import ENGLISH

NOT_RECORDED = "not recorded"
OTHERS = "other languages"
"""All those that fewer speak, in one row."""

SOMEBODY = "…"
"""Stands in the words for the name of whoever gets them."""


def partners_list(plan: MessagePlan, areas: pl.DataFrame, speakers: Sequence[Speaker] = ()) -> pl.DataFrame:
    """Give area, name, language, people (text), messenger, subject and message: a row for each LSOA and language.

    Languages with fewer than `FEWEST` speakers in an area share a row. `areas` has lsoa, area and name (those the officer
    chose, which speakers are chosen by); `name` tells which of these the LSOA is in. People left out of the plan are in
    no count.
    """
    chosen = areas.select("lsoa", "area", "name").unique("lsoa", keep="first", maintain_order=True)
    counted = _count(plan.audience.join(chosen.drop("area"), on="lsoa", how="inner")).rename({"lsoa": "area"})
    whole = dict(chosen.select("lsoa", "area").iter_rows())
    told = pl.when(pl.col("people") < FEWEST).then(pl.lit(FEW)).otherwise(pl.format("{}", "people"))
    spoken = [ENGLISH if one in {NOT_RECORDED, OTHERS} else one for one in counted["language"].to_list()]
    words = [plan.wording_in(one) for one in spoken]
    speaker = [
        choose_speaker(speakers, whole[part], one).value for part, one in zip(counted["area"], spoken, strict=True)
    ]
    return counted.with_columns(
        told.alias("people"),
        pl.Series("messenger", speaker, pl.String),
        pl.Series("subject", [one.subject for one in words], pl.String),
        pl.Series("message", [one.for_printing.replace("((name))", SOMEBODY) for one in words], pl.String),
    )


def _count(people: pl.DataFrame) -> pl.DataFrame:
    """Give lsoa, name, language and people, most first."""
    language = pl.col("language").fill_null(NOT_RECORDED)
    counted = people.group_by("lsoa", "name", language.alias("language")).len("people")
    few = (pl.col("people") < FEWEST) & ~pl.col("language").is_in([ENGLISH, NOT_RECORDED])
    return (
        counted.group_by("lsoa", "name", pl.when(few).then(pl.lit(OTHERS)).otherwise("language").alias("language"))
        .agg(pl.col("people").sum())
        .sort("lsoa", "people", "language", descending=[False, True, False])
    )
