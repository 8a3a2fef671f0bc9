"""Counts add up for any street, and a protected person's home is in no output, however it was recorded."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.messages.audience import COLUMNS, MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.files import campaign_files
from wardkeeper.messages.notify import notify_file
from wardkeeper.messages.plan import MessagePlan, Outcome, make_plan
from wardkeeper.messages.totals import total_of
from wardkeeper.messages.wording import Wording

AREA = "E01006100"
TODAY = date(2026, 11, 22)
KINDS = dict.fromkeys(COLUMNS, pl.String) | dict.fromkeys(("birth_date", "objected_on", "died_on"), pl.Date)
KINDS["protected"] = pl.Boolean

DAY = st.sampled_from([None, None, None, date(2026, 1, 1)])
HOME = st.integers(1, 6)


@st.composite
def people(draw) -> dict:
    """Make a resident of one of six homes; each home may go by two ids, and phones and e-mails are shared freely."""
    home = draw(HOME)
    return {
        "resident_id": draw(st.one_of(st.none(), st.integers(1, 12).map(str))),
        "home_id": draw(st.sampled_from([f"uprn:{home}", f"uprn:{home}", f"addr:{home}", None])),
        "address": draw(st.sampled_from([f"{home} Lark Rise, Sale", f"{home} LARK RISE", None])),
        "postcode": draw(st.sampled_from(["M33 1AB", "M33 1AB", None])),
        "lsoa": draw(st.sampled_from([AREA, AREA, AREA, "E01006200", None])),
        "given": draw(st.sampled_from(["JO", None])),
        "family": draw(st.sampled_from(["SMITH", "PATEL", None])),
        "phone": draw(st.sampled_from([None, "+447700900001", "+447700900002", "+441632960001"])),
        "email": draw(st.sampled_from([None, "a@example.org", "b@example.org"])),
        "language": draw(st.sampled_from([None, "Urdu"])),
        "birth_date": draw(st.sampled_from([None, date(1950, 1, 1), date(2020, 1, 1)])),
        "protected": draw(st.sampled_from([False, False, False, False, True, None])),
        "objected_on": draw(DAY),
        "died_on": draw(st.sampled_from([None, None, None, None, None, date(2026, 1, 1)])),
        "special": draw(st.sampled_from([None] * 8 + ["refuge"])),
        "safe_contact": draw(st.sampled_from([None] * 6 + ["Do not text", "Letter only", "No letters", "See file"])),
        "safe_phone": draw(st.sampled_from([None] * 8 + ["+447700900003"])),
    }


ANCHOR = {"resident_id": "0", "home_id": "uprn:0", "address": "10 Elm Walk", "postcode": "M33 1AB", "lsoa": AREA}
STREETS = st.lists(people(), max_size=25).map(lambda rows: [ANCHOR, *rows])


def make(rows: list[dict], kind: MessageKind, channel: Channel) -> MessagePlan:
    wording = Wording("Dear ((name)), get a free test.", subject="Tests", kind=kind)
    frame = pl.DataFrame(rows, schema=KINDS)
    return make_plan(frame, areas=[AREA], wording=wording, channel=channel, today=TODAY)


@settings(max_examples=40)
@given(rows=STREETS, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_every_home_and_every_person_has_one_outcome(rows, kind, channel):
    made = make(rows, kind, channel)
    assert sum(tally.homes for tally in made.tallies) == made.homes
    assert sum(tally.people for tally in made.tallies) == made.people
    assert made.doors.height == made.of(Outcome.DOOR).homes
    assert made.officer.height == made.of(Outcome.OFFICER).people + made.of(Outcome.CONTACT).people
    assert made.audience.height + sum(tally.people for tally in made.excluded) == made.people
    if kind is MessageKind.ROUTINE:
        assert made.of(Outcome.OFFICER).people == 0
    # Every home reached by text or e-mail stands behind at least one row, and no row is there twice.
    for way in Channel:
        file = notify_file(made, way)
        assert (file.height > 0) == (made.of(Outcome(way.value)).homes > 0)
        assert not file.is_duplicated().any()


@settings(max_examples=40)
@given(rows=STREETS, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_nobody_who_objected_or_lives_in_a_home_with_a_death_gets_a_text_or_email(rows, kind, channel):
    made = make(rows, kind, channel)
    closed = [row for row in rows if row.get("died_on") or row.get("objected_on") or row.get("protected")]
    barred = {row["phone"] for row in closed} | {row["email"] for row in closed}
    assert not set(made.recipients["to"].drop_nulls().to_list()) & barred


@settings(max_examples=40)
@given(
    rows=STREETS,
    kind=st.sampled_from(MessageKind),
    channel=st.sampled_from(Channel),
    others=st.integers(0, 14),
    shared=st.booleans(),
)
def test_a_death_in_a_care_home_closes_the_dead_and_nobody_else_there(rows, kind, channel, others, shared):
    place = {
        "home_id": "uprn:66",
        "address": "66 Quiet Close",
        "postcode": "M33 1AB",
        "lsoa": AREA,
        "kind": "care home",
    }
    died = place | {"resident_id": "d", "family": "BLENKINSOP", "phone": "+447700900660", "died_on": TODAY}
    mates = [
        place | {"resident_id": f"m{n}", "phone": died["phone"] if shared else f"+4477009007{n:02}"}
        for n in range(others)
    ]

    made = make([*rows, died, *mates], kind, channel)

    told = set(made.audience["resident_id"])
    assert "d" not in told
    assert {mate["resident_id"] for mate in mates} <= told
    assert made.beside_a_death == others
    used = made.recipients
    assert died["phone"] not in used["to"].to_list()
    assert not used["name"].str.to_uppercase().str.contains("BLENKINSOP").any()
    assert ("uprn:66" in {*used["home_id"], *made.doors["home_id"]}) == (others > 0)


@settings(max_examples=60)
@given(rows=STREETS, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_no_message_goes_a_way_that_a_note_forbids(rows, kind, channel):
    made = make(rows, kind, channel)
    forbidding = [row for row in rows if row.get("safe_contact") or row.get("safe_phone")]
    by_way = {way: [row for row in forbidding if f"no_{way}" in forbids(row)] for way in ("text", "email", "letter")}
    used = made.recipients
    sent_to = set(used["to"].drop_nulls().to_list())
    assert not sent_to & {row["phone"] for row in by_way["text"]}
    assert not sent_to & {row["email"] for row in by_way["email"]}
    # A number beside a safe one is not used; the safe one may also be somebody's only number.
    assert not sent_to & {row["phone"] for row in forbidding if row["safe_phone"]}
    lettered = set(used.filter(channel="letter")["home_id"].drop_nulls().to_list())
    assert not lettered & {row["home_id"] for row in by_way["letter"]}
    knocked = set(made.doors["home_id"].drop_nulls().to_list())
    assert not knocked & {row["home_id"] for row in forbidding if "no_knock" in forbids(row)}


def forbids(row: dict) -> set[str]:
    """Say plainly what a row's note forbids: the slow reference."""
    every = {"no_text", "no_email", "no_letter", "no_knock"}
    said = {
        None: set(),
        "Do not text": {"no_text"},
        "Letter only": every - {"no_letter"},
        "No letters": {"no_letter"},
        "See file": every,
    }[row["safe_contact"]]
    return said | (every - {"no_text"} if row["safe_phone"] else set())


