"""A campaign on pages, over a real house: planned, saved, approved by somebody else, sent, followed, stopped and measured."""

import io
import json
import time
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from campaign_drafts import BODY, DRAFT, make_draft
from campaign_house import load_anew, name_templates
from districts import PASSWORD, TODAY
from wardkeeper.adapters.exports import to_csv
from wardkeeper.demo import cast
from wardkeeper.kernel.phrases import say_briefly, say_day
from wardkeeper.kernel.spans import LONDON
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import State
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.usecases import accept_alert
from wardkeeper.usecases.alert_book import KeptAlert, Standing
from wardkeeper.usecases.campaign_book import kept_campaigns, load_campaign
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.submit_campaign import submit
from wardkeeper.web.app import create_app
from wardkeeper.web.limits import MAX_BODY
from web_house import browser, post, sign_in, words_of

AUTHOR, LEAD = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH
PAGE = f"/messages/campaigns/{DRAFT.id}"
WORDS = "Hello ((name)). Free tests are at Sale library, 9am to 5pm."
PATIENCE = 20


@pytest.fixture
def enter(house, notify):
    """Open a browser as somebody, of one server whose Notify is the test's."""
    app = create_app(replace(house, message_service=lambda: notify))

    def open_browser(actor):
        client = browser(app)
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


@pytest.fixture
def form(areas):
    return {"area": areas, "kind": "routine", "channel": "text", "subject": "Tests near you", "body": WORDS}


@pytest.fixture
def submitted(house, areas):
    """A submitted campaign to the whole district."""

    def make(**changes):
        kept = save(house, AUTHOR, make_draft(**{"areas": tuple(areas), **changes}))
        if kept.state is State.DRAFT:
            submit(house, AUTHOR, kept.id)

    return make


@pytest.fixture
def approved(submitted, enter):
    submitted()
    answer = approve(enter(LEAD))
    assert answer.status_code == 303
    return enter(AUTHOR)


@pytest.fixture
def templates(monkeypatch, notify):
    name_templates(monkeypatch, notify)


def approve(client, **answers):
    draft = load_campaign(client.app.state.house, DRAFT.id).draft
    return post(client, f"{PAGE}/approve", {"fingerprint": draft.fingerprint, **answers})


def upload(client, path, form, field, content, name):
    token = post_token(client)
    return client.post(path, data={**form, "csrf": token}, files={field: (name, io.BytesIO(content))})


def post_token(client):
    page = client.get("/").text
    return page.split('name="csrf" value="')[1].split('"')[0]


def save_page(client, form):
    answer = post(client, "/messages/save", form)
    assert answer.status_code == 303
    return answer.headers["location"]


# The plan


def test_the_road_from_areas_to_a_campaign_that_waits_for_approval(enter, house, form):
    author = enter(AUTHOR)
    plan = words_of(post(author, "/messages", form).text)
    assert "Hello name. Free tests are at Sale library" in plan
    page = save_page(author, form)
    assert "It is a draft." in words_of(author.get(page).text)
    assert post(author, f"{page}/submit", {}).status_code == 303
    assert "Waiting for approval" in words_of(author.get("/messages").text)
    (kept,) = kept_campaigns(house)
    assert kept.state is State.SUBMITTED
    assert sum(one.homes for one in kept.draft.total.outcomes) == kept.draft.total.homes
    assert sum(one.people for one in kept.draft.total.outcomes) == kept.draft.total.people


def test_a_plan_is_changed_with_everything_that_was_written(enter, form):
    words = {"translation-language": "Polish", "translation-subject": "Testy", "translation-body": "Witaj ((name))."}
    page = post(enter(AUTHOR), "/messages/change", {**form, **words, "messenger": "gp", "made": "audio"}).text
    assert "Witaj ((name))." in page
    assert 'value="Polish" selected' in page
    assert 'value="gp" selected' in page
    assert 'value="audio" checked' in page


def test_messengers_forms_and_translations_are_saved(enter, house, form):
    more = {
        "translation-language": "Polish",
        "translation-subject": "Testy",
        "translation-body": "Witaj ((name)). Darmowe testy w bibliotece Sale.",
        "messenger": "gp",
        "messenger-language": "Polish",
        "messenger-area": "",
        "messenger-who": "faith-leader",
        "made": "large-print",
    }
    save_page(enter(AUTHOR), {**form, **more})
    (kept,) = kept_campaigns(house)
    assert kept.draft.languages == ("English", "Polish")
    assert [(one.messenger, one.language) for one in kept.draft.speakers] == [("gp", ""), ("faith-leader", "Polish")]
    assert kept.draft.formats == ("large-print",)


