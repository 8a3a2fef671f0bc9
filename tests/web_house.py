"""A small house for tests of the screens: people may sign in, and use cases are given their answers by the test."""

import re
import warnings
from contextlib import contextmanager
from datetime import date, timedelta

import polars as pl
from starlette.exceptions import StarletteDeprecationWarning

with warnings.catch_warnings():
    # The test client still takes httpx; its successor would be one more dependency for tests alone.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient

from fakes import MORNING, FixedClock
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.decisions import Decision, Finding, Outcome, Reason
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import DecisionId, IncidentId, Login
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.needs.coverage import CoverageLine, Freshness
from wardkeeper.places.areas import AreaTable
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.usecases.house import House, Places
from wardkeeper.usecases.ports import Account, Document
from wardkeeper.usecases.view_incident import IncidentView, count_statuses

PASSWORD = "correct horse battery staple"
BASE = "http://127.0.0.1"
INCIDENT = IncidentId("inc-000000000001")

PLANNER = Actor(Login("asha"), "Asha Planner", "trafford-council", frozenset({Role.PLANNER}))
CREW = Actor(Login("fire1"), "Crew One", "gm-fire", frozenset({Role.RESPONDER}))
DPO = Actor(Login("dipa"), "Dipa Officer", "trafford-council", frozenset({Role.DPO}))
HEALTH = Actor(Login("hana"), "Hana Health", "trafford-council", frozenset({Role.PUBLIC_HEALTH}))
PEOPLE = (PLANNER, CREW, DPO, HEALTH)

AUTHORITY = """
slug = "trafford-council"
name = "Trafford Council"
area_codes = ["E08000009"]
demonstration = true
[contacts]
control_name = "Trafford Control Room"
control_phone = "0161 496 0100"
dpo = "dpo@trafford.example"
[[organisations]]
slug = "trafford-council"
name = "Trafford Council"
category = "authority"
contact = "resilience@trafford.example"
[[organisations]]
slug = "gm-fire"
name = "Greater Manchester Fire and Rescue Service"
category = "category-1"
contact = "control@gm-fire.example"
"""

PURPOSES = """
[[purposes]]
slug = "emergency-response"
title = "responding to an emergency"
group = "emergency"
standing = false
compatible = []
forbidden = []
"""

NEEDS = """
hazard = "flood"
[[need]]
name = "carry-out"
title = "Carrying out of the home"
weight = 5.0
any_of = ["uses-hoist"]
[factors]
uses-hoist = "uses a hoist"
"""


def square(west, south, size=0.01):
    """GeoJSON text of a square, its corner at the south-west, in degrees."""
    east, north = west + size, south + size
    ring = f"[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]"
    return f'{{"type":"Polygon","coordinates":[{ring}]}}'


class PlainPasswords:
    """Passwords that anybody can read: fast, and of no use outside a test."""

    def hash(self, password):
        return f"hashed {password}"

    def verify(self, password_hash, password):
        return password_hash == self.hash(password)

    def nobody(self):
        return "nobody"


class SmallStore:
    """The parts of the store that signing in and the page's frame read."""

    def __init__(self):
        self.people = {one.login: Account(one, PlainPasswords().hash(PASSWORD)) for one in PEOPLE}
        self.sessions = {}
        self.leaves_written = []
        self.number = 1
        self.applied = [
            Document("authority", "authority", AUTHORITY.encode(), "0" * 64, MORNING),
            Document("purposes", "purposes", PURPOSES.encode(), "2" * 64, MORNING),
            Document("needs", "flood", NEEDS.encode(), "1" * 64, MORNING),
        ]

    def account(self, login):
        return self.people.get(login)

    def session(self, token_hash):
        return self.sessions.get(token_hash)

    def documents(self, kind):
        return [document for document in self.applied if document.kind == kind]

    def change_number(self):
        return self.number

    @contextmanager
    def write(self, leaf):
        self.leaves_written.append(leaf)
        yield self

    def add_session(self, session):
        self.sessions[session.token_hash] = session

    def end_session(self, token_hash):
        self.sessions.pop(token_hash, None)


def make_postcodes():
    """One postcode, in the first area."""
    row = {"postcode": "M33 1AA", "output_area": "E00000001", "lsoa": "E01000001", "msoa": "E02000001"}
    return PostcodeTable(pl.DataFrame([{**row, "longitude": -2.315, "latitude": 53.415}]))


def make_areas():
    """Four neighbouring areas in a square."""
    corners = [(-2.32, 53.41), (-2.31, 53.41), (-2.32, 53.42), (-2.31, 53.42)]
    return AreaTable(
        pl.DataFrame(
            {
                "area": [f"E0100000{number}" for number in range(1, 5)],
                "name": [f"Sale {number}" for number in range(1, 5)],
                "population": [1500, 1600, 1700, 1800],
                "longitude": [west + 0.005 for west, _ in corners],
                "latitude": [south + 0.005 for _, south in corners],
                "geometry": [square(west, south) for west, south in corners],
            }
        )
    )


