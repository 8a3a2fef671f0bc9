"""The simulated cases as a line list, the way one comes: postcodes, homes, ages and settings, with real kinds of fault.

Cases are given homes in their area, some of them in one household; a care home has a coincidence planted in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.demo.cases import Cases
from wardkeeper.demo.district import District
from wardkeeper.demo.draws import draw_share, stage

FILE = "line-list.csv"
PLANTED = 5
"""Residents of one care home who fall ill within a week of each other."""
CARE_HOME = "Willow Bank Care Home"
SCHOOL = "Mersey Meadows Primary School"
AT_SCHOOL = 0.35
"""Share of cases aged 5 to 11 for whom the school is written down."""
NO_UPRN = 0.15
NO_PLACE = 0.01
OLD_POSTCODE = 0.01
"""Shares of cases without a UPRN, without any place, and with a postcode that is in no table."""
TERMINATED = "M33 9ZZ"
COLUMNS = ("CaseID", "Specimen date", "Report date", "Postcode", "UPRN", "Age", "Setting")


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What was written: the file, and the care home with the coincidence (its UPRN and postcode)."""

    file: Path
    uprn: str
    postcode: str


def write(cases: Cases, district: District, folder: Path, *, seed: int) -> Written:
    """Write the line list and a table of named settings beside the other places; give the truth of what is planted.

    `folder` is the authority's: the list goes into `cases/`, the settings into `places/settings.csv`.
    """
    random = stage(seed, "line-list")
    homes = _choose_care_home(district.homes)
    listed = pl.concat([_place(random, cases.line_list, district), _plant(random, homes, cases.as_of)])
    blurred = _blur(random, listed.sort("report_date", "case"))
    path = folder / "cases" / FILE
    path.parent.mkdir(exist_ok=True)
    _as_it_comes(blurred).write_csv(path)
    uprn, postcode = homes.row(0)
    _name_settings(district.homes, uprn).write_csv(folder / "places" / "settings.csv")
    return Written(path, uprn, postcode)


def _choose_care_home(homes: pl.DataFrame) -> pl.DataFrame:
    """Give the UPRN and postcode of the first care home; of the first flat where a small district has none."""
    ordered = homes.sort((pl.col("kind") != "care home"), (pl.col("kind") != "flat"), "uprn")
    return ordered.select(pl.col("uprn").cast(pl.String), "postcode").head(1)


def _place(random: np.random.Generator, reports: pl.DataFrame, district: District) -> pl.DataFrame:
    """Give each case a resident of its area: their home, postcode and age."""
    people = district.living.select("age", pl.col("uprn").cast(pl.String)).join(
        district.homes.select(pl.col("uprn").cast(pl.String), "postcode", "lsoa"), on="uprn"
    )
    people = people.sort("lsoa", "uprn", "age").with_columns(place=pl.int_range(pl.len()).over("lsoa"))
    sizes = people.group_by("lsoa").len()
    cases = reports.unique("case", keep="first", maintain_order=True).select("case", "lsoa").join(sizes, on="lsoa")
    drawn = cases.with_columns(place=(pl.Series(random.random(cases.height)) * pl.col("len")).floor().cast(pl.Int64))
    chosen = drawn.join(people, on=["lsoa", "place"], how="left").select("case", "postcode", "uprn", "age")
    pupil = pl.col("age").is_between(5, 11) & pl.Series(draw_share(random, AT_SCHOOL, chosen.height))
    settled = chosen.with_columns(setting=pl.when(pupil).then(pl.lit(SCHOOL)))
    return reports.join(settled, on="case", how="inner", maintain_order="left").select(
        "case", "event_date", "report_date", "postcode", "uprn", "age", "setting"
    )


def _plant(random: np.random.Generator, home: pl.DataFrame, today: date) -> pl.DataFrame:
    """Make the care home's cases: within six days, reported in time to be known."""
    first = today - timedelta(days=12)
    events = [first + timedelta(days=int(day)) for day in np.sort(random.integers(0, 6, PLANTED))]
    uprn, postcode = home.row(0)
    return pl.DataFrame(
        {
            "case": [f"P{number:06}" for number in range(PLANTED)],
            "event_date": events,
            "report_date": [day + timedelta(days=3) for day in events],
            "postcode": postcode,
            "uprn": uprn,
            "age": random.integers(78, 97, PLANTED),
            "setting": CARE_HOME,
        }
    )


def _blur(random: np.random.Generator, listed: pl.DataFrame) -> pl.DataFrame:
    """Take out what real lists lack: some UPRNs, some places, and postcodes that are no longer in use."""
    planted = pl.col("case").str.starts_with("P")
    bare, lost, old = (
        pl.Series(draw_share(random, share, listed.height)) & ~listed.select(planted).to_series()
        for share in (NO_UPRN, NO_PLACE, OLD_POSTCODE)
    )
    return listed.with_columns(
        uprn=pl.when(~(bare | lost | old)).then("uprn"),
        postcode=pl.when(lost).then(None).when(old).then(pl.lit(TERMINATED)).otherwise("postcode"),
    )


def _as_it_comes(listed: pl.DataFrame) -> pl.DataFrame:
    day = "%d/%m/%Y"
    return listed.select(
        pl.col("case"),
        pl.col("event_date").dt.to_string(day),
        pl.col("report_date").dt.to_string(day),
        "postcode",
        "uprn",
        pl.col("age").cast(pl.String),
        "setting",
    ).rename(dict(zip(listed.columns, COLUMNS, strict=True)))


def _name_settings(homes: pl.DataFrame, uprn: str) -> pl.DataFrame:
    """Name the care homes of the address list and a school: invented names."""
    care = homes.filter((pl.col("kind") == "care home") | (pl.col("uprn").cast(pl.String) == uprn)).select(
        pl.col("uprn").cast(pl.String), "postcode"
    )
    named = care.select(
        name=pl.when(pl.col("uprn") == uprn)
        .then(pl.lit(CARE_HOME))
        .otherwise(pl.lit("Care home ") + pl.int_range(1, pl.len() + 1).cast(pl.String)),
        kind=pl.lit("care home"),
        postcode="postcode",
        uprn="uprn",
    )
    school = homes.sort("uprn").select(
        name=pl.lit(SCHOOL), kind=pl.lit("school"), postcode="postcode", uprn=pl.lit(None, pl.String)
    )
    return pl.concat([named, school.head(1)])
