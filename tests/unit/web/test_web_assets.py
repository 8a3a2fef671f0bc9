"""What is served to browsers: vendored files as they were checked, no brand that is not ours, nothing inline."""

import hashlib
import re
from pathlib import Path

import pytest

import wardkeeper.web
from wardkeeper.web.lines import STATUS_COLOURS, STATUS_WORDS

WEB = Path(wardkeeper.web.__file__).parent
VENDORED = WEB / "static/vendor/govuk-frontend"
BROWSER_ASSETS = Path(__file__).parents[2] / "browser_assets"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "static").glob("*.js"))


@pytest.mark.parametrize("folder", [VENDORED, BROWSER_ASSETS], ids=["govuk-frontend", "axe-core"])
def test_vendored_files_are_those_that_were_checked(folder):
    listed = dict(reversed(line.split("  ")) for line in (folder / "CHECKSUMS").read_text("utf-8").splitlines())
    present = {path.name for path in folder.iterdir()} - {"CHECKSUMS"}
    assert set(listed) == present
    for name, checksum in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum, name


def test_their_licences_come_with_them():
    assert "MIT License" in (VENDORED / "LICENSE.txt").read_text("utf-8")
    assert "Mozilla Public License" in (BROWSER_ASSETS / "LICENSE-axe-core").read_text("utf-8")


@pytest.mark.parametrize("path", sorted((WEB / "static").rglob("*.css")), ids=lambda path: path.name)
def test_no_style_holds_a_brand_a_font_or_an_image(path):
    css = path.read_text("utf-8")
    assert not re.search(r"GDS|crown|crest|logotype|@font-face|url\(|@import", css)


def test_no_page_draws_a_crown():
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert "govukFooter" not in text, path
        assert "govukHeader" not in text, path
        assert "crown" not in text.lower(), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_inline(path):
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_carries_its_token(path):
    for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), flags=re.DOTALL):
        if 'method="post"' in form:
            assert "csrf_field(" in form
        else:
            assert 'method="get"' in form


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_screens_use_screen_words(path):
    shown = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL).lower()
    for word in ("mandate", "gateway", "contract", "delivery", "quarantine", "vault", "ledger", "nowcast", "signal"):
        assert not re.search(rf"\b{word}s?\b", shown), word


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_text_and_never_markup(path):
    script = path.read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", script)
    assert not re.search(r"https?://", script)


def test_the_live_script_has_the_words_and_colours_of_every_state():
    script = (WEB / "static/live.js").read_text("utf-8")
    words = dict(re.findall(r'"?([a-z ]+)"?: "([^"]+)"', script.split("const WORDS = {")[1].split("}")[0]))
    colours = dict(re.findall(r'"?([a-z ]+)"?: "([^"]+)"', script.split("const COLOURS = {")[1].split("}")[0]))
    assert {name.strip(): one for name, one in words.items()} == {one.value: said for one, said in STATUS_WORDS.items()}
    expected = {one.value: colour.removeprefix("govuk-tag--") for one, colour in STATUS_COLOURS.items()}
    assert {name.strip(): one for name, one in colours.items()} == expected


def test_the_page_asks_for_files_that_are_there(stranger):
    page = stranger.get("/sign-in").text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert stranger.get(address).status_code == 200, address
    for path in SCRIPTS:
        for address in re.findall(r'from "(/static/[^"]+)"', path.read_text("utf-8")):
            assert stranger.get(address).headers["content-type"].startswith("text/javascript")


def test_static_files_end_where_the_folder_ends(stranger):
    assert stranger.get("/static/../app.py").status_code in (303, 404)
    assert stranger.get("/static/%2e%2e/app.py").status_code == 404
