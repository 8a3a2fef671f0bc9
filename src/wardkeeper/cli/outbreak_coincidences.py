"""`wardkeeper outbreak coincidences`: two or more cases with one postcode, home or setting within a week."""

from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.case_files import read_postcode_people
from wardkeeper.cli.days import read_day
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.usecases.view_coincidences import Looking, view_coincidences

MOST_SHOWN = 30


def coincidences(
    days: Annotated[int, typer.Option("--days", help="Within how many days.")] = 7,
    least: Annotated[int, typer.Option("--least", help="How many cases or more; a household counts once.")] = 2,
    since: Annotated[
        str, typer.Option("--since", help="Leave out what ended before this day; by default 28 days before the list's.")
    ] = "",
    population: Annotated[
        Path | None, typer.Option("--population", help="Residents by postcode, CSV; else estimated from the addresses.")
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show where cases of the line list coincide, the least likely first. For public health and analysts only."""
    desk = sit_down(folder, login)
    people, left_out = read_postcode_people(population) if population else (None, ())
    looking = Looking(days, least, read_day(since, "--since") if since else None, people)
    shown = view_coincidences(desk.house, desk.actor, looking, file="coincidences" if as_json else "")
    notes = (*left_out, *shown.notes)
    if as_json:
        answer_json(
            {
                "source": shown.source,
                "as_of": shown.as_of,
                "since": shown.since,
                "days": shown.days,
                "cases": shown.cases,
                "coincidences": shown.frame.to_dicts(),
                "notes": notes,
            }
        )
        return
    answer_table(
        f"Coincidences since {shown.since}, in {shown.source}: {shown.frame.height:,}{_first(shown.frame.height)}",
        ("", "What", "Where", "Name", "Area", "Cases", f"Most in {shown.days} days", "From", "To", "Chance"),
        (
            (
                row["rank"],
                row["kind"],
                row["place"] or row["postcode"],
                row["name"],
                row["area_name"] or row["area"],
                row["cases"],
                row["most"],
                row["first"],
                row["last"],
                "" if row["p"] is None else f"{row['p']:.2g}",
            )
            for row in shown.frame.head(MOST_SHOWN).iter_rows(named=True)
        ),
    )
    words.print("This is about very few people. Don't pass it on.")
    for note in notes:
        words.print(note, markup=False)


def _first(number: int) -> str:
    return f" (first {MOST_SHOWN})" if number > MOST_SHOWN else ""
