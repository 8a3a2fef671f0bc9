"""`wardkeeper demo`."""

import shlex
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from wardkeeper.bootstrap import open_house
from wardkeeper.cli.running import JsonOption, answer_json, words
from wardkeeper.cli.serve import GRACE_SECONDS
from wardkeeper.demo import cast
from wardkeeper.demo.road import LOGINS, Plan, Walk, walk
from wardkeeper.usecases.house import House
from wardkeeper.web.app import create_app

app = typer.Typer(add_completion=False)

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "trafford"
"""The example authority's text files, beside the source code."""

WHOLE_DISTRICT = 234_972


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where to build it.")] = Path("demo-district"),
    residents: Annotated[
        int, typer.Option("--residents", min=1000, max=WHOLE_DISTRICT, help="About how many.")
    ] = 60_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same district.")] = 1,
    port: Annotated[int, typer.Option("--port", help="The port to serve at.")] = 8080,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Walk the road and stop.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Build a synthetic district, walk one emergency through it, and serve it."""
    walked = walk(Plan(folder, EXAMPLES, residents, seed), serve_for_a_while, _tell)
    if as_json:
        answer_json(walked.answer)
    if no_serve:
        return
    _welcome(walked, folder, port)
    application = create_app(open_house(folder))
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
    )


@contextmanager
def serve_for_a_while(house: House) -> Iterator[str]:
    """Serve a house on a free port of this machine; give the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            create_app(house), log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS, proxy_headers=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _tell(line: str) -> None:
    words.print(line if line.startswith("  ") else f"• {line}", markup=False)


def _welcome(walked: Walk, folder: Path, port: int) -> None:
    words.print(f"\n[bold]http://127.0.0.1:{port}[/]   password for every login: [bold]{walked.password}[/]\n")
    for actor in cast.EVERYBODY:
        words.print(f"  {actor.login:<28} {cast.COMES_TO[actor.login]}", markup=False)
    # The program is named as it was called, so that the line works whether or not it is on the path.
    again = shlex.join([sys.argv[0], "serve", "--folder", str(folder), "--port", str(port)])
    words.print("\nEvery person is invented. Ctrl-C stops. Run it again to start afresh, with a new password.")
    words.print(f"To serve this one again: {again}", markup=False, soft_wrap=True)
    words.print(f"Its logins are kept in {folder / LOGINS}", markup=False, soft_wrap=True)
