"""`wardkeeper outbreak`."""

from datetime import date
from typing import Annotated

import typer

from wardkeeper.cli.outbreak_alerts import accept, alerts, decline
from wardkeeper.cli.outbreak_coincidences import coincidences
from wardkeeper.cli.outbreak_load import load, show_versions
from wardkeeper.cli.outbreak_nowcast import nowcast, nowcast_score
from wardkeeper.cli.outbreak_replay import replay
from wardkeeper.cli.outbreak_scan import scan
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, sit_down, words
from wardkeeper.kernel.errors import BadInput
from wardkeeper.usecases import view_outbreak

app = typer.Typer(add_completion=False, help="Where infection rises, and how sure we are.")
app.command("alerts")(alerts)
app.command("accept")(accept)
app.command("decline")(decline)
app.command("replay")(replay)
app.command("load")(load)
app.command("nowcast")(nowcast)
app.command("nowcast-score")(nowcast_score)
app.command("versions")(show_versions)
app.command("coincidences")(coincidences)
app.command("scan")(scan)

MOST_SHOWN = 30


@app.command()
def rates(
    week: Annotated[str, typer.Option("--week", help="The week's last day; by default the newest complete one.")] = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show rates with intervals and unusual rises for a week."""
    desk = sit_down(folder, login)
    shown = view_outbreak.view(desk.house, desk.actor, _day(week) if week else None)
    if as_json:
        answer_json(
            {"week": shown.week, "source": shown.source, "alarms": shown.alarms, "areas": shown.areas.to_dicts()}
        )
        return
    answer_table(
        f"Week ending {shown.week}: {shown.alarms} unusual rises (first {MOST_SHOWN} areas)",
        ("Area", "Cases", "Rate", "95% interval", "Rise"),
        (
            (row["name"], _cases(row), _number(row["rate"]), _interval(row), row["alarm"])
            for row in shown.areas.head(MOST_SHOWN).iter_rows(named=True)
        ),
    )
    for line in (shown.source, *shown.missing):
        words.print(line, markup=False)


def _cases(row: dict[str, object]) -> str:
    return f"{row['low']} to {row['high']} (hidden)" if row["suppressed"] else str(row["low"])


def _interval(row: dict[str, object]) -> str:
    return f"{_number(row['rate_low'])} to {_number(row['rate_high'])}"


def _number(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "–"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is not a day.", "Write it as 2020-11-28.") from None
