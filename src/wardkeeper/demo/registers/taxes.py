"""Council tax and its single-person discount: a row a home, names run together, no birth dates."""

from datetime import timedelta

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import Flags, draw_share, pick
from wardkeeper.demo.registers.scenes import ADULT, PARENTLESS, Extract, Mess, Scene, write_names, write_places

COUNCIL_TAX = "council-tax"
DISCOUNT = "single-person-discount"
TAX_MESS = Mess(typo=0.01, short_name=0.004, no_uprn=0.03, spoilt=0.35)
DISCOUNT_MESS = Mess(typo=0.01, short_name=0.004, no_uprn=0.05, spoilt=0.35)
EXTRACTED_DAYS_AGO = 13

FIRST_ACCOUNT = 80_000_000
CLOSING_ACCOUNT = 89_000_000
LAST_DISCOUNT = 88_000_001
SECOND_NAMED = 0.85
RUN_TOGETHER = 0.45
"""Of married couples with one name, how many are "MR & MRS J SMITH"."""
INITIAL_ONLY = 0.35
STILL_OPEN, CLOSING_DAYS = 0.5, 120
"""Of those who moved within so many days, how many still have an account at the home they left."""
DEAD_KEPT_DAYS = 150
CLAIMED = 0.85
"""Of homes with one adult, how many have the discount."""
VOIDS = 0.25
"""Of empty homes, how many have an account that names nobody."""
BANDS = ("A", "B", "C", "D", "E", "F", "G", "H")
BAND_WEIGHTS = np.array([0.19, 0.22, 0.24, 0.16, 0.09, 0.05, 0.04, 0.01])
"""Trafford's stock of properties by band, rounded (Valuation Office Agency, 2023)."""
_LIABLE = ("person_id", "title", "given", "family", "sex")


def export_council_tax(scene: Scene) -> Extract:
    """Export a row a home with one or two liable people, and accounts not yet closed at homes people left."""
    random = scene.random(COUNCIL_TAX)
    current = _pair_liable(random, _find_liable(scene))
    accounts = pl.concat([current, _closing(random, scene), _left_behind(scene)], how="diagonal")
    rows = _number_accounts(scene, accounts).sort("key")
    named = _write_liable(random, scene, rows)
    second = named.filter(pl.col("person_id_2").is_not_null())
    truth = pl.concat([named.select("key", "person_id"), second.select(pl.col("key") + ":2", person_id="person_id_2")])
    table = pl.concat([_tabulate_tax(random, scene, named), _tabulate_voids(random, scene)]).sort("Account No")
    return Extract(COUNCIL_TAX, table, truth)


def _find_liable(scene: Scene) -> pl.DataFrame:
    """Give the adults who may be liable, men before their wives as old accounts have it, the long dead left out."""
    long_dead = (pl.lit(scene.today) - pl.col("died_on")).dt.total_days() > DEAD_KEPT_DAYS
    adults = scene.open_people.filter(
        ~pl.col("role").is_in(PARENTLESS) & (pl.col("age") >= ADULT) & ~long_dead.fill_null(value=False)
    )
    return adults.filter(pl.col("place") < 2).sort("uprn", "sex", descending=[False, True], maintain_order=True)


def _pair_liable(random: np.random.Generator, adults: pl.DataFrame) -> pl.DataFrame:
    """Give a row a home: the first adult's columns and some of the second's with `_2` behind."""
    numbered = adults.with_columns(turn=pl.int_range(pl.len()).over("uprn"))
    seconds = numbered.filter(pl.col("turn") == 1)
    kept = seconds.filter(pl.Series(draw_share(random, SECOND_NAMED, len(seconds))))
    columns = kept.select("uprn", *(pl.col(name).alias(f"{name}_2") for name in _LIABLE))
    return numbered.filter(pl.col("turn") == 0).join(columns, on="uprn", how="left", maintain_order="left")


