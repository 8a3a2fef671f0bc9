"""`wardkeeper message`."""

from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.exports import to_csv
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, sit_down, words
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases import plan_messages
from wardkeeper.usecases.plan_messages import Campaign

app = typer.Typer(add_completion=False, help="Messages to chosen areas.")


@app.callback()
def message() -> None:
    """Keep `plan` a subcommand, as more will stand beside it."""


@app.command()
def plan(
    areas: Annotated[list[str], typer.Argument(help="Codes of the areas (LSOAs), such as E01006112.")],
    text: Annotated[str, typer.Option("--text", help="The words. ((name)) is filled from the records.")],
    subject: Annotated[str, typer.Option("--subject", help="The subject of an email or letter.")] = "",
    channel: Annotated[Channel, typer.Option("--channel", help="The first choice.")] = Channel.LETTER,
    safety: Annotated[
        bool, typer.Option("--safety", help="A safety message: an officer decides on objections.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write the recipients, in Notify's columns, to this CSV.")
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Plan a message: how many homes are reached how, who is not and why. Nothing is sent."""
    desk = sit_down(folder, login)
    kind = MessageKind.SAFETY if safety else MessageKind.ROUTINE
    campaign = Campaign(areas, Wording(text, subject, kind), channel)
    made = plan_messages.plan(desk.house, desk.actor, campaign)
    tallies = [
        {"outcome": t.outcome.value, "homes": t.homes, "people": t.people, "words": t.words} for t in made.tallies
    ]
    if as_json:
        answer_json({"homes": made.homes, "people": made.people, "tallies": tallies, "unplaced": made.unplaced})
    else:
        rows = ((one["words"], one["homes"], one["people"]) for one in tallies)
        answer_table(f"{made.homes:,} homes, {made.people:,} people", ("What happens", "Homes", "People"), rows)
        for advice in made.advice:
            words.print(advice.words, markup=False)
    if to is not None:
        rows_out = plan_messages.export(desk.house, desk.actor, campaign)
        to.write_bytes(to_csv(rows_out))
        words.print(f"{rows_out.height:,} recipients by {channel.value} written to {to}.")
