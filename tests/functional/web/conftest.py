"""The small district on a real server, and the system's browser to look at it with."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from districts import flood, flooded, folder, house, town
from web_server import serving

__all__ = ["flood", "flooded", "folder", "house", "town"]

CHROMIUM = os.environ.get("WARDKEEPER_CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium():
    """The system's Chromium. A machine without it skips what needs it, and says so."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no browser at {CHROMIUM}: set WARDKEEPER_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def address(flood):
    with serving(flood.house) as address:
        yield address
