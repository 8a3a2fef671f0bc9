"""Small tables: a count of few people is not told, and cannot be taken from the total."""

import polars as pl
import pytest

from campaign_drafts import make_draft
from wardkeeper.messages.campaigns import OutcomeTotal
from wardkeeper.messages.plan import Outcome
from wardkeeper.web import campaign_tables
from wardkeeper.web.pages import build_environment
from wardkeeper.web.sheets import Sheet, hide_few


def test_few_people_are_not_counted_and_do_not_follow_from_the_total():
    frame = pl.DataFrame({"Language": ["English", "Tigrinya"], "People": [412, 1]})
    assert hide_few(frame, {"People": ""}).rows() == [
        ("English", "5 or more"),
        ("Tigrinya", "fewer than 5"),
        ("All", "about 410"),
    ]


def test_what_few_messages_cost_is_not_told_either():
    frame = pl.DataFrame(
        {"Language": ["English", "Urdu", "Tigrinya"], "Messages": [400, 40, 2], "Cost": [9.6, 0.96, 0.05]}
    )
    assert hide_few(frame, {"Messages": "Cost"})["Cost"].to_list() == ["9.60", "", "", "about 10"]


def test_counts_that_are_large_enough_stay_numbers_that_add_up():
    frame = pl.DataFrame({"Language": ["English", "Polish"], "People": [412, 5]})
    assert hide_few(frame, {"People": ""})["People"].to_list() == [412, 5, 417]


def told(**homes):
    total = make_draft().total
    outcomes = tuple(OutcomeTotal(Outcome[name], number, number) for name, number in homes.items())
    return campaign_tables.outcomes(total.__class__(**{**fields_of(total), "outcomes": outcomes})).frame


def fields_of(total):
    return {name: getattr(total, name) for name in total.__slots__}


def test_a_rare_reason_to_keep_a_home_back_is_not_told_alone():
    found = told(TEXT=40, OBJECTED=9, SPECIAL=1)
    assert found.rows() == [("Gets a text.", 40, 40), (campaign_tables.KEPT_BACK, 10, 10), ("All", 50, 50)]


def test_reasons_that_many_share_are_told_one_by_one():
    assert told(TEXT=40, OBJECTED=9, SPECIAL=6)["Homes"].to_list() == [40, 9, 6, 55]


def test_not_even_all_reasons_together_are_counted_where_they_are_few():
    assert told(TEXT=40, OBJECTED=1, SPECIAL=1)["Homes"].to_list() == ["5 or more", "fewer than 5", "about 40"]


@pytest.mark.parametrize(("rows", "folded"), [(0, False), (5, False), (6, True)])
def test_a_long_table_is_folded_away_under_its_caption(rows, folded):
    sheet = Sheet("People by language", pl.DataFrame({"Language": ["Urdu"] * rows, "People": [40] * rows}))
    parts = build_environment().get_template("parts/campaign.html").make_module({})
    page = str(parts.long_table(sheet))
    assert ("<details" in page) is folded
    assert page.count('<th scope="row"') == rows
