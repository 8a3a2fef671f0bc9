"""Running `wardkeeper`: installed and in a process of its own, as a shell does, or faster, within this one."""

import io
import json
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from wardkeeper.cli import main

WARDKEEPER = Path(sys.executable).parent / "wardkeeper"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def answer(self) -> dict:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """What was said on standard error, whatever the width of the lines."""
        return " ".join(self.err.split())


def run(*arguments, folder=None) -> Ran:
    """Run the installed `wardkeeper`, in a folder when one is given."""
    place = ["--folder", folder] if folder else []
    started = time.perf_counter()
    done = subprocess.run([WARDKEEPER, *arguments, *place], capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr, time.perf_counter() - started)


def run_here(*arguments, folder=None) -> Ran:
    """Run the command's entry point within this process."""
    place = ["--folder", str(folder)] if folder else []
    out, err, code, started = io.StringIO(), io.StringIO(), 0, time.perf_counter()
    with (
        patch.object(sys, "argv", ["wardkeeper", *map(str, arguments), *place]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main.run()
        except SystemExit as ended:
            code = ended.code or 0
    return Ran(code, out.getvalue(), err.getvalue(), time.perf_counter() - started)


def walk_the_road(folder) -> Ran:
    return run("demo", "--residents", "2000", "--seed", "1", "--no-serve", "--json", folder=folder)
