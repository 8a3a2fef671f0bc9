"""Homes: an address list with invented streets at real postcodes, one home for each household and a few empty ones."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from wardkeeper.demo.compositions import DWELLINGS
from wardkeeper.demo.draws import Flags, Floats, Ints, Texts, draw_share, stage
from wardkeeper.demo.households import CARE_HOME_DWELLING, Households
from wardkeeper.demo.numbers import uprns
from wardkeeper.demo.pack import METRES_PER_DEGREE, Pack
from wardkeeper.demo.streets import invent_blocks, invent_streets, invent_words

EMPTY = 0.03
"""Share of homes without a household (2021 Census: 3 % of Trafford's dwellings were unoccupied)."""

POSTCODES_PER_STREET = 2.2
FLATS_PER_BLOCK = 12
FLATS_PER_FLOOR = 4
FLAT = DWELLINGS.index("flat")
KINDS = np.array([*("house",) * FLAT, "flat", "care home"])
JITTER_METRES = 22.0

TOWNS = {
    "M33": "Sale", "M31": "Manchester", "M41": "Manchester", "M32": "Manchester", "M16": "Manchester",
    "M17": "Manchester", "M15": "Manchester", "M21": "Manchester", "M23": "Manchester", "M44": "Manchester",
    "WA13": "Lymm", "WA14": "Altrincham", "WA15": "Altrincham", "WA16": "Knutsford",
}  # fmt: skip
"""Post town of each postcode district."""


@dataclass(frozen=True, slots=True)
class Plots:
    """Where each home stands, before it has an address: the area, the dwelling and a place in the postcodes' order."""

    area: Ints
    dwelling: Ints
    household: Ints
    """The household's number, or -1 for an empty home."""
    postcode: Ints
    """Row in the pack's postcodes."""


def build_homes(pack: Pack, areas: list[str], households: Households, seed: int) -> pl.DataFrame:
    """Build the homes: the address list's columns, and for the generator town, floor, in_flood and household.

    `household` is the household's number, null for an empty home.
    """
    random = stage(seed, "homes")
    postcodes = pack.postcodes.sort("output_area", "postcode")
    plots = _lay_out(random, postcodes, areas, households)
    written = _write_addresses(random, postcodes, plots)
    placed = _place(random, postcodes, plots, pack.outline)
    drawn = pl.concat([written, placed], how="horizontal")
    numbered = drawn.with_columns(
        uprn=pl.Series(uprns(random, len(drawn))),
        household=pl.Series(plots.household).replace(-1, None),
        in_flood=pl.Series(_is_inside(pack.outline, drawn)),
    )
    columns = (
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
    return numbered.select(*columns, "town", "floor", "in_flood", "household", "msoa")


def _lay_out(random: np.random.Generator, postcodes: pl.DataFrame, areas: list[str], households: Households) -> Plots:
    """Put each household, and the empty homes among them, at a postcode of its area."""
    count = len(households.area)
    empty = np.sort(random.choice(count, round(count * EMPTY), replace=False))
    ordinary = empty[households.dwelling[empty] != CARE_HOME_DWELLING]
    area = np.concatenate([households.area, households.area[ordinary]])
    dwelling = np.concatenate([households.dwelling, households.dwelling[ordinary]])
    household = np.concatenate([np.arange(count), np.full(len(ordinary), -1)])
    start, width = _find_postcodes(postcodes, areas)
    weights = np.cumsum(random.gamma(1.5, size=len(postcodes)) + 0.15)
    low, high = np.append(0.0, weights)[start[area]], np.append(0.0, weights)[start[area] + width[area]]
    shared = _share_blocks(random, area, dwelling)
    row = np.searchsorted(weights, low + (high - low) * shared, side="right")
    row = np.clip(row, start[area], start[area] + width[area] - 1)
    order = np.lexsort((random.random(len(row)), shared * (dwelling == FLAT), dwelling == FLAT, row))
    return Plots(area[order], dwelling[order], household[order], row[order])


def _find_postcodes(postcodes: pl.DataFrame, areas: list[str]) -> tuple[Ints, Ints]:
    """Give, for each area, its first row among the sorted postcodes and how many rows it has."""
    counted = postcodes.with_row_index("row").group_by("output_area").agg(pl.col("row").min(), pl.len())
    found = pl.DataFrame({"output_area": areas}).join(counted, on="output_area", how="left", maintain_order="left")
    return found["row"].cast(pl.Int64).to_numpy(), found["len"].cast(pl.Int64).to_numpy()


def _share_blocks(random: np.random.Generator, area: Ints, dwelling: Ints) -> Floats:
    """Draw each home's place along its area's postcodes, from 0 to 1; flats of one block draw the same place."""
    place = random.random(len(area))
    flats = np.flatnonzero(dwelling == FLAT)
    per_area = np.bincount(area[flats], minlength=int(area.max()) + 1)
    blocks = np.maximum(1, np.round(per_area / FLATS_PER_BLOCK).astype(np.int64))
    offset = np.append(0, np.cumsum(blocks))
    chosen = offset[area[flats]] + (random.random(len(flats)) * blocks[area[flats]]).astype(np.int64)
    place[flats] = random.random(offset[-1])[chosen]
    return place


def _write_addresses(random: np.random.Generator, postcodes: pl.DataFrame, plots: Plots) -> pl.DataFrame:
    """Write each home's number, street, town and one-line address; homes are in the order of their postcodes."""
    town = np.array([TOWNS[postcode.split(" ")[0]] for postcode in postcodes["postcode"]])[plots.postcode]
    street = _name_streets(random, postcodes, len(postcodes))[plots.postcode]
    number, floor = _number_homes(random, street, plots)
    comma = np.where(plots.dwelling < FLAT, " ", ", ")
    line = np.strings.add(np.strings.add(np.strings.add(number, comma), street), np.strings.add(", ", town))
    return pl.DataFrame(
        {
            "address": line,
            "street": street,
            "number": number,
            "town": town,
            "floor": pl.Series(floor).replace(-1, None),
            "kind": KINDS[plots.dwelling],
        }
    )


def _name_streets(random: np.random.Generator, postcodes: pl.DataFrame, count: int) -> Texts:
    """Give each postcode a street; neighbours in the same area often share one."""
    new_area = (postcodes["output_area"] != postcodes["output_area"].shift(1)).fill_null(value=True).to_numpy()
    turns = new_area | draw_share(random, 1 / POSTCODES_PER_STREET, count)
    street = np.cumsum(turns) - 1
    names = invent_streets(random, int(street[-1]) + 1)
    return np.asarray(names[street])


def _number_homes(random: np.random.Generator, street: Texts, plots: Plots) -> tuple[Texts, Ints]:
    """Give each home its number, or its flat and block or its name, and a flat's floor (-1 for others)."""
    house = plots.dwelling < FLAT
    numbers = _count_within(street, house).astype(str).astype("<U48")
    is_flat = plots.dwelling == FLAT
    block = np.where(is_flat, plots.postcode, -1)
    flat = _count_within(block, is_flat)
    names = invent_blocks(random, int(plots.postcode.max()) + 1)
    flats = np.strings.add(np.strings.add(np.strings.add("Flat ", flat.astype(str)), ", "), names[plots.postcode])
    numbers[is_flat] = flats[is_flat]
    care = plots.dwelling == CARE_HOME_DWELLING
    numbers[care] = np.strings.add(invent_words(random, int(care.sum())), " Care Home")
    return numbers, np.where(is_flat, (flat - 1) // FLATS_PER_FLOOR, -1)


def _count_within(group: Texts | Ints, counted: Flags) -> Ints:
    """Count 1, 2, 3 … within each group, over the rows that are counted."""
    frame = pl.DataFrame({"group": group, "counted": counted})
    return frame.select(pl.col("counted").cast(pl.Int64).cum_sum().over("group"))["counted"].to_numpy()


def _is_inside(outline: shapely.Geometry, homes: pl.DataFrame) -> Flags:
    return np.asarray(shapely.contains_xy(outline, homes["longitude"].to_numpy(), homes["latitude"].to_numpy()))


def _place(
    random: np.random.Generator, postcodes: pl.DataFrame, plots: Plots, outline: shapely.Geometry
) -> pl.DataFrame:
    """Give each home a point near its postcode's, and its areas."""
    chosen = postcodes[plots.postcode]
    north, east = np.clip(random.normal(0, JITTER_METRES, (2, len(chosen))), -60, 60) / METRES_PER_DEGREE
    stretch = np.cos(np.radians(outline.centroid.y))
    return chosen.select(
        "postcode",
        "output_area",
        "lsoa",
        "msoa",
        longitude=(pl.col("longitude") + pl.Series(east / stretch)).round(6),
        latitude=(pl.col("latitude") + pl.Series(north)).round(6),
    )
