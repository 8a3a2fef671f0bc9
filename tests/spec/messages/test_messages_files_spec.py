"""A planned street in; the files for a sending service, a printer, who knocks, an officer and partners, out."""

from dataclasses import replace
from datetime import date

import polars as pl

from wardkeeper.adapters.exports import to_csv
from wardkeeper.messages.audience import COLUMNS
from wardkeeper.messages.campaigns import Messenger, Speaker
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.doordrops import count_doors
from wardkeeper.messages.files import campaign_files
from wardkeeper.messages.partners import partners_list
from wardkeeper.messages.plan import MessagePlan, make_plan
from wardkeeper.messages.totals import total_of
from wardkeeper.messages.wording import Wording

SALE, STRETFORD = "E01006100", "E01006200"
KINDS = dict.fromkeys(COLUMNS, pl.String) | dict.fromkeys(("birth_date", "objected_on", "died_on"), pl.Date)
KINDS["protected"] = pl.Boolean
URDU = Wording("محترم ((name))، ((place)) میں مفت ٹیسٹ کروائیں۔", "مفت ٹیسٹ", values={"place": "Sale Town Hall"})
WORDS = Wording(
    "Dear ((name)), get a free test at ((place)).",
    "Free tests",
    values={"place": "Sale Town Hall"},
    translations={"Urdu": URDU},
)
AREAS = pl.DataFrame({"lsoa": [SALE], "area": ["E02001259"], "name": ["Sale"]})
ADDRESSES = pl.DataFrame(
    {"postcode": ["M33 1AB", "M33 1CD", "M33 2AA", "M41 5AA", None], "lsoa": [SALE, "x", SALE, "x", SALE]}
)


def person(number: int, **facts) -> dict:
    return {
        "resident_id": f"r{number}",
        "home_id": f"h{number}",
        "address": f"{number} Lark Rise, Sale",
        "postcode": "M33 1AB",
        "lsoa": SALE,
        "given": "JO",
        "family": "SMITH",
    } | facts


def plan(*people: dict) -> MessagePlan:
    frame = pl.DataFrame(people, schema=KINDS)
    return make_plan(frame, areas=[SALE], wording=WORDS, channel=Channel.TEXT, today=date(2026, 11, 22))


STREET = (
    person(1, phone="+447700900001"),
    person(2, phone="+447700900002", language="urdu"),
    person(3, email="jo@example.org"),
    person(4),
    person(5, language="Urdu", family="=CMD"),
    person(6, postcode=None, language="Polish"),
    person(7, safe_contact="See file"),
    person(8, protected=True),
    person(9, died_on=date(2026, 1, 1)),
    person(10, objected_on=date(2026, 1, 1)),
)


def files(*people: dict, speakers: tuple[Speaker, ...] = ()) -> dict[str, list[tuple]]:
    made = campaign_files(plan(*people), areas=AREAS, addresses=ADDRESSES, speakers=speakers)
    return {name: frame.rows() for name, frame in made.items()}


def test_a_file_for_each_channel_and_language_and_for_each_who_has_something_to_do():
    assert sorted(files(*STREET)) == [
        *("door-drop", "door-knocking", "for-an-officer", "letters-to-print", "notify-email-english"),
        *("notify-letter-english", "notify-letter-urdu", "notify-text-english", "notify-text-urdu", "partners"),
    ]


def test_a_file_with_nobody_in_it_is_not_made():
    assert sorted(files(person(1, phone="+447700900001"))) == ["door-drop", "notify-text-english", "partners"]


def test_each_language_has_its_own_people():
    made = files(*STREET)
    assert made["notify-text-english"] == [
        ("07700900001", "Jo Smith", "Sale Town Hall", "Dear Jo Smith, get a free test at Sale Town Hall.")
    ]
    assert made["notify-text-urdu"] == [
        ("07700900002", "Jo Smith", "Sale Town Hall", "محترم Jo Smith، Sale Town Hall میں مفت ٹیسٹ کروائیں۔")
    ]


def test_letters_for_a_printer_have_the_whole_words():
    english, urdu = files(*STREET)["letters-to-print"]
    assert english == (
        *("English", "Jo Smith", "4 Lark Rise", "Sale", "", "", "", "M33 1AB", "Free tests"),
        "Dear Jo Smith, get a free test at Sale Town Hall.",
    )
    assert urdu[0] == "Urdu"
    assert urdu[-1].endswith("Sale Town Hall میں مفت ٹیسٹ کروائیں۔")


def test_who_knocks_gets_doors_and_languages_and_no_names():
    assert files(*STREET)["door-knocking"] == [("6 Lark Rise, Sale", None, SALE, 1, ["Polish"])]


