"""`wardkeeper ledger`."""

import typer

from wardkeeper.bootstrap import open_house
from wardkeeper.cli.running import HERE, FolderOption, JsonOption, answer_json, words
from wardkeeper.kernel.errors import IntegrityBroken
from wardkeeper.usecases.verify_ledger import verify_ledger

app = typer.Typer(add_completion=False, help="The record of everything done.")


@app.callback()
def ledger() -> None:
    """Keep `verify` a subcommand, as more will stand beside it."""


@app.command()
def verify(folder: FolderOption = HERE, as_json: JsonOption = False) -> None:
    """Compute every leaf and checkpoint again from their bytes, and say whether they hold."""
    found = verify_ledger(open_house(folder))
    if as_json:
        answer_json({"leaves": found.leaves, "verified": found.verified, "problem": found.problem})
    elif found.verified:
        words.print(f"The activity record holds: {found.leaves:,} acts.")
    if not found.verified:
        raise IntegrityBroken(found.problem, "Stop using this copy, keep it as it is, and tell the DPO.")
