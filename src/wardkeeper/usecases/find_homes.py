"""Find the homes in an area where somebody needs help in a hazard, ranked, with reasons and coverage."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import FACT, LIST, Sensitivity
from wardkeeper.kernel.geojson import Outline
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act
from wardkeeper.needs.coverage import CoverageLine, Expected, coverage
from wardkeeper.needs.finding import IDENTITY, RING_CONTROL, Found, Ground, find
from wardkeeper.places.outlines import within
from wardkeeper.sources.deliveries import sort_by_day
from wardkeeper.usecases.datasets import FACTS, HOMES, RESIDENTS
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Rulebook, rulebook

PURPOSE = "emergency-planning"

EDGE_METRES = 25
"""Homes this near to an outline are in it: a line drawn by hand is no sharper."""

HOMES_WANTED = ["home_id", "address", "postcode", "longitude", "latitude", "lsoa", "special"]
RESIDENTS_WANTED = ["resident_id", "home_id", "seen_on", "protected", "caution", "objected_on", "died_on"]
FACTS_WANTED = [column.name for column in FACT]

GROUND_WITHOUT_NAMES = {HOMES: HOMES_WANTED, RESIDENTS: RESIDENTS_WANTED, FACTS: FACTS_WANTED}
GROUND_WITH_NAMES = {**GROUND_WITHOUT_NAMES, RESIDENTS: [*RESIDENTS_WANTED, *IDENTITY]}

SHOWN_WITHOUT_NAMES = [column.name for column in LIST if column.sensitivity is not Sensitivity.IDENTITY]


@dataclass(frozen=True, slots=True)
class HomesFound:
    """A list at a moment: LIST columns without names, and what it may be missing."""

    lines: pl.DataFrame
    coverage: list[CoverageLine]


def find_homes(house: House, actor: Actor, hazard: Hazard, outline: Outline, *, purpose: str = PURPOSE) -> HomesFound:
    """Give the homes ranked, without names: those need an incident (rule G10). Raises Refused, NotFound."""
    ask = Ask(actor, purpose, Operation.FIND, GROUND_WITHOUT_NAMES, Tier.FLAGS, hazard=hazard)
    opened = open_door(house, ask)
    lines = _tell_less(find_with(opened, hazard, outline).lines.select(SHOWN_WITHOUT_NAMES))
    with house.store.write(opened.leaf(Act.LIST_FOUND, {"hazard": hazard, "homes": lines.height})):
        return HomesFound(lines, coverage_now(house))


def find_with(opened: Opened, hazard: Hazard, outline: Outline) -> Found:
    """Find within what an opened door may read: with names when the door was opened for them."""
    house = opened.house
    book = rulebook(house.store)
    frames = opened.read_all(opened.ask.wanted_of(GROUND_WITHOUT_NAMES))
    return find(
        Ground(_homes_in(house, outline, frames[HOMES], frames[RESIDENTS]), frames[RESIDENTS], frames[FACTS]),
        book.hazard(hazard),
        source_titles=source_titles(book),
        today=london_day(house.clock.now()),
        entropy=house.clock.entropy,
    )


def _homes_in(house: House, outline: Outline, homes: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Give the homes in an outline, and every hidden home of the small areas (LSOAs) it touches (rule G17).

    Were hidden homes found by the outline alone, a smaller and smaller outline would lead to their door.
    """
    inside = within(outline, homes["longitude"].to_numpy(), homes["latitude"].to_numpy(), EDGE_METRES)
    protected = residents.filter("protected")["home_id"].drop_nulls().unique()
    hidden = pl.col("special").is_not_null() | pl.col("home_id").is_in(protected.implode())
    touched = pl.col("lsoa").is_in(house.places().areas.touching(outline))
    return homes.filter(pl.Series(inside) | (hidden & touched))


def _tell_less(lines: pl.DataFrame) -> pl.DataFrame:
    """Leave of a hidden line only that it is there: outside an incident nobody goes to the door (rules G10, G17)."""
    hidden = pl.col("ring_control")
    words = pl.lit([RING_CONTROL], dtype=pl.List(pl.String))
    empty = pl.lit([], dtype=pl.List(pl.String))
    return lines.with_columns(
        pl.when(hidden).then(words).otherwise("needs").alias("needs"),
        *(pl.when(hidden).then(empty).otherwise(name).alias(name) for name in ("reasons", "cautions")),
        *(pl.when(~hidden).then(name).alias(name) for name in ("score", "people", "sources", "oldest_on", "objected")),
    )


def source_titles(book: Rulebook) -> dict[str, str]:
    """Give the words for each source."""
    return {name: contract.title for name, contract in book.contracts.items()}


def coverage_now(house: House) -> list[CoverageLine]:
    """Tell which sources are fresh, late or missing now."""
    newest = {delivery.source: delivery.extracted_on for delivery in sort_by_day(house.store.deliveries())}
    expected = [
        Expected(name, contract.title, contract.contact, contract.refresh_days, newest.get(name))
        for name, contract in rulebook(house.store).contracts.items()
    ]
    return coverage(expected, london_day(house.clock.now()))
