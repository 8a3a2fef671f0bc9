"""A small street in, a plan out: who is reached how, who is not written to and why, who needs a knock."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.audience import COLUMNS, MessageKind, Standing
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.notify import notify_file
from wardkeeper.messages.plan import OUTCOME_WORDS, MessagePlan, Outcome, Surroundings, make_plan
from wardkeeper.messages.wording import Wording

TODAY = date(2026, 11, 22)
SALE, ELSEWHERE = "E01006100", "E01006200"
ROUTINE = Wording("Get a free test at the town hall.", subject="Free tests")
SAFETY = Wording("Boil your tap water.", subject="Tap water", kind=MessageKind.SAFETY)
MOBILE, OTHER_MOBILE, LANDLINE = "+447700900123", "+447700900456", "+441632960123"

KINDS = dict.fromkeys(COLUMNS, pl.String) | dict.fromkeys(("birth_date", "objected_on", "died_on"), pl.Date)
KINDS["protected"] = pl.Boolean


def person(resident: str | None, home: str | None, **facts) -> dict:
    """Make one row: a resident at a home in SALE whose door has the home's number on Lark Rise."""
    return {
        "resident_id": resident,
        "home_id": home,
        "address": f"{home[-1]} Lark Rise, Sale" if home else None,
        "postcode": "M33 1AB",
        "lsoa": SALE,
        "given": "JO",
        "family": "SMITH",
        "protected": False,
    } | facts


def plan(*people: dict, wording: Wording = ROUTINE, channel: Channel = Channel.TEXT, **known) -> MessagePlan:
    frame = pl.DataFrame(people, schema=KINDS)
    around = Surroundings(**known)
    return make_plan(frame, areas=[SALE], wording=wording, channel=channel, today=TODAY, around=around)


def outcomes(made: MessagePlan) -> dict[str, tuple[int, int]]:
    """Give homes and people by outcome, empty ones left out."""
    return {tally.outcome.value: (tally.homes, tally.people) for tally in made.tallies if tally.homes or tally.people}


def written(made: MessagePlan, channel: Channel) -> list[tuple]:
    """Give where each row goes and what fills its gaps; the words themselves are left out."""
    return notify_file(made, channel).drop("subject", "message", strict=False).rows()


@pytest.mark.parametrize(
    ("facts", "channel", "outcome"),
    [
        ({"phone": MOBILE, "email": "jo@example.org"}, Channel.TEXT, Outcome.TEXT),
        ({"phone": MOBILE, "email": "jo@example.org"}, Channel.EMAIL, Outcome.EMAIL),
        ({"phone": MOBILE, "email": "jo@example.org"}, Channel.LETTER, Outcome.LETTER),
        # The next channel that works, never a silent drop.
        ({"email": "jo@example.org"}, Channel.TEXT, Outcome.EMAIL),
        ({}, Channel.TEXT, Outcome.LETTER),
        ({"phone": LANDLINE}, Channel.TEXT, Outcome.LETTER),
        ({"phone": MOBILE}, Channel.EMAIL, Outcome.TEXT),
        ({"postcode": None}, Channel.LETTER, Outcome.DOOR),
        ({"postcode": "M33"}, Channel.LETTER, Outcome.DOOR),
        ({"address": None}, Channel.TEXT, Outcome.DOOR),
        ({"phone": MOBILE, "postcode": None}, Channel.LETTER, Outcome.TEXT),
        # Who must not be written to.
        ({"phone": MOBILE, "protected": True}, Channel.TEXT, Outcome.SPECIAL),
        ({"phone": MOBILE, "special": "refuge"}, Channel.TEXT, Outcome.SPECIAL),
        ({"phone": MOBILE, "died_on": date(2026, 11, 1)}, Channel.TEXT, Outcome.DEATH),
        ({"phone": MOBILE, "objected_on": date(2026, 11, 1)}, Channel.TEXT, Outcome.OBJECTED),
        # A child is not texted; the home is written to.
        ({"phone": MOBILE, "birth_date": date(2010, 11, 23)}, Channel.TEXT, Outcome.LETTER),
        ({"phone": MOBILE, "birth_date": date(2010, 11, 22)}, Channel.TEXT, Outcome.TEXT),
    ],
)
def test_one_person_in_one_home(facts, channel, outcome):
    made = plan(person("r1", "h1", **facts), channel=channel)
    assert outcomes(made) == {outcome.value: (1, 1)}


