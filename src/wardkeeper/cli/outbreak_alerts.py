"""`wardkeeper outbreak alerts`, `accept` and `decline`: a short list, and what a named lead says of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from wardkeeper.cli.days import read_day
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.outbreak_replay import HEADINGS, show_row
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.usecases import accept_alert, list_alerts, raise_alerts
from wardkeeper.usecases.alert_book import KeptAlert

AlertArgument = Annotated[str, typer.Argument(help="The alert's id.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence; name nobody.")]


def alerts(
    week: Annotated[str, typer.Option("--week", help="The week's last day; by default the newest complete one.")] = "",
    kept: Annotated[bool, typer.Option("--kept", help="Only list the open alerts; look for nothing.")] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Look for clusters in a week of the loaded cases, and keep the alerts. Nothing is sent."""
    desk = sit_down(folder, login)
    if kept:
        found = list_alerts.list_alerts(desk.house, desk.actor)
        _tell({"alerts": [to_json(one) for one in found]}, found, "Open alerts", (), as_json=as_json)
        return
    raised = raise_alerts.raise_alerts(desk.house, desk.actor, read_day(week, "--week") if week else None)
    document = {
        "week": raised.week,
        "source": raised.source,
        "alerts": [to_json(one) for one in raised.alerts],
        "notes": raised.notes,
        "missing": raised.missing,
        "later": raised.later,
    }
    title = f"Alerts of the week ending {raised.week}: {len(raised.alerts)}"
    said = (raised.source, *raised.notes, *raised.missing, *_say_later(raised.later, named=bool(week)))
    _tell(document, raised.alerts, title, said, as_json=as_json)


def accept(
    alert: AlertArgument,
    reason: ReasonOption,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Accept an alert, as a named public-health lead: a campaign may rest on it then. Nothing is sent."""
    desk = sit_down(folder, login)
    _told(accept_alert.accept(desk.house, desk.actor, alert, reason), as_json=as_json)


def decline(
    alert: AlertArgument,
    reason: ReasonOption,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Decline an alert, as a named public-health lead. It is told again only if it grows markedly."""
    desk = sit_down(folder, login)
    _told(accept_alert.decline(desk.house, desk.actor, alert, reason), as_json=as_json)


def to_json(kept: KeptAlert) -> dict[str, object]:
    """Give an alert for JSON, with its standing and who decided."""
    verdict = kept.verdict
    return {
        **asdict(kept.alert),
        "standing": kept.standing.value,
        "decided_by": verdict.name if verdict else None,
        "reason": verdict.reason if verdict else None,
        "added": kept.added,
        "load": kept.load,
    }


def _say_later(later: Sequence[date], *, named: bool) -> tuple[str, ...]:
    """Say that newer weeks are loaded."""
    if not later:
        return ()
    if named:
        return (f"Newer weeks are loaded: the newest ends on {later[-1]}.",)
    return (f"Newer figures are loaded, which are not complete yet: --week {later[-1]} looks at the newest.",)


def _say_added(kept: KeptAlert) -> tuple[str, ...]:
    if not (kept.accepted and kept.added):
        return ()
    return (f"Areas it has come to since it was accepted, which nobody has accepted: {len(kept.added):,}.",)


def _told(kept: KeptAlert, *, as_json: bool) -> None:
    if as_json:
        answer_json(to_json(kept))
        return
    words.print(f"The alert {kept.id} is {kept.standing.value}. This is in the activity record.", markup=False)


def _tell(
    document: dict[str, object], found: Sequence[KeptAlert], title: str, said: Sequence[str], *, as_json: bool
) -> None:
    if as_json:
        answer_json(document)
        return
    rows = ((*show_row(one.alert), one.standing.value, one.id) for one in found)
    answer_table(title, (*HEADINGS, "Standing", "Alert"), rows)
    for one in found:
        for line in (f"{one.alert.rank}. {one.alert.why}", one.alert.sure, *_say_added(one), *one.alert.missing[:1]):
            words.print(line, markup=False)
    for line in said:
        words.print(line, markup=False)
