"""A real server on loopback for tests: the pages of a house, and browsers that are signed in to it."""

import threading
import time
from contextlib import contextmanager

import httpx
import uvicorn

from wardkeeper.web.app import create_app
from web_house import sign_in

PATIENCE = 10.0


@contextmanager
def serving(house):
    """Serve a house's pages on a free port until the block is left; give the address."""
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def visitor(address, actor):
    """A signed-in browser without a screen."""
    client = httpx.Client(base_url=address, timeout=PATIENCE, follow_redirects=False)
    assert sign_in(client, actor).status_code == httpx.codes.SEE_OTHER
    return client


@contextmanager
def listening(client, path, headers=None):
    """Open an event stream; give a function that waits for its next frame as (event, data text)."""
    with client.stream("GET", path, headers={"Accept": "text/event-stream", **(headers or {})}) as answer:
        assert answer.status_code == httpx.codes.OK
        lines = answer.iter_lines()

        def next_frame():
            kind = ""
            for line in lines:
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                if line.startswith("data: "):
                    return kind, line.removeprefix("data: ")
            return "closed", ""

        yield next_frame
