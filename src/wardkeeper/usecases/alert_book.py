"""The alerts that are kept: what was raised, whether it is still open, and who accepted or declined it. Nobody is in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.kernel.ways import Way
from wardkeeper.outbreaks.alerting.alerts import Alert, Reason
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.rulebook import Kind


class Standing(StrEnum):
    """Where a kept alert stands. `ended` is one that no later week showed again."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a named public-health lead said of an alert, when, and why. `areas` are those it had then."""

    standing: Standing
    by: Login
    name: str
    at: datetime
    reason: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert with its standing.

    `told_on` is the last week in which it was told, `told_excess` the excess then. `load` is the number of the load of
    cases it was last drawn from; 0 for alerts kept before that was noted.
    """

    alert: Alert
    standing: Standing
    told_on: date
    told_excess: float
    verdict: Verdict | None = None
    load: int = 0

    @property
    def id(self) -> str:
        """Its id, kept from week to week."""
        return self.alert.id

    @property
    def areas(self) -> tuple[str, ...]:
        """The codes of its areas, the centre first. Of an accepted alert those it was accepted for, whatever it did since."""
        return self.verdict.areas if self.accepted and self.verdict else self.alert.areas

    @property
    def open(self) -> bool:
        """Whether it is still there to act on: neither declined nor ended."""
        return self.standing in {Standing.WAITING, Standing.ACCEPTED}

    @property
    def accepted(self) -> bool:
        """Whether a named public-health lead accepted it: nothing is sent before that."""
        return self.verdict is not None and self.verdict.standing is Standing.ACCEPTED

    @property
    def accepted_by(self) -> Login | None:
        """Who accepted it."""
        return self.verdict.by if self.accepted and self.verdict else None

    @property
    def added(self) -> tuple[str, ...]:
        """The areas that it has come to since it was accepted: nobody has accepted these."""
        return tuple(area for area in self.alert.areas if area not in set(self.areas))

    def is_drawn_from(self, load: int) -> bool:
        """Tell whether a load of cases is the one it was drawn from. One kept before that was noted counts as such."""
        return self.load in {load, 0}

    def decide(self, verdict: Verdict) -> "KeptAlert":
        """Give the alert with a verdict."""
        return replace(self, standing=verdict.standing, verdict=verdict)

    def to_document(self, house: House) -> Document:
        """Give the document that keeps it."""
        content = {"type": "alert", "version": 1, **asdict(self)}
        if self.verdict:
            content["verdict"] = {**asdict(self.verdict), "at": to_text(self.verdict.at)}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return document_of(house, Kind.ALERT, self.id, text.encode())


def load_alert(house: House, alert_id: str) -> KeptAlert:
    """Find an alert. Raises NotFound, naming the newest that are kept."""
    document = house.store.document(Kind.ALERT, alert_id)
    if document is None:
        known = ", ".join(one.id for one in kept_alerts(house)[:5]) or "none"
        raise NotFound("There is no alert with this id.", f"Check the id. The newest: {known}.", way=Way.LIST_ALERTS)
    return _read(document)


def kept_alerts(house: House) -> list[KeptAlert]:
    """List the alerts that are kept, the newest week first, in that week's order."""
    found = [_read(document) for document in house.store.documents(Kind.ALERT)]
    return sorted(found, key=lambda one: (-one.alert.end.toordinal(), one.alert.rank, one.id))


def _read(document: Document) -> KeptAlert:
    content = json.loads(document.content)
    return KeptAlert(
        alert=_alert(content["alert"]),
        standing=Standing(content["standing"]),
        told_on=date.fromisoformat(content["told_on"]),
        told_excess=content["told_excess"],
        verdict=_verdict(content["verdict"]) if content["verdict"] else None,
        load=content.get("load", 0),
    )


def _alert(values: Mapping[str, Any]) -> Alert:
    days = {name: date.fromisoformat(values[name]) for name in ("start", "end", "since")}
    lists = {name: tuple(values[name]) for name in ("areas", "places", "missing")}
    # Alerts that were kept before there was a second reason were all listed for their size.
    listed = Reason(values.get("listed_for", Reason.SIZE))
    return Alert(**{**values, **days, **lists, "listed_for": listed})


def _verdict(values: Mapping[str, Any]) -> Verdict:
    standing, login = Standing(values["standing"]), Login(values["by"])
    return Verdict(standing, login, values["name"], from_text(values["at"]), values["reason"], tuple(values["areas"]))
