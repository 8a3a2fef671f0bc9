"""`wardkeeper source`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.files import read_bytes
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import (
    FOUND_PROBLEMS,
    HERE,
    AsOption,
    FolderOption,
    JsonOption,
    answer_json,
    answer_table,
    words,
)
from wardkeeper.cli.source_add import add
from wardkeeper.cli.source_missing import show_missing
from wardkeeper.cli.source_named import naming
from wardkeeper.cli.source_rows import COMMANDS as ABOUT_ROWS
from wardkeeper.cli.source_shapes import show_shapes
from wardkeeper.cli.source_watch import watch
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.usecases import list_sources, load_source
from wardkeeper.usecases.load_source import Loaded, Received

app = typer.Typer(add_completion=False, help="Datasets somebody owns, and the files received of them.")
app.command("add")(add)
app.command("watch")(watch)
app.command("shapes")(show_shapes)
app.command("missing")(show_missing)
for _name, _command in ABOUT_ROWS.items():
    app.command(_name)(_command)

FileArgument = Annotated[Path, typer.Argument(help="The received file.")]
SourceOption = Annotated[str, typer.Option("--source", help="Whose file it is; by default, as the file is named.")]
DatedOption = Annotated[
    datetime | None,
    typer.Option(
        "--dated",
        formats=["%Y-%m-%d", "%d/%m/%Y"],
        help="The day the file is about, if it doesn't say: 2026-11-20 or 20/11/2026.",
    ),
]
ROWS_NAMED = 5


@app.command()
def check(
    file: FileArgument,
    source: SourceOption = "",
    dated: DatedOption = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Tell what is wrong with a file, in plain words. Nothing is kept."""
    desk = sit_down(folder, login)
    with naming(folder, source, file) as name:
        found = load_source.check_source(desk.house, desk.actor, name, _received(file, dated))
    _tell(found, as_json=as_json)
    if found.held or found.notes or found.stops or found.unused:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command()
def load(
    file: FileArgument,
    source: SourceOption = "",
    dated: DatedOption = None,
    shrunk: Annotated[
        bool, typer.Option("--shrunk", help="The source did lose half of its rows, or what a column held.")
    ] = False,
    unprotect: Annotated[
        bool, typer.Option("--unprotect", help="Those who lost their protection need it no longer.")
    ] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Load a file: each row is loaded, repaired with a note, or held back with a reason."""
    desk = sit_down(folder, login)
    # The file's bytes are handed over and named nowhere here, so that loading can let go of them.
    with naming(folder, source, file) as name:
        found = load_source.load_source(
            desk.house, desk.actor, name, _received(file, dated, shrunk=shrunk, unprotect=unprotect)
        )
    _tell(found, as_json=as_json)
    if found.unused:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command("list")
def list_them(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List sources, those that are missing or late first."""
    desk = sit_down(folder, login)
    found = list_sources.list_sources(desk.house, desk.actor)
    if as_json:
        answer_json({"sources": [asdict(one) for one in found]})
        return
    answer_table(
        "Sources",
        ("Source", "State", "Newest", "Rows", "Loaded", "Repaired", "To fix", "Owner"),
        ((one.title, one.state.value, one.newest_on, *_counts(one.delivery), one.owner) for one in found),
    )


def _received(file: Path, dated: datetime | None, *, shrunk: bool = False, unprotect: bool = False) -> Received:
    return Received(file.name, read_bytes(file), dated.date() if dated else None, shrunk, unprotect)


def _counts(delivery: Delivery | None) -> tuple[int | None, ...]:
    if delivery is None:
        return (None,) * 4
    return delivery.rows, delivery.loaded, delivery.repaired, delivery.quarantined


def _tell(found: Loaded, *, as_json: bool) -> None:
    if as_json:
        answer_json(asdict(found))
        return
    if found.reason:
        words.print(found.reason, markup=False)
    if found.delivery is None:
        return
    words.print(found.delivery.says)
    for stop in found.stops:
        words.print(f"Loading it would stop. {stop}", markup=False)
    for line in found.delivery.assumed:
        words.print(line, markup=False)
    for concern in found.report.suspicious if found.report else ():
        words.print(f"{concern.says} {concern.next}", markup=False)
    if found.held or found.notes:
        answer_table("What was found", ("", "Column", "Why", "Times", "In rows"), _count_findings(found))


def _count_findings(found: Loaded) -> Iterator[tuple[str, str, str, str, str]]:
    """Give a line for each finding, those that hold rows back first, then the most frequent."""
    for what, notes in (("held back", found.held), ("loaded", found.notes)):
        rows = defaultdict(list)
        for note in notes:
            rows[note.column or "whole row", note.reason].append(note.row)
        for (column, reason), where in sorted(rows.items(), key=lambda item: -len(item[1])):
            some = ", ".join(map(str, where[:ROWS_NAMED])) + (" …" if len(where) > ROWS_NAMED else "")
            yield what, column, reason, f"{len(where):,}", some
