"""`wardkeeper incident`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from wardkeeper.adapters.exports import to_csv, to_xlsx
from wardkeeper.adapters.files import read_bytes
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.incidents.closing import ClosingAnswers
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.usecases import (
    close_incident,
    declare_incident,
    export_facts,
    export_list,
    list_incidents,
    stand_down,
    view_incident,
)
from wardkeeper.usecases.declare_incident import Declaration

app = typer.Typer(add_completion=False, help="One live picture of an emergency.")

IdArgument = Annotated[str, typer.Argument(help="The incident's id, from `incident list`.")]


@app.command()
def declare(
    hazard: Annotated[Hazard, typer.Argument(help="The kind of emergency.")],
    area: Annotated[Path, typer.Option("--area", help="A GeoJSON file with the outline.")],
    name: Annotated[str, typer.Option("--name", help="What people will call it.")],
    why: Annotated[str, typer.Option("--why", help="Why names are needed now, in a sentence.")],
    expected: Annotated[bool, typer.Option("--expected", help="A warning: it has not happened yet.")] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Declare an incident and make its list."""
    desk = sit_down(folder, login)
    outline = read_bytes(area).decode("utf-8", "replace")
    incident = declare_incident.declare(desk.house, desk.actor, Declaration(name, hazard, outline, why, expected))
    if as_json:
        answer_json({"incident": incident})
    else:
        words.print(f"Declared: {incident}")


@app.command("list")
def list_them(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List incidents, newest first."""
    desk = sit_down(folder, login)
    found = list_incidents.list_incidents(desk.house, desk.actor)
    if as_json:
        answer_json({"incidents": [asdict(one) for one in found]})
        return
    answer_table(
        "Incidents",
        ("Id", "Name", "Phase", "Started", "You may open it"),
        ((one.id, one.name, one.phase.value, one.started_at, "yes" if one.may_open else one.reason) for one in found),
    )


@app.command()
def checks(
    incident: IdArgument, folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Show an incident's list and what was found at each door."""
    desk = sit_down(folder, login)
    shown = view_incident.view(desk.house, desk.actor, IncidentId(incident))
    if as_json:
        answer_json({"name": shown.name, "phase": shown.phase, "counts": shown.counts, "lines": shown.lines.to_dicts()})
        return
    answer_table(
        f"{shown.name} ({shown.phase})",
        ("Rank", "Reference", "Address", "Needs", "Status", "Outcome"),
        (
            (
                row["rank"],
                row["reference"],
                _address(row),
                "; ".join(row.get("needs") or []),
                row["status"],
                row["outcome"],
            )
            for row in shown.lines.iter_rows(named=True)
        ),
    )


def _address(row: dict[str, Any]) -> str:
    """Give a line's address, or what its special reason says; nothing where the viewer may see neither."""
    return "Ring Control first" if row.get("ring_control") else row.get("address") or ""


@app.command()
def export(
    incident: IdArgument,
    to: Annotated[Path, typer.Option("--to", help="The file to write: .csv or .xlsx.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
) -> None:
    """Write an incident's list to a file. It is recorded as a disclosure."""
    desk = sit_down(folder, login)
    lines = export_list.export(desk.house, desk.actor, IncidentId(incident))
    to.write_bytes(to_xlsx(lines) if to.suffix == ".xlsx" else to_csv(lines))
    words.print(f"{lines.height:,} homes written to {to}. Keep the file as safe as the people in it.")


@app.command()
def facts(
    incident: IdArgument,
    to: Annotated[Path, typer.Option("--to", help="The CSV file to write.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
) -> None:
    """Write known facts about the people in an incident's outline, in SAVVI's columns. It is recorded as a disclosure."""
    desk = sit_down(folder, login)
    found = export_facts.export_facts(desk.house, desk.actor, IncidentId(incident))
    to.write_bytes(to_csv(found.rows))
    words.print(f"{found.rows.height:,} facts about {found.people:,} people written to {to}.")
    for line in found.notes:
        words.print(line, markup=False)
    words.print("Keep the file as safe as the people in it.")


@app.command("stand-down")
def stand_down_it(
    incident: IdArgument,
    why: Annotated[str, typer.Option("--why", help="Why the emergency is over.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
) -> None:
    """End operational access to an incident at once."""
    desk = sit_down(folder, login)
    stand_down.stand_down(desk.house, desk.actor, IncidentId(incident), why)
    words.print("Stood down. Crews can no longer open the list. Two people must now confirm the closing.")


@app.command()
def close(
    incident: IdArgument,
    none_of_these: Annotated[
        bool,
        typer.Option("--no-death-injury-complaint-claim-inquest", help="Confirm that there is none of the five."),
    ] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Confirm that an incident may be closed; without the confirmation, show how far the closing has come."""
    desk = sit_down(folder, login)
    if none_of_these:
        answers = ClosingAnswers(death=False, injury=False, complaint=False, claim=False, inquest=False)
        closing = close_incident.confirm(desk.house, desk.actor, IncidentId(incident), answers)
    else:
        closing = close_incident.closing(desk.house, desk.actor, IncidentId(incident))
    if as_json:
        answer_json(asdict(closing))
        return
    words.print(f"{closing.name}: {closing.phase.value}. {closing.needed}")
    if closing.receipt:
        words.print(
            f"Destroyed {closing.receipt.destroyed_at}: {len(closing.receipt.files)} files, key {closing.receipt.key_id}."
        )
