"""The pages of alerts, over a real house: who may look, who may decide, and what each page says."""

import html
import json
import re
from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from districts import PASSWORD
from risen_cases import RISEN, WEEKS, load_risen, side_by_side
from wardkeeper.demo import cast
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.accept_alert import accept, decline
from wardkeeper.usecases.alert_book import Standing, kept_alerts, load_alert
from wardkeeper.usecases.plan_messages import CampaignRequest, draft
from wardkeeper.usecases.raise_alerts import raise_alerts
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.view_alert import view_alert
from wardkeeper.web.app import create_app
from wardkeeper.web.routes.alerts import areas_table, card_of
from wardkeeper.web.routes.outbreaks import FIRST_ROWS, PER_PAGE
from web_house import browser, post, sign_in, words_of

LEAD, MAY_LOOK = cast.PUBLIC_HEALTH, (cast.PUBLIC_HEALTH, cast.ANALYST)
READERS = (cast.PUBLIC_HEALTH, cast.ANALYST, cast.PLANNER, cast.COMMUNICATIONS)
STRANGERS = (cast.DPO, cast.DIRECTOR, cast.CONTROL, cast.CREW, cast.VOLUNTEER)
WORDS = Wording("Please take a test.", "Free tests")
REASON = "Seen with the laboratory: it is one outbreak."


def login_of(value):
    return getattr(value, "login", value)


@pytest.fixture
def risen(house, town):
    load_risen(house, town)
    return house


@pytest.fixture
def enter(risen):
    def open_browser(actor):
        client = browser(create_app(risen))
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


@pytest.fixture
def alert(risen):
    """The first alert of the newest week, raised already."""
    return raise_alerts(risen, cast.ANALYST, WEEKS[-1]).alerts[0]


def said(answer):
    return html.unescape(words_of(answer.text))


def rows_of(answer):
    """The rows of the first sheet of a workbook, its headings first."""
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def acts(house):
    return [json.loads(leaf)["type"] for leaf in house.store.leaves()]


