"""`wardkeeper source missing`."""

from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.exports import to_csv
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.find_missing import Missing, Question, export_missing, find_missing

InOption = Annotated[str, typer.Option("--in", help="The source that the people are in.")]
NotInOption = Annotated[str, typer.Option("--not-in", help="The source that they are not in.")]
IncidentOption = Annotated[str, typer.Option("--incident", help="The incident that names are needed for.")]
PurposeOption = Annotated[str, typer.Option("--purpose", help="What it is for.")]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", help="Write the people to this file: it is recorded as a disclosure.")
]


def show_missing(
    inside: InOption,
    outside: NotInOption,
    incident: IncidentOption = "",
    to: CsvOption = None,
    purpose: PurposeOption = PURPOSE,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find the people who are in one source and not in another. Without an incident only their number is told.

    People are compared as the last linking joined them, so the two sources need no id in common.
    """
    desk = sit_down(folder, login)
    question = Question(inside, outside, IncidentId(incident) if incident else None)
    if to is None:
        found = find_missing(desk.house, desk.actor, question, purpose=purpose)
    else:
        found = export_missing(desk.house, desk.actor, question, purpose=purpose)
        assert found.lines is not None
        to.write_bytes(to_csv(found.lines))
        words.print(f"{found.lines.height:,} people written to {to}. Keep the file as safe as the people in it.")
    if as_json:
        answer_json(_document(found, with_people=to is None))
    else:
        _tell(found, with_people=to is None)


def _document(found: Missing, *, with_people: bool) -> dict[str, object]:
    people = found.lines.to_dicts() if with_people and found.lines is not None else None
    return {
        "in": found.question.inside,
        "not_in": found.question.outside,
        "people": found.people,
        "in_both": found.in_both,
        "to_be_found": found.to_be_found,
        "doubtful": found.doubtful,
        "dead": found.dead,
        "withheld": found.withheld,
        "notes": found.notes,
        "lines": people,
    }


def _tell(found: Missing, *, with_people: bool) -> None:
    words.print(
        f"{found.people:,} people are in {found.question.inside}: {found.in_both:,} of them are in "
        f"{found.question.outside} too, {found.to_be_found:,} are to be found.",
        markup=False,
    )
    if found.doubtful:
        words.print(f"{found.doubtful:,} of these may be in both: review the doubtful pairs.")
    if found.dead:
        words.print(f"{found.dead:,} of these are recorded as having died, and are not listed.")
    for note in (*found.notes, *filter(None, [found.withheld])):
        words.print(f"{note[0].upper()}{note[1:]}", markup=False)
    if with_people and found.lines is not None:
        answer_table(
            f"{found.lines.height:,} people to be found",
            ("Given", "Family", "Born", "Address", "Postcode", "Telephone", "Note"),
            found.lines.select("given", "family", "birth_date", "address", "postcode", "phone", "note").iter_rows(),
        )