def test_a_safety_message_to_one_who_objected_goes_to_an_officer():
    made = plan(person("r1", "h1", phone=MOBILE, objected_on=date(2026, 1, 1)), wording=SAFETY)
    assert outcomes(made) == {"officer": (1, 1)}
    assert made.officer.rows() == [("r1", "h1", "Jo Smith", "1 Lark Rise, Sale", "M33 1AB", None)]
    assert made.recipients.is_empty()


@pytest.mark.parametrize(("wording", "outcome"), [(ROUTINE, "objected"), (SAFETY, "officer")])
def test_an_objection_is_one_persons_and_the_others_in_the_home_are_still_told(wording, outcome):
    made = plan(
        person("r1", "h1", phone=MOBILE, objected_on=date(2026, 1, 1)),
        person("r2", "h1", phone=OTHER_MOBILE),
        wording=wording,
    )
    assert outcomes(made) == {"text": (1, 1), outcome: (0, 1)}
    assert written(made, Channel.TEXT) == [("07700900456",)]


def test_a_phone_shared_with_one_who_objected_is_not_used():
    made = plan(
        person("r1", "h1", phone=MOBILE, objected_on=date(2026, 1, 1)),
        person("r2", "h1", given="SAM", phone=MOBILE),
    )
    assert outcomes(made) == {"letter": (1, 1), "objected": (0, 1)}
    assert written(made, Channel.LETTER)[0][0] == "Sam Smith"


def test_children_of_adults_who_all_objected_are_not_written_to_instead():
    made = plan(
        person("r1", "h1", objected_on=date(2026, 1, 1)), person("r2", "h1", phone=MOBILE, birth_date=date(2018, 5, 1))
    )
    assert outcomes(made) == {"objected": (1, 2)}


def test_a_death_stops_messages_to_the_whole_home():
    made = plan(person("r1", "h1", died_on=date(2026, 11, 20)), person("r2", "h1", phone=MOBILE), wording=SAFETY)
    assert outcomes(made) == {"death": (1, 2)}
    assert made.of(Outcome.DEATH).words == "Has died, or someone in their home has. Messages to them stopped at once."


FAMILIES = ("SMITH", "PATEL", "NOWAK", "JONES", "AHMED")


def residents(number: int, home: str = "h1", **facts) -> list[dict]:
    """Make people of five family names at one home, each with their own mobile."""
    return [person(f"r{n}", home, family=FAMILIES[n % 5], phone=f"+4477009001{n:02}", **facts) for n in range(number)]


DEATHS = {
    # Who lives there with the one who died, and what becomes of homes and people.
    "a couple": (residents(1), {"death": (1, 2)}),
    "nine adults are a household": (residents(9), {"death": (1, 10)}),
    "ten adults of five names are not": (residents(10), {"text": (1, 10), "death": (0, 1)}),
    "ten adults of one family are": ([one | {"family": "SMITH"} for one in residents(10)], {"death": (1, 11)}),
    "children do not count": ([*residents(9), person("c", "h1", birth_date=date(2020, 1, 1))], {"death": (1, 11)}),
    "a care home, whoever is known": (residents(2, kind="care home"), {"text": (1, 2), "death": (0, 1)}),
    "a care home where nobody else is known": ([], {"death": (1, 1)}),
    "a house that is known as one": (residents(2, kind="house"), {"death": (1, 3)}),
}


@pytest.mark.parametrize(("others", "expected"), DEATHS.values(), ids=DEATHS)
def test_a_death_in_a_communal_home_closes_only_the_one_who_died(others, expected):
    kind = others[0].get("kind") if others else "care home"
    died = person("d", "h1", died_on=date(2026, 11, 20), phone=OTHER_MOBILE, kind=kind)
    assert outcomes(plan(died, *others)) == expected


def test_a_number_of_somebody_who_died_in_a_care_home_is_used_for_nobody():
    """Others there, and a neighbour, who gave the same number get a letter, which names nobody who died."""
    died = person("d", "h1", died_on=date(2026, 11, 20), phone=MOBILE, family="BLENKINSOP", kind="care home")
    made = plan(died, person("r1", "h1", phone=MOBILE, kind="care home"), person("r2", "h2", phone=MOBILE))
    assert outcomes(made) == {"letter": (2, 2), "death": (0, 1)}
    assert made.recipients["name"].to_list() == ["Jo Smith", "Jo Smith"]


