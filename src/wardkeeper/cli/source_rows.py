"""`wardkeeper source report|rows|fix|accept|run|corrections`: how good a file is, and its held rows put right."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.durable_files import storage_failures
from wardkeeper.adapters.exports import to_csv, to_xlsx
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
from wardkeeper.kernel.errors import UsageError, Where
from wardkeeper.kernel.phrases import count
from wardkeeper.sources.fixing import STATE_WORDS, Origin, Put, Spot, State
from wardkeeper.sources.profiles import say_count
from wardkeeper.sources.quality_lines import to_lines
from wardkeeper.usecases import export_corrections, fix_rows, run_rows, view_quality, view_quarantine
from wardkeeper.usecases.run_rows import Rerun
from wardkeeper.usecases.view_quality import QualityView

PER_PAGE = 50

NameArgument = Annotated[str, typer.Argument(help="The source's name.")]
RowArgument = Annotated[int, typer.Argument(help="The row's number in the file, 1 being the first below the heading.")]
DeliveryOption = Annotated[str, typer.Option("--delivery", help="A delivery's id; by default the newest.")]
LaterOption = Annotated[bool, typer.Option("--later", help="Only save it; `source run` runs all that are saved.")]


def show_report(
    name: NameArgument,
    delivery: DeliveryOption = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the report to this file too.")] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Tell how good a received file is, beside the one before it, and what to ask its owner."""
    desk = sit_down(folder, login)
    view = view_quality.view_quality(desk.house, desk.actor, name, delivery=delivery)
    if csv:
        _write(csv, to_csv(to_lines(view.delivery, view.report, view.drift, view.concerns)))
        words.print(f"Written to {csv}.", markup=False)
    if as_json:
        answer_json(_report_json(view))
        return
    _tell_report(view)


def _report_json(view: QualityView) -> dict[str, object]:
    concerns = [{"about": one.doubt, "column": one.column, "says": one.says, "next": one.next} for one in view.concerns]
    return {
        "source": view.source,
        "delivery": asdict(view.delivery),
        "before": view.before.id if view.before else None,
        "late": view.late,
        "question": asdict(view.question) if view.question else None,
        "due_on": view.report.due_on,
        "concerns": concerns,
        "columns": [asdict(column) for column in view.report.columns],
        "drift": [asdict(column) for column in view.drift.columns] if view.drift else [],
        "months": view.report.months,
        "notes": [asdict(note) for note in view.report.notes],
        "repeated": view.report.repeated,
        "changes": asdict(view.report.changes) if view.report.changes else None,
        "assumed": view.report.assumed,
        "deliveries": [one.id for one in view.deliveries],
    }


def _tell_report(view: QualityView) -> None:
    file = view.delivery
    words.print(f"{view.title}, file of {file.extracted_on} ({file.id}): {file.says}", markup=False)
    if view.report.changes:
        changes = view.report.changes
        words.print(
            f"By their keys: {count(changes.new, 'record')} new since the file before, "
            f"{changes.gone:,} gone, {changes.kept:,} kept."
        )
        if changes.note:
            words.print(changes.note)
    if view.question:
        words.print(f"A later file was stopped. {view.question.says} {view.question.answer}", markup=False)
    for concern in view.concerns:
        words.print(f"{concern.says} {concern.next}", markup=False)
    if not view.concerns:
        words.print("Nothing looks wrong with this file as a whole.")
    beside = {column.column: column for column in view.drift.columns} if view.drift else {}
    answer_table(
        "Columns",
        ("Column", "Filled", "Filled and valid", "Different values", "Share filled", "Before", "Values"),
        (
            (
                column.column,
                say_count(column.filled),
                say_count(column.valid),
                say_count(column.distinct),
                f"{beside[column.column].filled:.0%}" if column.column in beside else "",
                _share(beside[column.column].filled_before) if column.column in beside else "",
                beside[column.column].likeness if column.codes and column.column in beside else "",
            )
            for column in view.report.columns
        ),
    )