def test_a_filled_sheet_comes_back(enter, form):
    author = enter(AUTHOR)
    sheet = post(author, "/messages/translations", {**form, "language": "Polish", "format": "csv"})
    filled = pl.read_csv(io.BytesIO(sheet.content)).with_columns(
        Polish=pl.Series(["Testy w Sale", "Witaj ((name)). Darmowe testy w bibliotece."])
    )
    page = upload(author, "/messages", form, "translations", to_csv(filled), "sheet.csv")
    assert page.status_code == 200
    assert "In Polish" in words_of(page.text)
    assert "Darmowe testy" in page.text


@pytest.mark.parametrize(
    ("polish", "name", "words"),
    [
        (["Testy", "Darmowe testy."], "sheet.csv", "lost the gap ((name)). (Row 2, column Polish.)"),
        (["Testy", ""], "sheet.csv", "is empty while others are filled"),
        (["Testy", "Witaj ((name))."], "sheet.pdf", "This is neither a workbook nor CSV."),
    ],
    ids=["a gap is lost", "half empty", "no sheet"],
)
def test_a_bad_sheet_is_refused_in_clear_words(enter, form, polish, name, words):
    sheet = pl.DataFrame({"Piece": ["subject", "message"], "English": [form["subject"], WORDS], "Polish": polish})
    page = upload(enter(AUTHOR), "/messages", form, "translations", to_csv(sheet), name)
    assert page.status_code == 422
    assert words in words_of(page.text)
    assert WORDS in page.text, "what was written is not lost"


def test_an_upload_that_is_too_large_is_refused(enter, form):
    page = upload(enter(AUTHOR), "/messages", form, "translations", b"x" * (MAX_BODY + 1), "sheet.csv")
    assert page.status_code == 422
    assert "larger than 5 MB" in words_of(page.text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text-pence": "two"}, "Give the price of a text in pence"),
        ({"messenger-language": "", "messenger-area": "", "messenger-who": "gp"}, "Choose a language or an area"),
        ({"translation-language": "", "translation-subject": "", "translation-body": "Witaj"}, "Choose its language."),
    ],
    ids=["price", "messenger", "language"],
)
def test_what_cannot_be_taken_is_said_beside_the_form(enter, form, change, words):
    page = post(enter(AUTHOR), "/messages", {**form, **change})
    assert page.status_code == 422
    assert words in words_of(page.text)


def test_faults_are_listed_in_the_order_of_the_page(enter):
    page = post(enter(AUTHOR), "/messages", {"text-pence": "two"}).text
    summary = page.split("There is a problem")[1].split("<h1")[0]
    fields = [part.split('"')[0] for part in summary.split('href="#')[1:]]
    assert fields == ["area", "kind", "channel", "body", "text-pence"]
    on_page = [page.index(f'name="{name}"') for name in fields]
    assert on_page == sorted(on_page)


def test_what_is_not_measured_is_empty_and_what_is_measured_is_a_number(enter, form):
    words = {"translation-language": "Polish", "translation-subject": "Testy", "translation-body": "Witaj ((name))."}
    answer = post(enter(AUTHOR), "/messages/tables", {**form, **words, "table": "lengths", "format": "csv"})
    lengths = pl.read_csv(io.BytesIO(answer.content))
    assert lengths["Texts or sheets"].is_null().to_list() == (lengths["Way"] == "Email").to_list()
    assert lengths["School grade"].dtype.is_integer()
    assert lengths["School grade"].is_null().to_list() == (lengths["Language"] != "English").to_list()


@pytest.mark.parametrize(
    ("address", "column"), [("/messages/export", "Planned"), (f"{PAGE}/tables/steps", "When")], ids=["list", "steps"]
)
def test_a_file_has_times_that_a_spreadsheet_sorts_and_the_page_has_them_in_words(enter, submitted, address, column):
    submitted()
    client = enter(LEAD)
    times = pl.read_csv(io.BytesIO(client.get(address).content))[column]
    assert times.min() == f"{DRAFT.made_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    assert say_briefly(DRAFT.made_at) in words_of(client.get(PAGE).text)


