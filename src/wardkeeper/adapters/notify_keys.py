"""Where the key of GOV.UK Notify and the token of its callbacks come from: a file among the keys, or the environment.

They are read when they are needed, and never stored, logged or repeated in an error.
"""

import hmac
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from wardkeeper.adapters.durable_files import storage_failures
from wardkeeper.adapters.notify_service import LIVE_URL, NotifyService
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.usecases.house import no_message_service

KEY_FILE, KEY = "notify.key", "WARDKEEPER_NOTIFY_KEY"
TOKEN_FILE, TOKEN = "notify-callback.key", "WARDKEEPER_NOTIFY_TOKEN"
URL = "WARDKEEPER_NOTIFY_URL"
"""Another address than Notify's own: a test's server on this machine."""

SHORTEST_TOKEN = 32
"""Letters in a token: shorter ones could be guessed."""

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def open_notify(folder: Path) -> NotifyService:
    """Open the service with the key kept here. Raises BadInput when there is none."""
    key = _read(folder / KEY_FILE, KEY)
    return NotifyService(key, _url()) if key else no_message_service()


def callback_check(folder: Path) -> Callable[[str], bool]:
    """Give what tells whether a token is the one kept here; it takes as long for a wrong one, and none is right when none is set."""

    def is_right(token: str) -> bool:
        kept = _read(folder / TOKEN_FILE, TOKEN)
        same = hmac.compare_digest(kept.encode(), token.encode())
        return same and len(kept) >= SHORTEST_TOKEN

    return is_right


def _read(path: Path, variable: str) -> str:
    """Give what the environment or the file says, without spaces around it; empty when neither does."""
    if variable in os.environ:
        return os.environ[variable].strip()
    with storage_failures("the key of GOV.UK Notify"):
        return path.read_text("utf-8").strip() if path.exists() else ""


def _url() -> str:
    """Give the address to send to. Raises BadInput for one that would send numbers over the network in the clear."""
    address = os.environ.get(URL, LIVE_URL)
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE):
        return address
    raise BadInput(
        "The address of GOV.UK Notify must begin with https://.",
        "Take WARDKEEPER_NOTIFY_URL away; it is for a test's server.",
        Where(key=URL),
    )
