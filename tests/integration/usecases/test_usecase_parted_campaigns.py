"""When part of a comparison never happens: nobody is left untold in silence, and nobody who was not written to counts as treated."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from campaign_drafts import BODY, make_draft
from campaign_house import make_notify, measure_later
from districts import TODAY
from wardkeeper.demo import cast
from wardkeeper.messages.campaigns import Words
from wardkeeper.messages.comparisons import Unit
from wardkeeper.messages.effects import Design
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.campaign_files import hand_over, put_away, take_files
from wardkeeper.usecases.compare_campaigns import compare_wordings, start_in_steps, tell_parted
from wardkeeper.usecases.decline_campaign import decline
from wardkeeper.usecases.prepare_sending import prepare
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.send_campaign import send
from wardkeeper.usecases.stop_campaign import stop
from wardkeeper.usecases.submit_campaign import submit

AUTHOR, LEAD = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH
TEMPLATES = {"text": "t", "email": "e"}
WEEK = timedelta(days=7)
STEPS = [TODAY.isoformat(), (TODAY + WEEK).isoformat()]
LETTERS = "letters-to-print"


@pytest.fixture
def notify():
    return make_notify("((message))")


@pytest.fixture
def ready(house, areas, notify):
    """Two submitted campaigns for the same areas, in other words, and a Notify to send them."""
    for name, body in (("cam-a", BODY), ("cam-b", "Tests are free. Come to Sale library.")):
        save(house, AUTHOR, make_draft(id=name, areas=tuple(areas), words=(Words("English", body, "Tests"),)))
        submit(house, AUTHOR, name)
    return replace(house, message_service=lambda: notify)


def outcome(areas):
    days = [TODAY + WEEK * week for week in (-2, -1, 0, 1, 2)]
    rows = [(area, day, 10.0 + number) for number, area in enumerate(areas) for day in days]
    return pl.DataFrame(rows, schema=["area", "date", "value"], orient="row")


def reached_by(house, name):
    """Numbers, addresses and doors: homes may share a number, and one of them then stands for all."""
    found = prepare(house, AUTHOR, name, TEMPLATES)
    reached = found.plan.recipients.select(pl.coalesce("to", "home_id")).to_series()
    return set(reached) | set(found.doors["home_id"])


# A stepped start


def test_areas_whose_day_came_after_the_stop_are_compared_and_not_treated(ready, areas, notify):
    drawn = start_in_steps(ready, LEAD, "cam-a", STEPS, seed=1).comparison
    approve(ready, LEAD, "cam-a")
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    stop(ready, LEAD, "cam-a", "The site is full.")
    ready.clock.move(2 * WEEK)
    found = measure_later(ready, LEAD, "cam-a", outcome(areas))
    first, later = (len(drawn.units_of(day)) for day in STEPS)
    assert (found.written_to, found.effect.treated, found.effect.compared) == (first, first, later)
    assert f"{later} areas were never sent to, and count as not written to." in found.effect.notes


def test_areas_to_which_it_was_sent_on_their_day_are_treated_from_then(ready, areas, notify):
    start_in_steps(ready, LEAD, "cam-a", STEPS, seed=1)
    approve(ready, LEAD, "cam-a")
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    ready.clock.move(WEEK)
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    found = measure_later(ready, LEAD, "cam-a", outcome(areas))
    assert (found.written_to, found.effect.design) == (len(areas), Design.STEPPED)
    assert found.effect.notes == ()


def test_a_file_made_before_an_areas_day_does_not_reach_it_by_being_posted_later(ready, areas):
    drawn = start_in_steps(ready, LEAD, "cam-a", STEPS, seed=1).comparison
    approve(ready, LEAD, "cam-a")
    take_files(ready, AUTHOR, "cam-a", [LETTERS])
    ready.clock.move(WEEK)
    hand_over(ready, AUTHOR, "cam-a", LETTERS)
    assert measure_later(ready, LEAD, "cam-a", outcome(areas)).written_to == len(drawn.units_of(STEPS[0]))


# Two wordings


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("end", [stop, decline])
def test_when_one_is_given_up_before_it_went_out_the_other_goes_to_everybody(ready, areas, unit, end):
    approve(ready, LEAD, "cam-a")
    everybody = reached_by(ready, "cam-a")
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1, unit=unit)
    part = reached_by(ready, "cam-a")
    assert part < everybody
    end(ready, LEAD, "cam-b", "The words are wrong.")
    assert reached_by(ready, "cam-a") == everybody
    told = tell_parted(ready, "cam-a")
    assert told[-1].startswith(
        f"cam-b was {'stopped' if end is stop else 'declined'} before anything of it went out. cam-a goes"
    )


def test_whoever_was_left_out_is_sent_to_and_counts_from_that_day(ready, areas, notify):
    drawn = compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1).comparison
    approve(ready, LEAD, "cam-a")
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    before = measure_later(ready, LEAD, "cam-a", outcome(areas))
    assert before.written_to == len(drawn.units_of("cam-a"))
    assert "The other areas got no other words." in before.effect.notes
    ready.clock.move(WEEK)
    stop(ready, LEAD, "cam-b", "The words are wrong.")
    assert measure_later(ready, LEAD, "cam-a", outcome(areas)).written_to == before.written_to
    send(ready, AUTHOR, "cam-a", templates=notify.ids)
    after = measure_later(ready, LEAD, "cam-a", outcome(areas))
    assert (after.written_to, after.effect.design) == (len(areas), Design.STEPPED)
    assert max(notify.recipients.values()) == 1


def test_when_one_is_stopped_midway_those_left_are_counted_and_said(ready, notify):
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    for name in ("cam-a", "cam-b"):
        approve(ready, LEAD, name)
    notify.halt_after = 3
    send(ready, AUTHOR, "cam-b", templates=notify.ids)
    half = reached_by(ready, "cam-a")
    stop(ready, LEAD, "cam-b", "The words are wrong.")
    unsent = sum(one.messages for one in ready.store.count_messages("cam-b") if one.state == "withdrawn")
    assert unsent > 3
    told = tell_parted(ready, "cam-b")
    assert told == tell_parted(ready, "cam-a")
    assert f"{unsent:,} of its messages were not sent" in told[-1]
    assert reached_by(ready, "cam-a") == half


def test_a_file_that_is_out_may_still_go_and_one_put_away_may_not(ready):
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    for name in ("cam-a", "cam-b"):
        approve(ready, LEAD, name)
    half = reached_by(ready, "cam-a")
    take_files(ready, AUTHOR, "cam-b", [LETTERS])
    stop(ready, LEAD, "cam-b", "The words are wrong.")
    assert reached_by(ready, "cam-a") == half
    put_away(ready, AUTHOR, "cam-b", LETTERS)
    assert reached_by(ready, "cam-a") > half


def test_what_has_not_gone_out_yet_is_said_and_then_no_more(ready, notify):
    assert tell_parted(ready, "cam-a") == []
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    assert [words[:26] for words in tell_parted(ready, "cam-a")] == [
        "cam-a has not gone out yet",
        "cam-b has not gone out yet",
    ]
    for name in ("cam-a", "cam-b"):
        approve(ready, LEAD, name)
        send(ready, AUTHOR, name, templates=notify.ids)
    assert tell_parted(ready, "cam-a") == []


def test_when_both_are_given_up_nobody_is_told_and_that_is_said(ready, areas):
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    for name in ("cam-a", "cam-b"):
        stop(ready, LEAD, name, "The site is full.")
    told = tell_parted(ready, "cam-b")
    assert all("Nobody tells its" in words for words in told)
    assert len(told) == 2


def test_an_effect_of_words_against_others_says_so(ready, areas, notify):
    compare_wordings(ready, LEAD, "cam-a", "cam-b", seed=1)
    for name in ("cam-a", "cam-b"):
        approve(ready, LEAD, name)
        send(ready, AUTHOR, name, templates=notify.ids)
    assert "The other areas got the words of cam-b." in measure_later(ready, LEAD, "cam-a", outcome(areas)).effect.notes
