"""Running a command: its usual options, and how an answer or an error is shown. Who acts, and where, is left to `desk`.

One JSON document goes to standard output; progress and words go to standard error.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wardkeeper.cli.ways import COMMANDS
from wardkeeper.kernel.errors import EXIT_CODES, BadInput, Refused, UsageError, WardkeeperError

FOUND_PROBLEMS = 1
FAULT = 70
"""EX_SOFTWARE of sysexits.h: a fault in the program itself."""

PIPE_WIDTH = 200

FolderOption = Annotated[
    Path, typer.Option("--folder", envvar="WARDKEEPER_FOLDER", help="The authority's folder.", show_default="here")
]
AsOption = Annotated[str, typer.Option("--as", help="The login that acts; by default the one of this computer's user.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
HERE = Path()

words = Console(stderr=True, highlight=False)


def run_command(app: typer.Typer, name: str, arguments: list[str]) -> None:
    """Run a command; turn its errors into words (or JSON, where that was asked for) and an exit code."""
    # Its pretty tracebacks show the values of variables, and those can be a resident's.
    app.pretty_exceptions_enable = False
    try:
        app(arguments, prog_name=f"wardkeeper {name}")
    except WardkeeperError as error:
        _fail(error, as_json="--json" in arguments)
    except SystemExit as ended:
        if ended.code == EXIT_CODES[UsageError] and "--json" in arguments:
            # The words are on standard error by now; whoever reads only the document must find it there too.
            answer_json(
                UsageError("The command's options were not understood.", f"See wardkeeper {name} --help.").to_dict()
            )
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # noqa: BLE001 - a fault's text may quote a resident, and a panic is no Exception
        _admit(fault, as_json="--json" in arguments)


def _admit(fault: BaseException, *, as_json: bool) -> NoReturn:
    """Tell of a fault by its type alone: its text and traceback may hold what was in a file."""
    told = f"{type(fault).__name__}: This is a fault in Wardkeeper; tell those who run it."
    words.print(told, markup=False)
    if as_json:
        # On one line, for a command that answers line by line may have answered before.
        error = {"code": "fault", "message": told, "where": {}, "next": "Tell those who run it."}
        sys.stdout.write(json.dumps({"error": error}) + "\n")
    sys.exit(FAULT)


def _fail(error: WardkeeperError, *, as_json: bool) -> NoReturn:
    if as_json:
        answer_json(error.to_dict(COMMANDS))
    else:
        words.print(f"[bold red]{error.code}:[/] ", end="")
        words.print(error.tell(COMMANDS), markup=False)
        if isinstance(error, Refused) and error.decision:
            for reason in error.decision.failed:
                words.print(f"  {reason.check}. {reason.rule}: {reason.fact} ({reason.cites})", markup=False)
    sys.exit(EXIT_CODES[type(error)])


def answer_json(document: Mapping[str, object]) -> None:
    """Write the one JSON document of an answer."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def answer_table(title: str, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write an answer as a table for a person; its title alone where it has no rows."""
    # Texts, not strings: a bracket in a document or a heading is no mark-up.
    table = Table(title=Text(title), title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    found = table if table.row_count else Text(title)
    # A pipe has no width of its own: give it room, so that nothing is cut for the next program.
    Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH).print(found)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in an error that a core raised about what it holds."""
    try:
        yield
    except BadInput as error:
        if not error.where.file and not error.where.key:
            error.where = replace(error.where, file=path.name)
        raise
