"""What would we have been told each week: the alerts of past weeks, each from the weeks up to it alone."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.alerting.finding import WeekAlerts, alerts_of
from wardkeeper.outbreaks.alerting.grounds import AreaGround, check_counts, survey
from wardkeeper.outbreaks.alerting.merging import Opened, stay_open
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.counts import Counts, in_words, say_hidden
from wardkeeper.outbreaks.given import take_day

COMPLETED = (
    "With figures completed later: this is what these methods make of the figures as they stand now, not what anybody "
    "could see in that week, for reports come late."
)
COMMUNITY_TESTS_SINCE = date(2020, 7, 2)
"""When English councils were first told of tests made in the community (pillar 2), in the first wave of COVID-19."""

WITHOUT_COMMUNITY_TESTS = "Until July 2020 the figures that English councils got left out the tests made in the community, which are in these."


@dataclass(frozen=True, slots=True)
class Replay:
    """The weeks in order, oldest first, and what is to be said of all of them."""

    weeks: tuple[WeekAlerts, ...]
    notes: tuple[str, ...]


def replay(
    counts: Counts, areas: pl.DataFrame, first: date, last: date, settings: AlertSettings | None = None
) -> Replay:
    """Find the alerts of every week that ends from `first` to `last`, carrying open alerts from week to week.

    `areas` as for `find_alerts`. Raises BadInput when no week of the counts ends then.
    """
    for name, day in (("first", first), ("last", last)):
        take_day(day, name)
    check_counts(counts)
    chosen = settings or AlertSettings()
    weeks = [week for week in counts.weeks if first <= week <= last]
    if not weeks:
        held = f"{in_words(counts.weeks[0])} to {in_words(counts.weeks[-1])}"
        raise BadInput(
            f"No week of the counts ends from {in_words(first)} to {in_words(last)}.",
            f"The weeks held end from {held}.",
            Where(rule="from and to"),
        )
    # Which weeks wait for late reports today says nothing of those weeks as they were.
    plain = replace(counts, missing=())
    ground = survey(plain, areas, settings=chosen)
    told: list[WeekAlerts] = []
    opened: tuple[Opened, ...] = ()
    for week in weeks:
        found, opened = _tell(plain, week, ground, opened, chosen)
        told.append(found)
    unseen = (WITHOUT_COMMUNITY_TESTS,) if weeks[0] < COMMUNITY_TESTS_SINCE else ()
    return Replay(tuple(told), (COMPLETED, *unseen, *say_hidden(counts.frame), *counts.notes))


def _tell(
    counts: Counts, week: date, ground: AreaGround, opened: tuple[Opened, ...], settings: AlertSettings
) -> tuple[WeekAlerts, tuple[Opened, ...]]:
    found = alerts_of(counts, week, ground, opened=opened, settings=settings)
    named = tuple(_name(alert) for alert in found.alerts)
    return replace(found, alerts=named), stay_open(named, opened, week, settings)


def _name(alert: Alert) -> Alert:
    """Name a new alert by its week and rank: the same in every run."""
    return alert if alert.id else replace(alert, id=f"{alert.end}-{alert.rank}")