def test_another_home_of_somebody_who_died_in_a_care_home_is_closed():
    died = person("d", "h1", died_on=date(2026, 11, 20), kind="care home")
    home = person("d", "h2", kind="house")
    made = plan(died, *residents(2, kind="care home"), home, person("w", "h2", phone=OTHER_MOBILE))
    assert outcomes(made) == {"text": (1, 2), "death": (1, 3)}


@pytest.mark.parametrize(("others", "told"), [(12, "12 people live"), (3, "Fewer than 5 people live"), (0, "")])
def test_a_planner_is_told_of_people_beside_a_death(others, told):
    died = person("d", "h1", died_on=date(2026, 11, 20), kind="care home")
    words = plan(died, *residents(others, kind="care home"), person("r99", "h2")).beside_words
    rest = " in a care home or another shared home where someone died. They still get theirs. Speak with the manager"
    assert words == (f"{told}{rest} before anything is sent." if told else "")


def test_a_protected_person_closes_the_home_its_twin_record_and_their_phone():
    """The home is known by two ids, its door is written in two ways, and a neighbour gave the same phone."""
    made = plan(
        person("r1", "h1", phone=MOBILE, protected=True),
        person("r2", "h1"),
        person("r3", "x9", address="1, LARK RISE", phone=OTHER_MOBILE),
        person("r4", "h4", phone=MOBILE),
        wording=SAFETY,
    )
    assert outcomes(made) == {"special": (2, 3), "letter": (1, 1)}
    assert [row[1] for row in written(made, Channel.LETTER)] == ["4 Lark Rise"]


def test_a_housemate_without_an_address_of_their_own_is_closed_with_the_home():
    made = plan(
        person("r1", "h1", protected=True),
        person("r2", "h1", address=None, postcode=None, phone=MOBILE),
        person("r3", "h4", phone=MOBILE),
    )
    assert outcomes(made) == {"special": (1, 2), "letter": (1, 1)}


def test_a_childs_phone_is_not_texted_though_the_home_is():
    made = plan(person("r1", "h1", phone=MOBILE), person("r2", "h1", phone=OTHER_MOBILE, birth_date=date(2015, 3, 1)))
    assert outcomes(made) == {"text": (1, 2)}
    assert written(made, Channel.TEXT) == [("07700900123",)]


def test_a_person_counts_once_in_each_home_they_are_recorded_at():
    made = plan(person("r1", "h1"), person("r1", "h1", phone=MOBILE), person("r1", "h2"))
    assert outcomes(made) == {"text": (1, 1), "letter": (1, 1)}


def test_protection_recorded_elsewhere_counts_here():
    made = plan(person("r1", "h1", phone=MOBILE), person("r1", "h7", lsoa=ELSEWHERE, protected=True))
    assert outcomes(made) == {"special": (1, 1)}


def test_one_wording_covers_every_special_reason():
    refuge = plan(person("r1", "h1", special="refuge"))
    protected = plan(person("r1", "h1", protected=True))
    assert refuge.excluded == protected.excluded
    assert "refuge" not in OUTCOME_WORDS[Outcome.SPECIAL].lower()


def test_one_letter_a_home_and_up_to_two_names_on_it():
    made = plan(
        person("r1", "h1", title="MRS", given="JANE", family="O'BRIEN"),
        person("r2", "h1", title=None, given="PAT"),
        person("r3", "h2"),
        person("r4", "h2", given="AL"),
        person("r5", "h2", given="CY"),
        person(None, "h3", given=None, family=None),
        channel=Channel.LETTER,
    )
    assert outcomes(made) == {"letter": (3, 5)}
    assert [row[0] for row in written(made, Channel.LETTER)] == [
        "Mrs Jane O'Brien and Pat Smith",
        "Householder",
        "Householder",
    ]


def test_a_person_of_one_name_is_written_to_by_it_and_an_initial_is_no_name():
    made = plan(
        person("r1", "h1", title=None, given="SUHARTO", family=None),
        person("r2", "h2", title=None, given="J", family=None),
        channel=Channel.LETTER,
    )
    assert [row[0] for row in written(made, Channel.LETTER)] == ["Suharto", "Householder"]


