"""The open register of electors: names and addresses of those who did not opt out, and nothing else."""

from datetime import timedelta

import polars as pl

from wardkeeper.demo.draws import draw_share
from wardkeeper.demo.registers.scenes import ADULT, Extract, Mess, Scene, send_stale, write_names, write_places

SOURCE = "open-register"
MESS = Mess(typo=0.008, short_name=0.01, spoilt=0.25)
IN_OPEN_REGISTER = 0.37
"""Share of adults on the open register: about four in ten electors have not opted out (Electoral Commission)."""
PUBLISHED_DAYS_AGO = 21
STALE, STALE_DAYS = 0.35, 240
ATTAINER = 17
DEAD_KEPT_DAYS = 120


def export(scene: Scene) -> Extract:
    """Export adults and 17-year-olds. Hidden people are registered anonymously, so they are not here."""
    random = scene.random(SOURCE)
    long_dead = (pl.lit(scene.today) - pl.col("died_on")).dt.total_days() > DEAD_KEPT_DAYS
    electors = scene.open_people.filter((pl.col("age") >= ATTAINER) & ~long_dead.fill_null(value=False))
    chosen = electors.filter(pl.Series(draw_share(random, IN_OPEN_REGISTER, len(electors))))
    rows = send_stale(random, chosen, STALE, STALE_DAYS, scene.today)
    placed = write_places(random, scene, write_names(random, scene, rows, MESS), MESS)
    keyed = _number_electors(scene, placed)
    return Extract(SOURCE, _tabulate(scene, keyed), keyed.select("key", "person_id"))


def _number_electors(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Number electors within polling districts, by street, as registers are printed."""
    places = scene.homes.select("uprn", "msoa")
    placed = rows.join(places, on="uprn", how="left").sort("msoa", "line2", "line1", "person_id")
    district = pl.col("msoa").rank("dense").cast(pl.Int64) - 1
    letters = [f"{first}{second}" for first in "TR" for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return placed.with_columns(
        key=district.replace_strict(dict(enumerate(letters)), return_dtype=pl.String)
        + (pl.int_range(pl.len()).over("msoa") + 1).cast(pl.String)
    )


def _tabulate(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    published = scene.today - timedelta(days=PUBLISHED_DAYS_AGO)
    eighteenth = pl.col("birth_date").dt.offset_by("18y").dt.strftime("%d/%m/%Y")
    return rows.select(
        pl.col("key").alias("Elector Number"),
        pl.col("family").alias("Elector Surname"),
        pl.col("given").alias("Elector Forename"),
        pl.col("line1").alias("Address 1"),
        pl.coalesce("line2", "town").alias("Address 2"),
        pl.when(pl.col("line2").is_not_null()).then("town").alias("Address 3"),
        pl.col("postcode").alias("Postcode"),
        pl.when(pl.col("age") < ADULT).then(eighteenth).alias("Date of Attainment"),
        pl.lit(published.strftime("%d/%m/%Y")).alias("Published On"),
    )