PLANTED = ("uprn:777", "77 Secret Walk", "+447700900777", "07700900777", "hidden@example.org", "Zzyzx", "refuge")


AREAS = pl.DataFrame({"lsoa": [AREA], "area": [AREA], "name": ["Sale"]})


def all_output(made: MessagePlan) -> str:
    """Give everything a plan tells, as text."""
    frames = [made.recipients, made.doors, made.officer, *campaign_files(made, areas=AREAS, addresses=None).values()]
    words = [made.tallies, made.excluded, made.languages, made.advice, made.reachable]
    return " ".join([*(frame.write_json() for frame in frames), *map(str, words)])


@settings(max_examples=40)
@given(
    rows=STREETS,
    kind=st.sampled_from(MessageKind),
    channel=st.sampled_from(Channel),
    mark=st.sampled_from([{"protected": True}, {"special": "refuge"}, {"protected": True, "objected_on": TODAY}]),
    marked_elsewhere=st.booleans(),
    postcode=st.sampled_from(["M33 1AB", None]),
)
def test_a_protected_persons_home_is_in_no_output(rows, kind, channel, mark, marked_elsewhere, postcode):
    here = {
        "resident_id": "p",
        "home_id": "uprn:777",
        "address": "77 Secret Walk, Sale",
        "postcode": postcode,
        "lsoa": AREA,
    }
    contact = {"given": "JO", "family": "ZZYZX", "phone": "+447700900777", "email": "hidden@example.org"}
    if marked_elsewhere:
        planted = [here | contact, here | contact | mark | {"home_id": "uprn:888", "lsoa": "E01006200"}]
    else:
        planted = [here | contact | mark]
    # A housemate, a record of the same door under another id, and a neighbour who gave the same phone.
    housemate = here | {"resident_id": "q", "family": "ZZYZX"}
    twin = here | {"resident_id": "t", "home_id": "addr:777", "address": "77 SECRET WALK", "family": "ZZYZX"}
    neighbour = ANCHOR | {"resident_id": "n", "home_id": "uprn:10", "phone": "+447700900777"}

    told = all_output(make([*rows, *planted, housemate, twin, neighbour], kind, channel)).lower()

    for secret in PLANTED:
        assert secret.lower() not in told


