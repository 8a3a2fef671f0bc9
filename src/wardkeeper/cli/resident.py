"""`wardkeeper resident`."""

from dataclasses import asdict
from typing import Annotated

import typer

from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.usecases import record_label
from wardkeeper.usecases.find_resident import Likely, Sought, find_resident
from wardkeeper.usecases.view_resident import LinkLine, view_resident

app = typer.Typer(add_completion=False, help="One resident: why records were joined, and putting it right.")

IdArgument = Annotated[str, typer.Argument(help="The resident's id.")]


@app.command()
def show(resident: IdArgument, folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """Say in plain words why a resident's records were joined, how sure it is, and what changed. No address is shown."""
    desk = sit_down(folder, login)
    account = view_resident(desk.house, desk.actor, resident)
    if as_json:
        answer_json(asdict(account))
        return
    words.print(f"{account.name}, born {account.birth_date or 'on a day not known'}. {account.summary}", markup=False)
    answer_table(
        "Records", ("", "Record", "Source"), ((one.letter, one.record_id, one.source) for one in account.records)
    )
    answer_table("Why, the weakest first", ("Records", "Sure", "For", "Against"), map(_line, account.links))
    for advice in account.settle_by:
        words.print(f"What would change it: {advice}.", markup=False)
    if account.history:
        answer_table(
            "What changed",
            ("When", "What", "From", "To", "Why"),
            ((one.at, one.change, one.before, one.after, one.reason) for one in account.history),
        )


@app.command()
def find(
    given: Annotated[str, typer.Option(help="Given name.")] = "",
    family: Annotated[str, typer.Option(help="Family name.")] = "",
    born: Annotated[str, typer.Option(help="Birth date, such as 1980-12-31.")] = "",
    address: Annotated[str, typer.Option(help="Address, or its first line.")] = "",
    postcode: Annotated[str, typer.Option(help="Postcode.")] = "",
    phone: Annotated[str, typer.Option(help="Telephone number.")] = "",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    nhs_number: Annotated[str, typer.Option(help="NHS number.")] = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find out whether a person is known, by two things or more. No address is shown, and nobody who is protected."""
    desk = sit_down(folder, login)
    sought = Sought(given, family, born, address, postcode, phone, email, nhs_number)
    found = find_resident(desk.house, desk.actor, sought)
    if as_json:
        answer_json({"residents": [asdict(one) for one in found]})
        return
    if not found:
        words.print("Nobody like this is known, or they are protected.")
        return
    answer_table(
        "Who may be meant, the likeliest first",
        ("Resident", "Name", "Born", "Sure", "For", "Against"),
        map(_likely, found),
    )


def _likely(one: Likely) -> tuple[str, ...]:
    against = "; ".join([*one.conflicts, *([one.forbidden] if one.forbidden else [])])
    born = one.birth_date.isoformat() if one.birth_date else ""
    return one.resident_id, one.name, born, f"{one.sure} ({one.probability:.0%})", "; ".join(one.agrees), against


@app.command()
def split(
    resident: IdArgument,
    records: Annotated[list[str], typer.Argument(help="The records that are another person's.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that some of a resident's records are another person's. They part at the next `wardkeeper link`."""
    desk = sit_down(folder, login)
    _tell(record_label.split(desk.house, desk.actor, resident, records), as_json=as_json)


@app.command()
def join(
    resident: IdArgument,
    other: Annotated[str, typer.Argument(help="The id of the resident who is the same person.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that two residents are one person. They join at the next `wardkeeper link`, unless a rule forbids it."""
    desk = sit_down(folder, login)
    _tell(record_label.join(desk.house, desk.actor, resident, other), as_json=as_json)


def _line(link: LinkLine) -> tuple[str, str, str, str]:
    said = f"people say: {link.said}" if link.said else f"{link.probability:.0%}"
    return link.letters, said, "; ".join(link.agrees), "; ".join(link.conflicts)


def _tell(labels: list[str], *, as_json: bool) -> None:
    if as_json:
        answer_json({"labels": labels})
        return
    words.print(f"Kept as {', '.join(labels)}. It counts from the next wardkeeper link.")
    words.print("To take it back, run wardkeeper review undo with each of these.")
