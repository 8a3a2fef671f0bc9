"""Fit the demo's generative model to 2021 Census counts and write `src/wardkeeper/demo/parameters.json`.

    WARDKEEPER_REFERENCE=FOLDER python scripts/fit_parameters.py

FOLDER holds `demo/trafford`, census tables by output area under the Open Government Licence. What is written is not
those counts: output areas are sorted into eight kinds by what their households and people are like (k-means), and each
kind gets distributions. Where the census gives only two margins of a table (say household composition and tenure),
the table between is found by iterative proportional fitting (Deming and Stephan, 1940) from a seed that says which
cells go together, such as older couples and owning outright. Each area keeps only its kind and its number of
households to the nearest five.
"""

import argparse
import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from wardkeeper.demo.compositions import (
    COMPOSITIONS,
    HEALTH,
    LONE_PARENT_FEMALE,
    LONE_PARENTS,
    PARTNERS,
    ROLES,
    TENURES,
    TRADITIONS,
    people_in,
)

KINDS = 8
SEED = 20211121
HOUSEHOLDS_STEP = 5

SIZES = {
    "one-older": {1: 1.0},
    "one-other": {1: 1.0},
    "couple-older": {2: 1.0},
    "married-alone": {2: 1.0},
    "married-dependent": {3: 0.36, 4: 0.47, 5: 0.13, 6: 0.03, 7: 0.01},
    "married-grown": {3: 0.66, 4: 0.28, 5: 0.06},
    "cohabiting-alone": {2: 1.0},
    "cohabiting-dependent": {3: 0.46, 4: 0.38, 5: 0.12, 6: 0.03, 7: 0.01},
    "cohabiting-grown": {3: 0.72, 4: 0.23, 5: 0.05},
    "lone-dependent": {2: 0.46, 3: 0.36, 4: 0.13, 5: 0.04, 6: 0.01},
    "lone-grown": {2: 0.78, 3: 0.19, 4: 0.03},
    "other-family": {2: 0.6, 3: 0.3, 4: 0.1},
    "several-dependent": {3: 0.08, 4: 0.2, 5: 0.27, 6: 0.22, 7: 0.12, 8: 0.11},
    "several-other": {2: 0.45, 3: 0.26, 4: 0.15, 5: 0.08, 6: 0.04, 7: 0.01, 8: 0.01},
}
"""Seed: which sizes each composition can have, and roughly how often."""

