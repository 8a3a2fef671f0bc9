"""Rows to fix and the quality report in a real browser: at a desk, on a phone, by keyboard and without scripts."""

from datetime import timedelta
from pathlib import Path

import pytest

from browser_eyes import DESK, PHONE, faults_of, picture
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.view_quarantine import view

pytestmark = pytest.mark.browser

BINS = "/sources/assisted-bins"
SHORT = b"AB/9001,Mrs Ida Newcome,1 High Street"
NOBODY = b"AB/9002,VOID,2 High Street,,Sale,,Other,,"


@pytest.fixture
def rows(flood, town):
    """A newer file with two faulty rows at its end; gives their addresses."""
    flood.house.clock.move(timedelta(days=1))
    path = town.extract("assisted-bins")
    content = b"\r\n".join([path.read_bytes().rstrip(), SHORT, NOBODY, b""])
    load_source(flood.house, cast.ANALYST, "assisted-bins", Received(path.name, content))
    lines = view(flood.house, cast.ANALYST, "assisted-bins").rows.tail(2)
    return [f"{BINS}/rows-to-fix/{delivery}/{row}" for delivery, row in lines.select("delivery", "row").iter_rows()]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_it_is_accessible_and_fits(enter, rows, size):
    page = enter(cast.ANALYST, size=size)
    pages = {
        "list": f"{BINS}/rows-to-fix",
        "rule": f"{BINS}/rows-to-fix?rule=no-name",
        "short": rows[0],
        "nobody": rows[1],
        "report": f"{BINS}/report",
        "care": "/sources/adult-social-care/report",
        "sources": "/sources",
    }
    for name, path in pages.items():
        page.goto(path)
        picture(page, name)
        assert faults_of(page) == [], path


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_stopped_file_shows_its_question_and_how_to_answer(enter, rows, flood, town, size):
    lines = town.extract("council-tax").read_bytes().splitlines(keepends=True)
    with pytest.raises(BadInput):
        load_source(flood.house, cast.ANALYST, "council-tax", Received("half.csv", b"".join(lines[:300])))
    changed = b"".join(line.replace(b",C,", b",A,") for line in lines[: len(lines) * 3 // 4])
    load_source(flood.house, cast.ANALYST, "council-tax", Received("less.csv", changed, shrunk=True))
    with pytest.raises(BadInput):
        load_source(flood.house, cast.ANALYST, "council-tax", Received("half.csv", b"".join(lines[:300])))
    page = enter(cast.PLANNER, size=size)
    for name, path in (("stopped-sources", "/sources"), ("stopped-report", "/sources/council-tax/report")):
        page.goto(path)
        picture(page, name)
        assert "--shrunk" in page.inner_text("main")
        assert "it may be half a file" in page.inner_text("main")
        assert faults_of(page) == []
    assert "fewer. Ask the owner whether so many people really left." in " ".join(page.inner_text("main").split())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_row_is_put_right_run_and_told_to_its_owner(enter, rows, size, scripts):
    page = enter(cast.ANALYST, size=size, scripts=scripts)
    page.goto(rows[0])
    page.click("button:has-text('Save this row')")
    assert "Say where the new value is from." in page.inner_text(".govuk-error-summary")
    if scripts:
        picture(page, "faults")
        assert faults_of(page) == []
    page.get_by_label("Name", exact=True).fill("Mrs Ida Newcome")
    page.get_by_label("Reason", exact=True).fill("Frailty")
    page.check("input[name='origin'][value='owner']")
    page.click("button:has-text('Save this row')")
    assert "is saved." in page.inner_text("[role=status]")
    page.click("button:has-text('Run 1 fixed row again')")
    assert "1 row was loaded." in page.inner_text("[role=status]")
    assert "Mrs Ida Newcome" in page.inner_text("main")
    if scripts:
        picture(page, "ran")
        assert faults_of(page) == []
    with page.expect_download() as download:
        page.click("button:has-text('Download corrections (CSV)')")
    assert "Frailty" in Path(download.value.path()).read_text("utf-8-sig")
    page.reload()
    page.goto(rows[0])
    assert "is not among the rows to fix" in page.inner_text("main")


def test_by_keyboard_alone(enter, rows):
    page = enter(cast.ANALYST)
    page.goto(rows[1])
    page.focus("#why")
    page.keyboard.type("An empty house")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]:has-text('is saved.')")
    assert "Left out: about nobody" in page.inner_text("main")


def test_what_is_wrong_with_a_form_is_told_and_nothing_typed_is_lost(enter, rows):
    page = enter(cast.ANALYST, size=PHONE)
    page.goto(rows[1])
    page.check("input[name='origin'][value='row']")
    page.click("button:has-text('Save this row')")
    assert "No cell was changed." in page.inner_text(".govuk-error-summary")
    page.fill("#why", "")
    page.click("button:has-text('Accept as it is')")
    assert "Say why the row is right as it is." in page.inner_text(".govuk-error-summary")


def test_a_planner_reads_the_report_and_not_the_rows(enter, rows):
    page = enter(cast.PLANNER)
    page.goto(f"{BINS}/report")
    assert "What to ask about" in page.inner_text("main")
    page.goto(rows[0])
    assert "Newcome" not in page.content()
    assert "You cannot do this now" in page.inner_text("main")
