"""`wardkeeper serve`."""

from typing import Annotated

import typer
import uvicorn

from wardkeeper.bootstrap import open_house
from wardkeeper.cli.desk import check_folder
from wardkeeper.cli.running import HERE, FolderOption, words
from wardkeeper.web.app import create_app

app = typer.Typer(add_completion=False)

GRACE_SECONDS = 2
"""Open streams would otherwise hold Ctrl-C for ever."""


@app.command()
def serve(
    folder: FolderOption = HERE,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = 8080,
) -> None:
    """Serve the pages of the authority in a folder, until Ctrl-C."""
    check_folder(folder)
    application = create_app(open_house(folder))
    words.print(f"Serving at http://{host}:{port}  (Ctrl-C to stop)")
    uvicorn.run(
        application,
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        # Whoever sends X-Forwarded-For could pass for another address.
        proxy_headers=False,
    )
