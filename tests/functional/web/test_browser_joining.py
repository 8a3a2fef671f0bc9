"""The pages of joining in a real browser: accessible, no wider than a phone, usable by keys and without scripts."""

import re

import pytest

from browser_eyes import DESK, PHONE, faults_of
from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.residents.verdicts import Verdict
from wardkeeper.usecases import datasets
from wardkeeper.usecases.record_label import record
from wardkeeper.usecases.review_pairs import queue

pytestmark = pytest.mark.browser


@pytest.fixture
def labelled(flood, town):
    """Sixty drawn pairs labelled by the truth."""
    house = flood.house
    file = house.store.current(datasets.PAIRS_TO_REVIEW)
    permit = make_permit(datasets.PAIRS_TO_REVIEW, now=house.clock.now())
    pairs = house.vault.read(file, ["pair_id", "left", "right", "turn"], permit=permit).sort("turn").head(60)
    people = dict(town.truth.select("record_id", "person_id").iter_rows())
    for row in pairs.iter_rows(named=True):
        same = people[row["left"]] == people[row["right"]]
        record(house, cast.ANALYST, row["pair_id"], Verdict.SAME if same else Verdict.DIFFERENT)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/joining", "/joining/review", "/joining/review/{pair}"])
def test_every_page_is_accessible_and_never_wider_than_its_screen(enter, flood, labelled, path, size):
    page = enter(cast.ANALYST, size=size)
    page.goto(path.format(pair=queue(flood.house, cast.ANALYST).next_id))
    assert faults_of(page) == []


def test_a_pair_page_shows_no_opinion(enter, flood):
    page = enter(cast.ANALYST)
    page.goto(f"/joining/review/{queue(flood.house, cast.ANALYST).next_id}")
    text = page.inner_text("main").lower()
    assert not re.search(r"\d %|\d%|log odds|score|likely|joined|certain", text)


def test_answers_by_button_and_by_key_lead_from_pair_to_pair(enter, flood):
    page = enter(cast.ANALYST)
    page.goto(f"/joining/review/{queue(flood.house, cast.ANALYST).next_id}")
    for answer in "1", "2", "3", "One person", "Two people", "Can’t tell":
        page.wait_for_selector("[data-answers-hint]:visible")
        with page.expect_navigation():
            if answer.isdigit():
                page.keyboard.press(answer)
            else:
                page.click(f"button:has-text('{answer}')")
    assert queue(flood.house, cast.ANALYST).progress.drawn_done == 6
    verdicts = [one.verdict for one in queue(flood.house, cast.ANALYST).said]
    assert sorted(verdicts) == sorted([*Verdict][:3] * 2)


def test_all_works_without_scripts_and_can_be_taken_back(enter, flood):
    page = enter(cast.ANALYST, size=PHONE, scripts=False)
    page.goto("/joining")
    page.click("text=Review pairs")
    page.click("text=Review the next pair")
    page.click("button:has-text('Two people')")
    page.goto("/joining/review")
    assert page.locator("td:has-text('Two people')").count() == 1
    page.click("button:has-text('Take it back')")
    assert page.locator("text=Nothing yet.").is_visible()
    assert queue(flood.house, cast.ANALYST).progress.drawn_done == 0


def test_an_answer_left_out_is_asked_for(enter, flood):
    page = enter(cast.ANALYST)
    page.goto(f"/joining/review/{queue(flood.house, cast.ANALYST).next_id}")
    page.evaluate("document.querySelector('[data-answers]').submit()")
    page.wait_for_selector(".govuk-error-summary")
    assert faults_of(page) == []
