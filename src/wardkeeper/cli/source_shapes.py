"""`wardkeeper source shapes`."""

import sys
from typing import Annotated

import typer

from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.sources.shapes import Shape, shape, shapes

NameArgument = Annotated[
    str, typer.Argument(help="The shape to print, as a contract to adapt; by default all are listed.")
]


def show_shapes(name: NameArgument = "", as_json: JsonOption = False) -> None:
    """List contracts to adapt for the sources that councils have, or print one.

    What only the council can say is left blank, and a contract is refused until it is filled in.
    """
    if name:
        _print(shape(name), as_json=as_json)
    elif as_json:
        answer_json({"shapes": [_summary(one) for one in shapes().values()]})
    else:
        answer_table(
            "Shapes (the first four are a recipe to start with)",
            ("Name", "What it is", "Kind", "File", "Known facts"),
            ((one.name, one.title, one.kind, one.format, len(one.factors)) for one in shapes().values()),
        )
        words.print("wardkeeper source shapes NAME > sources/NAME.toml gives the contract to adapt.", markup=False)


def _print(one: Shape, *, as_json: bool) -> None:
    if as_json:
        answer_json({**_summary(one), "contract": one.text})
    else:
        sys.stdout.write(one.text)


def _summary(one: Shape) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "about": one.about,
        "kind": one.kind,
        "format": one.format,
        "columns": one.columns,
        "factors": one.factors,
    }
