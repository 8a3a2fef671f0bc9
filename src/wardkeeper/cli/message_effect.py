"""`wardkeeper message effect`: of a campaign, or of two files alone."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.effect_tables import read_groups, read_outcome
from wardkeeper.messages.effects import Effect, check_days, estimate_effect
from wardkeeper.usecases.measure_campaign import measure


def effect(
    outcome: Annotated[Path, typer.Option("--outcome", help="area, date and value, with population if it is a count.")],
    campaign: Annotated[str, typer.Argument(help="A campaign that was sent; without it, give --groups.")] = "",
    groups: Annotated[
        Path | None,
        typer.Option("--groups", help="area and start (empty: comparison); or area and group, with --start."),
    ] = None,
    start: Annotated[
        datetime | None, typer.Option("--start", formats=["%Y-%m-%d"], help="The first day, where groups have none.")
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Estimate what a campaign changed: a difference in differences by area, with its 95% interval."""
    if bool(campaign) == bool(groups):
        raise UsageError("Say whose effect: a campaign's or that of groups.", "Give a campaign's id, or --groups FILE.")
    table = read_outcome(read_case_table(outcome), outcome.name)
    if groups is not None:
        check_days(table, london_day(SystemClock().now()))
        day = start.date() if start else None
        found = estimate_effect(table, read_groups(read_case_table(groups), groups.name, day))
    else:
        desk = sit_down(folder, login)
        found = measure(desk.house, desk.actor, campaign, table).effect
    if as_json:
        answer_json({"campaign": campaign or None, **_answer(found)})
    else:
        _tell(found)


def _answer(found: Effect) -> dict[str, object]:
    values = asdict(found)
    return {"method": found.design.value, **{name: value for name, value in values.items() if name != "design"}}


def _tell(found: Effect) -> None:
    words.print(
        f"Effect {found.effect:+.2f} (95% interval {found.low:+.2f} to {found.high:+.2f}), {found.unit}; without it, "
        f"{found.expected:.2f} was to be expected.",
        markup=False,
    )
    words.print(f"{found.design.value}: {found.treated} areas written to, {found.compared} to compare with.")
    if found.low <= 0 <= found.high:
        words.print("The interval holds zero: it may have changed nothing.")
    for note in found.notes:
        words.print(note, markup=False)
