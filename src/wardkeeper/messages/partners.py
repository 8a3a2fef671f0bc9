"""What partners get: how many people speak what where, who should speak to them, and the words. Nobody's name or address.

Small counts are not told, nor that a language is there at all: a lone speaker of it in a small area would be known by it.
"""

from collections.abc import Sequence

import polars as pl

from wardkeeper.messages.campaigns import Speaker
from wardkeeper.messages.messengers import choose_speaker
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.scripts import ENGLISH

FEWEST = 5
"""The smallest count that is told, and the fewest speakers of a language that is named."""

NOT_RECORDED = "not recorded"
OTHERS = "other languages"
"""All those that fewer speak, in one row."""

SOMEBODY = "…"
"""Stands in the words for the name of whoever gets them."""


def partners_list(plan: MessagePlan, areas: pl.DataFrame, speakers: Sequence[Speaker] = ()) -> pl.DataFrame:
    """Give area, name, language, people (text), messenger, subject and message: a row for each area and language.

    Languages with fewer than `FEWEST` speakers in an area share a row. `areas` has lsoa, area (the code the officer chose) and name. People left out of the plan are in no count.
    """
    counted = _count(plan.audience.join(areas.select("lsoa", "area", "name").unique("lsoa"), on="lsoa", how="inner"))
    told = pl.when(pl.col("people") < FEWEST).then(pl.lit(f"fewer than {FEWEST}")).otherwise(pl.format("{}", "people"))
    spoken = [ENGLISH if one in {NOT_RECORDED, OTHERS} else one for one in counted["language"].to_list()]
    words = [plan.wording_in(one) for one in spoken]
    speaker = [choose_speaker(speakers, *one).value for one in zip(counted["area"].to_list(), spoken, strict=True)]
    return counted.with_columns(
        told.alias("people"),
        pl.Series("messenger", speaker, pl.String),
        pl.Series("subject", [one.subject for one in words], pl.String),
        pl.Series("message", [one.for_printing.replace("((name))", SOMEBODY) for one in words], pl.String),
    )


def _count(people: pl.DataFrame) -> pl.DataFrame:
    """Give area, name, language and people, most first."""
    language = pl.col("language").fill_null(NOT_RECORDED)
    counted = people.group_by("area", "name", language.alias("language")).len("people")
    few = (pl.col("people") < FEWEST) & ~pl.col("language").is_in([ENGLISH, NOT_RECORDED])
    return (
        counted.group_by("area", "name", pl.when(few).then(pl.lit(OTHERS)).otherwise("language").alias("language"))
        .agg(pl.col("people").sum())
        .sort("area", "people", "language", descending=[False, True, False])
    )
