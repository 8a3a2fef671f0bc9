"""Commands within a command, each imported only when it is run: help and every other one need not wait for it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

Table = Mapping[str, tuple[str, str, str]]
"""Each name: the module that has it, its function there, and what it does in a line."""


class Subcommands(TyperGroup):
    """A group whose commands stand in a table (`table`), and are imported when one is run."""

    table: Table

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 click's signature
        """Give the names, in the table's order."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a command as help shows it: its name and its line."""
        if cmd_name in self.commands or cmd_name not in self.table:
            return super().get_command(ctx, cmd_name)
        return TyperCommand(cmd_name, help=self.table[cmd_name][2])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command to be run, whole."""
        if args and args[0] in self.table:
            self.commands[args[0]] = self.load(args[0])
        return super().resolve_command(ctx, args)

    def load(self, name: str) -> Any:
        """Import one command."""
        module, function, _ = self.table[name]
        single = typer.Typer(add_completion=False)
        single.command(name)(getattr(import_module(module), function))
        return typer.main.get_command(single)


def group(table: Table, words: str) -> typer.Typer:
    """Make an app of a table of commands; `words` say what they are about."""
    kind = type("Subcommands", (Subcommands,), {"table": table})
    app = typer.Typer(add_completion=False, cls=kind, help=words)
    app.callback()(_about)
    return app


def _about() -> None:
    """Do nothing by itself."""
