"""View the alerts that are kept: the newest week's short list, who looked last, and what the figures rest on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_WEEK
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import from_text
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.alert_book import KeptAlert, kept_alerts
from wardkeeper.usecases.case_notes import case_notes
from wardkeeper.usecases.case_versions import load_in_force
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE
from wardkeeper.usecases.rulebook import rulebook
from wardkeeper.usecases.view_outbreak import newest_settled


@dataclass(frozen=True, slots=True)
class Looked:
    """The newest time somebody looked for alerts: in which week, when, how many there were, and in which load of cases."""

    week: date
    at: datetime
    alerts: int
    load: int = 0


@dataclass(frozen=True, slots=True)
class AlertBoard:
    """The alerts, and what is said of the figures. `names` and `outlines` (GeoJSON) are by area code."""

    weeks: list[date]
    newest: date
    looked: Looked | None
    alerts: tuple[KeptAlert, ...]
    names: Mapping[str, str]
    outlines: Mapping[str, str]
    source: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    deciders: tuple[str, ...]
    load: int = 0

    @property
    def changed(self) -> bool:
        """Whether cases were loaded since somebody looked."""
        return self.looked is not None and self.looked.load not in {self.load, 0}

    @property
    def current(self) -> list[KeptAlert]:
        """The open alerts of the week that was looked at last, first in rank first."""
        return [one for one in self.alerts if one.open and one.alert.end == self._week]

    @property
    def earlier(self) -> list[KeptAlert]:
        """All others: not seen again in that week, declined or ended."""
        shown = {one.id for one in self.current}
        return [one for one in self.alerts if one.id not in shown]

    @property
    def _week(self) -> date:
        return self.looked.week if self.looked else self.newest


def view_alerts(house: House, actor: Actor, *, purpose: str = PURPOSE) -> AlertBoard:
    """Show all alerts that are kept. Raises Refused, and NotFound when no cases were loaded."""
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    counts = notes.counts(opened.read(AREA_WEEKS))
    table = notes.area_table(house.places().areas)
    return AlertBoard(
        weeks=counts.weeks,
        newest=newest_settled(counts),
        looked=last_looked(house),
        alerts=tuple(kept_alerts(house)),
        names=dict(table.frame.select("area", "name").iter_rows()),
        outlines=table.outlines(),
        source=notes.source,
        missing=notes.missing,
        notes=notes.notes,
        deciders=deciders(house),
        load=load_in_force(house.store),
    )


def last_looked(house: House) -> Looked | None:
    """Give the newest time that alerts were looked for, from the activity record."""
    found = None
    for content in acts(house, Act.ALERTS_RAISED):
        found = content
    if found is None:
        return None
    detail = found["detail"]
    return Looked(date.fromisoformat(detail["week"]), from_text(found["at"]), detail["alerts"], detail.get("load", 0))


def acts(house: House, *kinds: Act) -> Iterator[dict[str, Any]]:
    """Give the entries of some kinds of act from the activity record, oldest first."""
    marks = tuple(f'"type":"{kind}"'.encode() for kind in kinds)
    # Most entries are about something else, and need not be parsed to see it.
    for leaf in house.store.leaves():
        if any(mark in leaf for mark in marks):
            yield json.loads(leaf)


def deciders(house: House) -> tuple[str, ...]:
    """Name who may accept or decline an alert: the authority's people with the role, by name."""
    roles = tuple(OPERATIONS[Operation.DECIDE_ALERT].own)
    authority = rulebook(house.store).authority
    return tuple(
        sorted(
            account.actor.name
            for account in house.store.accounts()
            if account.active and account.actor.has(*roles) and account.actor.organisation == authority.slug
        )
    )