def _write(path: Path, content: bytes) -> None:
    with storage_failures(f"the file “{path.name}”"):
        path.write_bytes(content)


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def show_rows(
    name: NameArgument,
    rule: Annotated[str, typer.Option("--rule", help="Only the rows that break this rule.")] = "",
    page: Annotated[int, typer.Option("--page", min=1, help=f"Which {PER_PAGE} rows to show.")] = 1,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """List the rows to fix, as they came: residents' own values."""
    desk = sit_down(folder, login)
    view = view_quarantine.view(desk.house, desk.actor, name, rule=rule)
    if as_json:
        answer_json({"source": name, "rules": view.rules.to_dicts(), "rows": view.rows.to_dicts()})
        return
    _tell_rows(view, page)


def _tell_rows(view: view_quarantine.RowsToFix, page: int) -> None:
    shown = view.rows.slice((page - 1) * PER_PAGE, PER_PAGE)
    answer_table(
        f"{view.rows.height:,} rows to fix",
        ("Row", "What is wrong", "Column", "The row as it came", "What was done"),
        (
            (
                line["row"],
                " ".join(line["reasons"]),
                ", ".join(filter(None, line["columns"])),
                line["content"],
                STATE_WORDS[State(line["state"])] if line["state"] else "",
            )
            for line in shown.iter_rows(named=True)
        ),
    )
    pages = -(-view.rows.height // PER_PAGE)
    if pages > 1:
        words.print(f"Page {page} of {pages}: --page shows another.", markup=False)
    waiting = view.count(State.WAITING)
    if waiting:
        words.print(f"{waiting:,} wait to be run: wardkeeper source run {view.source}", markup=False)


def fix(
    name: NameArgument,
    row: RowArgument,
    cells: Annotated[list[str], typer.Option("--set", help="A cell as it should be: COLUMN=VALUE. May be repeated.")],
    origin: Annotated[Origin, typer.Option("--from", help="Where the new value is from.")],
    why: Annotated[str, typer.Option("--why", help="How you know.")] = "",
    delivery: DeliveryOption = "",
    later: LaterOption = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put a held row right and run it again. A value from elsewhere is never told to the source's owner."""
    desk = sit_down(folder, login)
    put = Put(dict(_read_cell(cell) for cell in cells), origin, why)
    _save(desk, name, Spot(row, delivery), put, later=later, as_json=as_json)


def accept(
    name: NameArgument,
    row: RowArgument,
    why: Annotated[str, typer.Option("--why", help="Why the row is right as it is.")],
    delivery: DeliveryOption = "",
    later: LaterOption = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Accept a held row as it is, where its rule allows that, and run it again."""
    desk = sit_down(folder, login)
    _save(desk, name, Spot(row, delivery), Put({}, why=why), later=later, as_json=as_json)


def _read_cell(written: str) -> tuple[str, str]:
    column, sign, value = written.partition("=")
    if not sign or not column.strip():
        raise UsageError("A cell is not written as COLUMN=VALUE.", 'Write --set "Surname=Smith".', Where(key="--set"))
    return column.strip(), value.strip()


def _save(desk: Desk, name: str, spot: Spot, put: Put, *, later: bool, as_json: bool) -> None:
    fixed = fix_rows.fix_row(desk.house, desk.actor, name, spot, put)
    words.print(f"Row {fixed.row} is saved." if fixed.changed else f"Row {fixed.row} was saved so before.")
    if fixed.state == State.LEFT_OUT:
        words.print("It was left out: the row is about nobody. It stays counted as held back.")
    rerun = Rerun() if later else run_rows.run_rows(desk.house, desk.actor, name)
    _tell_run(rerun, as_json=as_json, quiet=later or fixed.state == State.LEFT_OUT)


def run_again(
    name: NameArgument, folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Run the fixed rows again: each is loaded, or comes back with what is still wrong."""
    desk = sit_down(folder, login)
    _tell_run(run_rows.run_rows(desk.house, desk.actor, name), as_json=as_json)


def _tell_run(rerun: Rerun, *, as_json: bool, quiet: bool = False) -> None:
    if as_json:
        answer_json(
            {"loaded": rerun.loaded, "held": rerun.held, "deliveries": [asdict(one) for one in rerun.deliveries]}
        )
    elif not quiet or rerun.loaded or rerun.held:
        words.print(f"{rerun.loaded:,} loaded, {rerun.held:,} still held back.")
    for delivery in rerun.deliveries:
        words.print(delivery.says)
    if rerun.held:
        raise typer.Exit(FOUND_PROBLEMS)


def write_corrections(
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .csv or .xlsx.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write what was wrong and what was put right, for the source's owner: their own values only."""
    if out.suffix not in (".csv", ".xlsx"):
        raise UsageError(f"A file that ends in “{out.suffix}” cannot be written.", "Name a .csv or an .xlsx file.")
    desk = sit_down(folder, login)
    frame = export_corrections.export_corrections(desk.house, desk.actor, name)
    _write(out, to_csv(frame) if out.suffix == ".csv" else to_xlsx(frame, sheet="Corrections"))
    if as_json:
        answer_json({"source": name, "lines": frame.height, "file": str(out)})
    else:
        words.print(f"{frame.height:,} lines are written to {out}.", markup=False)


COMMANDS: dict[str, Callable[..., None]] = {
    "report": show_report,
    "rows": show_rows,
    "fix": fix,
    "accept": accept,
    "run": run_again,
    "corrections": write_corrections,
}
"""The commands of `wardkeeper source` that are about one file's quality and its held rows."""
