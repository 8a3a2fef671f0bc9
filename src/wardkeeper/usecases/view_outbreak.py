"""View where cases rise: rates with intervals for each area in a chosen week, and the detector's alarms."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_SUM, AREA_WEEK
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.counts import ESTIMATES, Counts
from wardkeeper.outbreaks.course import Course, course_of
from wardkeeper.outbreaks.detectors import detect
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.outbreaks.rates import add_rates
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.alert_book import Standing, kept_alerts
from wardkeeper.usecases.case_notes import case_notes
from wardkeeper.usecases.case_versions import Version, load_in_force, versions
from wardkeeper.usecases.datasets import ALL_AREAS, AREA_WEEKS
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.small_counts import counts_for_file


@dataclass(frozen=True, slots=True)
class Place:
    """One area, chosen to see its course alone."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OutbreakView:
    """One week of rates and alarms.

    `areas` has code, name, population, low, high (known so far), estimate, estimate_low, estimate_high (with late
    reports, where estimated), suppressed, rate, rate_low, rate_high (per 100,000, late reports included where
    estimated), incomplete, alarm and why, the alarms first. `outlines` maps codes to GeoJSON text. `course` is of all
    areas together, or of the one `place`; `versions` are the loads, the newest first; `waiting` and `accepted` count the open
    alerts, and `changed` tells that some were found in another load than the one in force.
    """

    weeks: list[date]
    week: date
    source: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    areas: pl.DataFrame
    outlines: dict[str, str]
    course: Course | None = None
    place: Place | None = None
    versions: tuple[Version, ...] = ()
    waiting: int = 0
    accepted: int = 0
    changed: bool = False

    @property
    def alarms(self) -> int:
        """How many areas have a raised alarm."""
        return self.areas.filter(pl.col("alarm") == Alarm.RAISED).height


def view(
    house: House, actor: Actor, week: date | None = None, *, area: str = "", file: str = "", purpose: str = PURPOSE
) -> OutbreakView:
    """Show a week (by default the newest that late reports can no longer change), and the course of all areas or of one.

    With `file`, it is to leave as a file of that name, and the ledger says so. Raises Refused, NotFound.
    """
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    if house.store.current(ALL_AREAS):  # Cases loaded before sums were sealed have none.
        wanted[ALL_AREAS] = [column.name for column in AREA_SUM]
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    sums = opened.read(ALL_AREAS) if ALL_AREAS in wanted else None
    counts = notes.counts(opened.read(AREA_WEEKS), sums)
    shown = week or newest_settled(counts.frame)
    table = notes.area_table(house.places().areas)
    told = counts_for_file(counts, actor) if file else counts
    areas = rate_areas(told, shown, table)
    place = _place(areas, area) if area else None
    raised = areas.filter(pl.col("alarm") == Alarm.RAISED).height
    seen = opened.leaf(Act.ALARMS_RAISED, {"week": shown.isoformat(), "alarms": raised})
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, {"file": file}) if file else seen):
        alerts = [one for one in kept_alerts(house) if one.open]
        standings = [one.standing for one in alerts]
        load = load_in_force(house.store)
        return OutbreakView(
            *(counts.weeks, shown, notes.source, notes.missing, notes.notes, areas, table.outlines()),
            course=course_of(told, [place.code]) if place else course_of(counts, None),
            place=place,
            versions=tuple(reversed(versions(house.store))),
            waiting=standings.count(Standing.WAITING),
            accepted=standings.count(Standing.ACCEPTED),
            changed=not all(one.is_drawn_from(load) for one in alerts),
        )


def find_rises(house: House, actor: Actor, *, purpose: str = PURPOSE) -> tuple[date, pl.DataFrame]:
    """Give the newest settled week and its areas with a raised alarm (code, name, why). Raises Refused, NotFound."""
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    counts = notes.counts(opened.read(AREA_WEEKS))
    week = newest_settled(counts.frame)
    areas = rate_areas(counts, week, notes.area_table(house.places().areas))
    return week, areas.filter(pl.col("alarm") == Alarm.RAISED).select("code", "name", "why")


def _place(areas: pl.DataFrame, code: str) -> Place:
    row = areas.filter(pl.col("code") == code)
    if row.is_empty():
        raise NotFound("No cases are counted in that area.", "Choose an area from the table of all areas.")
    return Place(code, row["name"][0])


def newest_settled(weeks: pl.DataFrame) -> date:
    """Give the newest week that is complete, or whose late reports were estimated; the newest of all when none is.

    Takes rows of week_end, incomplete and estimate.
    """
    settled = weeks.filter(~pl.col("incomplete") | pl.col("estimate").is_not_null())["week_end"].max()
    newest = settled if settled is not None else weeks["week_end"].max()
    assert isinstance(newest, date)
    return newest


def rate_areas(counts: Counts, week: date, table: AreaTable) -> pl.DataFrame:
    """Give the areas of a week with names, rates and alarms, the most certain and highest first.

    Rates and alarms start from the counts with late reports estimated.
    """
    whole = counts.with_late_reports()
    rated = add_rates(whole.of_week(week)).drop("low", "high", *ESTIMATES)
    known = counts.of_week(week).select("area", "low", "high", *ESTIMATES)
    found = detect(whole, week).select("area", "alarm", "why")
    names = table.frame.select("area", "name")
    order = pl.col("alarm").replace_strict({alarm.value: place for place, alarm in enumerate(Alarm)})
    return (
        rated.join(known, on="area", how="left")
        .join(found, on="area", how="left")
        .join(names, on="area", how="left")
        .with_columns(name=pl.coalesce("name", "area"), suppressed=pl.col("low") < pl.col("high"))
        .sort([order, "rate", "area"], descending=[False, True, False], nulls_last=True)
        .select(
            pl.col("area").alias("code"),
            *("name", "population", "low", "high", *ESTIMATES, "suppressed", "rate", "rate_low", "rate_high"),
            *("incomplete", "alarm", "why"),
        )
    )