@settings(max_examples=40)
@given(rows=STREETS, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_nobody_dead_or_objecting_is_in_a_file_but_the_officers(rows, kind, channel):
    dead = {"resident_id": "d", "home_id": "uprn:66", "address": "66 Quiet Close", "postcode": "M33 1AB", "lsoa": AREA}
    objector = ANCHOR | {"resident_id": "o", "family": "QUACKENBUSH", "objected_on": TODAY}
    planted = [dead | {"family": "BLENKINSOP", "died_on": TODAY}, dead | {"resident_id": "e"}, objector]

    made = campaign_files(make([*rows, *planted], kind, channel), areas=AREAS, addresses=None)

    told = {name: frame.write_json().upper() for name, frame in made.items()}
    assert not any("BLENKINSOP" in text or "66 QUIET CLOSE" in text for text in told.values())
    assert {name for name, text in told.items() if "QUACKENBUSH" in text} <= {"for-an-officer"}
    assert kind is MessageKind.SAFETY or "QUACKENBUSH" not in "".join(told.values())


@settings(max_examples=40)
@given(rows=STREETS, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_the_files_hold_as_many_as_the_plan_says(rows, kind, channel):
    made = make(rows, kind, channel)
    files = campaign_files(made, areas=AREAS, addresses=None)
    sent = sum(frame.height for name, frame in files.items() if name.startswith("notify-"))
    assert sent == made.recipients.height
    assert files.get("door-knocking", pl.DataFrame()).height == made.of(Outcome.DOOR).homes
    officer = made.of(Outcome.OFFICER).people + made.of(Outcome.CONTACT).people
    assert files.get("for-an-officer", pl.DataFrame()).height == officer
    assert sum(line.messages for line in total_of(made).messages) == sent


HOUSED = st.lists(people(), min_size=1, max_size=25).map(
    lambda rows: [
        ANCHOR,
        *(row | {"resident_id": f"r{n}", "home_id": row["home_id"] or f"uprn:{n}"} for n, row in enumerate(rows)),
    ]
)
"""Rows as linking gives them: each resident in one home, which has an id."""


def places_told(made: MessagePlan) -> dict[str, set]:
    """Give who is behind each thing that leaves a plan: numbers and addresses, homes knocked at, people for an officer."""
    used = made.recipients
    return {
        "text": set(used.filter(channel="text")["to"]),
        "email": set(used.filter(channel="email")["to"]),
        "letter": {house_number(" ".join(lines)) for lines in used.filter(channel="letter")["address"]},
        "door": set(made.doors["home_id"]),
        "officer": set(made.officer["resident_id"]),
    }


def house_number(address: str | None) -> str:
    return (address or "").split(" ")[0]


@settings(max_examples=80)
@given(rows=HOUSED, kind=st.sampled_from(MessageKind), channel=st.sampled_from(Channel))
def test_everybody_in_the_areas_is_told_in_one_way_or_has_one_reason(rows, kind, channel):
    """The slow reference: each person is looked up, by hand, in what leaves the plan."""
    made = make(rows, kind, channel)
    here = {row["resident_id"]: row for row in rows if row.get("lsoa") == AREA}
    told = places_told(made)
    outcome = dict(made.audience.select("resident_id", "outcome").iter_rows())

    assert len(here) == made.people
    assert made.homes == len({row["home_id"] for row in here.values()})
    assert made.audience.height == len(outcome)
    assert set(outcome) <= set(here)
    for resident, found in outcome.items():
        row = here[resident]
        mates = [mate for mate in here.values() if mate["home_id"] == row["home_id"]]
        numbers = {mate.get(name) for mate in mates for name in ("phone", "safe_phone")}
        ways = {
            "text": bool(numbers & told["text"]),
            "email": bool({mate.get("email") for mate in mates} & told["email"]),
            "letter": bool({house_number(mate.get("address")) for mate in mates} & told["letter"]),
            "door": row["home_id"] in told["door"],
            "contact": resident in told["officer"],
            "officer": resident in told["officer"],
        }
        assert ways[found], (row, found)
    left_out = [row for resident, row in here.items() if resident not in outcome]
    assert len(left_out) == sum(line.people for line in made.excluded)
    assert not {row["home_id"] for row in left_out if not row.get("objected_on")} & told["door"]
    assert not {row["resident_id"] for row in left_out} & told["officer"]


@settings(max_examples=30)
@given(rows=HOUSED, channel=st.sampled_from(Channel))
def test_homes_that_a_number_reaches_have_one_first_home(rows, channel):
    """The slow reference: homes that hold one thing in common are joined one by one."""
    linked = make(rows, MessageKind.ROUTINE, channel).linked
    for held in ("phone", "email"):
        used = make(rows, MessageKind.ROUTINE, channel).recipients.filter(channel="text" if held == "phone" else held)
        for number in used["to"]:
            homes = {row["home_id"] for row in rows if row.get("lsoa") == AREA and row.get(held) == number}
            assert len({linked.get(home, home) for home in homes}) <= 1
    assert all(linked[first] == first <= home for home, first in linked.items())
