"""The national shielding file as councils received it: cumulative, with repeats, in no order, and answers that invert.

`EssentialSupplies`, `BasicCareNeedsMet` and `CarrySupplies` say Yes when **no** help is needed.
"""

from datetime import UTC, datetime, time, timedelta

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import draw_share
from wardkeeper.demo.registers.scenes import Extract, Mess, Scene, number_rows, write_names, write_places

SOURCE = "shielding"
MESS = Mess(typo=0.015, short_name=0.02, no_postcode=0.01)
MOST_SUBMISSIONS = 3
DISTRICT = "E08000009"
ANSWERS = (
    ("EssentialSupplies", 0.88),
    ("DietaryRequirements", 0.12),
    ("BasicCareNeedsMet", 0.93),
    ("CarrySupplies", 0.82),
)
"""Share that answers Yes to each question."""


def export(scene: Scene) -> Extract:
    """Export everyone on the list, once for each time they answered."""
    random = scene.random(SOURCE)
    long_dead = (pl.lit(scene.today) - pl.col("died_on")).dt.total_days() > 60
    people = scene.open_people.filter(pl.col("vulnerable") & ~long_dead.fill_null(value=False))
    rows = write_places(random, scene, write_names(random, scene, people, MESS), MESS)
    keyed = rows.with_columns(key=number_rows("SH", len(rows), 6))
    written = keyed.with_columns(
        birth_text=_write_births(random, scene, keyed), nhs_text=_write_nhs(random, scene, keyed)
    )
    times = random.choice([1, 2, MOST_SUBMISSIONS], len(written), p=[0.82, 0.14, 0.04])
    submitted = written[np.repeat(np.arange(len(written)), times)]
    shuffled = submitted.sample(fraction=1, shuffle=True, seed=int(random.integers(2**31)))
    return Extract(SOURCE, _tabulate(random, scene, shuffled), keyed.select("key", "person_id"))


def _write_births(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.Series:
    spare = scene.spare(rows)
    confused = mistakes.confuse_days(random, rows["birth_date"], 0.008, spare)
    return mistakes.put(random, confused.dt.strftime("%Y-%m-%d"), 0.006, spare, wrong="1900-01-01")


def _write_nhs(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.Series:
    """Write NHS numbers, a third of them in the printed form with spaces."""
    spare = scene.spare(rows)
    broken = mistakes.break_check_digits(random, rows["nhs_number"], 0.004, spare)
    spaced = broken.str.replace(r"(\d{3})(\d{3})(\d{4})", "$1 $2 $3")
    chosen = pl.Series(draw_share(random, 0.33, len(rows)))
    return pl.select(pl.when(chosen).then(spaced).otherwise(broken)).to_series()


def _tabulate(random: np.random.Generator, scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    newest = datetime.combine(scene.today - timedelta(days=1), time(7), tzinfo=UTC)
    seconds = pl.Series(random.integers(60, 40 * 86_400, len(rows)))
    stamp = pl.lit(newest.replace(tzinfo=None)) - pl.duration(seconds=1) * seconds
    answers = [
        pl.when(pl.Series(draw_share(random, share, len(rows)))).then(pl.lit("Yes")).otherwise(pl.lit("No")).alias(name)
        for name, share in ANSWERS
    ]
    received = pl.Series(draw_share(random, 0.9, len(rows)))
    supplies, diet, care, carry = answers
    references = np.strings.zfill(random.integers(0, 10**10, len(rows)).astype(str), 10)
    return rows.select(
        stamp.dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("Timestamp"),
        pl.Series("Reference", references),
        pl.lit(DISTRICT).alias("LocalAuthorityDistrict"),
        pl.col("given").alias("FirstName"),
        pl.col("family").alias("LastName"),
        pl.col("line1").alias("Address1"),
        pl.col("line2").alias("Address2"),
        pl.col("town").alias("Address3"),
        pl.lit("Greater Manchester").alias("Address4"),
        pl.lit(None, dtype=pl.String).alias("Address5"),
        pl.col("postcode").alias("Postcode"),
        pl.col("landline").alias("Phone"),
        pl.col("mobile").alias("Mobile"),
        pl.col("email").alias("Email"),
        pl.when(received).then(pl.lit("Yes")).otherwise(pl.lit("No")).alias("ReceivedLetter"),
        pl.lit("Yes").alias("MedicalConditions"),
        pl.col("nhs_text").alias("NHSNumber"),
        pl.col("key").alias("ID"),
        pl.col("birth_text").alias("DateOfBirth"),
        supplies,
        diet,
        care,
        carry,
    )
