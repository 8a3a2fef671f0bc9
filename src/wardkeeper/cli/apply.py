"""`wardkeeper apply`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from wardkeeper.bootstrap import read_drafts
from wardkeeper.cli.desk import Desk, sit_down
from wardkeeper.cli.running import (
    FOUND_PROBLEMS,
    HERE,
    AsOption,
    FolderOption,
    JsonOption,
    answer_json,
    answer_table,
    words,
)
from wardkeeper.kernel.spans import to_text
from wardkeeper.usecases import apply_drafts
from wardkeeper.usecases.apply_drafts import Answer, Outcome
from wardkeeper.usecases.drafts_compared import Line, State

app = typer.Typer(add_completion=False)

CheckOption = Annotated[bool, typer.Option("--check", help="Show what would change, and change nothing.")]
ConfirmOption = Annotated[
    str, typer.Option("--confirm", help="Agree, as the second person, to what was put forward under this id.")
]
SHORT = 12

SAID = {
    Outcome.NOTHING: "Nothing to apply: all drafts are in force as they are.",
    Outcome.CHECKED: "Nothing was changed. wardkeeper apply brings this into force.",
    Outcome.WAITING: "Nothing is in force yet: a second person must agree.",
    Outcome.APPLIED: "Applied: this is in force from now on.",
}


@app.command()
def apply(
    check: CheckOption = False,
    confirm: ConfirmOption = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Bring the drafts of the authority's folder into force: all of them, or none.

    A new source, its permission, and whatever the law allows take two people of different roles: the second confirms.
    """
    desk = sit_down(folder, login)
    answer = _confirm(desk, confirm, check=check) if confirm else _apply(desk, check=check)
    if as_json:
        answer_json(_document(answer))
    else:
        _tell(answer)
    if check and (answer.missing_right or any(line.consequences for line in answer.lines)):
        raise typer.Exit(FOUND_PROBLEMS)


def _apply(desk: Desk, *, check: bool) -> Answer:
    drafts = read_drafts(desk.folder)
    if check:
        return apply_drafts.check_drafts(desk.house, desk.actor, drafts)
    return apply_drafts.apply_drafts(desk.house, desk.actor, drafts)


def _confirm(desk: Desk, proposal: str, *, check: bool) -> Answer:
    if check:
        return apply_drafts.check_proposal(desk.house, desk.actor, proposal)
    return apply_drafts.confirm_proposal(desk.house, desk.actor, proposal)


def _document(answer: Answer) -> dict[str, object]:
    return {
        "outcome": answer.outcome.value,
        "proposal": answer.proposal,
        "second": list(answer.second),
        "missing_right": answer.missing_right,
        "documents": [_describe(line) for line in answer.lines],
        "waiting": [{"proposal": one.id, "by": one.by, "at": to_text(one.at)} for one in answer.waiting],
    }


def _describe(line: Line) -> dict[str, object]:
    changes = [{"key": one.key, "before": one.before, "after": one.after} for one in line.changes]
    return {
        "kind": line.kind.value,
        "name": line.name,
        "file": line.file,
        "state": line.state.value,
        "sha256": line.sha256 or line.previous,
        "changes": changes,
        "consequences": list(line.consequences),
        "says": list(line.says),
        "two_people": line.two_people,
    }


def _tell(answer: Answer) -> None:
    lines = [line for line in answer.lines if line.state is not State.UNCHANGED]
    if lines:
        answer_table(
            "Drafts beside what is in force",
            ("File", "State", "Version", "What changes"),
            ((one.file, one.state, (one.sha256 or one.previous)[:SHORT], "\n".join(_changes(one))) for one in lines),
        )
    unchanged = [line.file for line in answer.lines if line.state is State.UNCHANGED]
    if unchanged:
        words.print(f"Unchanged: {', '.join(unchanged)}.", markup=False)
    for line in lines:
        for sentence in line.consequences:
            words.print(f"{line.file}: {sentence}", markup=False)
    words.print(SAID[answer.outcome], markup=False)
    if answer.missing_right:
        words.print(f"You may not do it: {answer.missing_right}.", markup=False)
    elif answer.second:
        words.print(f"It takes a second person in another role: {' or '.join(answer.second)}.", markup=False)
    for one in answer.waiting:
        words.print(
            f"Waiting since {one.at:%Y-%m-%d %H:%M} UTC, put forward by {one.by}: wardkeeper apply --confirm {one.id} "
            "(with --check to look first).",
            markup=False,
        )


def _changes(line: Line) -> Iterator[str]:
    if line.state is State.MISSING:
        yield "its draft is gone: what is applied stays in force"
    if line.state is State.CHANGED and not line.changes:
        yield "only its comments or layout"
    yield from map(str, line.changes)
    yield from line.says