def test_two_ids_for_one_door_get_one_letter():
    made = plan(person("r1", "h1"), person("r2", "x8", address="1 Lark Rise"), channel=Channel.LETTER)
    assert outcomes(made) == {"letter": (2, 2)}
    assert len(written(made, Channel.LETTER)) == 1


def test_a_phone_given_by_several_people_and_homes_gets_one_text():
    made = plan(
        person("r1", "h1", phone=MOBILE),
        person("r2", "h1", phone="+44 7700 900123"),
        person("r3", "h2", phone=MOBILE),
        person("r4", "h2", phone=OTHER_MOBILE),
    )
    assert outcomes(made) == {"text": (2, 4)}
    assert written(made, Channel.TEXT) == [("07700900123",), ("07700900456",)]


def test_a_home_without_any_way_to_write_is_on_the_list_of_doors_to_knock_at():
    made = plan(person("r1", "h1", postcode=None), person("r2", "h2", phone=MOBILE))
    assert made.doors.rows() == [("h1", "1 Lark Rise, Sale", None, SALE, 1, None)]


def test_reachable_counts_what_each_channel_could_reach():
    made = plan(
        person("r1", "h1", phone=MOBILE, email="jo@example.org"),
        person("r2", "h2", email="AL@Example.org "),
        person("r3", "h3", postcode=None),
        person("r4", "h4", phone=OTHER_MOBILE, protected=True),
    )
    assert made.reachable == {Channel.TEXT: 1, Channel.EMAIL: 2, Channel.LETTER: 2}


def test_people_elsewhere_are_not_in_the_plan_and_people_without_a_place_are_counted_apart():
    made = plan(
        person("r1", "h1", phone=MOBILE),
        person("r2", "h2", phone=OTHER_MOBILE, lsoa=ELSEWHERE),
        person("r3", None, lsoa=None),
        person(None, None, email="jo@example.org"),
    )
    assert (made.homes, made.people, made.unplaced) == (1, 1, 2)


def test_languages_are_those_recorded_and_an_estimate_for_the_areas():
    shares = pl.DataFrame({"area": [SALE], "share": [0.1]})
    made = plan(
        person("r1", "h1", language="urdu"),
        person("r2", "h1", language="URDU"),
        person("r3", "h2", language="Welsh"),
        person("r4", "h3"),
        person("r5", "h4", language="Farsi", protected=True),
        proficiency=shares,
    )
    assert made.languages.known == (("Urdu", 2), ("Welsh", 1))
    assert (made.languages.unknown, made.languages.areas_without_share) == (1, 0)
    assert made.languages.without_english == pytest.approx(0.4)


def test_an_area_without_a_census_share_is_left_out_of_the_estimate_and_counted():
    shares = pl.DataFrame({"area": [ELSEWHERE], "share": [0.1]})
    made = plan(person("r1", "h1"), proficiency=shares)
    assert (made.languages.without_english, made.languages.areas_without_share) == (None, 1)
    assert plan(person("r1", "h1")).languages.without_english is None


def test_a_street_of_the_area_in_the_words_is_pointed_out():
    made = plan(person("r1", "h1", phone=MOBILE), wording=Wording("People on lark rise can get a test."))
    assert [advice.words for advice in made.advice] == [
        "The words name a street (Lark Rise). Do not single out a street."
    ]


def test_a_school_of_the_district_in_the_words_is_pointed_out():
    words = Wording("Cases are rising at Brooklands juniors.")
    made = plan(person("r1", "h1", phone=MOBILE), wording=words, settings=frozenset({"Brooklands Juniors"}))
    assert made.singles_out == ("Brooklands Juniors",)


def test_areas_where_nobody_is_known_are_refused():
    with pytest.raises(BadInput, match=r"No homes are known in the chosen areas\. Choose other areas\."):
        plan(person("r1", "h1", lsoa=ELSEWHERE))


def test_a_missing_column_is_named():
    frame = pl.DataFrame([person("r1", "h1")], schema=KINDS).drop("died_on")
    with pytest.raises(BadInput, match=r"column died_on, .*The list of residents lacks a column"):
        make_plan(frame, areas=[SALE], wording=ROUTINE, channel=Channel.TEXT, today=TODAY)


def test_every_outcome_and_standing_has_its_words():
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert {standing.value for standing in Standing} - {"open"} <= {outcome.value for outcome in Outcome}
    assert {channel.value for channel in Channel} <= {outcome.value for outcome in Outcome}


