"""What makes people need help: conditions, equipment and services, drawn from age, health and disability.

The rates are round figures chosen so that each register has about the share of people it has in an English council;
they are for a demonstration and support no claim about anybody.
"""

import numpy as np
import polars as pl

from wardkeeper.demo.draws import Flags, Floats, Ints, Texts, draw_share, pick, stage

SERVICES = ("Home care", "Day care", "Direct payment", "Reablement")
SERVICE_WEIGHTS = np.array([0.52, 0.12, 0.26, 0.10])
RESIDENTIAL = "Residential care"

ADULT = 18
OLDER = 65

# Flag, then its share among people limited a lot, a little and not, under 65 and from 65 on.
RATES: tuple[tuple[str, tuple[float, float, float], tuple[float, float, float]], ...] = (
    ("wheelchair", (0.11, 0.008, 0.0002), (0.14, 0.01, 0.0005)),
    ("hoist", (0.025, 0.0, 0.0), (0.03, 0.0, 0.0)),
    ("oxygen", (0.008, 0.001, 0.0), (0.028, 0.004, 0.0002)),
    ("hospital_bed", (0.015, 0.0, 0.0), (0.04, 0.0, 0.0)),
    ("sight_loss", (0.03, 0.01, 0.0005), (0.10, 0.04, 0.006)),
    ("hearing_loss", (0.03, 0.015, 0.001), (0.16, 0.10, 0.03)),
    ("learning_disability", (0.09, 0.03, 0.001), (0.02, 0.004, 0.0)),
    ("mental_health", (0.20, 0.10, 0.008), (0.06, 0.03, 0.004)),
    ("limited_mobility", (0.35, 0.08, 0.001), (0.55, 0.22, 0.01)),
    ("temporary_injury", (0.006, 0.004, 0.003), (0.01, 0.008, 0.004)),
)
"""Shares by how limited a person is, under 65 and over (demonstration figures)."""

MEMORY_AT = ((0, 0.0), (60, 0.001), (67, 0.018), (77, 0.05), (87, 0.17), (95, 0.30))
"""Share with a diagnosis of dementia by age (Alzheimer's Society, Dementia UK: 2014, tables by age)."""
FRAIL_AT = ((0, 0.0), (60, 0.01), (70, 0.06), (80, 0.18), (90, 0.36))
"""Share who are frail by age (Clegg and others, 2016, Age and Ageing: moderate and severe)."""
VULNERABLE_AT = {"very good": 0.004, "good": 0.02, "fair": 0.10, "bad": 0.24, "very bad": 0.36}
"""Share advised to shield by health: about 4 in 100 of all (NHS Digital, shielded patient list, 2020)."""
SERVICE_AT = {"a lot": (0.14, 0.30), "a little": (0.012, 0.06), "none": (0.0008, 0.006)}
"""Share of adults drawing on social care by how limited they are, under 65 and from 65 on."""


def draw_factors(people: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give a row a person: the flags above, memory_loss, frail, pendant_alarm, vulnerable, and the service or null."""
    random = stage(seed, "factors")
    age = people["age"].to_numpy().astype(np.float64)
    limited = people["disability"].replace_strict({"a lot": 0, "a little": 1, "none": 2}).to_numpy()
    flags = {name: _draw_flag(random, younger, older, age, limited) for name, younger, older in RATES}
    flags["memory_loss"] = _draw_by_age(random, MEMORY_AT, age)
    flags["frail"] = _draw_by_age(random, FRAIL_AT, age)
    flags["severe_impairment"] = flags["memory_loss"] & draw_share(random, 0.25, len(age))
    vulnerable = people["health"].replace_strict(VULNERABLE_AT, return_dtype=pl.Float64).to_numpy()
    flags["vulnerable"] = draw_share(random, vulnerable, len(age)) | (
        flags["oxygen"] & draw_share(random, 0.8, len(age))
    )
    service = _draw_services(random, people, age)
    flags["pendant_alarm"] = draw_share(random, np.where((age >= OLDER) & (service != ""), 0.35, 0.0), len(age))
    return pl.DataFrame(flags).with_columns(service=pl.Series(service).replace("", None))


def _draw_flag(
    random: np.random.Generator,
    younger: tuple[float, float, float],
    older: tuple[float, float, float],
    age: Floats,
    limited: Ints,
) -> Flags:
    share = np.where(age < OLDER, np.array(younger)[limited], np.array(older)[limited])
    return draw_share(random, share, len(age))


def _draw_by_age(random: np.random.Generator, anchors: tuple[tuple[int, float], ...], age: Floats) -> Flags:
    return draw_share(random, np.interp(age, [at for at, _ in anchors], [share for _, share in anchors]), len(age))


def _draw_services(random: np.random.Generator, people: pl.DataFrame, age: Floats) -> Texts:
    """Draw who has a social care service; most people in care homes have residential care paid in part."""
    older = pl.col("age") >= OLDER
    share = people.select(
        pl.when(pl.col("role") == "communal")
        .then(0.6)
        .when(pl.col("age") < ADULT)
        .then(0.0)
        .when(older)
        .then(pl.col("disability").replace_strict({key: rates[1] for key, rates in SERVICE_AT.items()}))
        .otherwise(pl.col("disability").replace_strict({key: rates[0] for key, rates in SERVICE_AT.items()}))
    )
    has = draw_share(random, share.to_series().to_numpy(), len(age))
    chosen = pick(random, SERVICES, SERVICE_WEIGHTS, len(age))
    return np.where(has, np.where(people["role"].to_numpy() == "communal", RESIDENTIAL, chosen), "")