def make_house():
    places = Places(make_postcodes(), None, make_areas(), {"Mersey at Sale": square(-2.315, 53.415)})
    return House(
        clock=FixedClock(),
        vault=None,
        store=SmallStore(),
        passwords=PlainPasswords(),
        read_table=None,
        places=lambda: places,
    )


REASONS = (
    Reason(1, "purpose", Finding.PASSED, "the purpose is named and published", "UK GDPR, Article 5(1)(b)"),
    Reason(10, "impact assessment", Finding.NOT_ASSESSED, "not built yet", "UK GDPR, Article 35"),
)
STOOD_DOWN = Reason(
    20, "incident", Finding.FAILED, "the incident was stood down", "Wardkeeper G5", "Declare a new incident."
)


def make_decision(*reasons, outcome=Outcome.ALLOW):
    return Decision(
        id=DecisionId("dec-000000000001"),
        outcome=outcome,
        login=PLANNER.login,
        organisation=PLANNER.organisation,
        purpose="emergency-response",
        operation="open-list",
        datasets=frozenset(),
        fields=frozenset(),
        incident=INCIDENT,
        decided_at=MORNING,
        until=MORNING + timedelta(hours=1),
        reasons=reasons or REASONS,
    )


LINES = (
    # reference, ring_control, status, outcome, organisation, caution, objected
    ("Alpha 1", False, "to do", None, None, None, False),
    ("Alpha 2", True, "to do", None, None, "Ring Control first.", False),
    ("Bravo 3", False, "taken", None, "gm-fire", "Attend in pairs.", False),
    ("Bravo 4", False, "try again", "No reply", "gm-fire", None, True),
    ("Bravo 5", False, "done", "Safe", "gm-fire", None, False),
)


def make_lines(rows=LINES):
    """The list as a planner sees it. Hidden lines still hold an address here, to prove that a page never shows it."""
    return pl.DataFrame(
        [
            {
                "check_id": f"chk-{number:012d}",
                "rank": number,
                "reference": reference,
                "score": 10.0 - number / 100,
                "people": 1,
                "needs": ["Carrying out of the home", "Power for oxygen"],
                "reasons": ["Uses a hoist: adult social care, 3 days old."],
                "sources": ["adult-social-care"],
                "oldest_on": date(2026, 11, 1),
                "address": f"{number} Invented Road, Sale" if not ring else "99 Secret Street, Sale",
                "postcode": "M33 7AA" if not ring else "M33 9ZZ",
                "longitude": -2.311 + (number % 50) / 10000 if not ring else None,
                "latitude": 53.418 + number / 100000 if not ring else None,
                "names": ["Mrs Ada Example"] if not ring else ["Hidden Person"],
                "phones": ["+447700900123"],
                "birth_years": ["1941"],
                "ring_control": ring,
                "cautions": [caution] if caution else [],
                "objected": objected,
                "status": status,
                "outcome": outcome,
                "note": None,
                "by_organisation": organisation,
                "changed_at": MORNING if organisation else None,
            }
            for number, (reference, ring, status, outcome, organisation, caution, objected) in enumerate(rows, 1)
        ],
        schema_overrides={"cautions": pl.List(pl.String), "longitude": pl.Float64, "latitude": pl.Float64},
    )


COVERAGE = [
    CoverageLine("shielding", "Shielding file", Freshness.MISSING, None, "No file has been received. Ask the NHS."),
    CoverageLine("assisted-bins", "Assisted bins", Freshness.LATE, date(2026, 9, 1), "82 days old; at most 30."),
    CoverageLine("adult-social-care", "Adult social care", Freshness.FRESH, date(2026, 11, 19), "3 days old."),
]

EVERYTHING = frozenset({"take", "record", "export", "stand_down", "confirm_closing"})


def make_view(lines=None, *, may=EVERYTHING, phase=Phase.ACTIVE, name="Mersey flood, Sale"):
    lines = make_lines() if lines is None else lines
    return IncidentView(
        id=INCIDENT,
        name=name,
        hazard=Hazard.FLOOD,
        phase=phase,
        started_at=MORNING,
        declared_by="asha",
        necessity="Water is expected in homes by 3am.",
        outline=square(-2.315, 53.415),
        decision=make_decision(),
        lines=lines,
        coverage=COVERAGE,
        counts=count_statuses(lines),
        last_event=7,
        may=may,
    )


def browser(app, base=BASE):
    """A browser that nobody has signed in with. Faults come back as pages, as they do from a server."""
    return TestClient(app, base_url=base, follow_redirects=False, raise_server_exceptions=False)


def csrf_of(page):
    """The form token a page was given."""
    return re.search(r'name="csrf" value="(\w*)"', page)[1]


def sign_in(client, actor, password=PASSWORD):
    """Sign a person in through the page, as a browser does."""
    token = csrf_of(client.get("/sign-in").text)
    return client.post("/sign-in", data={"csrf": token, "login": actor.login, "password": password, "next": "/"})


def post(client, address, data=None, **options):
    """Send a form with the token of the signed-in person's session."""
    token = csrf_of(client.get("/").text)
    return client.post(address, data={"csrf": token, **(data or {})}, **options)


def words_of(page):
    """What a page says, its tags taken out and its spaces made single."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()
