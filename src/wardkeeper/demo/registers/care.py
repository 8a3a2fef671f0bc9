"""Adult social care: well kept, with NHS numbers, conditions and the markings that protect people and visitors."""

from datetime import timedelta

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import Flags, draw_share
from wardkeeper.demo.factors import RESIDENTIAL
from wardkeeper.demo.registers.scenes import ADULT, Extract, Mess, Scene, send_stale, write_names, write_places

SOURCE = "adult-social-care"
MESS = Mess(typo=0.008, short_name=0.03, no_uprn=0.12)
EXTRACTED_DAYS_AGO = 6
STALE, STALE_DAYS = 0.25, 250
SEEN_TWICE = 0.008
"""Share of people with two records, made by two teams."""
DEATHS_KNOWN = 0.7

REASONS = (
    ("learning_disability", "Learning disability"),
    ("memory_loss", "Memory and cognition"),
    ("sight_loss", "Sensory support: sight"),
    ("hearing_loss", "Sensory support: hearing"),
    ("mental_health", "Mental health"),
)
"""The first that holds is a person's support reason; otherwise physical support."""
EQUIPMENT = (
    ("oxygen", "Oxygen concentrator"),
    ("hoist", "Hoist"),
    ("wheelchair", "Wheelchair"),
    ("pendant_alarm", "Pendant alarm"),
    ("hospital_bed", "Hospital bed"),
)
CAUTIONS = ("Attend in pairs", "Dog: ring before visiting", "Do not visit after dark")


def export(scene: Scene) -> Extract:
    """Export everyone with a service. The protected person's new address is here and nowhere else."""
    random = scene.random(SOURCE)
    refuge = set(scene.district.planted.refuge)
    clients = scene.people.filter(
        pl.col("service").is_not_null() & (pl.col("age") >= ADULT) & ~pl.col("person_id").is_in(list(refuge))
    )
    # Somebody may be in twice: their second record was made by another team.
    again = clients.filter(pl.Series(draw_share(random, SEEN_TWICE, len(clients)) & ~scene.spare(clients)))
    rows = pl.concat([clients, again]).sample(fraction=1, shuffle=True, seed=int(random.integers(2**31)))
    alone = _find_alone(scene)
    rows = rows.join(alone, on="uprn", how="left", maintain_order="left")
    rows = send_stale(random, rows, STALE, STALE_DAYS, scene.today)
    rows = write_places(random, scene, write_names(random, scene, rows, MESS), MESS)
    keyed = rows.with_columns(key=pl.lit("P") + (pl.int_range(pl.len()) * 7 + 200_103).cast(pl.String))
    return Extract(SOURCE, _tabulate(random, scene, keyed), keyed.select("key", "person_id"))


def _find_alone(scene: Scene) -> pl.DataFrame:
    living = scene.people.filter(pl.col("died_on").is_null())
    return living.group_by("uprn").len().select("uprn", alone=pl.col("len") == 1)


def _tabulate(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    spare = scene.spare(rows)
    day = "%d/%m/%Y"
    extracted = scene.today - timedelta(days=EXTRACTED_DAYS_AGO)
    phone = pl.coalesce("landline", "mobile")
    return rows.with_columns(_mark(random, scene, rows)).select(
        pl.col("key").alias("Person ID"),
        pl.col("family").alias("Surname"),
        pl.col("given").alias("Forename"),
        _write_births(random, rows, spare).alias("Date of Birth"),
        _write_nhs(random, rows, spare).alias("NHS Number"),
        pl.col("uprn_text").alias("UPRN"),
        pl.col("address").alias("Address"),
        pl.col("postcode").alias("Postcode"),
        mistakes.blank(random, rows.select(phone).to_series(), 0.05, spare).alias("Telephone"),
        pl.col("email").alias("Email"),
        pl.col("service").alias("Service"),
        _write_reason().alias("Support Reason"),
        _write_equipment().alias("Equipment"),
        pl.when(pl.col("alone").fill_null(value=False) & (pl.col("service") != RESIDENTIAL))
        .then(pl.lit("Y"))
        .otherwise(pl.lit("N"))
        .alias("Lives Alone"),
        pl.col("language").alias("Language"),
        pl.col("caution").alias("Caution Note"),
        pl.when(pl.col("caution").is_not_null())
        .then(pl.lit((scene.today + timedelta(days=120)).strftime(day)))
        .alias("Caution Review"),
        pl.when("protected").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("Restricted"),
        pl.col("objected_on").dt.strftime(day).alias("Objection Date"),
        _write_deaths(random, rows, spare).alias("Date of Death"),
        pl.lit(extracted.strftime(day)).alias("Extract Date"),
    )


def _mark(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> list[pl.Series]:
    """Give a few more people a caution, and a few an objection, beside those planted."""
    spare = scene.spare(rows)
    cautious = pl.Series(draw_share(random, 0.004, len(rows)) & ~spare)
    objecting = pl.Series(draw_share(random, 0.004, len(rows)) & ~spare)
    note = pl.Series(np.array(CAUTIONS)[random.integers(0, len(CAUTIONS), len(rows))])
    objected = scene.today - timedelta(days=90)
    return [
        rows.select(pl.when(cautious).then(note).otherwise("caution").alias("caution")).to_series(),
        rows.select(
            pl.when(objecting).then(pl.lit(objected)).otherwise("objected_on").alias("objected_on")
        ).to_series(),
    ]


def _write_births(random: np.random.Generator, rows: pl.DataFrame, spare: Flags) -> pl.Series:
    """Write birth dates: a few confused, missing, standing in for unknown, or impossible."""
    confused = mistakes.confuse_days(random, rows["birth_date"], 0.01, spare)
    texts = mistakes.blank(random, confused.dt.strftime("%d/%m/%Y"), 0.012, spare)
    standing = mistakes.put(random, texts, 0.009, spare, wrong="01/01/1900")
    return mistakes.put(random, standing, 0.002, spare, wrong="31/02/1950")


def _write_deaths(random: np.random.Generator, rows: pl.DataFrame, spare: Flags) -> pl.Series:
    """Write the deaths that are known of; now and then one on a day that does not exist."""
    told = mistakes.blank(random, rows["died_on"].dt.strftime("%d/%m/%Y"), 1 - DEATHS_KNOWN, spare)
    return mistakes.put(random, told, 0.06, spare, wrong="31/02/2026")


def _write_nhs(random: np.random.Generator, rows: pl.DataFrame, spare: Flags) -> pl.Series:
    broken = mistakes.break_check_digits(random, rows["nhs_number"], 0.006, spare)
    return mistakes.blank(random, broken, 0.09, spare)


def _write_reason() -> pl.Expr:
    reason = pl.lit("Physical support")
    for flag, words in reversed(REASONS):
        reason = pl.when(flag).then(pl.lit(words)).otherwise(reason)
    return reason


def _write_equipment() -> pl.Expr:
    items = [pl.when(flag).then(pl.lit(words)) for flag, words in EQUIPMENT]
    return pl.concat_str(items, separator="; ", ignore_nulls=True).replace("", None)
