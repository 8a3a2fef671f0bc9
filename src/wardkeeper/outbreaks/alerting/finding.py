"""Find a week's alerts: scan, rank, pick within the budget, carry on what is open, and say why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.alerting.alerts import Alert, Reason
from wardkeeper.outbreaks.alerting.grounds import AreaGround, Numbers, survey, tabulate
from wardkeeper.outbreaks.alerting.merging import Opened, carry_on
from wardkeeper.outbreaks.alerting.ranking import Candidates, find_candidates, keep, pick
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.alerting.wording import say_missing, say_sure, say_whole, say_why
from wardkeeper.outbreaks.changes import Change
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.given import take_day
from wardkeeper.outbreaks.space.epidemic import LEAST_PAST, Outlook, look


@dataclass(frozen=True, slots=True)
class WeekAlerts:
    """A week's alerts, first in rank first, and what is to be said of all of them."""

    end: date
    alerts: tuple[Alert, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """A week's counts on their ground: least and greatest, areas by weeks up to it."""

    week: date
    ground: AreaGround
    low: Numbers
    high: Numbers


def find_alerts(
    counts: Counts,
    week: date,
    areas: pl.DataFrame,
    *,
    opened: Sequence[Opened] = (),
    settings: AlertSettings | None = None,
    within: Collection[str] | None = None,
) -> WeekAlerts:
    """Find the alerts of the week that ends on `week`, from that week and those before it alone.

    `areas` has area, name, place (null unknown), x and y in a plane; `opened` the alerts still open; `within` the
    areas where somebody can act. Raises NotFound for a week without counts, BadInput when nothing can be looked at.
    """
    take_day(week, "week")
    chosen = settings or AlertSettings()
    ground = survey(counts, areas, settings=chosen, within=within)
    return alerts_of(counts, week, ground, opened=opened, settings=chosen)


def alerts_of(
    counts: Counts, week: date, ground: AreaGround, *, opened: Sequence[Opened], settings: AlertSettings
) -> WeekAlerts:
    """Find a week's alerts on ground that was surveyed before: the same for all weeks."""
    epidemic = settings.epidemic
    low, high = tabulate(counts, ground, week, weeks=epidemic.longest + epidemic.past.weeks)
    _check_past(low, week)
    scene = Scene(week, ground, low, high)
    outlook = look(low, high, ground.ground, epidemic)
    found = _found(outlook, low, settings)
    picked = pick(outlook, found, settings)
    made = [
        _alert(rank, one, reason, found, outlook, scene) for rank, (one, reason) in enumerate(picked.items(), start=1)
    ]
    change = _whole_change(scene, outlook)
    told = tuple(_say(alert, change, counts, scene) for alert in carry_on(made, opened, settings))
    return WeekAlerts(week, told, (say_whole(week, change), *ground.notes, *_gaps(low)))


def _whole_change(scene: Scene, outlook: Outlook) -> Change:
    """Give the newest week's cases over those of the week before, of the areas that have a count in both."""
    known = np.flatnonzero(~np.isnan(scene.low[:, -2:]).any(axis=1))
    before, newest = outlook.fits[-1].counts[known, -2:].sum(axis=0)
    return Change(float((newest + 0.5) / (before + 0.5)), _from_none(known, scene, outlook))


def _from_none(members: NDArray[np.integer], scene: Scene, outlook: Outlook) -> int | None:
    """Give the newest week's cases of areas that surely had none in the week before: no hidden or missing count."""
    if scene.high[members, -2].sum() != 0:
        return None
    return round(float(outlook.fits[-1].counts[members, -1].sum())) or None


def _check_past(low: Numbers, week: date) -> None:
    if low.shape[1] <= LEAST_PAST:
        raise BadInput(
            f"There are too few weeks up to {week} to know what is usual.",
            f"Give at least {LEAST_PAST} weeks before it.",
            Where(rule="earlier weeks"),
        )


def _found(outlook: Outlook, low: Numbers, settings: AlertSettings) -> Candidates:
    """Give the candidates with enough known cases, so that no alert is about a handful of people."""
    found = find_candidates(outlook, least=settings.least_statistic)
    known = np.array([np.nansum(low[:, -weeks:], axis=1) for weeks in range(1, len(outlook.fits) + 1)])
    return keep(found, found.sum_over(outlook, known) >= settings.least_cases)


def _alert(rank: int, one: int, reason: Reason, found: Candidates, outlook: Outlook, scene: Scene) -> Alert:
    kind, centre, weeks = (int(column[one]) for column in (found.kind, found.centre, found.weeks))
    members = outlook.zone(kind, centre)
    rows = scene.ground.frame[members.astype(np.int64)]
    low, high = (int(np.nansum(end[members, -weeks:])) for end in (scene.low, scene.high))
    return Alert(
        rank=rank,
        areas=tuple(rows["area"]),
        places=_places(rows),
        start=scene.week - timedelta(days=7 * weeks - 1),
        end=scene.week,
        observed=round(float(found.observed[one])),
        observed_low=low,
        observed_high=high,
        expected=round(float(found.expected[one]), 1),
        excess=round(float(found.excess[one]), 1),
        growth=round(float(found.growth[one]), 2),
        growing=round(float(found.growing[one]), 3),
        score=round(float(found.score[one]), 2),
        recurrence_weeks=round(1 / outlook.p_value(kind, float(found.statistic[one])), 1),
        population=int(rows["people"].sum()) if scene.ground.people_known else None,
        since=scene.week,
        chance=float(f"{found.chance[one]:.3g}"),
        listed_for=reason,
        from_none=_from_none(members, scene, outlook),
    )


def _places(rows: pl.DataFrame) -> tuple[str, ...]:
    """Name the places areas lie in, the one with most people first; areas without a place by their own name or code."""
    named = rows.select(place=pl.coalesce("place", "name", "area"), people="people")
    ordered = named.group_by("place").agg(pl.col("people").sum()).sort(["people", "place"], descending=[True, False])
    return tuple(ordered["place"])


def _say(alert: Alert, change: Change, counts: Counts, scene: Scene) -> Alert:
    weeks = (alert.end - alert.start).days // 7 + 1
    members = scene.ground.frame["area"].is_in(list(alert.areas)).to_numpy()
    low, high = (end[members, -weeks:] for end in (scene.low, scene.high))
    late = not counts.frame.filter(pl.col("incomplete") & (pl.col("week_end") <= alert.end)).is_empty()
    missing = say_missing(int((low < high).sum()), low.size, counts.missing, late=late)
    return replace(alert, why=say_why(alert, change), sure=say_sure(alert), missing=missing)


def _gaps(low: Numbers) -> tuple[str, ...]:
    gaps = int(np.isnan(low).sum())
    return (f"Counts not published for some areas and weeks, taken as unknown: {gaps:,}.",) if gaps else ()