# Seed: how likely each role is at each five-year age band (0-4 first, 85 and over last).
AGES = {
    "one-older": (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 10, 11, 12, 18),
    "one-other": (0, 0, 0, 0.2, 2, 6, 8, 8, 8, 9, 11, 13, 14, 2, 0, 0, 0, 0),
    "couple-older": (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 16, 13, 8, 4),
    "couple-alone": (0, 0, 0, 0.1, 2, 8, 8, 5, 4, 5, 9, 14, 16, 9, 3, 1, 0.4, 0.1),
    "parent-dependent": (0, 0, 0, 0, 0.5, 4, 11, 18, 20, 18, 13, 6, 2, 0.4, 0.1, 0, 0, 0),
    "parent-grown": (0, 0, 0, 0, 0, 0, 0, 0.2, 2, 8, 17, 20, 15, 8, 4, 2, 1, 0.4),
    "lone-dependent": (0, 0, 0, 0.1, 2, 6, 10, 15, 18, 17, 12, 6, 1, 0.2, 0, 0, 0, 0),
    "lone-grown": (0, 0, 0, 0, 0, 0, 0, 0.5, 3, 8, 14, 15, 11, 9, 9, 8, 8, 9),
    "child": (26, 28, 28, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "grown-child": (0, 0, 0, 14, 30, 20, 9, 6, 4, 4, 4, 3, 2, 1, 0.4, 0, 0, 0),
    "other-adult": (0, 0, 0, 2, 12, 16, 12, 9, 7, 6, 6, 6, 5, 5, 4, 3, 2, 2),
    "several-adult": (0, 0, 0, 2, 8, 9, 11, 12, 11, 9, 8, 7, 6, 6, 5, 4, 3, 2),
    "communal": (0, 0, 0, 0.2, 0.6, 0.6, 0.6, 0.5, 0.5, 0.5, 0.6, 0.8, 1, 1.5, 3, 6, 12, 40),
}

TENURE_SEED = {
    "one-older": (60, 4, 26, 8),
    "one-other": (20, 32, 22, 26),
    "couple-older": (86, 5, 6, 3),
    "married-alone": (38, 44, 5, 13),
    "married-dependent": (12, 66, 7, 15),
    "married-grown": (42, 43, 10, 5),
    "cohabiting-alone": (8, 50, 6, 36),
    "cohabiting-dependent": (5, 55, 20, 20),
    "cohabiting-grown": (25, 45, 22, 8),
    "lone-dependent": (8, 28, 40, 24),
    "lone-grown": (34, 28, 29, 9),
    "other-family": (35, 25, 20, 20),
    "several-dependent": (22, 38, 18, 22),
    "several-other": (20, 22, 12, 46),
}
DWELLING_SEED = {
    "outright": (25, 50, 16, 9),
    "mortgage": (17, 50, 23, 10),
    "social": (1, 25, 30, 44),
    "private": (4, 22, 26, 48),
}
HEALTH_AT = (
    (2, (82, 15, 2.5, 0.4, 0.1)),
    (20, (67, 27, 4.5, 1.2, 0.3)),
    (40, (54, 35, 8, 2.4, 0.6)),
    (60, (33, 42, 18, 5.5, 1.5)),
    (75, (20, 42, 28, 8, 2)),
    (88, (10, 36, 38, 13, 3)),
)
DISABILITY_SEED = {
    "very good": (0.3, 2, 97.7),
    "good": (1, 10, 89),
    "fair": (25, 40, 35),
    "bad": (65, 28, 7),
    "very bad": (90, 8, 2),
}
CARE_AT = (
    (2, (100, 0.02, 0.01, 0.01)),
    (12, (98.5, 1.2, 0.2, 0.1)),
    (30, (94, 3, 1.5, 1.5)),
    (55, (82, 11, 3, 4)),
    (75, (89, 4, 2, 5)),
    (88, (94, 1.5, 1, 3.5)),
)
ENGLISH_SEED = {
    "british": (99.5, 0.3, 0.15, 0.04, 0.01),
    "irish": (99, 0.7, 0.2, 0.08, 0.02),
    "european": (30, 37, 24, 8, 1),
    "indian": (60, 26, 10, 3.5, 0.5),
    "pakistani": (62, 20, 11, 6, 1),
    "chinese": (38, 32, 20, 8.5, 1.5),
    "african": (72, 18, 8, 1.8, 0.2),
    "caribbean": (98, 1.3, 0.5, 0.15, 0.05),
}
TRADITION_OF = {
    "White: English, Welsh, Scottish, Northern Irish or British": "british",
    "White: Irish": "irish",
    "White: Gypsy or Irish Traveller": "irish",
    "White: Roma": "european",
    "White: Other White": "european",
    "Other ethnic group: Any other ethnic group": "european",
    "Asian, Asian British or Asian Welsh: Indian": "indian",
    "Asian, Asian British or Asian Welsh: Other Asian": "indian",
    "Asian, Asian British or Asian Welsh: Pakistani": "pakistani",
    "Asian, Asian British or Asian Welsh: Bangladeshi": "pakistani",
    "Other ethnic group: Arab": "pakistani",
    "Asian, Asian British or Asian Welsh: Chinese": "chinese",
    "Black, Black British, Black Welsh, Caribbean or African: African": "african",
    "Black, Black British, Black Welsh, Caribbean or African: Caribbean": "caribbean",
    "Black, Black British, Black Welsh, Caribbean or African: Other Black": "caribbean",
    "Mixed or Multiple ethnic groups: White and Asian": "british",
    "Mixed or Multiple ethnic groups: White and Black African": "african",
    "Mixed or Multiple ethnic groups: White and Black Caribbean": "caribbean",
    "Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups": "british",
}
"""Whose names a household is likely to bear; only names and languages follow from it."""

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Census counts, one row an output area in the order of `areas`."""

    areas: list[str]
    composition: Table
    size: Table
    tenure: Table
    dwelling: Table
    age: Table
    female: Table
    health: Table
    disability: Table
    care: Table
    english: Table
    tradition: Table


def read_table(
    folder: Path, name: str, column: str, areas: list[str] | None = None
) -> tuple[list[str], list[str], Table]:
    """Read one long census table as areas by categories, in the order of the file."""
    long = pl.read_csv(folder / f"2021_{name}_oa_trafford.csv.gz", infer_schema_length=None)
    wide = long.pivot(on=column, index="area_code", values="value", aggregate_function="sum")
    wide = wide.sort("area_code")
    found = wide["area_code"].to_list()
    if areas is not None and found != areas:
        raise ValueError(f"{name}: its output areas differ from the others'")
    return found, wide.columns[1:], wide.select(wide.columns[1:]).to_numpy().astype(float)


def merge(table: Table, groups: list[int], width: int) -> Table:
    """Add columns that belong to one group together."""
    merged = np.zeros((len(table), width))
    for column, group in enumerate(groups):
        merged[:, group] += table[:, column]
    return merged


def read_counts(folder: Path) -> Counts:
    """Read the tables and merge their categories into the model's."""
    areas, _, composition = read_table(folder, "household_composition", "indicator")

    def columns(name: str, column: str, groups: list[int] | None = None) -> Table:
        _, _, table = read_table(folder, name, column, areas)
        return table if groups is None else merge(table, groups, max(groups) + 1)

    _, names, ethnic = read_table(folder, "population_ethnic_group", "ethnic_group", areas)
    tradition = merge(ethnic, [TRADITIONS.index(TRADITION_OF[name]) for name in names], len(TRADITIONS))
    _, sexes, sex = read_table(folder, "population_by_sex", "indicator", areas)
    return Counts(
        areas=areas,
        composition=composition,
        size=columns("household_size", "indicator")[:, 1:],
        tenure=columns("household_tenure", "household_tenure", [0, 1, 1, 2, 2, 3, 3, 3]),
        dwelling=columns("accommodation_type", "accommodation_type", [0, 1, 2, 3, 3, 3, 3, 3]),
        age=columns("population_by_5_year_age_bands", "indicator"),
        female=sex[:, sexes.index("Female")],
        health=columns("general_health", "general_health"),
        disability=columns("disability", "disability_category", [0, 1, 2, 2]),
        care=columns("unpaid_care", "unpaid_care", [0, 1, 1, 2, 2, 3]),
        english=columns("population_english_proficiency", "proficiency"),
        tradition=tradition,
    )


def read_female_by_band(folder: Path) -> Table:
    """Give the district's share of women in each five-year band."""
    long = pl.read_csv(folder / "2021_population_by_sex_and_age_lsoa_trafford.csv.gz", infer_schema_length=None)
    years = pl.col("age").str.extract(r"(\d+)").cast(pl.Int64)
    aged = long.with_columns(years=pl.when(pl.col("age").str.contains("under 1 ")).then(0).otherwise(years))
    banded = aged.with_columns(band=(pl.col("years") // 5).clip(0, 17)).pivot(
        on="sex", index="band", values="value", aggregate_function="sum"
    )
    banded = banded.sort("band")
    return (banded["Female"] / (banded["Female"] + banded["Male"])).to_numpy()


def share(table: Table) -> Table:
    """Make each row add up to one."""
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)


def sort_into_kinds(counts: Counts) -> NDArray[np.int64]:
    """Sort output areas into kinds by k-means on standardised shares; kinds are numbered by their mean age."""
    features = np.hstack(
        [
            share(counts.composition), share(counts.tenure), share(counts.dwelling),
            share(merge(counts.age, [0] * 4 + [1] * 3 + [2] * 3 + [3] * 3 + [4] * 5, 5)),
            share(counts.tradition)[:, :1], share(counts.health)[:, 3:],
        ]
    )  # fmt: skip
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    best = min(
        (run_k_means(scaled, np.random.default_rng(SEED + start)) for start in range(20)), key=lambda run: run[0]
    )
    labels = best[1]
    mean_age = [
        counts.age[labels == kind].sum(axis=0) @ np.arange(18) / counts.age[labels == kind].sum()
        for kind in range(KINDS)
    ]
    return np.argsort(np.argsort(mean_age))[labels]


def run_k_means(points: Table, random: np.random.Generator) -> tuple[float, NDArray[np.int64]]:
    """Run k-means once from random points: within-cluster squares and labels."""
    centres = points[random.choice(len(points), KINDS, replace=False)]
    for _ in range(100):
        labels = ((points[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        moved = np.array(
            [points[labels == k].mean(axis=0) if (labels == k).any() else centres[k] for k in range(KINDS)]
        )
        if np.allclose(moved, centres):
            break
        centres = moved
    return float(((points - centres[labels]) ** 2).sum()), labels


def fit(seed: Table, rows: Table, columns: Table) -> Table:
    """Scale a seed table until its margins are those given (iterative proportional fitting)."""
    table = seed.astype(float) + 0.0
    columns = columns * rows.sum() / columns.sum()
    for _ in range(500):
        table *= (rows / np.maximum(table.sum(axis=1), 1e-12))[:, None]
        table *= columns / np.maximum(table.sum(axis=0), 1e-12)
    return table


def interpolate(anchors: tuple[tuple[float, tuple[float, ...]], ...]) -> Table:
    """Give a seed row for each age band from a few ages."""
    at = [age for age, _ in anchors]
    values = np.array([row for _, row in anchors], float)
    middles = np.arange(18) * 5 + 2.5
    return np.column_stack([np.interp(middles, at, values[:, column]) for column in range(values.shape[1])])


def fit_kind(counts: Counts, chosen: NDArray[np.bool_], female_by_band: Table) -> dict[str, object]:
    """Fit the distributions of one kind of area."""
    total = {name: getattr(counts, name)[chosen].sum(axis=0) for name in Counts.__dataclass_fields__ if name != "areas"}
    sizes = fit(seed_of_sizes(), total["composition"], total["size"])
    roles = count_roles(sizes)
    people = total["age"].sum()
    roles[-1] = max(people - roles.sum(), 0.0005 * people)
    ages = fit(np.array([AGES[role] for role in ROLES], float), roles, total["age"])
    health = fit(interpolate(HEALTH_AT), total["age"], total["health"])
    tenure = fit(np.array([TENURE_SEED[name] for name in COMPOSITIONS], float), total["composition"], total["tenure"])
    return {
        "communal": round(float(roles[-1] / people), 4),
        "composition_size": {
            name: {str(size + 1): cell(sizes[i, size] / sizes.sum()) for size in range(8) if sizes[i, size] / sizes.sum() > 5e-6}
            for i, name in enumerate(COMPOSITIONS)
        },
        "age": rows(share(ages)),
        "female": round_row(fit_female(ages, total["female"], female_by_band)),
        "tenure": rows(share(tenure)),
        "dwelling": rows(share(fit(np.array([DWELLING_SEED[name] for name in TENURES], float), total["tenure"], total["dwelling"]))),
        "health": rows(share(health)),
        "disability": rows(share(fit(np.array([DISABILITY_SEED[name] for name in HEALTH], float), total["health"], total["disability"]))),
        "care": rows(share(fit(interpolate(CARE_AT), total["age"], total["care"]))),
        "tradition": round_row(total["tradition"] / total["tradition"].sum()),
        "english": rows(share(fit(np.array([ENGLISH_SEED[name] for name in TRADITIONS], float), total["tradition"], total["english"]))),
    }  # fmt: skip


def seed_of_sizes() -> Table:
    """Give the seed of the table of compositions by sizes."""
    seed = np.zeros((len(COMPOSITIONS), 8))
    for i, name in enumerate(COMPOSITIONS):
        for size, weight in SIZES[name].items():
            seed[i, size - 1] = weight
    return seed


def count_roles(sizes: Table) -> Table:
    """Count the people in each role that a table of compositions by sizes implies."""
    roles = np.zeros(len(ROLES))
    for i, name in enumerate(COMPOSITIONS):
        for size in range(1, 9):
            for role in people_in(name, size):
                roles[ROLES.index(role)] += sizes[i, size - 1]
    return roles


def fit_female(ages: Table, females: float, by_band: Table) -> Table:
    """Find the share of women, by band, among people who are neither partners nor lone parents."""
    bands = ages.sum(axis=0)
    target = np.clip(by_band * bands * (females / max((by_band * bands).sum(), 1)), 0, bands)
    partners = ages[[ROLES.index(role) for role in PARTNERS]].sum(axis=0)
    lone = ages[[ROLES.index(role) for role in LONE_PARENTS]].sum(axis=0)
    others = np.maximum(bands - partners - lone, 1e-9)
    return np.clip((target - partners / 2 - lone * LONE_PARENT_FEMALE) / others, 0.25, 0.9)


def cell(value: float) -> float:
    """Round a probability to five places."""
    return round(float(value), 5)


def round_row(row: Table) -> list[float]:
    """Round a row of probabilities to three places."""
    return [round(float(value), 3) for value in row]


def rows(table: Table) -> list[list[float]]:
    """Round a table of probabilities to three places."""
    return [round_row(row) for row in table]


def assign_areas(folder: Path, postcodes: Path, counts: Counts, kinds: NDArray[np.int64]) -> dict[str, list[int]]:
    """Give each output area of the places pack (2011 codes) its kind and households, through the postcodes of both.

    The census counts are for 2021 areas. Each of those shares its households out over the pack's postcodes within it.
    """
    frame = pl.read_csv(postcodes)
    features = json.loads(gzip.decompress((folder / "trafford_oa_generalised.geojson.gz").read_bytes()))["features"]
    codes = [feature["properties"]["area_code"] for feature in features]
    tree = shapely.STRtree([shape(feature["geometry"]) for feature in features])
    points = shapely.points(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    nearest = np.array(codes)[tree.nearest(points)]
    census = pl.DataFrame({"census_area": counts.areas, "kind": kinds, "households": counts.composition.sum(axis=1)})
    placed = frame.with_columns(census_area=pl.Series(nearest)).join(census, on="census_area", how="left")
    shared = placed.with_columns(part=pl.col("households") / pl.len().over("census_area"))
    found = set(nearest.tolist())
    lost = census.filter(~pl.col("census_area").is_in(list(found)))["households"].sum()
    areas = (
        shared.group_by("output_area")
        .agg(pl.col("part").sum(), pl.col("kind").sort_by("part").last())
        .sort("output_area")
    )
    print(f"{len(areas)} areas; {lost:.0f} households in census areas without a live postcode are shared out over all")
    scale = counts.composition.sum() / areas["part"].sum()
    return {
        code: [int(kind), max(HOUSEHOLDS_STEP, round(part * scale / HOUSEHOLDS_STEP) * HOUSEHOLDS_STEP)]
        for code, part, kind in areas.iter_rows()
    }


def main() -> None:
    """Fit everything and write it in one compact file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--postcodes", type=Path, default=Path("examples/trafford/places/postcodes.csv"))
    parser.add_argument("--output", type=Path, default=Path("src/wardkeeper/demo/parameters.json"))
    options = parser.parse_args()
    folder = Path(os.environ["WARDKEEPER_REFERENCE"]) / "demo" / "trafford"
    counts = read_counts(folder)
    kinds = sort_into_kinds(counts)
    female = read_female_by_band(folder)
    fitted = {
        "source": "Fitted to Census 2021 counts of Trafford, Office for National Statistics, Open Government Licence v3.0",
        "kinds": [fit_kind(counts, kinds == kind, female) for kind in range(KINDS)],
        "areas": assign_areas(folder, options.postcodes, counts, kinds),
    }
    text = (
        json.dumps(fitted, separators=(",", ":")).replace('],"E0', '],\n"E0').replace('},{"communal', '},\n{"communal')
    )
    options.output.write_text(text + "\n", encoding="utf-8")
    print(f"{len(text)} bytes; kinds have {np.bincount(kinds).tolist()} census areas")


if __name__ == "__main__":
    main()
