"""From week to week: an alert that is still there stays the same alert, and is not told again without a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.alerting.settings import AlertSettings


@dataclass(frozen=True, slots=True)
class Opened:
    """An alert that is open: as last seen, and when it was last told with what excess."""

    alert: Alert
    told_on: date
    told_excess: float
    declined: bool = False


def carry_on(found: Sequence[Alert], opened: Sequence[Opened], settings: AlertSettings) -> tuple[Alert, ...]:
    """Give the alerts found, in their order, with the ids of the open ones they carry on.

    An open alert is carried on by one at most, the first in rank that overlaps it enough. A declined one hushes what
    overlaps it, until that has grown markedly: then it is a new alert.
    """
    waiting = list(opened)
    carried = []
    for alert in found:
        match = _match(alert, waiting, settings)
        if match is None:
            carried.append(alert)
            continue
        waiting.remove(match)
        told = _is_told(alert, match, settings)
        if match.declined and told:
            carried.append(alert)
        else:
            since = match.alert.since
            carried.append(replace(alert, id=match.alert.id, since=since, new=since == alert.end, told=told))
    return tuple(carried)


def stay_open(
    alerts: Sequence[Alert], opened: Sequence[Opened], week: date, settings: AlertSettings
) -> tuple[Opened, ...]:
    """Give what is open after a week: its alerts, and the earlier ones that were seen not long ago."""
    earlier = {one.alert.id: one for one in opened}
    seen = {one.id for one in alerts}
    rest = (one for one in opened if one.alert.id not in seen and one.alert.end >= oldest_kept(week, settings))
    return (*(_keep(one, earlier.get(one.id), week) for one in alerts), *rest)


def oldest_kept(week: date, settings: AlertSettings) -> date:
    """Give the week before which an alert is over in `week`, if no week has shown it since."""
    return week - timedelta(days=7 * settings.kept_weeks)


def is_over(end: date, week: date, weeks: Sequence[date], settings: AlertSettings) -> bool:
    """Tell whether an alert last seen in the week that ends on `end`, and not found in `week`, is over.

    It is when its own week was looked at again, when no week has shown it for long, and when `weeks`, those of the figures
    in force, have its week no more. Else it may be in its week still, or come again.
    """
    return end == week or end < oldest_kept(week, settings) or end not in weeks


def _keep(alert: Alert, before: Opened | None, week: date) -> Opened:
    if before is None or alert.told:
        return Opened(alert, week, alert.excess)
    return Opened(alert, before.told_on, before.told_excess, before.declined)


def _match(alert: Alert, waiting: Sequence[Opened], settings: AlertSettings) -> Opened | None:
    """Find the open alert that shares most, if that is enough of the smaller of the two."""
    areas = set(alert.areas)
    shared = [(len(areas.intersection(one.alert.areas)), one) for one in waiting]
    enough = [
        (count, one) for count, one in shared if count >= settings.overlap * min(len(areas), len(one.alert.areas))
    ]
    return max(enough, key=lambda pair: (pair[0], pair[1].alert.since, pair[1].alert.id))[1] if enough else None


def _is_told(alert: Alert, before: Opened, settings: AlertSettings) -> bool:
    """Tell again what has grown markedly, or (unless it was declined) what was told longer ago than the hush."""
    if alert.excess >= settings.grown * before.told_excess:
        return True
    return not before.declined and (alert.end - before.told_on).days > settings.hush_days
