"""Alerts: the few places where cases run ahead of what their own past and the course of all places lead one to expect.

In five lines:

    from datetime import date
    from wardkeeper.outbreaks import find_alerts
    found = find_alerts(counts, date(2020, 5, 30), areas)   # counts: Counts; areas: area, name, place, x, y
    for alert in found.alerts:
        print(alert.rank, alert.places, alert.why, alert.sure, alert.missing)

Here 144 areas of 2,000 people lie on a grid of twelve by twelve, with eight cases a week each, or nearly. Every table
names the areas that change, and what becomes of them.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.kernel.ways import Way
from wardkeeper.outbreaks.alerting.alerts import Reason
from wardkeeper.outbreaks.alerting.finding import find_alerts
from wardkeeper.outbreaks.alerting.merging import Opened
from wardkeeper.outbreaks.alerting.replaying import replay
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.alerting.wording import say_sure, say_why
from wardkeeper.outbreaks.changes import Change
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.space.epidemic import Epidemic, lay_ground, scan_epidemic

SIDE, LAST = 12, date(2020, 5, 30)
WEEKS = [LAST - timedelta(weeks=back) for back in range(9, -1, -1)]
SETTINGS = AlertSettings(epidemic=Epidemic(replicates=19))
CODES = [f"E02{row:03d}{column:03d}" for row in range(SIDE) for column in range(SIDE)]
AREAS = pl.DataFrame(
    {
        "area": CODES,
        "name": [f"Area {code[-4:]}" for code in CODES],
        "place": ["North" if at < SIDE * SIDE // 2 else "South" for at in range(SIDE * SIDE)],
        "x": [float(at % SIDE) for at in range(SIDE * SIDE)],
        "y": [float(at // SIDE) for at in range(SIDE * SIDE)],
    }
)
NORTH_CORNER = [0, 1, 12, 13]
SOUTH_CORNER = [130, 131, 142, 143]


def usual(area, week):
    """Seven, eight or nine cases, much the same everywhere."""
    return 7 + (area * 5 + week * 3) % 3


def table(changed, *, weeks=WEEKS, codes=CODES, people=2_000):
    """Counts, with `changed` from (area, weeks before the last) to a count, or to a pair of its least and greatest."""
    rows = []
    for at, code in enumerate(codes):
        for back, week in zip(range(len(weeks) - 1, -1, -1), weeks, strict=True):
            count = changed.get((at, back), usual(at, back))
            if count is not None:
                low, high = count if isinstance(count, tuple) else (count, count)
                rows.append((code, week, low, high, people, False))
    return Counts(pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("area", "week_end"), 5)


SCHEMA = {
    "area": pl.String,
    "week_end": pl.Date,
    "low": pl.Int64,
    "high": pl.Int64,
    "population": pl.Int64,
    "incomplete": pl.Boolean,
}


def rise(areas, *counts):
    """Set the newest weeks of some areas, the last week first."""
    return {(area, back): count for area in areas for back, count in enumerate(counts)}


def found(changed, **options):
    return find_alerts(table(changed), LAST, AREAS, settings=options.pop("settings", SETTINGS), **options)


def where(alert):
    return {CODES.index(area) for area in alert.areas}


def holds(alert, areas):
    """Whether an alert is about these areas: it has half of them or more, and a score of others at most.

    Edges are never sharp: what is left out or taken along has much the same excess either way.
    """
    return 2 * len(where(alert) & set(areas)) >= len(areas) and len(alert.areas) <= len(areas) + 20


# What makes an alert


def test_areas_side_by_side_that_rise_together_are_one_alert():
    first = found(rise(NORTH_CORNER, 40, 25)).alerts[0]
    assert holds(first, NORTH_CORNER)
    assert first.places == ("North",)
    assert first.observed > 1.4 * first.expected


def test_two_rises_apart_are_two_alerts_the_greater_excess_first():
    first, second = found(rise(NORTH_CORNER, 40, 25) | rise(SOUTH_CORNER, 60, 35)).alerts[:2]
    assert holds(first, SOUTH_CORNER)
    assert holds(second, NORTH_CORNER)
    assert (first.rank, second.rank) == (1, 2)
    assert first.score > second.score


def test_of_two_equal_excesses_the_one_that_grows_comes_first():
    first, second = found(rise(NORTH_CORNER, 30, 50) | rise(SOUTH_CORNER, 50, 30)).alerts[:2]
    assert holds(first, SOUTH_CORNER)
    assert holds(second, NORTH_CORNER)
    assert first.growing > 0.9
    assert second.growing < 0.5


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="nothing out of the usual"),
        pytest.param({(at, back): 0 for at in range(SIDE * SIDE) for back in range(10)}, id="no case at all"),
        pytest.param({(at, back): (0, 2) for at in range(SIDE * SIDE) for back in range(10)}, id="every count hidden"),
        pytest.param({(at, 0): 80 for at in range(SIDE * SIDE)}, id="a rise everywhere: no place stands out"),
        pytest.param(rise(NORTH_CORNER, 0, 0), id="a fall"),
    ],
)
def test_no_alert(changed):
    assert found(changed).alerts == ()


def test_a_rise_everywhere_is_said_in_words():
    note = found({(at, 0): 80 for at in range(SIDE * SIDE)}).notes[0]
    assert note.startswith(
        "All areas together, week ending 30 May 2020: about 10 times as many cases as in the week before."
    )


FROM_NONE = {(at, back): 0 for at in NORTH_CORNER for back in range(1, 10)} | {(at, 0): 9 for at in NORTH_CORNER}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "The newest week had 36 cases, none the week before.", id="none before"),
        pytest.param({(0, 1): 1}, "The newest week had about 24 times as many cases as the week before.", id="one"),
        pytest.param({(0, 1): (0, 2)}, "times as many cases as the week before.", id="hidden: there may be some"),
        pytest.param({(0, 1): None}, "times as many cases as the week before.", id="not known"),
    ],
)
def test_a_rise_from_no_case_at_all_is_told_as_what_it_is(changed, said):
    first = found(FROM_NONE | changed).alerts[0]
    assert holds(first, NORTH_CORNER)
    assert said in first.why


def test_so_is_one_of_all_areas_together():
    week = found({(at, 1): 0 for at in range(SIDE * SIDE)})
    assert week.notes[0].startswith(
        "All areas together, week ending 30 May 2020: 1,152 cases, none in the week before."
    )


# Two reasons to be on the list

WIDE_NORTH = [row * 12 + column for row in range(3) for column in range(4)]
ALONE = 120
TWO_PLACES = replace(SETTINGS, most=2, seldom=0.5)
THREE_RISES = rise(SOUTH_CORNER, 60, 35) | rise(WIDE_NORTH, 18, 14) | rise([ALONE], 40, 24)
"""A strong rise of four areas, a weak one of twelve, and one area with five times its cases."""


def test_by_score_alone_the_larger_excesses_take_all_places():
    alerts = found(THREE_RISES, settings=replace(TWO_PLACES, seldom=0)).alerts
    assert holds(alerts[0], SOUTH_CORNER)
    assert holds(alerts[1], WIDE_NORTH)
    assert {alert.listed_for for alert in alerts} == {Reason.SIZE}
    assert alerts[0].why.endswith("how likely they are to grow faster than in all areas together.")


def test_a_place_is_kept_for_a_few_areas_where_chance_seldom_shows_as_much():
    first, second = found(THREE_RISES, settings=TWO_PLACES).alerts
    assert (first.rank, second.rank) == (1, 2)
    assert first.score > second.score
    assert where(second) == {ALONE}
    assert second.listed_for is Reason.SELDOM
    assert second.chance < 0.001
    assert second.why.endswith("It is on the list because chance seldom shows this in so few areas.")


def test_how_sure_a_small_one_is_does_not_lean_on_its_size():
    second = found(THREE_RISES, settings=TWO_PLACES).alerts[1]
    often = replace(second, recurrence_weeks=1.0, chance=0.0005)
    assert say_sure(often).startswith(
        "The chance of as many cases in just these areas is 1 in 2,000; but many areas are"
    )
    assert "its size makes it worth a look" in say_sure(replace(often, listed_for=Reason.SIZE))


def test_a_large_one_that_chance_shows_as_seldom_has_both_reasons():
    first = found(THREE_RISES, settings=TWO_PLACES).alerts[0]
    assert holds(first, SOUTH_CORNER)
    assert first.listed_for is Reason.BOTH
    assert first.why.endswith("than in all areas together, and because chance seldom shows this.")


@pytest.mark.parametrize("changed", [{"growth": 0.66}, {"growing": 0.4}], ids=["it falls", "it lags behind"])
@pytest.mark.parametrize("reason", [Reason.SIZE, Reason.BOTH])
def test_one_that_falls_or_lags_behind_is_not_said_to_be_listed_for_its_growth(reason, changed):
    grown = replace(found(THREE_RISES, settings=TWO_PLACES).alerts[0], listed_for=reason, growth=1.4, growing=0.9)
    assert "how likely they are to grow faster" in say_why(grown, Change(1.0))
    assert "grow faster" not in say_why(replace(grown, **changed), Change(1.0))


@pytest.mark.parametrize(
    ("settings", "changed"),
    [(replace(TWO_PLACES, small=0), {}), (TWO_PLACES, rise([ALONE], 30, 60))],
    ids=["none is small", "it falls already"],
)
def test_a_kept_place_that_nothing_takes_goes_by_score(settings, changed):
    alerts = found(THREE_RISES | changed, settings=settings).alerts
    assert [alert.listed_for for alert in alerts] == [Reason.SIZE, Reason.SIZE]
    assert alerts[0].score > alerts[1].score > 0


@pytest.mark.parametrize(("most", "kept"), [(15, 3), (10, 2), (5, 1), (4, 0), (1, 0)])
def test_a_fifth_of_the_places_is_kept(most, kept):
    assert AlertSettings(most=most).places_for_seldom == kept


# Hidden counts are intervals


def hidden_everywhere():
    """Counts so small that nearly all are hidden: 0 to 2."""
    return {(at, back): (0, 2) for at in range(SIDE * SIDE) for back in range(10)}


def test_a_rise_out_of_hidden_counts_is_seen():
    first = found(hidden_everywhere() | rise(NORTH_CORNER, 20, 12)).alerts[0]
    assert holds(first, NORTH_CORNER)
    assert first.observed_low >= 4 * 20


def test_hidden_counts_within_an_alert_are_a_range_and_said():
    first = found(hidden_everywhere() | rise(NORTH_CORNER, 30, 20) | {(0, 0): (0, 2)}).alerts[0]
    hidden = (first.observed_high - first.observed_low) // 2
    assert hidden > 0
    assert first.missing[0].startswith(f"{hidden} of its ")
    assert first.observed_low <= first.observed <= first.observed_high


def test_a_handful_of_cases_is_never_an_alert():
    """Three cases where none was ever known could name a household."""
    assert found(hidden_everywhere() | {(0, 0): 4}).alerts == ()


# From week to week


def test_an_alert_that_is_still_there_is_the_same_one():
    before = found(rise(NORTH_CORNER, 40, 25)).alerts[0]
    opened = Opened(
        replace(before, id="alr-1", end=LAST - timedelta(weeks=1), since=WEEKS[-2]), WEEKS[-2], before.excess
    )
    after = found(rise([*NORTH_CORNER, 2], 40, 25), opened=[opened]).alerts[0]
    assert (after.id, after.new, after.since) == ("alr-1", False, WEEKS[-2])


@pytest.mark.parametrize(
    ("told_before", "times", "told"),
    [(7, 1.0, False), (14, 1.0, True), (7, 0.5, True)],
    ids=["told a week ago", "told two weeks ago", "twice the excess of a week ago"],
)
def test_an_alert_is_hushed_unless_time_has_passed_or_it_has_grown(told_before, times, told):
    before = found(rise(NORTH_CORNER, 40, 25)).alerts[0]
    opened = Opened(replace(before, id="alr-1"), LAST - timedelta(days=told_before), before.excess * times)
    assert found(rise(NORTH_CORNER, 40, 25), opened=[opened]).alerts[0].told is told


def test_a_declined_alert_comes_back_as_a_new_one_when_it_has_grown():
    before = found(rise(NORTH_CORNER, 40, 25)).alerts[0]
    same, grown = (
        Opened(replace(before, id="alr-1"), LAST - timedelta(days=70), before.excess * share, declined=True)
        for share in (1.0, 0.5)
    )
    assert found(rise(NORTH_CORNER, 40, 25), opened=[same]).alerts[0].told is False
    assert found(rise(NORTH_CORNER, 40, 25), opened=[grown]).alerts[0].id == ""


# Only what somebody can act on


def test_the_budget_holds():
    corners = rise(NORTH_CORNER, 40, 25) | rise(SOUTH_CORNER, 60, 35)
    assert len(found(corners, settings=replace(SETTINGS, most=1)).alerts) == 1


def test_no_two_alerts_share_an_area():
    areas = [
        area for alert in found(rise(NORTH_CORNER, 40, 25) | rise(SOUTH_CORNER, 60, 35)).alerts for area in alert.areas
    ]
    assert len(areas) == len(set(areas))


def test_only_the_authoritys_areas_make_an_alert():
    own = CODES[72:]
    alerts = found(rise(NORTH_CORNER, 60, 35) | rise(SOUTH_CORNER, 40, 25), within=own).alerts
    assert holds(alerts[0], SOUTH_CORNER)
    assert all(set(alert.areas) <= set(own) for alert in alerts)


def test_each_alert_says_why_how_sure_and_what_may_be_missing():
    counts = replace(table(rise(NORTH_CORNER, 40, 25)), missing=("Community tests are not included.",))
    first = find_alerts(counts, LAST, AREAS, settings=SETTINGS).alerts[0]
    assert first.why.startswith(f"About {first.observed} cases in {len(first.areas)} areas (North) from ")
    assert "to 30 May 2020" in first.why
    assert "likely that cases here grow faster than in all areas together" in first.sure
    assert first.missing == ("Community tests are not included.",)


# What is given may be wrong


def test_one_area_alone_has_nothing_to_stand_out_from():
    counts = table({(0, 0): 80}, codes=CODES[:1])
    assert find_alerts(counts, LAST, AREAS, settings=SETTINGS).alerts == ()


def test_areas_without_a_place_are_set_aside_and_counted():
    notes = find_alerts(table({}), LAST, AREAS.head(140), settings=SETTINGS).notes
    assert "Counted areas without a place, not looked at: 4." in notes


def test_an_area_far_away_is_a_zone_of_its_own():
    island = AREAS.with_columns(x=pl.when(pl.col("area") == CODES[143]).then(10_000.0).otherwise("x"))
    first = find_alerts(table(rise([143], 90, 60)), LAST, island, settings=SETTINGS).alerts[0]
    assert holds(first, [143])


def test_a_missing_week_is_unknown_and_said():
    changed = rise(NORTH_CORNER, 40, 25) | {(at, 4): None for at in range(SIDE * SIDE)}
    week = found(changed)
    assert holds(week.alerts[0], NORTH_CORNER)
    assert "Counts not published for some areas and weeks, taken as unknown: 144." in week.notes


def test_without_people_the_areas_are_taken_to_be_alike():
    counts = table(rise(NORTH_CORNER, 40, 25), people=None)
    week = find_alerts(counts, LAST, AREAS, settings=SETTINGS)
    assert holds(week.alerts[0], NORTH_CORNER)
    assert week.alerts[0].population is None
    assert any("taken to be alike" in note for note in week.notes)


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        (AREAS.drop("x"), "The table of areas has no column x."),
        (pl.concat([AREAS, AREAS.head(1)]), "The area E02000000 is there twice in the table of areas."),
        (AREAS.with_columns(area="area" + pl.col("area")), "None of the counted areas has a place."),
    ],
    ids=["no place", "an area twice", "other areas"],
)
def test_a_table_of_areas_that_will_not_do(areas, message):
    with pytest.raises(BadInput) as raised:
        find_alerts(table({}), LAST, areas, settings=SETTINGS)
    assert raised.value.message == message


def test_counts_of_another_place_name_the_way_to_boundaries_that_match():
    with pytest.raises(BadInput) as raised:
        find_alerts(table({}), LAST, AREAS.with_columns(area="area" + pl.col("area")), settings=SETTINGS)
    assert raised.value.way is Way.MATCH_BOUNDARIES


def test_a_day_that_ends_no_week_is_answered_with_the_weeks_about_it():
    with pytest.raises(NotFound) as raised:
        find_alerts(table({}), LAST - timedelta(days=2), AREAS, settings=SETTINGS)
    before, after = LAST - timedelta(weeks=1), LAST
    assert raised.value.next.startswith(f"The nearest held ends on {before:%A} {before} or {after:%A} {after};")


def test_a_week_that_is_not_held_and_weeks_too_few():
    with pytest.raises(NotFound):
        find_alerts(table({}), LAST + timedelta(weeks=1), AREAS, settings=SETTINGS)
    with pytest.raises(BadInput) as raised:
        find_alerts(table({}, weeks=WEEKS[-2:]), LAST, AREAS, settings=SETTINGS)
    assert raised.value.message == "There are too few weeks up to 2020-05-30 to know what is usual."


# What would we have been told


def test_a_replay_tells_each_week_and_carries_alerts_on():
    told = replay(table(rise(NORTH_CORNER, 44, 42, 25)), AREAS, WEEKS[-2], WEEKS[-1], SETTINGS)
    before, after = (week.alerts[0] for week in told.weeks)
    assert [week.end for week in told.weeks] == WEEKS[-2:]
    assert (before.new, after.new, before.id == after.id) == (True, False, True)
    assert told.notes[0].startswith("With figures completed later")


def test_a_replay_of_weeks_that_are_not_held_says_which_are():
    with pytest.raises(BadInput) as raised:
        replay(table({}), AREAS, date(2021, 1, 1), date(2021, 2, 1), SETTINGS)
    assert raised.value.next == "The weeks held end from 28 March 2020 to 30 May 2020."


# The scan by itself, against expected cases that somebody else worked out


def test_the_scan_takes_expected_cases_and_finds_where_there_are_more():
    low = np.array([[usual(at, 0) * (3.0 if at in NORTH_CORNER else 1.0)] for at in range(SIDE * SIDE)])
    ground = lay_ground(np.full(SIDE * SIDE, 2_000.0), AREAS.select("x", "y").to_numpy().T.copy(), share=0.2)
    outlook = scan_epidemic(low, low.copy(), np.full(low.shape, 8.0), ground, Epidemic(replicates=19))
    kind, centre = np.unravel_index(outlook.statistics.argmax(), outlook.statistics.shape)
    assert set(outlook.zone(int(kind), int(centre))) == set(NORTH_CORNER)
    assert outlook.p_value(int(kind), float(outlook.statistics[kind, centre])) < 0.05
