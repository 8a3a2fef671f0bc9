"""Placing cases in areas: by home (UPRN), else by postcode, else by the area code they came with.

Which areas there are is told by the tables given. A case that can't be placed keeps no area, and is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.places.postcodes import standardise

POSTCODE_HEADINGS = ("pcds", "pcd", "pcd7", "pcd8", "pcd2", "postcode")
"""What the ONS Postcode Directory and the National Statistics Postcode Lookup call a postcode, the plainest first."""

LEVELS = ("output_area", "lsoa", "msoa")
"""Kinds of area that the authority's table of postcodes has a column for."""

NO_POSTCODES = {"postcode": pl.String, "area": pl.String}
NO_HOMES = {"uprn": pl.String, "postcode": pl.String, "area": pl.String}


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Where things are. `postcodes`: postcode, area; `homes`: uprn, postcode, area; one row each, areas of one kind.

    `areas` are the codes that counts are made for; without them every well-shaped code is taken.
    """

    postcodes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NO_POSTCODES))
    homes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NO_HOMES))
    areas: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Cases with `area` added (null where they could not be placed), how many those are, and why in words."""

    frame: pl.DataFrame
    unplaced: int
    notes: tuple[str, ...]


def from_places(postcodes: pl.DataFrame, addresses: pl.DataFrame, areas: Sequence[str]) -> Gazetteer:
    """Make a gazetteer of the authority's own tables for these areas: output areas, LSOAs or MSOAs, as their codes tell.

    `postcodes` has postcode, output_area, lsoa and msoa; `addresses` has uprn and postcode. Homes are placed by their
    own area where the list has it, else by their postcode's.
    """
    known = pl.Series(list(areas), dtype=pl.String).implode()
    level = max(LEVELS, key=lambda name: int(postcodes[name].is_in(known).sum()))
    codes = postcodes.select("postcode", area=pl.col(level).cast(pl.String)).unique("postcode", keep="first")
    own = pl.col(level).cast(pl.String) if level in addresses.columns else pl.lit(None, pl.String)
    homes = (
        addresses.select(pl.col("uprn").cast(pl.String), pl.col("postcode").cast(pl.String), own=own)
        .join(codes, on="postcode", how="left", maintain_order="left")
        .select("uprn", "postcode", area=pl.coalesce("own", "area"))
    )
    return Gazetteer(codes, homes, tuple(areas))


def read_lookup(table: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Make postcode, area of a postcode look-up (ONSPD, NSPL or one's own): the column is taken that knows most areas.

    Without `areas` the first column of area codes is taken. Raises BadInput when there is no postcode, or no area.
    """
    by_name = {column.lower(): column for column in table.columns}
    postcode = next((by_name[name] for name in POSTCODE_HEADINGS if name in by_name), None)
    if postcode is None:
        raise BadInput(
            "The look-up has no column of postcodes.",
            "Name it postcode or pcds.",
            Where(column="postcode", rule="look-up"),
        )
    coded = [column for column in table.columns if _share_of_codes(table[column]) > 0.5]
    known = pl.Series(list(areas), dtype=pl.String).implode()
    best = max(coded, key=lambda column: int(table[column].is_in(known).sum()) if areas else 0, default=None)
    if best is None or (areas and not table[best].is_in(known).any()):
        raise BadInput(
            "The look-up has no column with the codes of the areas that are counted.",
            "Use a look-up for the same year's areas, or give the areas that go with it.",
            Where(rule="look-up"),
        )
    read = table.select(postcode=standardise(pl.col(postcode)), area=pl.col(best).str.strip_chars())
    return read.drop_nulls().unique("postcode", keep="first", maintain_order=True)


def _share_of_codes(column: pl.Series) -> float:
    sample = column.cast(pl.String).drop_nulls().head(1000)
    return int(sample.str.contains(f"^(?:{AREA_CODE.pattern})$").sum()) / max(1, sample.len())


def place_cases(cases: pl.DataFrame, gazetteer: Gazetteer) -> Placed:
    """Add `area` to cases with home, postcode, area_given and place_given; give a home's postcode where none came."""
    homes = gazetteer.homes.select(home="uprn", home_postcode="postcode", home_area="area").unique("home", keep="first")
    codes = gazetteer.postcodes.select("postcode", postcode_area="area").unique("postcode", keep="first")
    found = (
        cases.join(homes, on="home", how="left", maintain_order="left")
        .with_columns(postcode=pl.coalesce("postcode", "home_postcode"))
        .join(codes, on="postcode", how="left", maintain_order="left")
    )
    given = pl.col("area_given")
    known = given.is_in(list(gazetteer.areas)) if gazetteer.areas else given.str.contains(f"^(?:{AREA_CODE.pattern})$")
    own = pl.when(known).then(given)
    # A well-shaped code of an area that is not counted still says where a case is: it is told apart when counting.
    elsewhere = pl.when(given.str.contains(f"^(?:{AREA_CODE.pattern})$")).then(given)
    placed = found.with_columns(area=pl.coalesce("home_area", "postcode_area", own, elsewhere))
    lost = placed.filter(pl.col("area").is_null())
    frame = placed.drop("home_postcode", "home_area", "postcode_area")
    return Placed(frame, lost.height, (*_say_lost(lost), *_say_found(placed)))


def _say_lost(lost: pl.DataFrame) -> tuple[str, ...]:
    if lost.is_empty():
        return ()
    postcode, home, given = pl.col("postcode").is_not_null(), pl.col("home").is_not_null(), pl.col("place_given")
    reasons = (
        ("the postcode is not in the table of postcodes", postcode),
        ("the UPRN is not on the address list", ~postcode & home),
        ("the place is not written as a postcode, a UPRN or an area code", ~postcode & ~home & given),
        ("there is no place at all", ~given),
    )
    counts = [(why, lost.filter(rule).height) for why, rule in reasons]
    parts = "; ".join(f"{why}: {count:,}" for why, count in counts if count)
    return (
        (
            f"Cases that could not be placed in an area are kept, but are in no area's count: {lost.height:,} ({parts}). "
            "A newer look-up of postcodes may place them."
        ),
    )


def _say_found(placed: pl.DataFrame) -> tuple[str, ...]:
    differ = placed.filter(
        (pl.col("area_given") != pl.col("area")) & pl.coalesce("home_area", "postcode_area").is_not_null()
    ).height
    if not differ:
        return ()
    return (f"Cases whose area code differs from their home's or postcode's were placed by the latter: {differ:,}.",)
