"""Assisted bin collections: a short list kept by hand, with initials only and no property number."""

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import draw_share
from wardkeeper.demo.registers.scenes import ADULT, Extract, Mess, Scene, number_rows, write_names, write_places

SOURCE = "assisted-bins"
MESS = Mess(typo=0.02, short_name=0.0, no_postcode=0.02)
SHARE_OF_HOMES = 0.015
REPEATED = 0.01
NAMELESS = 0.01
LONGEST_AGO = 4 * 365

REASONS = (
    ("wheelchair", "Wheelchair user"),
    ("sight_loss", "Sight loss"),
    ("limited_mobility", "Mobility"),
    ("frail", "Frailty"),
    ("temporary_injury", "Temporary injury"),
)
"""The first that holds is the reason given."""


def export(scene: Scene) -> Extract:
    """Export the homes that are helped, each under the name of the person who needs it."""
    random = scene.random(SOURCE)
    rows = _date_agreements(random, scene, _choose(random, scene))
    named = write_names(random, scene, rows, MESS)
    keyed = write_places(random, scene, named, MESS).with_columns(key=number_rows("AB", len(rows), 6))
    again = keyed.filter(pl.Series(draw_share(random, REPEATED, len(keyed)) & ~scene.spare(keyed)))
    listed = pl.concat([keyed, again])
    return Extract(SOURCE, _tabulate(random, scene, listed), keyed.select("key", "person_id"))


def _choose(random: np.random.Generator, scene: Scene) -> pl.DataFrame:
    """Choose one person a home, and the planted dead person, whom nobody has taken off the list."""
    dead = scene.district.planted.dead
    need = pl.any_horizontal(flag for flag, _ in REASONS)
    people = scene.open_people.filter((pl.col("age") >= ADULT) & (pl.col("role") != "communal") & need)
    firsts = people.unique("uprn", keep="first", maintain_order=True)
    share = SHARE_OF_HOMES * scene.people["uprn"].n_unique() / max(len(firsts), 1)
    chosen = draw_share(random, share, len(firsts)) & (firsts["person_id"] != dead).to_numpy()
    return pl.concat([firsts.filter(pl.Series(chosen)), scene.people.filter(pl.col("person_id") == dead)])


def _date_agreements(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Date each agreement; most made before a move still show the home that was left."""
    days = pl.Series(random.integers(20, LONGEST_AGO, len(rows)))
    dated = rows.with_columns(agreed=pl.lit(scene.today) - pl.duration(days=1) * days)
    kept = pl.Series(draw_share(random, 0.4, len(rows)) & ~scene.spare(rows))
    before = pl.col("moved") & (pl.col("agreed") < pl.col("in_since")) & pl.col("former_uprn").is_not_null()
    settled = pl.when(pl.col("moved") & (pl.col("agreed") < pl.col("in_since"))).then("in_since").otherwise("agreed")
    return dated.with_columns(
        uprn=pl.when(before & kept).then("former_uprn").otherwise("uprn"),
        agreed=pl.when(before & kept).then("agreed").otherwise(settled),
    )


def _tabulate(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    reason = pl.lit("Other")
    for flag, words in reversed(REASONS):
        reason = pl.when(flag).then(pl.lit(words)).otherwise(reason)
    spare = scene.spare(rows)
    name = pl.concat_str("title", pl.col("given").str.head(1), "family", separator=" ")
    phone = rows.select(pl.coalesce("landline", "mobile")).to_series()
    return rows.select(
        pl.col("key").alias("Ref"),
        mistakes.blank(random, rows.select(name).to_series(), NAMELESS, spare).alias("Name"),
        pl.col("line1").alias("Address Line 1"),
        pl.col("line2").alias("Address Line 2"),
        pl.col("town").alias("Town"),
        pl.col("postcode").alias("Post Code"),
        reason.alias("Reason"),
        pl.col("agreed").dt.strftime("%d-%b-%y").alias("Date Agreed"),
        mistakes.blank(random, phone, 0.15, spare).alias("Phone"),
    )
