"""`wardkeeper mandate`."""

import typer

from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table
from wardkeeper.usecases.list_mandates import list_mandates

app = typer.Typer(add_completion=False, help="The permissions that data is held under.")


@app.callback()
def mandate() -> None:
    """Keep `list` a subcommand, as more will stand beside it."""


@app.command("list")
def list_them(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List mandates with their ends, the soonest first."""
    desk = sit_down(folder, login)
    lines = list_mandates(desk.house, desk.actor)
    if as_json:
        answer_json({"mandates": [line.to_dict() for line in lines]})
        return
    answer_table(
        "Permissions",
        ("Permission", "For", "Ends", "Review by", "Then", "Files held", "State"),
        (
            (one.title, ", ".join(one.purposes), one.ends, one.review_by, one.at_end, one.files, one.state)
            for one in lines
        ),
    )
