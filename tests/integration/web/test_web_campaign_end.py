"""A campaign whose permission has ended is told of on the first page, the list and its own page, until it is destroyed."""

from datetime import timedelta

import pytest

from campaign_drafts import DRAFT, make_draft
from districts import PASSWORD
from wardkeeper.demo import cast
from wardkeeper.usecases.approve_campaign import LASTS, approve
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.submit_campaign import submit
from wardkeeper.web.app import create_app
from web_house import browser, post, sign_in, words_of

PAGE = f"/messages/campaigns/{DRAFT.id}"
DUE = "Its permission ended on 20 December 2026."


@pytest.fixture
def enter(house, town):
    """Open a browser as somebody, with an approved campaign whose permission has ended."""
    save(house, cast.COMMUNICATIONS, make_draft(areas=tuple(town.homes["lsoa"].unique().sort())))
    submit(house, cast.COMMUNICATIONS, DRAFT.id)
    approve(house, cast.PUBLIC_HEALTH, DRAFT.id)
    house.clock.move(LASTS + timedelta(days=1))
    app = create_app(house)

    def open_browser(actor):
        client = browser(app)
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


@pytest.mark.parametrize("address", ["/", "/messages", PAGE])
def test_each_page_says_what_is_to_be_done(enter, address):
    page = words_of(enter(cast.DPO).get(address).text)
    assert f"{DUE} Stop it, close it and have a second person destroy it." in page


def test_from_the_page_it_is_ended_and_then_no_page_speaks_of_it(enter):
    author, dpo = enter(cast.COMMUNICATIONS), enter(cast.DPO)
    assert post(author, f"{PAGE}/stop", {"stop-reason": "It is over."}).status_code == 303
    unread = post(author, f"{PAGE}/close", {})
    assert unread.status_code == 422
    assert "Tick that you have read what closing means." in words_of(unread.text)
    assert "none of them went" in words_of(unread.text)
    assert post(author, f"{PAGE}/close", {"confirm": "yes"}).status_code == 303
    assert "A second person must destroy it." in words_of(dpo.get("/").text)
    assert post(dpo, f"{PAGE}/destroy", {}).status_code == 303
    for address in ("/", "/messages", PAGE):
        assert DUE not in words_of(dpo.get(address).text)


def test_whoever_may_not_see_campaigns_hears_of_none(enter):
    assert DUE not in words_of(enter(cast.ANALYST).get("/").text)
