"""Words on screens: phone numbers, advice, and a word for every state there is."""

import pytest

from wardkeeper.incidents.checks import CheckStatus
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.decisions import Finding
from wardkeeper.kernel.errors import HTTP_STATUSES, NotSignedIn, Refused, WardkeeperError
from wardkeeper.kernel.people import ROLE_WORDS, Actor, Role
from wardkeeper.ledger.leaves import Act
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import State, Step
from wardkeeper.messages.campaigns import Format, Messenger
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.comparisons import Design
from wardkeeper.messages.prices import Postage
from wardkeeper.needs.coverage import Freshness
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.web import campaign_words, lines, wording
from wardkeeper.web.forms import Answers, Faults
from wardkeeper.web.lines import from_frame, from_row
from wardkeeper.web.maps.incident_map import DOT_CLASSES
from wardkeeper.web.pages import NAVIGATION, is_within, navigation
from wardkeeper.web.paging import turn_to
from wardkeeper.web.problems import STATUSES, TITLES, TooManyTries, Unexpected, status_of
from wardkeeper.web.routes.checks import HINTS
from wardkeeper.web.routes.outbreaks import ALARM_TAGS
from web_house import make_lines


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        (wording.FINDINGS, Finding),
        (wording.PHASES, Phase),
        (wording.FRESHNESS, Freshness),
        (wording.ACTS, Act),
        (lines.STATUS_WORDS, CheckStatus),
        (lines.STATUS_COLOURS, CheckStatus),
        (DOT_CLASSES, CheckStatus),
        (ALARM_TAGS, Alarm),
        (ROLE_WORDS, Role),
        (campaign_words.CHANNELS, Channel),
        (campaign_words.KINDS, MessageKind),
        (campaign_words.MESSENGERS, Messenger),
        (campaign_words.FORMATS, Format),
        (campaign_words.POSTAGES, Postage),
        (campaign_words.STATES, State),
        (campaign_words.STEPS, Step),
        (campaign_words.DESIGNS, Design),
    ],
)
def test_every_state_has_its_words(table, kinds):
    assert {str(key) for key in table} == {kind.value for kind in kinds}


def test_hints_are_about_real_outcomes():
    assert set(HINTS) <= set(CheckOutcome)


def test_the_same_advice_is_given_once():
    advice = "Open a fresh case; ask an officer; open a fresh case; ask an officer."
    assert wording.say_once(advice) == "Open a fresh case; ask an officer"


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("+447700900123", "07700 900123"),
        ("+441614960031", "0161 496 0031"),
        ("+442079460018", "020 7946 0018"),
        ("+441632960001", "01632 960001"),
        ("+443069990123", "0306 999 0123"),
        ("+353209110000", "+353209110000"),
        ("+4499", "099"),
    ],
)
def test_phones_as_people_dial_them(phone, words):
    assert wording.say_phone(phone) == words


def test_counts_of_irregular_nouns():
    assert wording.count(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("state", "words"), [("active", "Active"), ("not assessed", "Not assessed"), ("late", "Late"), ("odd", "Odd")]
)
def test_tags(state, words):
    assert wording.tag_of(state)["text"] == words


class TestErrors:
    def test_each_error_has_the_status_of_its_table(self):
        for kind, status in HTTP_STATUSES.items():
            assert status_of(kind("m", "n")) == status

    def test_an_error_of_no_table_takes_the_nearest_class_above_it(self):
        class Special(NotSignedIn):
            pass

        assert status_of(Special("m", "n")) == 401
        assert status_of(TooManyTries("m", "n")) == 429
        assert status_of(Unexpected("m", "n")) == 500
        assert status_of(WardkeeperError("m", "n")) == 500

    def test_every_status_has_a_title(self):
        assert set(STATUSES.values()) <= set(TITLES)

    def test_a_refusal_without_a_decision_has_none(self):
        assert Refused("m", "n").decision is None


class TestNavigation:
    def test_a_crew_sees_incidents_only(self):
        crew = Actor("fire1", "Crew", "gm-fire", frozenset({Role.RESPONDER}))
        assert [link["text"] for link in navigation(crew, "/")] == ["Incidents"]

    @pytest.mark.parametrize("role", Role)
    def test_everybody_sees_incidents(self, role):
        assert navigation(Actor("x", "X", "y", frozenset({role})), "/")[0]["text"] == "Incidents"

    @pytest.mark.parametrize(
        ("path", "href", "within"),
        [
            ("/", "/", True),
            ("/incidents/inc-1", "/", True),
            ("/sources", "/", False),
            ("/sources/x/rows-to-fix", "/sources", True),
            ("/sourcesx", "/sources", False),
        ],
    )
    def test_the_current_section_is_marked(self, path, href, within):
        assert is_within(path, href) is within

    def test_links_are_distinct(self):
        assert len({link.href for link in NAVIGATION}) == len(NAVIGATION)


class TestLines:
    def test_a_row_with_nothing_but_a_check_still_makes_a_line(self):
        line = from_row({"check_id": "chk-1", "status": "to do"})
        assert line.address == ""
        assert line.persons == ()
        assert not line.phones_shown
        assert line.is_open

    def test_a_hidden_line_shows_no_place_even_when_it_was_given_one(self):
        line = from_frame(make_lines())[1]
        assert line.ring_control
        assert (line.address, line.postcode, line.persons) == ("", "", ())
        assert line.cautions == ("Ring Control first.",)

    def test_an_unknown_birth_year_is_left_out(self):
        row = {"check_id": "c", "status": "to do", "names": ["A", "B", "C"], "birth_years": ["1940", "not known"]}
        assert [(one.name, one.birth_year) for one in from_row(row).persons] == [("A", "1940"), ("B", ""), ("C", "")]

    def test_phones_belong_to_the_home(self):
        row = {"check_id": "c", "status": "to do", "names": ["A", "B"], "phones": [None, "+441"], "ring_control": False}
        assert from_row(row).phones == ("+441",)
        assert from_row({**row, "phones": []}).phones_shown, "having none is worth saying"
        assert not from_row({**row, "ring_control": True}).phones_shown


class TestPaging:
    @pytest.mark.parametrize(("number", "first", "last"), [(1, 1, 2), (2, 3, 4), (3, 5, 5), (99, 5, 5), (0, 1, 2)])
    def test_a_page_beyond_the_ends_is_the_nearest_there_is(self, number, first, last):
        page = turn_to(make_lines(), number, size=2)
        assert (page.first, page.last, page.pages, page.total) == (first, last, 3, 5)

    def test_an_empty_table_has_one_empty_page(self):
        page = turn_to(make_lines().head(0), 1, size=2)
        assert (page.first, page.last, page.pages) == (0, 0, 1)


class TestForms:
    def test_answers_are_text_without_spaces_around_it(self):
        answers = Answers((("a", " one "), ("a", "two"), ("b", "")))
        assert answers.text("a") == "one"
        assert answers.many("a") == ["one", "two"]
        assert answers.text("missing") == ""
        assert answers.file("a") == b""

    def test_the_first_fault_of_a_field_is_the_one_shown(self):
        faults = Faults()
        assert not faults
        faults.require(Answers(), {"name": "Enter a name."})
        faults.add("name", "Too long.")
        assert faults.by_field == {"name": "Enter a name."}