NOTED = {
    # A note on one person holds for the home: the next way that everybody there allows.
    "do not text": ({"safe_contact": "Do not text", "phone": MOBILE, "email": "jo@example.org"}, Outcome.EMAIL),
    "letter only": ({"safe_contact": "Letter only", "phone": MOBILE, "email": "jo@example.org"}, Outcome.LETTER),
    "no letters": ({"safe_contact": "No letters"}, Outcome.DOOR),
    "no letters and no visits": ({"safe_contact": "No letters; do not visit"}, Outcome.CONTACT),
    "a letter elsewhere": ({"safe_contact": "Letter only to her sister's", "phone": MOBILE}, Outcome.CONTACT),
    "a safe number": ({"safe_phone": MOBILE, "phone": OTHER_MOBILE}, Outcome.TEXT),
    "a safe number that takes no texts": ({"safe_phone": LANDLINE, "phone": MOBILE}, Outcome.CONTACT),
    "nothing forbidden": ({"safe_contact": "No restrictions", "phone": MOBILE}, Outcome.TEXT),
}


@pytest.mark.parametrize(("facts", "outcome"), NOTED.values(), ids=NOTED)
def test_a_note_on_safe_contact_is_honoured(facts, outcome):
    made = plan(person("r1", "h1", **facts))
    assert outcomes(made) == {outcome.value: (1, 1)}


def test_a_safe_number_is_used_in_place_of_the_other_which_gets_nothing_from_anywhere():
    made = plan(person("r1", "h1", safe_phone=MOBILE, phone=OTHER_MOBILE), person("r2", "h2", phone=OTHER_MOBILE))
    assert written(made, Channel.TEXT) == [("07700900123",)]
    assert outcomes(made) == {"text": (1, 1), "letter": (1, 1)}


def test_a_note_holds_for_everybody_at_home_and_for_the_number_wherever_it_is_recorded():
    made = plan(
        person("r1", "h1", safe_contact="Do not text", phone=MOBILE),
        person("r2", "h1", phone=OTHER_MOBILE),
        person("r3", "h2", phone=MOBILE),
        person("r1", "h9", safe_contact="Do not text", phone=MOBILE, lsoa=ELSEWHERE),
    )
    assert outcomes(made) == {"letter": (2, 3)}


def test_an_officer_is_told_what_the_source_says_of_safe_contact():
    made = plan(person("r1", "h1", safe_contact="See file"))
    assert made.officer.rows() == [("r1", "h1", "Jo Smith", "1 Lark Rise, Sale", "M33 1AB", "See file")]


IN_URDU = Wording("ٹاؤن ہال میں مفت ٹیسٹ کروائیں۔", subject="مفت ٹیسٹ")
TRANSLATED = Wording(ROUTINE.body, ROUTINE.subject, translations={"Urdu": IN_URDU})


def languages(made: MessagePlan, channel: Channel) -> list[str]:
    return made.recipients.filter(channel=channel.value)["language"].to_list()


def test_a_message_is_in_the_language_its_readers_are_recorded_to_prefer_where_there_is_a_translation():
    made = plan(
        person("r1", "h1", language="URDU ", phone=MOBILE),
        person("r2", "h2", language="Polish", phone=OTHER_MOBILE),
        person("r3", "h3", language="urdu"),
        person("r4", "h3"),
        person("r5", "h4"),
        wording=TRANSLATED,
    )
    assert languages(made, Channel.TEXT) == ["Urdu", "English"]
    assert languages(made, Channel.LETTER) == ["Urdu", "English"]
    assert made.wording_in("Urdu") is IN_URDU
    assert made.languages.needed == ("Urdu", "Polish")


def test_without_a_translation_everybody_gets_the_english():
    made = plan(person("r1", "h1", language="Urdu", phone=MOBILE))
    assert languages(made, Channel.TEXT) == ["English"]


def test_the_census_speaks_for_those_whose_language_no_record_tells():
    shares = pl.DataFrame({"area": [SALE], "share": [0.5]})
    made = plan(person("r1", "h1", language="Urdu"), person("r2", "h2"), person("r3", "h3"), proficiency=shares)
    assert made.languages.unknown_without_english == pytest.approx(1.0)


