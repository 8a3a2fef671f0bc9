"""Rows to fix: seeing them, putting them right or accepting them, running them again, and what their owner is told."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.phrases import count
from wardkeeper.kernel.spans import london_day
from wardkeeper.sources.fixing import ORIGIN_WORDS, STATE_WORDS, Origin, Put, Spot, State
from wardkeeper.usecases import export_corrections, fix_rows, run_rows, view_quarantine
from wardkeeper.usecases.view_quarantine import RowsToFix, RowToFix
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.paging import turn_to
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.ways import say_error

router = APIRouter(prefix="/sources/{source}/rows-to-fix")

PER_PAGE = 50
DONE_SHOWN = 100

Number = Annotated[int, Query(ge=0, le=10_000_000)]


@router.get("")
def show_rows_to_fix(
    desk: AtDesk,
    source: str,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    rule: Annotated[str, Query(max_length=40)] = "",
    saved: Number = 0,
) -> Response:
    """Show the rows held back from a source's files, each with its reason and what was done about it."""
    view = view_quarantine.view(desk.house, desk.actor, source, rule=rule)
    return _list_page(desk, view, page=page, rule=rule, said=f"Row {saved} is saved." if saved else "")


@router.get("/ran")
def show_what_ran(desk: AtDesk, source: str, loaded: Number = 0, held: Number = 0) -> Response:
    """Show the rows that are left after the fixed ones were run, and what became of those."""
    view = view_quarantine.view(desk.house, desk.actor, source)
    return _list_page(desk, view, said=_say_ran(loaded, held))


@router.post("/run")
def run_again(desk: AtDesk, source: str) -> Response:
    """Run the fixed rows again. With none waiting, nothing changes."""
    rerun = run_rows.run_rows(desk.house, desk.actor, source)
    return desk.go(f"/sources/{source}/rows-to-fix/ran?loaded={rerun.loaded}&held={rerun.held}")


@router.post("/corrections")
def give_corrections(desk: AtDesk, source: str) -> Response:
    """Give the source's owner what was wrong and what was put right. It is a disclosure and is recorded as one."""
    frame = export_corrections.export_corrections(desk.house, desk.actor, source)
    day = london_day(desk.house.clock.now())
    return as_file(frame, form=desk.answers.text("format"), name=f"corrections-{source}-{day}")


@router.get("/{delivery}/{row}")
def show_row(desk: AtDesk, source: str, delivery: str, row: int) -> Response:
    """Show one held row as it came, and the form to put it right."""
    return _row_page(desk, view_quarantine.view_row(desk.house, desk.actor, source, Spot(row, delivery)))


@router.post("/{delivery}/{row}/fix")
def fix(desk: AtDesk, source: str, delivery: str, row: int) -> Response:
    """Keep what a person put in a held row."""
    view = view_quarantine.view_row(desk.house, desk.actor, source, Spot(row, delivery))
    fields = {field for field, _ in desk.answers.fields}
    cells = {
        cell.column: desk.answers.text(f"cell-{place}")
        for place, cell in enumerate(view.cells)
        if f"cell-{place}" in fields
    }
    faults = Faults()
    if desk.answers.text("origin") not in set(Origin):
        faults.add("origin", "Say where the new value is from.")
    if not cells:
        faults.add("cell-0", "Open the page again: the form was not complete.")
    if faults:
        return _row_page(desk, view, faults=faults)
    put = Put(cells, Origin(desk.answers.text("origin")), desk.answers.text("note"))
    return _save(desk, view, put, field="note")


@router.post("/{delivery}/{row}/accept")
def accept(desk: AtDesk, source: str, delivery: str, row: int) -> Response:
    """Accept a held row as it is, where its rule allows that, for a stated reason."""
    view = view_quarantine.view_row(desk.house, desk.actor, source, Spot(row, delivery))
    faults = Faults()
    faults.require(desk.answers, {"why": "Say why the row is right as it is."})
    if faults:
        return _row_page(desk, view, faults=faults)
    return _save(desk, view, Put({}, why=desk.answers.text("why")), field="why")


def _save(desk: Desk, view: RowToFix, put: Put, *, field: str) -> Response:
    spot = Spot(view.held.row, view.held.delivery)
    try:
        fix_rows.fix_row(desk.house, desk.actor, view.source, spot, put)
    except BadInput as error:
        faults = Faults()
        places = {f"cell-{place}" for place, cell in enumerate(view.cells) if cell.column == error.where.column}
        faults.add(next(iter(places), "cell-0" if put.cells else field), say_error(error))
        return _row_page(desk, view, faults=faults)
    return desk.go(f"/sources/{view.source}/rows-to-fix?saved={view.held.row}")


def _say_ran(loaded: int, held: int) -> str:
    if not loaded and not held:
        return "No fixed row was waiting: nothing has changed."
    still = f" {held:,} came back: look at what is still wrong." if held else ""
    return f"{count(loaded, 'row was', 'rows were')} loaded.{still}"


def _list_page(desk: Desk, view: RowsToFix, *, page: int = 1, rule: str = "", said: str = "") -> Response:
    paper = turn_to(view.rows, page, size=PER_PAGE)
    return desk.show(
        "rows_to_fix.html",
        view=view,
        rule=rule,
        said=said,
        rows=[line | {"cells": _cells(line["content"])} for line in paper.frame.to_dicts()],
        paper=paper,
        waiting=view.count(State.WAITING),
        states={state.value: words for state, words in STATE_WORDS.items()},
        done=view.done.tail(DONE_SHOWN).reverse().to_dicts(),
    )


def _cells(content: str | None) -> dict[str, str]:
    """Give the filled cells of a row as it came; none when the reader may not see them."""
    return {name: cell for name, cell in json.loads(content or "{}").items() if cell}


def _row_page(desk: Desk, view: RowToFix, *, faults: Faults | None = None) -> Response:
    values: dict[str, Any] = {
        "view": view,
        "faults": faults,
        "answers": desk.answers,
        "sent": {field for field, _ in desk.answers.fields},
        "origins": [{"value": origin.value, "text": words} for origin, words in ORIGIN_WORDS.items()],
    }
    return desk.show("row_to_fix.html", status=BAD_FORM if faults else 200, **values)
