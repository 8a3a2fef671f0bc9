"""The one command table. A command's module, and all it needs, is imported only when that command is run."""

import sys
from importlib import import_module

from wardkeeper import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("wardkeeper.cli.demo", "Build a synthetic district, walk one emergency through it, and serve it"),
    "apply": (
        "wardkeeper.cli.apply",
        "Bring the drafts of the authority's folder into force, with a second person where needed",
    ),
    "source": ("wardkeeper.cli.source", "Check a file against its contract, load it, list what was received"),
    "link": ("wardkeeper.cli.link", "Join the loaded records into residents, households and homes"),
    "review": ("wardkeeper.cli.review", "Tell apart pairs of records; see how good the joining is"),
    "resident": ("wardkeeper.cli.resident", "Say why records were joined into a resident; part or join them"),
    "find": ("wardkeeper.cli.find", "Find the homes in an area where somebody needs help"),
    "incident": ("wardkeeper.cli.incident", "Declare an incident, see its checks, export its list, stand it down"),
    "outbreak": ("wardkeeper.cli.outbreak", "Load cases; see rates and unusual rises by area and week"),
    "message": ("wardkeeper.cli.message", "Plan messages to areas and write the file to send"),
    "service": ("wardkeeper.cli.service", "Load a directory of services, and find those near a postcode"),
    "mandate": ("wardkeeper.cli.mandate", "List the permissions that data is held under, and when each ends"),
    "ledger": ("wardkeeper.cli.ledger", "Verify the record of everything done"),
    "bench": ("wardkeeper.cli.bench", "Measure how well and how fast records are joined, where the truth is known"),
    "serve": ("wardkeeper.cli.serve", "Serve the pages"),
}
"""Each command: the module that has it (as `app`), and what it does in a line."""


def run() -> None:
    """Run one command: the console script's entry point."""
    arguments = sys.argv[1:]
    match arguments:
        case [] | ["-h" | "--help", *_]:
            print(_overview())  # noqa: T201 - the answer to a person who asked for help
        case ["--version", *_]:
            print(__version__)  # noqa: T201 - as above
        case [name, *rest] if name in COMMANDS:
            import_module("wardkeeper.cli.running").run_command(import_module(COMMANDS[name][0]).app, name, rest)
        case [name, *_]:
            sys.stderr.write(f"There is no command “{name}”. Run wardkeeper --help for the list.\n")
            sys.exit(2)


def _overview() -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:<{width}}  {words}" for name, (_, words) in COMMANDS.items()]
    return "\n".join(
        [
            "wardkeeper: who needs help, where, and who may be told",
            "",
            "Usage: wardkeeper COMMAND [OPTIONS]      (wardkeeper COMMAND --help tells more)",
            "",
            *rows,
        ]
    )
