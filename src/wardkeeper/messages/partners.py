"""What partners get: how many people speak what where, who should speak to them, and the words. Nobody's name or address.

Small counts are not told: a lone speaker of a language in a small area would be known by it.
"""

from collections.abc import Sequence

import polars as pl

from wardkeeper.messages.campaigns import Speaker
from wardkeeper.messages.messengers import choose_speaker
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.scripts import ENGLISH

FEWEST = 5
"""The smallest count that is told; a smaller one is said to be fewer than that."""

NOT_RECORDED = "not recorded"


def partners_list(plan: MessagePlan, areas: pl.DataFrame, speakers: Sequence[Speaker] = ()) -> pl.DataFrame:
    """Give area, name, language, people (text), messenger, subject and message: a row for each area and language.

    `areas` has lsoa, area (the code the officer chose) and name. People left out of the plan are in no count.
    """
    language = pl.col("language").fill_null(NOT_RECORDED)
    counted = (
        plan.audience.join(areas.select("lsoa", "area", "name").unique("lsoa"), on="lsoa", how="inner")
        .group_by("area", "name", language.alias("language"))
        .len("people")
        .sort("area", "people", "language", descending=[False, True, False])
    )
    told = pl.when(pl.col("people") < FEWEST).then(pl.lit(f"fewer than {FEWEST}")).otherwise(pl.format("{}", "people"))
    spoken = [ENGLISH if one == NOT_RECORDED else one for one in counted["language"].to_list()]
    words = [plan.wording_in(one) for one in spoken]
    places = counted["area"].to_list()
    return counted.with_columns(
        told.alias("people"),
        pl.Series(
            "messenger",
            list(map(str, (choose_speaker(speakers, *one) for one in zip(places, spoken, strict=True)))),
            pl.String,
        ),
        pl.Series("subject", [one.subject for one in words], pl.String),
        pl.Series("message", [one.filled for one in words], pl.String),
    )