class TestList:
    def test_before_anybody_looked_it_says_so(self, enter):
        words = said(enter(LEAD).get("/outbreaks/alerts"))
        assert "Nobody has looked for alerts in this week yet." in words

    @pytest.mark.parametrize("actor", MAY_LOOK, ids=login_of)
    def test_looking_raises_and_shows_the_short_list(self, enter, risen, town, actor):
        client = enter(actor)
        answer = post(client, "/outbreaks/alerts", {"week": f"{WEEKS[-1]}"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/outbreaks/alerts?week={WEEKS[-1]}")
        kept = kept_alerts(risen)
        assert kept
        words = said(client.get("/outbreaks/alerts"))
        names = dict(side_by_side(town).select("area", "name").iter_rows())
        assert "Alerts: week to 14 November 2026" in words
        assert names[kept[0].alert.areas[0]] in words
        assert f"{kept[0].alert.observed:,}, where {kept[0].alert.expected:,.0f} were expected" in words
        assert kept[0].alert.sure in words
        assert "New: found first in this week" in words
        assert "Waiting" in words

    def test_another_week_may_be_chosen_and_the_newest_looked_in_stays_the_first_to_see(self, enter, risen, alert):
        client = enter(LEAD)
        raise_alerts(risen, LEAD, WEEKS[-4])
        assert "Alerts: week to 14 November 2026" in said(client.get("/outbreaks/alerts"))
        words = said(client.get(f"/outbreaks/alerts?week={WEEKS[-4]}"))
        assert "Alerts: week to 24 October 2026" in words
        assert "No place stood out in this week." in words

    def test_cases_loaded_since_are_said_on_the_list_and_on_the_alert(self, enter, risen, town, alert):
        load_risen(risen, town, (61, 30))
        client = enter(LEAD)
        assert "Cases were loaded since." in said(client.get("/outbreaks/alerts"))
        page = client.get(f"/outbreaks/alerts/{alert.id}")
        assert "Cases were loaded since this alert was found" in said(page)
        assert 'value="accept"' not in page.text
        assert 'value="decline"' in page.text

    def test_the_map_has_the_rank_of_each_alert_and_the_list_its_areas(self, enter, alert):
        page = enter(LEAD).get("/outbreaks/alerts").text
        assert page.count('class="wk-alert__rank"') >= 1
        assert 'class="wk-alert--waiting"' in page

    @pytest.mark.parametrize("actor", [cast.PLANNER, cast.COMMUNICATIONS], ids=login_of)
    def test_who_may_only_read_has_no_button_and_is_refused_without_it(self, enter, risen, actor):
        client = enter(actor)
        assert "Look for alerts in this week" not in client.get("/outbreaks/alerts").text
        assert post(client, "/outbreaks/alerts", {"week": f"{WEEKS[-1]}"}).status_code == 403
        assert kept_alerts(risen) == []

    @pytest.mark.parametrize("actor", STRANGERS, ids=login_of)
    def test_others_are_refused_everything(self, enter, alert, actor):
        client = enter(actor)
        for address in ("/outbreaks/alerts", "/outbreaks/alerts/export", f"/outbreaks/alerts/{alert.id}"):
            assert client.get(address).status_code == 403, address

    def test_a_form_without_its_token_changes_nothing(self, enter, risen):
        client = enter(LEAD)
        assert client.post("/outbreaks/alerts", data={"week": f"{WEEKS[-1]}"}).status_code == 403
        assert kept_alerts(risen) == []

    @pytest.mark.parametrize(
        ("week", "words"),
        [
            ("", "Choose a week."),
            ("soon", "Choose a week."),
            ("2026-09-05", "too few weeks"),
            ("2019-01-05", "no counts"),
        ],
    )
    def test_a_week_that_cannot_be_looked_at_is_told_beside_the_field(self, enter, week, words):
        answer = post(enter(LEAD), "/outbreaks/alerts", {"week": week})
        assert answer.status_code == 422
        assert words in said(answer)
        assert 'id="week-error"' in answer.text

    def test_looking_again_finds_the_same_alert_and_says_that_it_was_told(self, enter, alert):
        client = enter(LEAD)
        post(client, "/outbreaks/alerts", {"week": f"{WEEKS[-1]}"})
        page = client.get("/outbreaks/alerts")
        assert f'href="/outbreaks/alerts/{alert.id}"' in page.text
        assert "Told before, and not much larger since" not in said(page), "it was told in this very week"

    def test_an_alert_told_in_an_earlier_week_says_so(self, alert):
        hushed = replace(alert, alert=replace(alert.alert, told=False))
        assert not card_of(hushed, {})["told_before"]
        assert card_of(replace(hushed, told_on=WEEKS[-2]), {})["told_before"]

    def test_a_quiet_week_is_no_proof_of_health(self, enter):
        client = enter(LEAD)
        post(client, "/outbreaks/alerts", {"week": f"{WEEKS[-3]}"})
        assert "That is not the same as no infection" in said(client.get("/outbreaks/alerts"))

    def test_a_declined_alert_leaves_the_short_list_and_stays_in_the_record(self, enter, risen, alert):
        decline(risen, LEAD, alert.id, REASON)
        page = enter(LEAD).get("/outbreaks/alerts").text
        assert f"/outbreaks/alerts/{alert.id}" not in page.split('id="others"')[0]
        assert f"/outbreaks/alerts/{alert.id}" in page.split('id="others"')[1]

    def test_others_see_who_may_decide(self, enter, alert):
        assert cast.PUBLIC_HEALTH.name in said(enter(cast.ANALYST).get("/outbreaks/alerts"))

    def test_the_file_holds_every_alert_with_its_verdict(self, enter, risen, alert):
        accept(risen, LEAD, alert.id, REASON)
        client = enter(cast.ANALYST)
        lines = client.get("/outbreaks/alerts/export?form=csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith('"alert","week_end","rank","standing","places","areas","codes"')
        assert alert.id in lines[1]
        assert REASON in lines[1]
        sheet = rows_of(client.get("/outbreaks/alerts/export?form=xlsx"))
        assert sheet[0][:3] == ["alert", "week_end", "rank"]
        first = dict(zip(sheet[0], sheet[1], strict=True))
        assert (first["cases"], first["week_end"], first["from"]) == (
            alert.alert.observed,
            WEEKS[-1],
            alert.alert.start,
        )
        assert len(sheet) == len(lines)


class TestOne:
    def test_its_page_tells_why_how_sure_and_what_may_be_missing(self, enter, alert):
        words = said(enter(LEAD).get(f"/outbreaks/alerts/{alert.id}"))
        assert alert.alert.why in words
        assert alert.alert.sure in words
        assert "What may be missing Source: Invented counts." in words
        assert "Nobody has accepted or declined it yet." in words

    def test_its_areas_and_weeks_are_listed(self, enter, alert, town):
        page = enter(LEAD).get(f"/outbreaks/alerts/{alert.id}").text
        words = html.unescape(words_of(page))
        names = dict(side_by_side(town).select("area", "name").iter_rows())
        for code in alert.alert.areas:
            assert f"{names[code]} {code}" in words
        assert "Cases by week in the areas of the alert" in words
        assert page.count('<rect class="wk-week--whole"') >= len(WEEKS)
        assert f"Week to 5 September 2026: {5 * len(alert.alert.areas)} cases" in words

    def test_a_risen_area_shows_its_cases_rate_and_range(self, enter, alert, town):
        words = said(enter(LEAD).get(f"/outbreaks/alerts/{alert.id}"))
        first = alert.alert.areas[0]
        assert first in side_by_side(town)["area"].to_list()[:RISEN]
        assert re.search(rf"{first} 1,500 \d+ 60 30 4,000 \(3,052 to 5,149\)", words), "Garwood's interval of 60"

    def test_it_leads_to_messages_to_its_areas(self, enter, alert):
        page = html.unescape(enter(LEAD).get(f"/outbreaks/alerts/{alert.id}").text)
        areas = "".join(f"&area={code}" for code in alert.alert.areas)
        assert f'href="/messages?alert={alert.id}{areas}"' in page

    def test_it_reads_in_the_order_of_a_decision(self, enter, alert):
        page = enter(LEAD).get(f"/outbreaks/alerts/{alert.id}").text
        order = ["where", "weeks", "sure", "missing", "before", "decision"]
        assert re.findall(r'<h2 class="govuk-heading-m" id="(\w+)"', page) == order
        assert page.index("Accept the alert") < page.index("Plan messages to these areas")

    def test_it_tells_what_messages_rest_on_it(self, enter, risen, town, alert):
        assert "No messages have been planned for it." in said(enter(LEAD).get(f"/outbreaks/alerts/{alert.id}"))
        assert "messages have been planned" not in said(enter(cast.ANALYST).get(f"/outbreaks/alerts/{alert.id}"))
        accept(risen, LEAD, alert.id, REASON)
        planned = CampaignRequest(town.homes["lsoa"].unique().to_list(), WORDS, Channel.LETTER, alert=alert.id)
        kept = save(risen, cast.COMMUNICATIONS, draft(risen, cast.COMMUNICATIONS, planned).draft)
        link = f'href="/messages/campaigns/{kept.id}"'
        assert link in enter(LEAD).get(f"/outbreaks/alerts/{alert.id}").text
        assert link not in enter(cast.ANALYST).get(f"/outbreaks/alerts/{alert.id}").text

    @pytest.mark.parametrize("actor", [cast.ANALYST, cast.PLANNER], ids=login_of)
    def test_who_plans_no_messages_is_not_offered_any(self, enter, alert, actor):
        assert "Plan messages" not in enter(actor).get(f"/outbreaks/alerts/{alert.id}").text

    def test_an_alert_that_is_not_there_is_told_plainly(self, enter):
        answer = enter(LEAD).get("/outbreaks/alerts/alr-000000000000")
        assert answer.status_code == 404
        assert "There is no alert with this id." in said(answer)

    def test_its_areas_leave_as_numbers_and_a_withheld_count_as_its_ends(self, risen, alert):
        view = view_alert(risen, cast.ANALYST, alert.id)
        first = pl.col("code") == view.areas["code"][0]
        ends = {"low": 0, "high": 2, "week_low": 0, "week_high": 2}
        withheld = view.areas.with_columns(
            pl.when(first).then(value).otherwise(name).alias(name) for name, value in ends.items()
        )
        table = areas_table(replace(view, areas=withheld))
        assert [kind.is_numeric() for kind in table.dtypes] == [False, False, *[True] * 10]
        shown = table.row(0, named=True)
        assert (shown["cases_low"], shown["cases_high"]) == (0, 2)
        assert (shown["newest_week_low"], shown["newest_week_high"]) == (0, 2)
        assert (shown["week_before_low"], shown["week_before_high"]) == (30, 30)

    @pytest.mark.parametrize(("table", "heading"), [("areas", '"code","name"'), ("weeks", '"week_end","cases_low"')])
    def test_both_tables_leave_as_files(self, enter, alert, table, heading):
        client = enter(cast.ANALYST)
        address = f"/outbreaks/alerts/{alert.id}/export?table={table}"
        assert client.get(f"{address}&form=csv").content.decode("utf-8-sig").startswith(heading)
        assert len(rows_of(client.get(f"{address}&form=xlsx"))) > RISEN // 2


class TestVerdict:
    @pytest.mark.parametrize(
        ("verdict", "standing", "words"),
        [("accept", Standing.ACCEPTED, "Accepted"), ("decline", Standing.DECLINED, "Declined")],
    )
    def test_a_lead_decides_with_a_reason(self, enter, risen, alert, verdict, standing, words):
        client = enter(LEAD)
        answer = post(client, f"/outbreaks/alerts/{alert.id}", {"verdict": verdict, "reason": REASON})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/outbreaks/alerts/{alert.id}#decision")
        assert load_alert(risen, alert.id).standing is standing
        page = said(client.get(f"/outbreaks/alerts/{alert.id}"))
        assert f"{words} by {LEAD.name}" in page
        assert REASON in page

    @pytest.mark.parametrize("actor", [cast.ANALYST, cast.PLANNER, cast.COMMUNICATIONS], ids=login_of)
    def test_nobody_else_may_and_they_see_who_may(self, enter, risen, alert, actor):
        client = enter(actor)
        page = client.get(f"/outbreaks/alerts/{alert.id}")
        assert "Accept the alert" not in page.text
        assert f"Who may accept or decline an alert: {LEAD.name}" in said(page)
        answer = post(client, f"/outbreaks/alerts/{alert.id}", {"verdict": "accept", "reason": REASON})
        assert answer.status_code == 403
        assert load_alert(risen, alert.id).standing is Standing.WAITING

    def test_a_reason_is_required(self, enter, risen, alert):
        answer = post(enter(LEAD), f"/outbreaks/alerts/{alert.id}", {"verdict": "accept", "reason": "  "})
        assert answer.status_code == 422
        assert "No reason was given." in said(answer)
        assert 'id="reason-error"' in answer.text
        assert load_alert(risen, alert.id).standing is Standing.WAITING

    def test_a_reason_too_long_is_kept_in_its_field(self, enter, alert):
        answer = post(enter(LEAD), f"/outbreaks/alerts/{alert.id}", {"verdict": "accept", "reason": "long " * 200})
        assert answer.status_code == 422
        assert "The reason has 999 characters." in said(answer)
        assert "long long" in answer.text

    @pytest.mark.parametrize("verdict", ["", "delete"])
    def test_neither_button_is_told(self, enter, risen, alert, verdict):
        answer = post(enter(LEAD), f"/outbreaks/alerts/{alert.id}", {"verdict": verdict, "reason": REASON})
        assert answer.status_code == 422
        assert "Press Accept or Decline." in said(answer)

    def test_deciding_twice_the_same_is_told(self, enter, risen, alert):
        accept(risen, LEAD, alert.id, REASON)
        answer = post(enter(LEAD), f"/outbreaks/alerts/{alert.id}", {"verdict": "accept", "reason": REASON})
        assert answer.status_code == 409

    def test_a_later_verdict_does_not_hide_an_earlier(self, enter, risen, alert):
        accept(risen, LEAD, alert.id, REASON)
        decline(risen, LEAD, alert.id, "It was one faulty batch.")
        words = said(enter(LEAD).get(f"/outbreaks/alerts/{alert.id}"))
        assert words.index(REASON) < words.index("It was one faulty batch.")

    def test_without_the_forms_token_nothing_is_decided(self, enter, risen, alert):
        answer = enter(LEAD).post(f"/outbreaks/alerts/{alert.id}", data={"verdict": "accept", "reason": REASON})
        assert answer.status_code == 403
        assert load_alert(risen, alert.id).standing is Standing.WAITING


class TestOutbreaksPage:
    def test_it_tells_how_many_alerts_wait_and_leads_to_them(self, enter, risen, alert):
        client = enter(cast.PLANNER)
        waiting = sum(one.standing is Standing.WAITING for one in kept_alerts(risen))
        words = said(client.get("/outbreaks"))
        assert f"{waiting} alert{'s wait' if waiting > 1 else ' waits'} for a public-health lead." in words
        assert 'href="/outbreaks/alerts"' in client.get("/outbreaks").text
        accept(risen, LEAD, alert.id, REASON)
        assert "1 is accepted." in said(client.get("/outbreaks"))

    def test_it_tells_the_course_of_all_areas_together(self, enter, town):
        page = enter(cast.PLANNER).get("/outbreaks").text
        total = 5 * (side_by_side(town).height - RISEN) + 60 * RISEN
        assert f"Week to 14 November 2026: {total:,} cases" in page
        assert 'id="trend"' in page

    def test_it_shows_the_first_areas_and_folds_the_others_away(self, enter, town):
        page = enter(cast.PLANNER).get("/outbreaks").text
        shown, folded = page.split('id="areas"')[1].split('<details class="govuk-details">')
        assert shown.count('data-label="Area"') == FIRST_ROWS
        assert folded.count('data-label="Area"') == min(PER_PAGE, side_by_side(town).height) - FIRST_ROWS

    def test_it_says_why_an_unusual_area_may_be_no_alert_and_names_no_option_of_a_command(self, enter):
        client = enter(cast.PLANNER)
        assert "an area that is unusual here need not be among them" in said(client.get("/outbreaks"))
        for address in ("/outbreaks", "/outbreaks/alerts"):
            assert not re.search(r"(?<!\S)--[a-z]", said(client.get(address)))

    def test_it_tells_which_load_it_is_and_what_that_changed(self, enter):
        words = said(enter(cast.PLANNER).get("/outbreaks"))
        assert "2, in force" in words
        assert "Invented counts published counts" in words
        assert "Counts stated" in words

    def test_what_leaves_is_told_once_by_its_name(self, enter, risen, alert):
        client = enter(cast.PLANNER)
        before = len(list(risen.store.leaves()))
        for path in (
            "export",
            "trend/export",
            "growth/export",
            "versions/export",
            "alerts/export",
            f"alerts/{alert.id}/export",
        ):
            assert client.get(f"/outbreaks/{path}").status_code == 200
        told = [json.loads(leaf) for leaf in list(risen.store.leaves())[before:]]
        assert [one["detail"]["file"] for one in told if one["type"] == "data.exported"] == [
            "outbreak-week",
            "outbreak-weeks",
            "outbreak-growth",
            "outbreak-loads",
            "outbreak-alerts",
            f"outbreak-{alert.id}-areas",
        ]

    @pytest.mark.parametrize("table", ["trend", "versions"])
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_both_tables_leave_as_files(self, enter, table, form):
        answer = enter(cast.PLANNER).get(f"/outbreaks/{table}/export?form={form}")
        assert answer.status_code == 200
        assert f".{form}" in answer.headers["content-disposition"]

    def test_the_file_of_loads_reads_no_count_and_raises_no_alarm(self, enter, risen):
        client = enter(cast.PLANNER)
        before = len(list(risen.store.leaves()))
        client.get("/outbreaks/versions/export")
        said = b"".join(list(risen.store.leaves())[before:])
        assert b'"type":"alarms.raised"' not in said
        assert b'"population"' not in said

    @pytest.mark.parametrize("actor", STRANGERS, ids=login_of)
    def test_others_are_refused(self, enter, actor):
        client = enter(actor)
        for address in ("/outbreaks", "/outbreaks/trend/export", "/outbreaks/versions/export"):
            assert client.get(address).status_code == 403


def test_what_was_done_on_the_pages_is_in_the_activity_record(enter, risen):
    post(enter(cast.ANALYST), "/outbreaks/alerts", {"week": f"{WEEKS[-1]}"})
    post(enter(LEAD), f"/outbreaks/alerts/{kept_alerts(risen)[0].id}", {"verdict": "accept", "reason": REASON})
    assert {"alerts.raised", "alert.accepted"} <= set(acts(risen))