def _closing(random: np.random.Generator, scene: Scene) -> pl.DataFrame:
    """Give accounts still open at the homes that people left lately."""
    lately = (pl.lit(scene.today) - pl.col("in_since")).dt.total_days() < CLOSING_DAYS
    movers = scene.open_people.filter(
        pl.col("moved")
        & lately
        & pl.col("former_uprn").is_not_null()
        & (pl.col("place") == 0)
        & (pl.col("age") >= ADULT)
    )
    chosen = movers.filter(pl.Series(draw_share(random, STILL_OPEN, len(movers)) & ~scene.spare(movers)))
    return chosen.with_columns(
        uprn="former_uprn", in_since=pl.col("in_since") - pl.duration(days=900), closing=pl.lit(value=True)
    )


def _left_behind(scene: Scene) -> pl.DataFrame:
    """Give the accounts that still hold the hidden people at the homes they left."""
    hidden = scene.people.filter(pl.col("person_id").is_in(scene.hidden) & pl.col("former_uprn").is_not_null())
    return hidden.with_columns(
        uprn="former_uprn", in_since=pl.col("in_since") - pl.duration(days=1200), closing=pl.lit(value=True)
    )


def _number_accounts(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Give each home's account a number that follows the home; accounts being closed have numbers of their own."""
    placed = rows.join(_order_homes(scene), on="uprn", how="left", maintain_order="left").with_columns(
        pl.col("closing").fill_null(value=False)
    )
    closing = CLOSING_ACCOUNT + pl.int_range(pl.len())
    number = pl.when("closing").then(closing).otherwise(FIRST_ACCOUNT + pl.col("order"))
    return placed.with_columns(key=number.cast(pl.String))


def _order_homes(scene: Scene) -> pl.DataFrame:
    return scene.homes.sort("uprn").with_row_index("order").select("uprn", pl.col("order").cast(pl.Int64))


def _write_liable(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Add name_1 and name_2 as the account has them."""
    spare = scene.spare(rows)
    named = write_names(random, scene, rows, TAX_MESS)
    same = (pl.col("family") == pl.col("family_2")) & pl.col("composition").str.starts_with("married")
    joint = named.select((same & (pl.col("title") == "Mr")).fill_null(value=False)).to_series()
    together = joint & pl.Series(draw_share(random, RUN_TOGETHER, len(rows)) & ~spare)
    initials = draw_share(random, INITIAL_ONLY, len(rows)) & ~spare
    apart = named.with_columns(name_1=_write_party("", initials), name_2=_write_party("_2", initials))
    run = pl.concat_str(pl.lit("MR & MRS "), pl.col("given").str.head(1), pl.lit(" "), "family").str.to_uppercase()
    return apart.with_columns(
        name_1=pl.when(together).then(run).otherwise("name_1"), name_2=pl.when(~together).then("name_2")
    )


def _write_party(suffix: str, initials: Flags) -> pl.Expr:
    """Write one liable person as "MRS JANE SMITH" or "MRS J SMITH"."""
    given = pl.col(f"given{suffix}")
    first = pl.when(pl.Series(initials)).then(given.str.head(1)).otherwise(given)
    return pl.concat_str(f"title{suffix}", first, f"family{suffix}", separator=" ").str.to_uppercase()


def _tabulate_tax(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    placed = write_places(random, scene, rows, TAX_MESS)
    day = "%d/%m/%Y"
    band = pick(random, BANDS, BAND_WEIGHTS, len(rows))
    extracted = scene.today - timedelta(days=EXTRACTED_DAYS_AGO)
    return placed.select(
        pl.col("key").alias("Account No"),
        pl.col("name_1").alias("Liable Name 1"),
        pl.col("name_2").alias("Liable Name 2"),
        pl.col("address").str.to_uppercase().alias("Address"),
        pl.col("postcode").alias("Pcode"),
        pl.col("uprn_text").alias("UPRN"),
        pl.Series("Band", band),
        pl.col("in_since").dt.strftime(day).alias("Occupied From"),
        _write_exemption(random, scene, rows).alias("Exemption"),
        pl.lit(extracted.strftime(day)).alias("Extract Date"),
    )


def _tabulate_voids(random: np.random.Generator, scene: Scene) -> pl.DataFrame:
    """Give accounts of empty homes, which name nobody."""
    empty = scene.homes.filter(pl.col("household").is_null())
    rows = empty.filter(pl.Series(draw_share(random, VOIDS, len(empty)))).select("uprn", "address", "postcode")
    placed = rows.join(_order_homes(scene), on="uprn")
    extracted = scene.today - timedelta(days=EXTRACTED_DAYS_AGO)
    nothing = pl.lit(None, dtype=pl.String)
    return placed.select(
        (FIRST_ACCOUNT + pl.col("order")).cast(pl.String).alias("Account No"),
        nothing.alias("Liable Name 1"),
        nothing.alias("Liable Name 2"),
        pl.col("address").str.to_uppercase().alias("Address"),
        pl.col("postcode").alias("Pcode"),
        pl.col("uprn").alias("UPRN"),
        pl.lit("C").alias("Band"),
        nothing.alias("Occupied From"),
        nothing.alias("Exemption"),
        pl.lit(extracted.strftime("%d/%m/%Y")).alias("Extract Date"),
    )


def _write_exemption(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.Expr:
    told = pl.Series(draw_share(random, 0.7, len(rows)) & ~scene.spare(rows))
    alone = pl.col("person_id_2").is_null()
    student = (pl.col("composition") == "several-other") & (pl.col("tenure") == "private") & (pl.col("age") < 26)
    return (
        pl.when(pl.col("died_on").is_not_null() & alone & told)
        .then(pl.lit("Class F deceased"))
        .when(student & told)
        .then(pl.lit("Class M student"))
        .when(pl.col("severe_impairment") & alone & told)
        .then(pl.lit("Class U severe mental impairment"))
    )


def export_discounts(scene: Scene) -> Extract:
    """Export the discounts: homes with one adult that claimed, and the stale one of the person who fled."""
    random = scene.random(DISCOUNT)
    adults = scene.open_people.filter((pl.col("age") >= ADULT) & (pl.col("role") != "communal"))
    counted = adults.with_columns(living=pl.col("died_on").is_null().sum().over("uprn"), named=pl.len().over("uprn"))
    single = counted.filter(
        ((pl.col("living") == 1) & pl.col("died_on").is_null())
        | ((pl.col("named") == 1) & ((pl.lit(scene.today) - pl.col("died_on")).dt.total_days() < DEAD_KEPT_DAYS))
    )
    claimed = single.filter(pl.Series(draw_share(random, CLAIMED, len(single)) | scene.spare(single)))
    fled = scene.people.filter(pl.col("person_id") == scene.district.planted.fled).with_columns(
        uprn="former_uprn", in_since=pl.col("in_since") - pl.duration(days=700), closing=pl.lit(value=True)
    )
    rows = _number_accounts(scene, pl.concat([claimed, fled], how="diagonal")).sort("key")
    # The fled person's account number would be another home's in council tax: give the discount one of its own.
    rows = rows.with_columns(key=pl.when("closing").then(pl.lit(str(LAST_DISCOUNT))).otherwise("key"))
    return Extract(DISCOUNT, _tabulate_discount(random, scene, rows), rows.select("key", "person_id"))


def _tabulate_discount(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    named = write_names(random, scene, rows, DISCOUNT_MESS)
    placed = write_places(random, scene, named, DISCOUNT_MESS)
    started = mistakes.blank(random, placed["in_since"].dt.strftime("%Y-%m-%d"), 0.01, scene.spare(rows))
    return placed.select(
        pl.col("key").alias("Account"),
        _write_party("", np.ones(len(rows), dtype=np.bool_)).alias("Liable Party"),
        pl.col("address").alias("Property Address"),
        pl.col("postcode").alias("Postcode"),
        pl.col("uprn_text").alias("UPRN"),
        started.alias("From"),
    )
