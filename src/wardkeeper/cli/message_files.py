"""`wardkeeper message files` and `hand-over`: an approved campaign's files, and what became of them."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from wardkeeper.adapters.durable_files import storage_failures
from wardkeeper.adapters.exports import to_csv
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.message_life import CampaignArgument, tell_campaign
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.usecases import campaign_files

ONE_KIND = (
    "Letters come as two kinds of file, letters-to-print and notify-letter: one kind is written. For the other, record"
    " this one as unused, and name the other with --file."
)


def files(
    campaign: CampaignArgument,
    to: Annotated[Path, typer.Option("--to", help="The folder to write them to: an empty or new one.")],
    names: Annotated[
        list[str] | None,
        typer.Option("--file", help="Only this file, such as letters-to-print. Give it once for each."),
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write the files of an approved campaign, for whom no message has reached: letters, doors, leaflets, partners."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"The folder “{to}” has files in it, or is one.", "Give --to an empty or new one.")
    desk = sit_down(folder, login)

    def make_room() -> None:
        with storage_failures("the campaign's files"):
            to.mkdir(parents=True, exist_ok=True, mode=0o700)

    frames = campaign_files.take_files(desk.house, desk.actor, campaign, names or (), make_room=make_room)
    written = _write(frames, to)
    notes = [ONE_KIND] if not names and any("letter" in name for name in written) else []
    if as_json:
        answer_json({"campaign": campaign, "files": written, "notes": notes})
        return
    for name, rows in written.items():
        words.print(f"{rows:,} rows written to {name}.", markup=False)
    for note in notes:
        words.print(note, markup=False)
    words.print("Keep them as safe as the people in them. When one is posted, record it: message hand-over.")


def hand_over(
    campaign: CampaignArgument,
    name: Annotated[str, typer.Argument(help="The file that was taken, such as letters-to-print.")],
    unused: Annotated[
        bool, typer.Option("--unused", help="It was not used and is put away: who is in it can be sent to.")
    ] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Record that a file of a campaign was posted, or handed to whoever sends it."""
    desk = sit_down(folder, login)
    settle = campaign_files.put_away if unused else campaign_files.hand_over
    tell_campaign(settle(desk.house, desk.actor, campaign, name.removesuffix(".csv")), as_json=as_json)


def _write(frames: dict[str, pl.DataFrame], folder: Path) -> dict[str, int]:
    """Write each file, readable by its owner alone; give the rows of each."""
    with storage_failures("the campaign's files"):
        for name, frame in frames.items():
            path = folder / f"{name}.csv"
            path.touch(mode=0o600)
            path.write_bytes(to_csv(frame))
    return {f"{name}.csv": frame.height for name, frame in frames.items()}
