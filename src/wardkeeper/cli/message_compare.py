"""`wardkeeper message compare`: two wordings, or a stepped start, drawn by area before anything is sent."""

from dataclasses import asdict
from typing import Annotated

import typer

from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.message_life import CampaignArgument
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.messages.comparisons import Unit
from wardkeeper.usecases import compare_campaigns


def compare(
    campaign: CampaignArgument,
    other: Annotated[str, typer.Argument(help="Another campaign for the same areas, in other words.")] = "",
    days: Annotated[
        list[str] | None, typer.Option("--start", help="A day on which some areas begin; name two or more.")
    ] = None,
    by: Annotated[
        Unit,
        typer.Option("--by", help="What chance decides by. By household, one home gets one wording; wordings only."),
    ] = Unit.AREA,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What the draw begins from. It is recorded.")] = 1,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Draw by area which wording is sent where, or when areas begin, as a public-health lead. Never for safety messages."""
    if bool(other) == bool(days):
        raise UsageError("Say what is compared.", "Give another campaign, or two or more --start days.")
    if days and by is Unit.HOUSEHOLD:
        raise UsageError("A start in steps is drawn by area.", "Leave --by out.")
    desk = sit_down(folder, login)
    if other:
        drawn = compare_campaigns.compare_wordings(desk.house, desk.actor, campaign, other, seed=seed, unit=by)
    else:
        drawn = compare_campaigns.start_in_steps(desk.house, desk.actor, campaign, days or [], seed=seed)
    made = drawn.comparison
    if as_json:
        balance = [{**asdict(one), "fair": one.fair} for one in drawn.balance]
        arms = {arm: made.units_of(arm) for arm in made.arms}
        drawn_by = {"design": made.design.value, "by": made.unit.value, "seed": made.seed}
        answer_json({**drawn_by, "arms": arms, "balance": balance})
        return
    if made.unit is Unit.HOUSEHOLD:
        words.print("Drawn by home: about half get each wording, and a home always the same one.")
        return
    answer_table("Areas drawn", ("Arm", "Areas"), ((arm, len(made.units_of(arm))) for arm in made.arms))
    for one in drawn.balance:
        alike = "alike" if one.fair else "not alike: take care when you read the effect"
        words.print(f"{one.figure}: {one.mean:,.0f} against {one.mean_of_first:,.0f} ({alike}).", markup=False)