@pytest.mark.parametrize("table", ["outcomes", "messages", "lengths", "languages", "forms", "messengers"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_table_of_the_plan_is_a_file(enter, form, table, kind):
    answer = post(enter(AUTHOR), "/messages/tables", {**form, "table": table, "format": kind})
    assert answer.status_code == 200
    assert f'filename="plan-{table}-{TODAY}.{kind}"' in answer.headers["content-disposition"]


def test_each_table_of_a_campaign_that_leaves_is_told_once_by_its_name(house, enter, submitted):
    submitted()
    client = enter(LEAD)
    before = len(list(house.store.leaves()))
    assert client.get(f"{PAGE}/tables/outcomes").status_code == 200
    assert client.get("/messages/export").status_code == 200
    assert client.get(f"{PAGE}/tables/nothing").status_code == 404
    new = [json.loads(leaf) for leaf in list(house.store.leaves())[before:]]
    assert [one["detail"]["file"] for one in new if one["type"] == Act.DATA_EXPORTED] == [
        f"{DRAFT.id}-outcomes",
        "campaigns",
    ]


# Who may


@pytest.mark.parametrize("actor", [cast.CREW, cast.ANALYST, cast.VOLUNTEER], ids=lambda one: one.login)
def test_campaigns_are_closed_to_others(enter, submitted, actor):
    submitted()
    client = enter(actor)
    for path in ("/messages", "/messages/plan", PAGE, f"{PAGE}/send", f"{PAGE}/effect", f"{PAGE}/compare"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.DIRECTOR], ids=lambda one: one.login)
def test_those_who_may_look_may_not_plan_approve_or_send(enter, submitted, form, actor):
    submitted()
    client = enter(actor)
    assert client.get(PAGE).status_code == 200
    assert "Approve, as" not in client.get(PAGE).text
    assert client.get("/messages/plan").status_code == 403
    assert client.get("/messages/plan?alert=nothing").status_code == 403, "not even whether there is such an alert"
    for path, answers in (("/messages", form), ("/messages/save", form), (f"{PAGE}/submit", {}), (f"{PAGE}/send", {})):
        assert post(client, path, answers).status_code == 403, path
    assert approve(client).status_code == 403


def test_every_form_needs_its_token(enter, submitted):
    submitted()
    client = enter(LEAD)
    for step in (
        "submit",
        "approve",
        "decline",
        "stop",
        "close",
        "destroy",
        "ask",
        "send",
        "files",
        "effect",
        "compare",
    ):
        assert client.post(f"{PAGE}/{step}", data={"csrf": "made up"}).status_code == 403, step


# The approval


def test_the_author_cannot_approve_and_a_lead_can(enter, house, areas):
    save(house, LEAD, make_draft(areas=tuple(areas), made_by=LEAD.login))
    submit(house, LEAD, DRAFT.id)
    lead = enter(LEAD)
    page = words_of(lead.get(PAGE).text)
    assert "Another public-health lead must approve it." in page
    assert "Approve, as" not in page
    assert approve(lead).status_code == 403
    assert load_campaign(house, DRAFT.id).state is State.SUBMITTED


def test_the_lead_sees_exactly_what_is_approved(enter, submitted, house):
    submitted()
    lead = enter(LEAD)
    page = words_of(lead.get(PAGE).text)
    assert BODY in page
    assert f"by prices of {say_day(date.fromisoformat(DRAFT.total.prices_from))}." in page
    assert "All fewer than 5 about 10" in page, "few people are not counted"
    assert approve(lead).status_code == 303
    done = words_of(lead.get(PAGE).text)
    assert "Approved Dr Mina Shah, public health" in done
    assert load_campaign(house, DRAFT.id).approved_as_it_is


def test_another_page_than_the_campaigns_own_approves_nothing(enter, submitted, house):
    submitted()
    assert post(enter(LEAD), f"{PAGE}/approve", {"fingerprint": "0" * 64}).status_code == 409
    assert post(enter(cast.DIRECTOR), f"{PAGE}/approve", {"fingerprint": "0" * 64}).status_code == 403, "the role first"
    assert load_campaign(house, DRAFT.id).state is State.SUBMITTED


def test_flagged_words_are_acknowledged_one_by_one(enter, submitted, house):
    submitted(singles_out=("Sale library", "Polish people"))
    lead = enter(LEAD)
    half = approve(lead, acknowledged="Sale library")
    assert half.status_code == 422
    assert "may single out a street, a place or a community: Polish people." in words_of(half.text)
    assert approve(lead, acknowledged=["Sale library", "Polish people"]).status_code == 303
    assert load_campaign(house, DRAFT.id).state is State.APPROVED


def test_declining_needs_a_reason(enter, submitted, house):
    submitted()
    lead = enter(LEAD)
    assert "No reason was given." in words_of(post(lead, f"{PAGE}/decline", {}).text)
    assert post(lead, f"{PAGE}/decline", {"decline-reason": "The library is shut."}).status_code == 303
    assert load_campaign(house, DRAFT.id).state is State.DECLINED
    assert "The library is shut." in words_of(lead.get(PAGE).text)


def keep_alert(house, msoa):
    """Keep an alert that waits for a lead, over one larger area."""
    end = date(2026, 11, 21)
    figures = (1, (msoa,), ("Sale",), end, end, 9, 9, 9, 2.0, 5.0, 2.0, 0.9, 4.5, 60.0, None, end)
    kept = KeptAlert(Alert(*figures, id="alert-1"), Standing.WAITING, end, 5.0)
    with house.store.write(Leaf(Act.ALERTS_RAISED, house.clock.now(), "test", "")) as writer:
        writer.apply_document(kept.to_document(house))


def test_an_alert_leads_to_the_form_and_must_be_accepted_before_the_approval(enter, submitted, house, areas):
    parts = house.places().postcodes.frame
    msoa = parts.filter(pl.col("lsoa") == areas[0])["msoa"][0]
    keep_alert(house, msoa)
    page = enter(AUTHOR).get(f"/messages?alert=alert-1&area={msoa}").text
    own, others = page.split("Areas of the alert")[1].split("Other areas")
    assert f'value="{msoa}" checked' in own
    assert msoa not in others.split("</fieldset>")[0]
    assert "For the alert in Sale, week to 21 November 2026 ." in words_of(page)
    assert "No public-health lead has accepted it yet." in page
    submitted(alert="alert-1")
    lead = enter(LEAD)
    refused = approve(lead)
    assert refused.status_code == 403
    assert "no public-health lead has accepted the alert" in words_of(refused.text)
    accept_alert.accept(house, LEAD, "alert-1", "The rise is real.")
    assert "Dr Mina Shah, public health accepted it" in words_of(lead.get(PAGE).text)
    assert approve(lead).status_code == 303


# Sending


def test_nothing_is_prepared_before_an_approval(enter, submitted):
    submitted()
    answer = enter(AUTHOR).get(f"{PAGE}/send")
    assert answer.status_code == 403
    assert "no public-health lead has approved" in words_of(answer.text)


def test_the_rehearsal_counts_before_anything_is_set_up_and_says_how_to(approved, notify):
    page = words_of(approved.get(f"{PAGE}/send").text)
    assert "A rehearsal: nothing has been sent by it" in page
    assert "There is no template of GOV.UK Notify for email English, text English." in page
    assert "Send now" not in page
    assert notify.held == []


def test_a_file_that_was_taken_before_a_death_is_said_to_be_out_of_date(approved, house, town):
    post(approved, f"{PAGE}/files", {"file": "letters-to-print", "format": "csv"})
    assert "Out of date" not in words_of(approved.get(f"{PAGE}/send").text)
    house.clock.move(timedelta(minutes=1))
    load_anew(house, lambda people: people.with_columns(died_on=pl.lit(TODAY)))
    for address in (PAGE, f"{PAGE}/send"):
        page = words_of(approved.get(address).text)
        assert "Out of date" in page
        assert "messages must not be sent any more" in page
        assert "record that it was put away unused, and take it again" in page


def test_a_missing_key_is_said(house, submitted, enter):
    submitted()
    approve(enter(LEAD))
    client = browser(create_app(house))
    sign_in(client, AUTHOR, PASSWORD)
    assert "There is no API key of GOV.UK Notify here." in words_of(client.get(f"{PAGE}/send").text)
    refused = post(client, f"{PAGE}/send", {"really": "yes"})
    assert refused.status_code == 422
    assert load_campaign(house, DRAFT.id).state is State.APPROVED


def test_it_is_sent_only_with_a_tick_and_then_once(approved, templates, notify, house):
    unticked = post(approved, f"{PAGE}/send", {})
    assert unticked.status_code == 422
    assert "Tick the box" in words_of(unticked.text)
    assert notify.held == []
    for _ in range(2):
        assert post(approved, f"{PAGE}/send", {"really": "yes"}).status_code == 303
    wait_until(lambda: load_campaign(house, DRAFT.id).state is State.SENT and not going(approved))
    assert len(notify.held) > 80
    assert max(notify.recipients.values()) == 1
    page = words_of(approved.get(PAGE).text)
    assert "Taken by Notify, on its way." in page
    assert f"All {len(notify.held)}" in page
    assert post(approved, f"{PAGE}/close", {"confirm": "yes"}).status_code == 303


def test_a_page_of_a_run_loads_itself_again_without_scripts(approved, templates, notify):
    slow = []
    notify.on_batch = lambda: (slow.append(1), time.sleep(0.5))
    post(approved, f"{PAGE}/send", {"really": "yes"})
    wait_until(lambda: slow)
    page = approved.get(f"{PAGE}/send")
    assert page.headers["refresh"] == "3"
    assert "It is being sent" in words_of(page.text)
    assert "refresh" not in approved.get(f"{PAGE}/send?wait=yes").headers
    wait_until(lambda: not going(approved))


@pytest.mark.parametrize("name", ["notify-text-english", "letters-to-print", "partners", "door-drop"])
def test_files_of_an_approved_campaign_are_disclosures(approved, house, name):
    size = house.store.ledger_size()
    answer = post(approved, f"{PAGE}/files", {"file": name, "format": "csv"})
    assert answer.status_code == 200
    assert f'filename="{name}-{TODAY}.csv"' in answer.headers["content-disposition"]
    assert house.store.ledger_size() > size
    assert f'"file":"{name}"' in list(house.store.leaves())[-1].decode()


def test_nobody_who_got_a_message_is_in_a_file(approved, templates, notify, house):
    post(approved, f"{PAGE}/send", {"really": "yes"})
    wait_until(lambda: load_campaign(house, DRAFT.id).state is State.SENT)
    assert post(approved, f"{PAGE}/files", {"file": "notify-text-english"}).status_code == 404


def test_a_file_that_was_taken_is_handed_over_and_counted(approved, house):
    taken = post(approved, f"{PAGE}/files", {"file": "letters-to-print", "format": "csv"})
    rows = len(pl.read_csv(io.BytesIO(taken.content), infer_schema=False))
    page = words_of(approved.get(f"{PAGE}/send").text)
    assert f"Letters for your own printer : {rows} rows, taken by" in page
    assert "0 letters go by a file that is still to be taken." in page
    assert "Letters for your own printer : this file was taken. To take it again" in page
    assert post(approved, f"{PAGE}/files/settle", {"file": "letters-to-print", "became": "lost"}).status_code == 422
    settled = post(approved, f"{PAGE}/files/settle", {"file": "letters-to-print", "became": "hand-over"})
    assert settled.status_code == 303
    assert load_campaign(house, DRAFT.id).state is State.SENT
    page = words_of(approved.get(PAGE).text)
    assert f"Letter Handed over or posted as a file. {rows}" in page
    assert "Handed over a file" in page
    assert "See what it changed" in page
    again = post(approved, f"{PAGE}/files/settle", {"file": "letters-to-print", "became": "hand-over"})
    assert again.status_code == 404


def test_a_second_person_destroys_to_whom_it_went_and_gets_a_receipt(approved, enter, templates, notify, house):
    post(approved, f"{PAGE}/send", {"really": "yes"})
    wait_until(lambda: load_campaign(house, DRAFT.id).state is State.SENT and not going(approved))
    post(approved, f"{PAGE}/close", {"confirm": "yes"})
    assert "Destroy to whom it went" not in words_of(approved.get(PAGE).text)
    assert post(approved, f"{PAGE}/destroy", {}).status_code == 403
    dpo = enter(cast.DPO)
    assert "Destroy to whom it went" in words_of(dpo.get(PAGE).text)
    assert post(dpo, f"{PAGE}/destroy", {}).status_code == 303
    page = words_of(dpo.get(PAGE).text)
    assert "Receipt of the destruction" in page
    assert f"All {len(notify.held)}" in page, "the counts stay"


def test_stopping_needs_a_reason_and_ends_it(approved, house):
    assert post(approved, f"{PAGE}/stop", {}).status_code == 422
    assert post(approved, f"{PAGE}/stop", {"stop-reason": "The site is full."}).status_code == 303
    assert load_campaign(house, DRAFT.id).state is State.STOPPED
    assert approved.get(f"{PAGE}/send").status_code == 409


def test_the_files_of_a_stopped_campaign_are_settled_on_its_page_and_then_it_is_closed(approved, enter, house):
    post(approved, f"{PAGE}/files", {"file": "letters-to-print", "format": "csv"})
    post(approved, f"{PAGE}/stop", {"stop-reason": "The site is full."})
    assert "Close the campaign" not in words_of(approved.get(PAGE).text)
    assert post(approved, f"{PAGE}/close", {"confirm": "yes"}).status_code == 409
    dpo = words_of(enter(cast.DPO).get(PAGE).text)
    assert "Whoever sends the campaign must say what became of each. It cannot be closed before that." in dpo
    assert "It was put away unused" in words_of(approved.get(PAGE).text)
    settled = post(approved, f"{PAGE}/files/settle", {"file": "letters-to-print", "became": "put-away", "part": ""})
    assert settled.headers["location"] == f"{PAGE}#files"
    assert "Close the campaign" in words_of(approved.get(PAGE).text)
    assert post(approved, f"{PAGE}/close", {"confirm": "yes"}).status_code == 303
    assert load_campaign(house, DRAFT.id).state is State.CLOSED


# Comparison and effect


def test_a_comparison_is_the_leads_and_never_of_a_warning(enter, submitted, areas):
    submitted()
    asked = {"design": "stepped", "days": f"{TODAY} 2026-12-06", "seed": "1", "approved": "yes"}
    assert post(enter(AUTHOR), f"{PAGE}/compare", asked).status_code == 403
    lead = enter(LEAD)
    assert post(lead, f"{PAGE}/compare", {**asked, "seed": "9" * 5_000}).status_code == 422
    unticked = post(lead, f"{PAGE}/compare", {**asked, "approved": ""})
    assert "to approve the comparison as a public-health lead" in words_of(unticked.text)
    assert post(lead, f"{PAGE}/compare", asked).status_code == 303
    assert "A start in steps: chance decided by area" in words_of(lead.get(PAGE).text)
    rows = lead.get(f"{PAGE}/tables/comparison?form=csv").text.splitlines()
    assert len(rows) == len(areas) + 1


def test_two_wordings_are_drawn_by_home(enter, submitted):
    submitted()
    submitted(id="cam-other")
    asked = {"design": "homes", "other": "cam-other", "seed": "1", "approved": "yes"}
    lead = enter(LEAD)
    assert post(lead, f"{PAGE}/compare", asked).status_code == 303
    page = words_of(lead.get(PAGE).text)
    assert "Two wordings: chance decided by home" in page
    assert "Each home gets one of the two wordings, and always the same one." in page
    assert lead.get(f"{PAGE}/tables/comparison?form=csv").status_code == 404


def test_a_warning_about_safety_is_never_compared(enter, submitted):
    submitted(kind=MessageKind.SAFETY)
    lead = enter(LEAD)
    assert "Compare two wordings" not in lead.get(PAGE).text
    assert lead.get(f"{PAGE}/compare").status_code == 403


def test_the_effect_is_shown_with_its_range_and_given_as_a_file(approved, templates, notify, house, areas):
    post(approved, f"{PAGE}/send", {"really": "yes"})
    wait_until(lambda: load_campaign(house, DRAFT.id).state is State.SENT)
    others = [f"E0900000{number}" for number in range(6)]
    rows = [
        (area, day, 10 + number % 3 - 4 * (area in areas and day == TODAY.isoformat()))
        for number, area in enumerate([*areas, *others])
        for day in ("2026-11-01", TODAY.isoformat())
    ]
    figures = pl.DataFrame(rows, schema=["area", "date", "value"], orient="row").write_csv().encode()
    page = words_of(upload(approved, f"{PAGE}/effect", {}, "outcome", figures, "cases.csv").text)
    assert "changed by −4.00 beside the others" in page
    assert "Chance did not decide where it went" in page
    file = upload(approved, f"{PAGE}/effect", {"format": "csv"}, "outcome", figures, "cases.csv")
    assert '"Written to beside the others",-4.0,-4.0,-4.0,10.75,4,6' in file.text
    wrong = upload(approved, f"{PAGE}/effect", {}, "outcome", b"a,b\n1,2\n", "cases.csv")
    assert wrong.status_code == 422
    assert "The table has no column area." in words_of(wrong.text)


def wait_until(is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def going(client):
    run = client.app.state.runs.of(DRAFT.id)
    return run is not None and run.is_going