def test_an_officer_gets_what_must_be_decided_with_the_note():
    assert files(*STREET)["for-an-officer"] == [("Jo Smith", "7 Lark Rise, Sale", "M33 1AB", "See file")]


def test_nobody_who_must_not_be_written_to_is_in_any_file():
    text = str(files(*STREET))
    assert "7 Lark Rise" in text
    assert not any(f"{number} Lark Rise" in text for number in (8, 9, 10))


def test_no_cell_is_read_as_a_formula():
    made = campaign_files(plan(*STREET), areas=AREAS, addresses=ADDRESSES)
    for frame in made.values():
        assert ',"=' not in to_csv(frame).decode()


def test_partners_get_counts_and_words_and_who_speaks():
    people = [person(number) for number in range(1, 8)] + [person(number, language="Urdu") for number in range(8, 13)]
    english, urdu = files(*people, speakers=(Speaker(Messenger.FAITH_LEADER, language="Urdu"),))["partners"]
    assert english == (
        *(SALE, "Sale", "not recorded", "7", "council", "Free tests"),
        "Dear …, get a free test at Sale Town Hall.",
    )
    assert urdu[2:6] == ("Urdu", "5", "faith-leader", "مفت ٹیسٹ")
    assert urdu[6] == "محترم …، Sale Town Hall میں مفت ٹیسٹ کروائیں۔"


def test_partners_are_not_told_of_a_language_that_few_speak_there():
    people = [
        *(person(number, language="Urdu") for number in range(1, 5)),
        *(person(number, language="Tamil") for number in range(5, 7)),
        person(7, language="English"),
    ]
    told = [row[2:4] for row in files(*people)["partners"]]
    assert told == [("other languages", "6"), ("English", "fewer than 5")]


def test_no_two_lists_for_partners_can_be_taken_from_each_other():
    # An area of two parts: the whole and one part would tell that three people of the other speak Urdu.
    people = [person(number, language="Urdu") for number in range(1, 9)]
    made = plan(*people)
    other = pl.when(pl.col("resident_id").is_in(made.audience["resident_id"].head(3).implode())).then(pl.lit(STRETFORD))
    parted = replace(made, audience=made.audience.with_columns(lsoa=other.otherwise(pl.col("lsoa"))))
    whole = pl.DataFrame({"lsoa": [SALE, STRETFORD], "area": ["E02001259"] * 2, "name": ["Sale"] * 2})
    of_whole = partners_list(parted, whole).select("area", "language", "people").rows()
    of_part = partners_list(parted, whole.head(1)).select("area", "language", "people").rows()
    assert of_whole == [(SALE, "Urdu", "5"), (STRETFORD, "other languages", "fewer than 5")]
    assert of_part == of_whole[:1]


def test_leaflets_are_counted_by_postcode_sector_from_addresses_alone():
    assert count_doors(ADDRESSES, [SALE]).rows() == [("M33 1", 1, 2), ("M33 2", 1, 1)]


def test_the_total_is_what_is_put_to_the_approver():
    total = total_of(plan(*STREET))
    assert (total.homes, total.people) == (10, 10)
    assert sum(one.homes for one in total.outcomes) == sum(one.people for one in total.outcomes) == 10
    assert [(one.channel.value, one.language, one.messages, one.pence) for one in total.messages] == [
        ("email", "English", 1, 0),
        ("letter", "English", 1, 73),
        ("letter", "Urdu", 1, 73),
        ("text", "English", 1, 2),
        ("text", "Urdu", 1, 2),
    ]
    assert (total.pence, total.unreachable_homes, total.unknown_language) == (150, 1, 4)
    assert total.languages == (("Urdu", 2), ("Polish", 1))


def test_each_text_costs_by_the_name_in_it():
    """147 characters and a name: Al Poe's takes one text, a long one two, and one outside the GSM alphabet three."""
    names = {"1": ("AL", "POE"), "2": ("BARTHOLOMEW", "FOTHERINGAY"), "3": ("ZOË", "ŁĘCKA")}
    rows = [
        {"resident_id": one, "home_id": one, "address": f"{one} Elm Walk", "postcode": "M33 1AB", "lsoa": SALE}
        | {"given": given, "family": family, "phone": f"+44770090000{one}"}
        for one, (given, family) in names.items()
    ]
    made = make_plan(
        pl.DataFrame(rows, schema=KINDS),
        areas=[SALE],
        wording=Wording("Dear ((name)), " + "a" * 140),
        channel=Channel.TEXT,
        today=date(2026, 11, 22),
    )
    (line,) = total_of(made).messages
    assert (line.messages, line.pence) == (3, round(6 * 2.4))
