"""The small district on a real server, and the system's browser to look at it with."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from browser_eyes import DESK
from districts import PASSWORD, flood, flooded, folder, house, town
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


@pytest.fixture
def enter(chromium, address):
    """Open a browser window as somebody; faults on its pages fail the test."""
    windows, faults = [], []

    def open_window(actor, *, size=DESK, scripts=True):
        window = chromium.new_context(viewport=size, java_script_enabled=scripts, base_url=address)
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto("/sign-in")
        page.fill("#login", actor.login)
        page.fill("#password", PASSWORD)
        page.click("main button:has-text('Sign in')")
        page.wait_for_url(f"{address}/")
        return page

    yield open_window
    for window in windows:
        window.close()
    assert faults == []
