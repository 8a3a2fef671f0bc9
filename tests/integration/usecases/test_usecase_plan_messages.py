"""Planning messages: counts for a screen, each home and person once, and nobody who must not be written to."""

import polars as pl
import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Refused
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import Outcome
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.plan_messages import CampaignRequest, draft, small_areas

WORDS = Wording(
    "Cases of infection are rising where you live. Free tests are at Sale library, 9am to 5pm.",
    "Cases are rising near you",
    MessageKind.ROUTINE,
)


@pytest.fixture
def campaign(town):
    """A letter to every home of the district."""
    return CampaignRequest(town.homes["lsoa"].unique().sort().to_list(), WORDS, Channel.LETTER)


def plan(house, actor, campaign, **more):
    return draft(house, actor, campaign, **more).plan


def test_every_home_and_every_person_is_counted_once(house, campaign):
    made = plan(house, cast.PUBLIC_HEALTH, campaign)
    assert sum(tally.homes for tally in made.tallies) == made.homes > 500
    assert sum(tally.people for tally in made.tallies) == made.people


def test_those_who_must_not_be_written_to_are_counted_with_their_reason(house, campaign):
    made = plan(house, cast.PUBLIC_HEALTH, campaign)
    for outcome in (Outcome.OBJECTED, Outcome.DEATH, Outcome.SPECIAL):
        assert made.of(outcome).people > 0
        assert made.of(outcome).words


def test_a_safety_message_leaves_the_objector_to_an_officer(house, campaign):
    safety = CampaignRequest(campaign.areas, Wording(WORDS.body, WORDS.subject, MessageKind.SAFETY), Channel.LETTER)
    made = plan(house, cast.PUBLIC_HEALTH, safety)
    assert made.of(Outcome.OFFICER).people > 0
    assert made.of(Outcome.OBJECTED).people == 0


@pytest.mark.parametrize(
    "actor",
    [cast.PLANNER, cast.ANALYST, cast.DPO, cast.DIRECTOR, cast.CREW, cast.VOLUNTEER],
    ids=lambda actor: actor.login,
)
def test_only_public_health_and_communications_plan(house, campaign, actor):
    with pytest.raises(Refused):
        plan(house, actor, campaign)


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "enforcement", "immigration"])
def test_g9_no_message_for_another_purpose(house, campaign, purpose):
    with pytest.raises(Refused, match="is not compatible"):
        plan(house, cast.PUBLIC_HEALTH, campaign, purpose=purpose)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"areas": ["E01999999"]}, "There is no area E01999999 here."),
        ({"areas": []}, "No area was chosen."),
    ],
    ids=["unknown area", "no area"],
)
def test_areas_that_are_not_here_are_named_and_not_passed_over(house, campaign, change, message):
    asked = CampaignRequest(change["areas"], campaign.wording, campaign.channel)
    with pytest.raises(BadInput) as raised:
        plan(house, cast.PUBLIC_HEALTH, asked)
    assert raised.value.message == message


def test_a_larger_area_means_the_small_ones_its_postcodes_lie_in(house):
    parts = house.places().postcodes.frame.select("lsoa", "msoa").unique()
    msoa = parts["msoa"].sort()[0]
    within = sorted(parts.filter(pl.col("msoa") == msoa)["lsoa"])
    assert small_areas(house, [msoa]) == within
    assert small_areas(house, [msoa, within[0]]) == within
    assert small_areas(house, [within[0]]) == [within[0]]


def test_an_area_that_is_nowhere_here_stays_and_is_refused_by_name(house):
    assert small_areas(house, ["E02000001"]) == ["E02000001"]