def test_a_home_where_somebody_is_not_to_be_visited_is_known_though_a_letter_goes_there():
    made = plan(person("r1", "h1", safe_contact="Do not visit"), person("r2", "h1"), person("r3", "h2"))
    assert outcomes(made) == {"letter": (2, 3)}
    assert made.not_to_knock == {"h1"}


def test_who_knocks_is_told_the_languages_at_the_door():
    made = plan(person("r1", "h1", postcode=None, language="Farsi"), person("r2", "h1", postcode=None))
    assert made.doors["languages"].to_list() == [["Persian"]]


@pytest.mark.parametrize(
    ("note", "contact"),
    [("Do not text", {"phone": MOBILE}), ("No emails", {"email": "jo@example.org"})],
)
def test_a_note_closes_a_housemates_number_too(note, contact):
    made = plan(person("r1", "h1", safe_contact=note), person("r2", "h1", **contact))
    assert outcomes(made) == {"letter": (1, 2)}


LONG = Wording("Dear ((name)), stay in. " * 50, subject="Stay in")


def test_a_letter_that_is_too_long_for_a_text_becomes_none():
    """A home without a full address is reached by email, or else by a knock: never by a text that can't be sent."""
    made = plan(
        person("r1", "h1"),
        person("r2", "h2", postcode=None, phone=MOBILE, email="jo@example.org"),
        person("r3", "h3", postcode=None, phone=OTHER_MOBILE),
        wording=LONG,
        channel=Channel.LETTER,
    )
    assert outcomes(made) == {"letter": (1, 1), "email": (1, 1), "door": (1, 1)}
    assert any("Homes that only a text could reach need a knock" in one.words for one in made.advice)


def test_a_translation_that_is_too_long_for_a_text_stops_texts_too():
    words = Wording("Stay in.", subject="Stay in", translations={"Urdu": Wording("گھر " * 300, "گھر")})
    made = plan(person("r1", "h1", postcode=None, phone=MOBILE), wording=words, channel=Channel.LETTER)
    assert outcomes(made) == {"door": (1, 1)}
    with pytest.raises(BadInput, match="1,200 characters in Urdu"):
        plan(person("r1", "h1", phone=MOBILE), wording=words, channel=Channel.TEXT)


def test_a_text_without_a_subject_that_falls_back_on_a_letter_needs_one():
    made = plan(person("r1", "h1", phone=MOBILE), person("r2", "h2"), wording=Wording("Stay in."))
    assert [one.words for one in made.advice] == ["There is no subject. Emails and letters need a subject."]


def test_streets_of_the_whole_district_are_looked_for_in_every_language():
    words = Wording("Stay in.", translations={"Polish": Wording("Strand, PENNINE ROUND.")})
    elsewhere = person("r2", "h2", address="4 Pennine Round, Hale", lsoa=ELSEWHERE)
    made = plan(person("r1", "h1", phone=MOBILE), elsewhere, wording=words)
    assert made.singles_out == ("Pennine Round (Polish)",)


def test_a_number_gets_one_message_for_the_first_home_that_shares_it():
    made = plan(
        person("r1", "h2", phone=MOBILE), person("r2", "h1", phone=MOBILE), person("r3", "h3", phone=OTHER_MOBILE)
    )
    assert outcomes(made) == {"text": (3, 3)}
    assert made.recipients.select("home_id", "to").rows() == [("h1", MOBILE), ("h3", OTHER_MOBILE)]
    assert made.linked == {"h1": "h1", "h2": "h1"}


def test_homes_are_linked_by_phone_email_and_door_however_far():
    made = plan(
        person("r1", "h1", phone=MOBILE),
        person("r2", "h2", phone=MOBILE, email="a@example.org"),
        person("r3", "h3", email="A@example.org "),
        person("r4", "x9", address="3 LARK RISE"),
        person("r5", "h5"),
    )
    assert made.linked == dict.fromkeys(("h1", "h2", "h3", "x9"), "h1")
    assert plan(person("r1", "h1"), person("r2", "h2")).linked == {}


def test_an_email_that_is_too_long_to_be_printed_becomes_no_letter():
    words = Wording("Stay in. " * 3_000, subject="Stay in")
    made = plan(person("r1", "h1", email="jo@example.org"), person("r2", "h2"), wording=words, channel=Channel.EMAIL)
    assert outcomes(made) == {"email": (1, 1), "door": (1, 1)}
