"""The page that asks whether a person is known, in a real browser."""

import polars as pl
import pytest

from browser_eyes import DESK, PHONE, faults_of
from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.usecases import datasets

pytestmark = pytest.mark.browser


def a_resident(house):
    file = house.store.current(datasets.RESIDENTS)
    permit = make_permit(datasets.RESIDENTS, now=house.clock.now())
    found = house.vault.read(file, ["given", "family", "birth_date", "protected"], permit=permit)
    return found.filter(~pl.col("protected")).drop_nulls().sort("family", "given").row(0, named=True)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_search_is_accessible_and_never_wider_than_its_screen(enter, flood, size):
    page, row = enter(cast.ANALYST, size=size), a_resident(flood.house)
    page.goto("/people")
    assert faults_of(page) == []
    page.fill("#given", row["given"])
    page.fill("#family", row["family"][:-1] + "x")
    page.fill("#born", row["birth_date"].strftime("%d/%m/%Y"))
    with page.expect_navigation():
        page.click("button:has-text('Find')")
    assert page.url.endswith("/people")
    assert "Who may be meant" in page.inner_text("main")
    assert faults_of(page) == []
