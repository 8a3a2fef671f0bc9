"""Sources, outbreaks, messages and the activity record, as pages."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from campaign_drafts import make_draft
from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.messages.plan import make_plan
from wardkeeper.messages.totals import total_of
from wardkeeper.needs.coverage import Freshness
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.usecases import (
    list_sources,
    plan_messages,
    view_outbreak,
)
from wardkeeper.usecases.list_sources import SourceSummary
from wardkeeper.usecases.plan_messages import Drafted
from wardkeeper.usecases.view_outbreak import OutbreakView, Place
from wardkeeper.web.desk import BAD_FORM
from wardkeeper.web.routes.outbreaks import cases_words, rate_words
from web_house import MORNING, make_areas, post, words_of

WEEK = date(2020, 6, 12)


def source(name="adult-social-care", *, rows=2310, state=Freshness.FRESH, received=True):
    delivery = Delivery(
        id="dlv-1",
        source=name,
        file_name="extract.csv",
        sha256="0" * 64,
        extracted_on=date(2026, 11, 20),
        received_at=MORNING,
        rows=rows,
        loaded=rows - 110,
        repaired=98,
        quarantined=12,
        records=rows - 12,
        assumed=("read as Windows-1252",),
    )
    newest = date(2026, 11, 20) if received else None
    return SourceSummary(
        name,
        "Adult social care",
        "Trafford Council",
        "asc@trafford.example",
        7,
        newest,
        state,
        "",
        delivery if received else None,
    )


class TestSources:
    def give(self, monkeypatch, *sources):
        monkeypatch.setattr(list_sources, "list_sources", lambda house, actor: list(sources))

    def test_rows_are_shown_so_that_they_add_up(self, planner, monkeypatch):
        self.give(monkeypatch, source())
        words = words_of(planner.get("/sources").text)
        assert "2,310 2,200 98 12 rows to fix in Adult social care" in words
        assert "Read as Windows-1252" in words
        assert "Up to date" in words

    def test_a_source_with_no_file_says_so_and_whom_to_ask(self, planner, monkeypatch):
        self.give(monkeypatch, source(state=Freshness.MISSING, received=False))
        words = words_of(planner.get("/sources").text)
        assert "Missing Ask asc@trafford.example" in words
        assert "No file received." in words

    def test_no_source_at_all(self, planner, monkeypatch):
        self.give(monkeypatch)
        assert "No source has been described yet." in planner.get("/sources").text


def area(number, low, high, *, alarm="none", rate=None):
    return {
        "code": f"E0100000{number}",
        "name": f"Sale {number}",
        "population": 1500,
        "low": low,
        "high": high,
        "suppressed": low != high,
        "rate": rate,
        "rate_low": 0.0 if rate is None else rate / 2,
        "rate_high": 480.0 if rate is None else rate * 2,
        "incomplete": number == 2,
        "alarm": alarm,
        "why": "30 cases in the week; more than 11 would be unusual." if alarm == "raised" else "",
    }


AREAS = [
    area(4, 30, 30, alarm="raised", rate=2000.0),
    area(3, 9, 9, alarm="possible", rate=600.0),
    area(2, 4, 4, rate=266.7),
    area(1, 0, 2),
]


@pytest.fixture
def week(monkeypatch):
    asked = []

    def view(house, actor, week, *, area="", file=""):
        asked.append(week)
        weeks = [WEEK - timedelta(days=7), WEEK]
        missing, notes = ("community tests are not included",), ("counts of 1 and 2 are withheld",)
        return OutbreakView(
            weeks, week or WEEK, "simulated cases", missing, notes, pl.DataFrame(AREAS), make_areas().outlines()
        )

    monkeypatch.setattr(view_outbreak, "view", view)
    rises = pl.DataFrame(AREAS).filter(pl.col("alarm") == "raised").select("code", "name", "why")
    monkeypatch.setattr(view_outbreak, "find_rises", lambda *_: (WEEK, rises))
    return asked


class TestOutbreaks:
    def test_shows_each_area_with_its_rate_and_likely_range(self, health, week):
        words = words_of(health.get("/outbreaks").text)
        assert "Outbreaks: week to 12 June 2020" in words
        assert "Sale 3 E01000003 · Its weeks : Sale 3 1,500 9 600 (300 to 1,200) May be an unusual rise" in words
        assert "late reports may add to it" in words

    def test_a_withheld_count_is_a_range_and_never_zero(self, health, week):
        words = words_of(health.get("/outbreaks").text)
        assert "Sale 1 E01000001 · Its weeks : Sale 1 1,500 0 to 2 0 to 480 Within the usual" in words

    def test_says_what_may_be_missing(self, health, week):
        words = words_of(health.get("/outbreaks").text)
        assert "What may be missing Source: simulated cases. Community tests are not included" in words

    def test_a_rise_says_why_and_leads_to_messages(self, health, week):
        page = health.get("/outbreaks").text
        assert "30 cases in the week; more than 11 would be unusual." in page
        assert 'name="area" type="checkbox" value="E01000004">' in page
        assert 'action="/messages"' in page

    def test_messages_are_offered_only_to_those_who_plan_them(self, planner, week):
        page = planner.get("/outbreaks").text
        assert "Unusual rise" in page
        assert "Plan messages" not in page

    def test_a_week_without_rises_is_no_proof_of_health(self, health, week, monkeypatch):
        calm = pl.DataFrame(AREAS).with_columns(alarm=pl.lit("none"))
        view = OutbreakView([WEEK], WEEK, "simulated cases", (), (), calm, {})
        monkeypatch.setattr(view_outbreak, "view", lambda *_, **__: view)
        page = health.get("/outbreaks").text
        assert "That is not the same as no infection." in page
        assert "<svg id=" not in page, "there are no outlines to draw"

    def test_shows_the_week_that_was_chosen(self, health, week):
        page = health.get("/outbreaks?week=2020-06-05").text
        assert week == [date(2020, 6, 5)]
        assert '<option value="2020-06-05" selected>' in page

    def test_another_week_is_of_the_same_area(self, health, week, monkeypatch):
        view = OutbreakView([WEEK], WEEK, "simulated cases", (), (), pl.DataFrame(AREAS), {})
        of_one = replace(view, place=Place("E01000004", "Sale 4"))
        for shown, kept in ((view, False), (of_one, True)):
            monkeypatch.setattr(view_outbreak, "view", lambda *_, shown=shown, **__: shown)
            page = health.get("/outbreaks").text
            assert ('<input type="hidden" name="area" value="E01000004">' in page) is kept

    def test_a_week_that_is_no_date_is_told_plainly(self, health, week):
        answer = health.get("/outbreaks?week=yesterday", headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert set(answer.json()["error"]) == {"code", "message", "where", "next"}

    def test_the_file_holds_numbers_both_ends_of_a_range_and_no_outline(self, health, week):
        answer = health.get("/outbreaks/export?week=2020-06-12&form=csv")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert (
            lines[0]
            == '"code","name","population","cases_low","cases_high","rate","rate_low","rate_high","finding","why"'
        )
        assert lines[4].startswith('"E01000001","Sale 1",1500,0,2,,0.0,480.0,"Within the usual"')
        assert 'filename="outbreak-week-2020-06-12.csv"' in answer.headers["content-disposition"]

    @pytest.mark.parametrize(
        ("row", "cases", "rate"),
        [
            (area(1, 0, 2), "0 to 2", "0 to 480"),
            (area(1, 5, 5, rate=1234.5), "5", "1,234 (617 to 2,469)"),
            ({**area(1, None, None), "rate_low": None, "rate_high": None}, "not reported", "not known"),
        ],
    )
    def test_words_for_figures(self, row, cases, rate):
        assert cases_words(row) == cases
        assert rate_words(row) == rate


def resident(number, **changes):
    return {
        "home_id": f"uprn:{number}",
        "resident_id": f"res-{number}",
        "address": f"{number} Invented Road, Sale",
        "postcode": "M33 7AA",
        "lsoa": "E01000004",
        "title": "MRS",
        "given": "ADA",
        "family": "EXAMPLE",
        "phone": f"+4477009{number:05d}",
        "email": None,
        "language": "Polish" if number % 3 == 0 else None,
        "birth_date": date(1950, 1, 1),
        "protected": False,
        "objected_on": None,
        "died_on": None,
        "special": None,
        **changes,
    }


PEOPLE = pl.DataFrame(
    [
        *(resident(number) for number in range(1, 8)),
        resident(8, objected_on=date(2025, 1, 1)),
        resident(9, died_on=date(2026, 1, 1)),
        resident(10, phone=None),
        resident(11, protected=True),
    ],
    schema_overrides={"email": pl.String, "special": pl.String, "objected_on": pl.Date, "died_on": pl.Date},
).with_columns(safe_contact=pl.lit(None, pl.String), safe_phone=pl.lit(None, pl.String), kind=pl.lit(None, pl.String))


def named(copy: int) -> list[pl.Expr]:
    """Make other people of other homes of the same ones."""
    return [pl.format("{}-{}", name, pl.lit(copy)).alias(name) for name in ("home_id", "resident_id")]


FORM = {
    "area": ["E01000004"],
    "kind": "routine",
    "channel": "text",
    "subject": "Wash your hands",
    "body": "Hello ((name)). Please wash your hands. Go to ((test site)).",
    "values": "test site = Sale Town Hall",
}


@pytest.fixture
def planned(monkeypatch):
    campaigns = []

    def draft(house, actor, campaign):
        campaigns.append(campaign)
        made = make_plan(
            PEOPLE, areas=campaign.areas, wording=campaign.wording, channel=campaign.channel, today=date(2026, 11, 22)
        )
        total = total_of(made, campaign.prices, campaign.postage)
        written = make_draft(areas=tuple(campaign.areas), kind=campaign.wording.kind, total=total)
        return Drafted(written, made, ())

    monkeypatch.setattr(plan_messages, "draft", draft)
    return campaigns


class TestMessages:
    def test_areas_that_rose_are_offered_first_and_chosen_when_asked_for(self, health, week):
        page = health.get("/messages?area=E01000004").text
        assert "Unusual rise in the week to 12 June 2020" in page
        assert 'value="E01000004" checked' in page
        assert 'value="E01000001" checked' not in page

    def test_works_before_any_cases_are_loaded(self, health, monkeypatch):
        def find_rises(house, actor):
            raise NotFound("There are no cases yet.", "Load cases first.")

        monkeypatch.setattr(view_outbreak, "find_rises", find_rises)
        assert "Sale 1" in health.get("/messages/plan").text

    def test_the_plan_shows_the_words_as_they_will_be_read(self, health, week, planned):
        words = words_of(post(health, "/messages", FORM).text)
        assert "Hello name. Please wash your hands. Go to Sale Town Hall." in words

    def test_every_home_has_one_outcome_and_no_rare_reason_is_told_alone(self, health, week, planned):
        """Of so few homes, the one that gets a letter and the three kept back would follow from any exact count."""
        words = words_of(post(health, "/messages", FORM).text)
        few = "fewer than 5 fewer than 5"
        assert f"Gets a text. 5 or more 5 or more Gets a letter. {few} Kept back: asked not" in words
        assert f"or for a special reason. Ring Control. {few} All about 10 about 10" in words
        assert "Polish fewer than 5 Not recorded 5 or more All about 10" in words

    def test_counts_of_enough_homes_are_exact(self, health, week, planned, monkeypatch):
        more = pl.concat([PEOPLE, *(PEOPLE.with_columns(named(at)) for at in range(1, 5))])
        monkeypatch.setitem(globals(), "PEOPLE", more)
        words = words_of(post(health, "/messages", FORM).text)
        assert "Message plan: 55 homes, 55 people in our records" in words
        assert "Has died, or someone in their home has. Messages to them stopped at once. 5 5" in words
        assert "All 55 55" in words

    def test_people_in_our_records_stand_beside_those_who_live_there(self, health, week, planned):
        words = words_of(post(health, "/messages", FORM).text)
        assert "Message plan: about 10 homes, about 10 people in our records 1,800 people live there" in words
        assert "Counted among people in homes that can be written to or knocked at: about 10." in words

    def test_homes_that_share_a_number_are_told_from_the_messages(self, health, week, planned, monkeypatch):
        shared = PEOPLE.with_columns(
            phone=pl.when(pl.col("home_id").is_in(["uprn:1", "uprn:2"]))
            .then(pl.lit("+447700900001"))
            .otherwise("phone")
        )
        monkeypatch.setitem(globals(), "PEOPLE", shared)
        letters = pl.col("phone").is_not_null()
        monkeypatch.setitem(globals(), "PEOPLE", shared.filter(letters))
        words = words_of(post(health, "/messages", FORM).text)
        assert "Gets a text. 6 numbers in all, each once however many people share it." in words

    def test_the_cost_is_told_with_whose_prices_it_is_by(self, health, week, planned):
        words = words_of(post(health, "/messages", FORM).text)
        assert "All the messages together would cost about £5 without VAT, by GOV.UK Notify" in words

    def test_words_that_single_out_must_be_acknowledged(self, health, week, planned):
        words = words_of(post(health, "/messages", FORM | {"body": "Polish people should test."}).text)
        assert "A public-health lead must acknowledge this before anything is sent." in words

    def test_a_letter_too_long_to_be_printed_is_said_beside_the_form(self, health, week, planned):
        page = post(health, "/messages", FORM | {"channel": "letter", "body": "Stay in. " * 4_000})
        assert page.status_code == BAD_FORM
        assert "Write a shorter letter." in words_of(page.text)

    def test_a_plan_gives_no_file_of_recipients(self, health, week, planned):
        page = post(health, "/messages", FORM).text
        assert "/messages/download" not in page
        assert "no file with a name, number or address taken, before a public-health lead" in words_of(page)
        assert post(health, "/messages/download", FORM).status_code == 404

    def test_a_warning_is_submitted_as_it_is_saved(self, health, week, planned):
        page = words_of(post(health, "/messages", FORM | {"kind": "safety"}).text)
        assert "Save and submit for approval" in page

    def test_shows_nobodys_address_or_phone(self, health, week, planned):
        page = post(health, "/messages", FORM).text
        assert "Invented Road" not in page
        assert "+447700" not in page

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"area": []}, "Choose at least one area."),
            ({"body": ""}, "Write the message."),
            ({"channel": "pigeon"}, "Choose how to send it."),
            ({"kind": ""}, "Choose what the message is for."),
            ({"values": ""}, "Nothing fills the gap ((test site))."),
        ],
    )
    def test_says_what_is_wrong(self, health, week, planned, change, words):
        answer = post(health, "/messages", {**FORM, **change})
        assert answer.status_code == 422
        assert words in answer.text

    def test_a_rule_that_the_words_break_is_told_beside_them(self, health, week, monkeypatch):
        def draft(house, actor, campaign):
            raise BadInput("No homes are known in the chosen areas.", "Choose other areas.")

        monkeypatch.setattr(plan_messages, "draft", draft)
        answer = post(health, "/messages", FORM)
        assert "No homes are known in the chosen areas. Choose other areas." in answer.text
