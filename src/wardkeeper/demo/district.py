"""The synthetic district: invented people in invented homes, with the truth about them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from wardkeeper.demo.compositions import ENGLISH
from wardkeeper.demo.factors import draw_factors
from wardkeeper.demo.histories import add_histories
from wardkeeper.demo.homes import build_homes
from wardkeeper.demo.households import draw_households
from wardkeeper.demo.pack import Pack, order_areas
from wardkeeper.demo.parameters import load
from wardkeeper.demo.people import build_people
from wardkeeper.demo.planted import Planted, plant
from wardkeeper.kernel.errors import UsageError

ADDRESS_COLUMNS = (
    "uprn",
    "address",
    "street",
    "number",
    "postcode",
    "longitude",
    "latitude",
    "output_area",
    "lsoa",
    "kind",
)

FEWEST = 1_000
"""Fewer residents leave no room for everyone the demo plants."""


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """The truth about the demo, kept aside from what the extracts say.

    people: person_id, household (number), place (0 is the first person), role, composition, kind (of area), tenure,
    age, birth_date, twin (of the person before), sex, title, given, middle, family, former_family, tradition,
    nhs_number, mobile, landline, email, health, disability, gives_care, english, language, a flag for each condition
    and the care `service`, uprn, former_uprn, moved, in_since, died_on, renamed_on, protected, caution,
    objected_on.
    homes: the address list's columns and town, floor, in_flood, household (null when empty) and msoa.
    """

    people: pl.DataFrame
    homes: pl.DataFrame
    planted: Planted

    @property
    def living(self) -> pl.DataFrame:
        """The people who have not died: the residents."""
        return self.people.filter(pl.col("died_on").is_null())

    @property
    def addresses(self) -> pl.DataFrame:
        """The address list as `places` reads it."""
        return self.homes.select(ADDRESS_COLUMNS).sort("uprn")

    def count_people(self, area: str) -> pl.DataFrame:
        """Count residents by `lsoa`, `msoa` or `output_area`: columns area and population."""
        placed = self.living.join(self.homes.select("uprn", area), on="uprn")
        return placed.group_by(pl.col(area).alias("area")).agg(population=pl.len().cast(pl.Int64)).sort("area")

    def measure_proficiency(self, area: str) -> pl.DataFrame:
        """Give the share of residents who cannot speak English well, by area as in `count_people`: area, share, people."""
        placed = self.living.join(self.homes.select("uprn", area), on="uprn")
        weak = pl.col("english").is_in(ENGLISH[-2:])
        return placed.group_by(pl.col(area).alias("area")).agg(share=weak.mean(), people=pl.len()).sort("area")

    def write_addresses(self, path: Path) -> None:
        """Write the address list as Parquet."""
        self.addresses.write_parquet(path)


def build(pack: Pack, *, residents: int, seed: int, today: date) -> District:
    """Build the district: whole output areas nearest the drawn outline until `residents` people live there.

    Asking for as many as the whole district has, or more, gives all of it. The same arguments give the same district.
    """
    if residents < FEWEST:
        raise UsageError(f"A district of {residents} residents is too small.", f"Ask for at least {FEWEST}.")
    parameters = load()
    areas = order_areas(pack)
    households = draw_households(parameters, areas, residents, seed)
    homes = build_homes(pack, areas, households, seed)
    people = build_people(parameters, households, seed, today)
    people = pl.concat([people, draw_factors(people, seed)], how="horizontal")
    people = add_histories(people, homes, seed, today)
    settled, planted = plant(people, homes, today)
    return District(people=settled, homes=homes, planted=planted)
