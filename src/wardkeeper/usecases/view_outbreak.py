"""View where cases rise: rates with intervals for each area in a chosen week, and the detector's alarms."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_WEEK
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.detectors import detect
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.outbreaks.rates import add_rates
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.case_notes import case_notes
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE


@dataclass(frozen=True, slots=True)
class OutbreakView:
    """One week of rates and alarms.

    `areas` has code, name, population, low, high, suppressed, rate, rate_low, rate_high (per 100,000), incomplete,
    alarm and why, the alarms first. `outlines` maps codes to GeoJSON text.
    """

    weeks: list[date]
    week: date
    source: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    areas: pl.DataFrame
    outlines: dict[str, str]

    @property
    def alarms(self) -> int:
        """How many areas have a raised alarm."""
        return self.areas.filter(pl.col("alarm") == Alarm.RAISED).height


def view(house: House, actor: Actor, week: date | None = None, *, purpose: str = PURPOSE) -> OutbreakView:
    """Show a week (by default the newest that late reports can no longer change). Raises Refused, NotFound."""
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    counts = notes.counts(opened.read(AREA_WEEKS))
    shown = week or newest_complete(counts)
    table = notes.area_table(house.places().areas)
    areas = rate_areas(counts, shown, table)
    raised = areas.filter(pl.col("alarm") == Alarm.RAISED).height
    with house.store.write(opened.leaf(Act.ALARMS_RAISED, {"week": shown.isoformat(), "alarms": raised})):
        return OutbreakView(counts.weeks, shown, notes.source, notes.missing, notes.notes, areas, table.outlines())


def newest_complete(counts: Counts) -> date:
    """Give the newest week that is not waiting for late reports; the newest of all when every one is."""
    complete = counts.frame.filter(~pl.col("incomplete"))["week_end"].max()
    newest = complete if complete is not None else counts.weeks[-1]
    assert isinstance(newest, date)
    return newest


def rate_areas(counts: Counts, week: date, table: AreaTable) -> pl.DataFrame:
    """Give the areas of a week with names, rates and alarms, the most certain and highest first."""
    rated = add_rates(counts.of_week(week)).with_columns(suppressed=pl.col("low") < pl.col("high"))
    found = detect(counts, week).select("area", "alarm", "why")
    names = table.frame.select("area", "name")
    order = pl.col("alarm").replace_strict({alarm.value: place for place, alarm in enumerate(Alarm)})
    return (
        rated.join(found, on="area", how="left")
        .join(names, on="area", how="left")
        .with_columns(name=pl.coalesce("name", "area"))
        .sort([order, "rate", "area"], descending=[False, True, False], nulls_last=True)
        .select(
            pl.col("area").alias("code"),
            *("name", "population", "low", "high", "suppressed", "rate", "rate_low", "rate_high"),
            *("incomplete", "alarm", "why"),
        )
    )
