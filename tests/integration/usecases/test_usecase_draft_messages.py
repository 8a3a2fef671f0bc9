"""A plan put down for approval, and planned again the same."""

import json

import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound
from wardkeeper.messages.campaigns import CampaignDraft, Format, Messenger, Speaker
from wardkeeper.messages.channels import FALLBACKS, Channel
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases import plan_messages
from wardkeeper.usecases.plan_messages import CampaignRequest, areas_of_alert, draft, request_of
from wardkeeper.usecases.save_campaign import save

URDU = Wording("محترم ((name))، مفت ٹیسٹ کروائیں۔", "مفت ٹیسٹ")
WORDS = Wording("Dear ((name)), you can get a free test on Elm Road.", "Free tests", translations={"Urdu": URDU})


@pytest.fixture
def campaign(town):
    """A text to every home of the district, with a translation."""
    areas = town.homes["lsoa"].unique().sort().to_list()
    return CampaignRequest(areas, WORDS, Channel.TEXT, speakers=("Urdu=faith-leader",), formats=(Format.LARGE_PRINT,))


def test_a_draft_holds_what_is_put_to_the_approver_and_nobody(house, town, campaign):
    drafted = draft(house, cast.PUBLIC_HEALTH, campaign)
    written = drafted.draft
    assert (written.areas, written.made_by) == (tuple(campaign.areas), cast.PUBLIC_HEALTH.login)
    assert written.channels == FALLBACKS[Channel.TEXT]
    assert written.languages == ("English", "Urdu")
    assert written.speakers == (Speaker(Messenger.FAITH_LEADER, language="Urdu"),)
    assert written.singles_out == ("Elm Road",)
    assert written.total.homes == drafted.plan.homes == sum(one.homes for one in written.total.outcomes)
    assert sum(one.messages for one in written.total.messages) == drafted.plan.recipients.height
    assert CampaignDraft.from_bytes(written.to_bytes()) == written
    for person in town.people["family"].unique().to_list()[:50]:
        assert f" {person} " not in written.to_bytes().decode()


def test_a_draft_is_planned_again_as_it_was_put_to_the_approver(house, campaign):
    written = draft(house, cast.PUBLIC_HEALTH, campaign).draft
    again = draft(house, cast.PUBLIC_HEALTH, request_of(written)).draft
    assert (again.total, again.words, again.speakers) == (written.total, written.words, written.speakers)


def test_a_draft_can_be_kept(house, campaign):
    written = draft(house, cast.PUBLIC_HEALTH, campaign).draft
    assert save(house, cast.PUBLIC_HEALTH, written).draft == written


def test_planning_is_on_the_ledger_with_the_campaign(house, campaign):
    written = draft(house, cast.PUBLIC_HEALTH, campaign).draft
    leaf = json.loads(list(house.store.leaves())[-1])
    assert (leaf["type"], leaf["detail"]["campaign"]) == ("messages.planned", written.id)


def test_formats_are_counted_from_known_facts(house, campaign):
    needs = {one.format: one for one in draft(house, cast.PUBLIC_HEALTH, campaign).formats}
    people = needs[Format.AUDIO].people
    assert people is not None
    assert people > 0
    assert needs[Format.LARGE_PRINT].met
    assert not needs[Format.AUDIO].met


def test_the_census_speaks_for_those_without_a_recorded_language(house, campaign):
    needs = draft(house, cast.PUBLIC_HEALTH, campaign).plan.languages
    assert needs.unknown_without_english is not None
    assert 0 < needs.unknown_without_english < needs.unknown
    assert needs.areas_without_share == 0


class KeptAlert:
    """An alert of some areas."""

    def __init__(self, areas):
        self.areas = areas


def test_an_alert_stands_for_its_areas_that_are_here(house, campaign, monkeypatch):
    kept = {"a": KeptAlert((*campaign.areas[:2], "E02999999")), "b": KeptAlert(("E02999999",))}
    monkeypatch.setattr(plan_messages, "load_alert", lambda _house, alert: kept[alert])
    assert areas_of_alert(house, "a") == campaign.areas[:2]
    with pytest.raises(NotFound, match=r"None of the alert's areas is in this district"):
        areas_of_alert(house, "b")


def test_an_alert_that_is_not_kept_is_told(house):
    with pytest.raises(NotFound, match=r"There is no alert with this id"):
        areas_of_alert(house, "nothing")
