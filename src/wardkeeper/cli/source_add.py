"""`wardkeeper source add`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.durable_files import publish
from wardkeeper.adapters.files import read_bytes
from wardkeeper.adapters.samples import read_sample
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import Conflict, NotFound, Where
from wardkeeper.usecases.suggest_contract import suggest_contract


def add(
    file: Annotated[Path, typer.Argument(help="A received file of the new source.")],
    name: Annotated[str, typer.Option("--name", help="What to call the source: small letters, digits and hyphens.")],
    title: Annotated[str, typer.Option("--title", help="What people call it; by default, from its name.")] = "",
    heading: Annotated[
        int, typer.Option("--heading", min=0, help="The row of the heading, from 1, where it is not found.")
    ] = 0,
    to: Annotated[Path | None, typer.Option("--to", help="Write here; by default to sources/NAME.toml.")] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Look at a new source's file and write a draft of its contract. Nothing is loaded.

    Each column is suggested by its name and content, with how sure that is and why; no value is shown. The draft is
    refused as a contract until a person has confirmed every column.
    """
    desk = sit_down(folder, login)
    sample = read_sample(read_bytes(file), heading=heading)
    shown = title or name.replace("-", " ").capitalize()
    made = suggest_contract(desk.house, desk.actor, sample, name=name, title=shown)
    path = to or folder / "sources" / f"{name}.toml"
    _write(path, made.text)
    if as_json:
        columns = [asdict(one) for one in made.suggestions]
        answer_json({"path": str(path), "rows": sample.frame.height, "assumed": sample.assumed,
                     "problems": sample.problems, "columns": columns, "draft": made.text})  # fmt: skip
        return
    answer_table(
        f"What {len(made.suggestions)} columns seem to hold, by {sample.frame.height:,} rows",
        ("Column", "Holds", "Form", "How sure", "Why"),
        ((one.column, one.meaning, one.form, one.sure, "; ".join(one.why)) for one in made.suggestions),
    )
    for line in (*sample.assumed, *(f"To settle: {problem}" for problem in sample.problems)):
        words.print(line, markup=False)
    words.print(f"The draft is in {path}. Go over it: it is refused until each line is confirmed.", markup=False)


def _write(path: Path, text: str) -> None:
    where = Where(file=path.name)
    if not path.parent.is_dir():
        raise NotFound("The folder for the draft is not there.", "Make it, or give another with --to.", where)
    if not publish(path, text.encode()):
        raise Conflict("There is such a file already.", "Give another --name, or another place with --to.", where)
