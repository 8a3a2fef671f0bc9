"""Raise a week's alerts from the loaded cases, and keep them: those still open go on under their ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_WEEK
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.ids import mint
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.alerting.finding import find_alerts
from wardkeeper.outbreaks.alerting.merging import Opened, is_over, oldest_kept
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.alert_book import KeptAlert, Standing, kept_alerts
from wardkeeper.usecases.case_notes import case_notes
from wardkeeper.usecases.case_versions import load_in_force
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.view_outbreak import newest_settled

NUMBERED = r"^(.*?) \d{3}[A-Z]?$"
"""How the Office for National Statistics names small areas: their local authority, and a number."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A week's alerts, first in rank first, and what is to be said of all of them. `later` are the newer weeks loaded."""

    week: date
    source: str
    alerts: tuple[KeptAlert, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    later: tuple[date, ...] = ()


def raise_alerts(
    house: House,
    actor: Actor,
    week: date | None = None,
    *,
    settings: AlertSettings | None = None,
    purpose: str = PURPOSE,
) -> Raised:
    """Look for clusters in a week (by default the newest that late reports can no longer change), and keep the alerts.

    Only the authority's own areas make clusters; other areas that were loaded only tell what is usual. What is found in
    a week long before the newest that was looked in has ended already: it is history. Raises Refused,
    NotFound, BadInput, and Conflict when somebody decides on an alert, or loads cases, at the same moment.
    """
    chosen = settings or AlertSettings()
    # Before the counts are read: what changes after this is told by the two.
    known, load = kept_alerts(house), load_in_force(house.store)
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    opened = open_door(house, Ask(actor, purpose, Operation.RAISE_ALERTS, wanted, Tier.COUNTS))
    counts = notes.counts(opened.read(AREA_WEEKS))
    shown = week or newest_settled(counts.frame)
    going_on = [one for one in known if one.standing is not Standing.ENDED]
    before = [one for one in going_on if one.alert.end <= shown or one.alert.end in counts.weeks]
    found = find_alerts(
        *(counts.with_late_reports(), shown, tell_places(notes.area_table(house.places().areas))),
        opened=[_opened(one) for one in before],
        settings=chosen,
        within=_own(house, counts),
    )
    newest = max((one.alert.end for one in known), default=shown)
    fresh = Standing.ENDED if shown < oldest_kept(newest, chosen) else Standing.WAITING
    kept = tuple(_keep(house, alert, before, fresh, load) for alert in found.alerts)
    seen = {one.id for one in kept}
    ended = [
        replace(one, standing=Standing.ENDED)
        for one in going_on
        if one.id not in seen and is_over(one.alert.end, shown, counts.weeks, chosen)
    ]
    with house.store.write(opened.leaf(Act.ALERTS_RAISED, _detail(shown, load, kept, len(ended)))) as writer:
        if (kept_alerts(house), load_in_force(house.store)) != (known, load):
            raise Conflict("The alerts or the cases changed while alerts were looked for.", "Look again.")
        for one in (*kept, *ended):
            writer.apply_document(one.to_document(house))
    later = tuple(one for one in counts.weeks if one > shown)
    return Raised(shown, notes.source, kept, found.notes, counts.missing, later)


def _detail(week: date, load: int, kept: Sequence[KeptAlert], ended: int) -> dict[str, Detail]:
    """Say on the ledger what was found: counts alone."""
    return {
        "week": week.isoformat(),
        "alerts": len(kept),
        "ended": ended,
        "told": sum(one.alert.told for one in kept),
        "new": sum(one.alert.new for one in kept),
        "load": load,
    }


def tell_places(table: AreaTable) -> pl.DataFrame:
    """Give the areas with x, y in a plane (degrees at the middle latitude) and, where they lie in several, their authority."""
    middle = pl.col("latitude").mean().radians().cos()
    place = pl.col("name").str.extract(NUMBERED)
    areas = table.frame.select(
        "area", "name", place.alias("place"), x=pl.col("longitude") * middle, y=pl.col("latitude")
    )
    if areas["place"].n_unique() == 1:
        return areas.with_columns(place=pl.lit(None, pl.String))
    return areas


def _own(house: House, counts: Counts) -> list[str]:
    """Give the counted areas that are the authority's: those it has postcodes in, or a shape of."""
    places = house.places()
    parts = places.postcodes.frame
    own = {*places.areas.codes, *parts["lsoa"].drop_nulls(), *parts["msoa"].drop_nulls()}
    return [area for area in counts.areas if area in own]


def _opened(kept: KeptAlert) -> Opened:
    return Opened(kept.alert, kept.told_on, kept.told_excess, kept.standing is Standing.DECLINED)


def _keep(house: House, alert: Alert, before: Sequence[KeptAlert], fresh: Standing, load: int) -> KeptAlert:
    """Give an alert as it is kept: a new one under a new id, one that goes on with its standing.

    One that went on in a later week of the same load than was looked at now stays as it was there.
    """
    earlier = next((one for one in before if one.id == alert.id), None)
    if earlier is None:
        named = replace(alert, id=mint("alr", house.clock.entropy(8)))
        return KeptAlert(named, fresh, alert.end, alert.excess, load=load)
    if earlier.alert.end > alert.end and earlier.load == load:
        return earlier
    if alert.told:
        return replace(earlier, alert=alert, told_on=alert.end, told_excess=alert.excess, load=load)
    return replace(earlier, alert=alert, load=load)
