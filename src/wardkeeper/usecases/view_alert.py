"""View one alert: its areas with their rates, their cases by week, and what has been said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_WEEK
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import from_text
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.course import add_weeks
from wardkeeper.outbreaks.rates import add_rates
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.alert_book import KeptAlert, Standing, load_alert
from wardkeeper.usecases.case_notes import case_notes
from wardkeeper.usecases.case_versions import load_in_force, versions
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.small_counts import counts_for_file
from wardkeeper.usecases.view_alerts import acts, deciders

WEEK = timedelta(weeks=1)
WEEKS_SHOWN = 16
STANDINGS = {Act.ALERT_ACCEPTED: Standing.ACCEPTED, Act.ALERT_DECLINED: Standing.DECLINED}


@dataclass(frozen=True, slots=True)
class Said:
    """What a public-health lead said of an alert."""

    standing: Standing
    at: datetime
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert.

    `areas` has code, name, population, low, high, suppressed (of the days of the alert), week_low, week_high, rate,
    rate_low and rate_high (per 100,000, of its newest week), before_low, before_high (the week before) and added
    (since it was accepted), the centre first. `estimated` tells that its newest week's late reports are. `weeks` is as
    `course.Course` has it, up to its newest week. `drawn_from` is where the figures came from that it was found in, and
    `source` where those in force come from, which the tables show; `changed` tells that these are not the same load.
    """

    kept: KeptAlert
    areas: pl.DataFrame
    estimated: bool
    weeks: pl.DataFrame
    said: tuple[Said, ...]
    source: str
    outlines: Mapping[str, str]
    around: Mapping[str, str]
    deciders: tuple[str, ...]
    drawn_from: str = ""
    changed: bool = False


def view_alert(house: House, actor: Actor, alert_id: str, *, file: str = "", purpose: str = PURPOSE) -> AlertView:
    """Show one alert. With `file`, it is to leave as a file of that name, and the ledger says so. Raises Refused, NotFound."""
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    kept = load_alert(house, alert_id)
    counts = notes.counts(opened.read(AREA_WEEKS))
    counts = counts_for_file(counts, actor) if file else counts
    table = notes.area_table(house.places().areas)
    outlines = table.outlines()
    own = set(kept.alert.areas)
    opened.tell_export(file)
    loads = {one.number: one.source for one in versions(house.store)}
    return AlertView(
        kept=kept,
        areas=tell_areas(kept, counts, table),
        estimated=kept.alert.end in counts.estimated,
        weeks=_weeks(kept.alert, counts.frame),
        said=_said(house, alert_id),
        source=notes.source,
        outlines={code: shape for code, shape in outlines.items() if code in own},
        around={code: shape for code, shape in outlines.items() if code not in own},
        deciders=deciders(house),
        drawn_from=loads.get(kept.load, ""),
        changed=not kept.is_drawn_from(load_in_force(house.store)),
    )


def tell_areas(kept: KeptAlert, counts: Counts, table: AreaTable) -> pl.DataFrame:
    """Give the alert's areas with names, counts and rates, in its order: late reports estimated, as the alert itself is.

    A week that is not loaded has no counts.
    """
    alert = kept.alert
    ordered = pl.DataFrame({"area": list(alert.areas)})
    frame = counts.with_late_reports().frame.join(ordered, on="area", how="semi")
    days = pl.col("week_end").is_between(alert.start, alert.end)
    window = frame.filter(days).group_by("area").agg(pl.col("low", "high").sum())
    newest = add_rates(frame.filter(pl.col("week_end") == alert.end)).select(
        "area", "population", "rate", "rate_low", "rate_high", week_low="low", week_high="high"
    )
    before = frame.filter(pl.col("week_end") == alert.end - WEEK).select("area", before_low="low", before_high="high")
    joined = ordered
    for part in (table.frame.select("area", "name"), window, newest, before):
        joined = joined.join(part, on="area", how="left", maintain_order="left")
    return joined.with_columns(
        pl.coalesce("name", "area"),
        suppressed=pl.col("low") < pl.col("high"),
        added=pl.col("area").is_in(list(kept.added)) if kept.accepted else pl.lit(value=False),
    ).rename({"area": "code"})


def _weeks(alert: Alert, frame: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("area").is_in(list(alert.areas)) & (pl.col("week_end") <= alert.end)
    return add_weeks(frame.filter(own)).tail(WEEKS_SHOWN)


def _said(house: House, alert_id: str) -> tuple[Said, ...]:
    """Give every verdict from the activity record, oldest first: a later one does not hide an earlier."""
    names = {account.actor.login: account.actor.name for account in house.store.accounts()}
    return tuple(
        Said(
            STANDINGS[Act(content["type"])],
            from_text(content["at"]),
            names.get(content["login"], content["login"]),
            content["detail"]["reason"],
        )
        for content in acts(house, *STANDINGS)
        if content["detail"].get("alert") == alert_id
    )
