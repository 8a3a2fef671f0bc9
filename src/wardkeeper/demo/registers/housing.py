"""Social housing: tenancies with both tenants, their birth dates, and the refuge the landlord runs."""

from datetime import timedelta

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import draw_share
from wardkeeper.demo.registers.scenes import PARENTLESS, Extract, Mess, Scene, number_rows, write_names, write_places

SOURCE = "social-housing"
MESS = Mess(typo=0.008, short_name=0.01, no_uprn=0.06, spoilt=0.3)
EXTRACTED_DAYS_AGO = 17
OWNED_BY_LANDLORD = 0.85
JOINT = 0.75
ENDED = 0.3
"""Of social tenants who moved lately within the district, how many still show at the home they left, as ended."""

ADAPTATIONS = (
    ("wheelchair", "Wheelchair access"),
    ("limited_mobility", "Level access shower"),
    ("frail", "Stairlift"),
)
_TENANT = ("person_id", "title", "given", "family", "birth_date", *(flag for flag, _ in ADAPTATIONS))


def export(scene: Scene) -> Extract:
    """Export tenancies, current and lately ended. Column types are kept: the writer makes real Excel dates."""
    random = scene.random(SOURCE)
    tenancies = pl.concat([_current(random, scene), _ended(random, scene)], how="diagonal")
    keyed = tenancies.with_columns(key=number_rows("T", len(tenancies), 5))
    second = keyed.filter(pl.col("person_id_2").is_not_null())
    truth = pl.concat([keyed.select("key", "person_id"), second.select(pl.col("key") + ":2", person_id="person_id_2")])
    return Extract(SOURCE, _tabulate(random, scene, keyed), truth)


def _current(random: np.random.Generator, scene: Scene) -> pl.DataFrame:
    """Give a row a tenancy with its first and second tenant."""
    planted = scene.district.planted
    sheltered = {planted.fled}
    social = scene.people.filter(
        (pl.col("tenure") == "social")
        & ~pl.col("role").is_in(PARENTLESS)
        & pl.col("died_on").is_null()
        & ~pl.col("person_id").is_in(list(sheltered))
    )
    firsts = social.filter(pl.col("place") == 0)
    kept = pl.Series(draw_share(random, OWNED_BY_LANDLORD, len(firsts)) | scene.spare(firsts))
    firsts = _name_father_first(scene, firsts.filter(kept))
    seconds = _find_seconds(random, scene, social, firsts)
    return firsts.with_columns(ended=pl.lit(None, dtype=pl.Date)).join(seconds, on="household", how="left")


def _name_father_first(scene: Scene, firsts: pl.DataFrame) -> pl.DataFrame:
    """Make the planted father the tenant of his home, whoever else is first in it."""
    father, _ = scene.district.planted.name_sharers
    row = scene.people.filter(pl.col("person_id") == father)
    return pl.concat([firsts.filter(~pl.col("household").is_in(row["household"].implode())), row])


def _find_seconds(
    random: np.random.Generator, scene: Scene, social: pl.DataFrame, firsts: pl.DataFrame
) -> pl.DataFrame:
    """Give second tenants: mostly partners; in the planted home the son who bears his father's name."""
    father, son = scene.district.planted.name_sharers
    household = firsts.filter(pl.col("person_id") == father)["household"].implode()
    partners = social.filter((pl.col("place") == 1) & ~pl.col("household").is_in(household))
    joint = partners.filter(pl.Series(draw_share(random, JOINT, len(partners))))
    chosen = pl.concat([joint, scene.people.filter(pl.col("person_id") == son)])
    named = write_names(random, scene, chosen, MESS)
    return named.select("household", *(pl.col(name).alias(f"{name}_2") for name in _TENANT))


def _ended(random: np.random.Generator, scene: Scene) -> pl.DataFrame:
    """Give tenancies that ended when their tenant moved, at the home left."""
    movers = scene.open_people.filter(
        (pl.col("tenure") == "social")
        & (pl.col("place") == 0)
        & pl.col("moved")
        & pl.col("former_uprn").is_not_null()
        & (pl.col("role") != "communal")
    )
    chosen = movers.filter(pl.Series(draw_share(random, ENDED, len(movers)) & ~scene.spare(movers)))
    return chosen.with_columns(
        uprn="former_uprn",
        ended="in_since",
        in_since=pl.col("in_since") - pl.duration(days=1500),
        person_id_2=pl.lit(None, dtype=pl.String),
    )


def _tabulate(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    spare = scene.spare(rows)
    placed = write_places(random, scene, write_names(random, scene, rows, MESS), MESS)
    refuge = scene.district.planted.refuge
    in_refuge = pl.col("person_id").is_in(refuge)
    older = pl.col("composition").is_in(["one-older", "couple-older"])
    sheltered = older & pl.col("floor").is_not_null() & pl.Series(draw_share(random, 0.6, len(rows)))
    full = pl.concat_str("address", "postcode", separator=", ", ignore_nulls=True)
    return placed.select(
        pl.col("key").alias("Tenancy Ref"),
        _write_tenant("").alias("Tenant 1"),
        mistakes.confuse_days(random, rows["birth_date"], 0.006, spare).alias("Tenant 1 DOB"),
        _write_tenant("_2").alias("Tenant 2"),
        pl.col("birth_date_2").alias("Tenant 2 DOB"),
        pl.col("uprn_text").alias("Property Ref"),
        pl.when(in_refuge)
        .then(pl.lit(scene.district.planted.refuge_name + ", ") + full)
        .otherwise(full)
        .alias("Property Address"),
        pl.when(in_refuge)
        .then(pl.lit("Refuge"))
        .when(sheltered)
        .then(pl.lit("Sheltered"))
        .otherwise(pl.lit("General needs"))
        .alias("Scheme Type"),
        _write_adaptations().alias("Adaptations"),
        pl.col("floor").alias("Floor"),
        mistakes.blank(random, rows.select(pl.coalesce("mobile", "landline")).to_series(), 0.1, spare).alias("Phone"),
        pl.col("in_since").alias("Tenancy Start"),
        pl.when(pl.col("ended") <= scene.today - timedelta(days=EXTRACTED_DAYS_AGO)).then("ended").alias("Tenancy End"),
    )


def _write_tenant(suffix: str) -> pl.Expr:
    """Write a tenant as "SMITH, Mrs Jane"."""
    family = pl.col(f"family{suffix}").str.to_uppercase()
    return pl.concat_str(family, pl.lit(", "), f"title{suffix}", pl.lit(" "), f"given{suffix}")


def _write_adaptations() -> pl.Expr:
    items = [
        pl.when(pl.col(flag) | pl.col(f"{flag}_2").fill_null(value=False)).then(pl.lit(words))
        for flag, words in ADAPTATIONS
    ]
    return pl.concat_str(items, separator="; ", ignore_nulls=True).replace("", None)
