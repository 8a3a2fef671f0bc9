"""`wardkeeper find`."""

from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.files import read_bytes
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.places.outlines import parse
from wardkeeper.usecases.find_homes import PURPOSE, find_homes

app = typer.Typer(add_completion=False)


@app.command()
def find(
    hazard: Annotated[Hazard, typer.Argument(help="The kind of emergency.")],
    area: Annotated[Path, typer.Option("--area", help="A GeoJSON file with the outline.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    purpose: Annotated[str, typer.Option("--purpose", help="What the list is for.")] = PURPOSE,
    as_json: JsonOption = False,
) -> None:
    """Find the homes in an area where somebody needs help, ranked. Names need a declared incident."""
    desk = sit_down(folder, login)
    boundary = desk.house.places().areas.boundary()
    outline = parse(read_bytes(area).decode("utf-8", "replace"), authority=boundary)
    found = find_homes(desk.house, desk.actor, hazard, outline, purpose=purpose)
    if as_json:
        coverage = [{"source": line.source, "state": line.state, "note": line.note} for line in found.coverage]
        answer_json({"homes": found.lines.to_dicts(), "coverage": coverage})
        return
    answer_table(
        f"{found.lines.height:,} homes",
        ("Rank", "Address", "People", "Needs", "Because"),
        (
            (
                row["rank"],
                row["address"] or "Ring Control first",
                row["people"],
                *map("; ".join, (row["needs"], row["reasons"])),
            )
            for row in found.lines.iter_rows(named=True)
        ),
    )
    for line in found.coverage:
        words.print(f"{line.title}: {line.state.value}. {line.note}", markup=False)
