"""View the alerts that are kept: the newest week's short list, who looked last, and what the figures rest on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.governance.tiers import Tier
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
    """The alerts, and what is said of the figures.

    `week` is the one shown, `looked` the newest time somebody looked in it. `names` and `outlines` (GeoJSON) are by area
    code, and `load` is the load of cases in force.
    """

    weeks: list[date]
    newest: date
    week: date
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
        """The open alerts of the week, first in rank first."""
        return [one for one in self.alerts if one.open and one.alert.end == self.week]

    @property
    def others(self) -> list[KeptAlert]:
        """All others: of other weeks, declined or ended."""
        shown = {one.id for one in self.current}
        return [one for one in self.alerts if one.id not in shown]


def view_alerts(
    house: House, actor: Actor, week: date | None = None, *, file: str = "", purpose: str = PURPOSE
) -> AlertBoard:
    """Show all alerts that are kept, those of a week first: by default of the newest that somebody looked in.

    With `file`, they are to leave as a file of that name, and the ledger says so. Raises Refused, and NotFound when no cases were loaded.
    """
    notes = case_notes(house.store)
    wanted = {AREA_WEEKS: ["week_end", "incomplete", "estimate"]}
    opened = open_door(house, Ask(actor, purpose, Operation.VIEW_OUTBREAK, wanted, Tier.COUNTS))
    weeks = opened.read(AREA_WEEKS)
    table = notes.area_table(house.places().areas)
    newest, looks = newest_settled(weeks), looks_by_week(house)
    shown = week or max(looks, default=newest)
    opened.tell_export(file)
    return AlertBoard(
        weeks=weeks["week_end"].unique().sort().to_list(),
        newest=newest,
        week=shown,
        looked=looks.get(shown),
        alerts=tuple(kept_alerts(house)),
        names=dict(table.frame.select("area", "name").iter_rows()),
        outlines=table.outlines(),
        source=notes.source,
        missing=notes.missing,
        notes=notes.notes,
        deciders=deciders(house),
        load=load_in_force(house.store),
    )


def looks_by_week(house: House) -> dict[date, Looked]:
    """Give the newest time that alerts were looked for in each week, from the activity record."""
    details = ((content["detail"], content["at"]) for content in acts(house, Act.ALERTS_RAISED))
    looks = (
        Looked(date.fromisoformat(detail["week"]), from_text(at), detail["alerts"], detail.get("load", 0))
        for detail, at in details
    )
    return {one.week: one for one in looks}


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
