"""What happened lately: who moved and from where, who died, who changed their name, and since when."""

from datetime import date

import numpy as np
import polars as pl

from wardkeeper.demo.draws import Flags, Floats, Ints, Texts, draw_share, stage

MOVES_PER_YEAR = {"outright": 0.025, "mortgage": 0.05, "social": 0.06, "private": 0.22, "care home": 0.0}
"""Share of households that move in a year by tenure (English Housing Survey 2021 to 2022, rounded)."""
YEARS_BACK = 3
STAYED_IN_DISTRICT = 0.55
INTO_CARE = 0.4
"""Share of care home residents who moved in within the last three years and left a home in the district."""

DEATH_DAYS = 450
"""Days back in which the dead may still be on registers."""


def add_histories(people: pl.DataFrame, homes: pl.DataFrame, seed: int, today: date) -> pl.DataFrame:
    """Add uprn, in_since, former_uprn, died_on and renamed_on to people; `household` must be one of the homes'."""
    random = stage(seed, "histories")
    household = people["household"].to_numpy()
    uprn = homes.drop_nulls("household").sort("household")["uprn"].to_numpy()[household]
    moved_days, former = _draw_moves(random, people, homes["uprn"].to_numpy())
    former = np.where(former == uprn, "", former)
    longer = random.integers(YEARS_BACK * 366, 30 * 365, int(household.max()) + 1)[household]
    died_days = _draw_deaths(random, people["age"].to_numpy().astype(np.float64))
    renamed_days = np.where(people["renamed"].to_numpy(), random.integers(30, YEARS_BACK * 365, len(people)), -1)
    return people.with_columns(
        uprn=pl.Series(uprn),
        former_uprn=pl.Series(former).replace("", None),
        moved=pl.Series(moved_days >= 0),
        in_since=_before(today, np.where(moved_days >= 0, moved_days, longer)),
        died_on=_before(today, died_days),
        renamed_on=_before(today, renamed_days),
    ).drop("renamed")


def _draw_moves(random: np.random.Generator, people: pl.DataFrame, uprns: Texts) -> tuple[Ints, Texts]:
    """Give days since each person moved (-1 for not lately) and the UPRN moved from, empty when from elsewhere."""
    household = people["household"].to_numpy()
    rate = people["tenure"].replace_strict(MOVES_PER_YEAR, return_dtype=pl.Float64).to_numpy()
    per_home = random.random(int(household.max()) + 1)[household]
    moved = per_home < 1 - (1 - rate) ** YEARS_BACK
    days = random.integers(1, YEARS_BACK * 365, int(household.max()) + 1)[household]
    home = uprns[random.integers(0, len(uprns), int(household.max()) + 1)][household]
    near = (random.random(int(household.max()) + 1) < STAYED_IN_DISTRICT)[household]
    # Couples without children often come from two homes: the second person's is not known.
    apart = (people["place"].to_numpy() == 1) & draw_share(random, 0.35, len(household))
    care = people["role"].to_numpy() == "communal"
    into_care = care & draw_share(random, INTO_CARE, len(household))
    own_home = uprns[random.integers(0, len(uprns), len(household))]
    own_days = random.integers(20, YEARS_BACK * 365, len(household))
    days = np.where(care, own_days, days)
    former = np.where(into_care, own_home, np.where(moved & near & ~apart, home, ""))
    return np.where(moved | into_care, days, -1), former


def _draw_deaths(random: np.random.Generator, age: Floats) -> Ints:
    """Give days since death, -1 for the living: mortality doubles about every 7.5 years of age (Gompertz)."""
    yearly = np.clip(3e-5 * np.exp(0.092 * age), 0, 0.4)
    died: Flags = draw_share(random, yearly * DEATH_DAYS / 365, len(age))
    return np.where(died, random.integers(5, DEATH_DAYS, len(age)), -1)


def _before(today: date, days: Ints) -> pl.Series:
    """Give the day so many days before, null for a negative number of days."""
    day = np.datetime64(today, "D") - days.astype("timedelta64[D]")
    return pl.Series(np.where(days >= 0, day, np.datetime64("NaT", "D")))
