"""G17: the planted people who must not be found are looked for in everything that leaves: pages, files, streams, logs, records.

One incident is worked over HTTP by every login; every page a login can reach is fetched, allowed or refused. Only what
holds the raw rows is left out of the search: the extracts themselves, the screen of rows to fix, and the address list.
"""

import contextlib
import io
import itertools
import json
import logging
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import polars as pl
import pytest

from command_line import run_here
from districts import PASSWORD
from fakes import make_permit
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.cli.demo import serve_for_a_while
from wardkeeper.demo import cast
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.datasets import incident_doors, incident_list
from wardkeeper.web.campaign_words import LISTS
from web_house import csrf_of, sign_in

EXAMPLES = Path(__file__).parents[2] / "examples"
START = (
    "/",
    "/sources",
    "/joining",
    "/joining/review",
    "/outbreaks",
    "/outbreaks/export",
    "/messages",
    "/activity",
    "/incidents/declare",
)
RAW_ROWS = "rows-to-fix"
CHECK_PAGES = 4
REVIEWED = 40
SOURCES = tuple(sorted(path.stem for path in (EXAMPLES / "trafford" / "sources").glob("*.toml")))
ACTIVITY_PAGES = 5
"""Check pages fetched for a login beside those of the doors that are hidden: one is like another."""

NO = dict.fromkeys(("death", "injury", "complaint", "claim", "inquest"), "no")


@dataclass
class Walked:
    """Everything that left while an incident was worked. `seen` maps where it left to its text."""

    house: object
    folder: object
    incident: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    revealed: dict[str, str] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    lines: pl.DataFrame = None
    doors: pl.DataFrame = None

    def keep(self, where, content):
        self.seen[where] = content.decode("utf-8", "replace") if isinstance(content, bytes) else content

    def check_of(self, uprn):
        found = self.doors.filter(pl.col("home_id") == f"uprn:{uprn}")
        return found["check_id"][0] if found.height else None

    def line_of(self, uprn):
        return self.lines.row(by_predicate=pl.col("check_id") == self.check_of(uprn), named=True)


def plain(text):
    """Letters and digits only, upper case, words one space apart: however an address is written, it reads the same."""
    return f" {re.sub(r'[^0-9A-Z]+', ' ', unescape(text).upper()).strip()} "


def crawl(walked, client, login, hidden):
    """Fetch every page that can be reached from the start pages, exports included.

    Looking at the activity record adds to it, so its pages never end: a few of them are followed.
    """
    waiting, known, checks = [*START, f"/incidents/{walked.incident}"], set(), 0
    while waiting:
        path = waiting.pop()
        if path in known or RAW_ROWS in path or path.startswith("/static") or "week=" in path:
            continue
        known.add(path)
        if "before=" in path and sum("before=" in one for one in known) > ACTIVITY_PAGES:
            continue
        if "/checks/" in path and not any(check in path for check in hidden):
            checks += 1
            if checks > CHECK_PAGES:
                continue
        page = client.get(path)
        walked.keep(f"{login} {path}", page.text)
        walked.pages[login] = walked.pages.get(login, 0) + (page.status_code == httpx.codes.OK)
        waiting += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', page.text)]


def post(walked, client, login, path, **answers):
    """Send a form and keep what came back; a workbook is unpacked."""
    token = csrf_of(client.get("/").text)
    page = client.post(path, data={"csrf": token, **answers})
    content = page.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    what = " ".join(answers[name] for name in ("file", "format") if name in answers)
    walked.keep(f"{login} POST {path} {what}", content)
    return page


def hear(walked, client, login, events):
    """Listen to an incident's stream until so many events have come."""
    heard = []
    with client.stream("GET", f"/incidents/{walked.incident}/stream", headers={"Last-Event-ID": "0"}) as answer:
        for line in answer.iter_lines():
            heard.append(line)
            if sum(one.startswith("event:") for one in heard) > events:
                break
    walked.keep(f"{login} stream", "\n".join(heard))


def declare(walked, planner):
    asked = {
        "hazard": "flood",
        "name": "Mersey flood",
        "necessity": "Severe flood warning: people must be out before the water comes.",
        "stage": "happening",
        "area": "example",
        "outline-example": "mersey-flood",
    }
    answer = post(walked, planner, "planner", "/incidents/declare", **asked)
    walked.incident = answer.headers["location"].rsplit("/", 1)[1]
    now = walked.house.clock.now()
    for name, columns in (("lines", None), ("doors", ["check_id", "home_id"])):
        dataset = {"lines": incident_list, "doors": incident_doors}[name](walked.incident)
        file = walked.house.store.current(dataset)
        opened = walked.house.vault.read(file, columns or file.columns, permit=make_permit(dataset, now=now))
        setattr(walked, name, opened)


def work(walked, clients, hidden):
    """Take and tick off the hidden doors and one other, then take everything away that may be taken."""
    crew, planner, health = (clients[one.login] for one in (cast.CREW, cast.PLANNER, cast.PUBLIC_HEALTH))
    for number, check in enumerate([*hidden, walked.lines["check_id"][0]]):
        path = f"/incidents/{walked.incident}/checks/{check}"
        post(walked, crew, "crew", f"{path}/take")
        post(walked, crew, "crew", f"{path}/done", outcome="no reply", note="", key=f"key-{number}")
    for form in ("csv", "xlsx"):
        post(walked, planner, "planner", f"/incidents/{walked.incident}/export", format=form)
    areas = walked.house.places().areas.frame["area"].to_list()
    for channel in ("text", "email", "letter"):
        wording = {"body": "Cases are rising. Tests are at Sale library.", "subject": "Cases", "kind": "safety"}
        post(walked, health, "health", "/messages", area=areas, channel=channel, **wording)
    send_files(walked, clients, {"area": areas, "channel": "letter", **wording})


def send_files(walked, clients, asked):
    """Plan a campaign, have it approved, and take away each of its files."""
    author, lead = clients[cast.COMMUNICATIONS.login], clients[cast.PUBLIC_HEALTH.login]
    page = post(walked, author, "comms", "/messages/save", **asked).headers["location"]
    draft = load_campaign(walked.house, page.rsplit("/", 1)[1]).draft
    told = {"fingerprint": draft.fingerprint, "acknowledged": list(draft.singles_out)}
    assert post(walked, lead, "health", f"{page}/approve", **told).status_code == httpx.codes.SEE_OTHER
    for name in ("notify-letter-english", *LISTS):
        taken = post(walked, author, "comms", f"{page}/files", file=name, format="csv")
        assert taken.status_code in {httpx.codes.OK, httpx.codes.NOT_FOUND}
        # The same letters come as two kinds of file, of which one is out at a time.
        post(walked, author, "comms", f"{page}/files/settle", file=name, became="put-away", part="")


def reveal(walked, client, hidden):
    """Let Control's officer ask where each hidden door is: the one answer that may tell, and it is kept apart."""
    for check in hidden:
        path = f"/incidents/{walked.incident}/checks/{check}/reveal"
        answer = client.post(
            path, data={"csrf": csrf_of(client.get("/").text), "reason": "A crew is at the end of the street."}
        )
        assert answer.status_code == httpx.codes.OK
        walked.revealed[check] = answer.text


def review(walked, client):
    """Look at pairs and answer each, as long as there are some; then take the figures and the corrections away."""
    login = cast.ANALYST.login
    queue = client.get("/joining/review").text
    waiting = re.findall(r'href="/joining/review/([^"#]+)"', queue)
    for _ in range(REVIEWED):
        if not waiting:
            break
        path = f"/joining/review/{waiting[0]}"
        walked.keep(f"{login} {path}", client.get(path).text)
        answer = post(walked, client, login, path, verdict="unsure")
        waiting = [answer.headers["location"].rsplit("/", 1)[1]] if "/review/" in answer.headers["location"] else []
    post(walked, client, login, "/joining/export", format="csv")
    for source in SOURCES:
        path = f"/sources/{source}/rows-to-fix/corrections"
        assert post(walked, client, login, path, format="csv").status_code == httpx.codes.OK


def close(walked, clients):
    planner, dpo = clients[cast.PLANNER.login], clients[cast.DPO.login]
    path = f"/incidents/{walked.incident}"
    post(walked, planner, "planner", f"{path}/stand-down", reason="The river is falling.")
    for login, client in (("planner", planner), ("dpo", dpo)):
        walked.keep(f"{login} closing before", client.get(f"{path}/closing").text)
        post(walked, client, login, f"{path}/closing", **NO)
        walked.keep(f"{login} closing after", client.get(f"{path}/closing").text)
    for login, client in clients.items():
        walked.keep(f"{login} after the end", client.get(path).text)


@contextlib.contextmanager
def logs_kept():
    """Give what is logged by anything, at any level, until the block is left."""
    kept, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(kept), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture(scope="module")
def walked(town, tmp_path_factory):
    """An incident from its declaration to its end, worked by every login over HTTP, with all that left on the way."""
    folder = shutil.copytree(town.folder, tmp_path_factory.mktemp("leaks") / "town")
    house = open_town(folder, town.places)
    walked = Walked(house, folder)
    out, err = io.StringIO(), io.StringIO()
    with logs_kept() as logs, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        with serve_for_a_while(house) as address:
            clients = {one.login: httpx.Client(base_url=address, timeout=30) for one in cast.EVERYBODY}
            for actor in cast.EVERYBODY:
                assert sign_in(clients[actor.login], actor, PASSWORD).status_code == httpx.codes.SEE_OTHER
            declare(walked, clients[cast.PLANNER.login])
            hidden = walked.lines.filter("ring_control")["check_id"].to_list()
            work(walked, clients, hidden)
            reveal(walked, clients[cast.CONTROL.login], hidden)
            review(walked, clients[cast.ANALYST.login])
            take_at_the_command_line(walked)
            for login, client in clients.items():
                crawl(walked, client, login, hidden)
            for login in (cast.PLANNER.login, cast.CREW.login):
                hear(walked, clients[login], login, events=2 + 2 * len(hidden))
            close(walked, clients)
            for client in clients.values():
                client.close()
        find_at_the_command_line(walked)
    walked.keep("logs", logs.getvalue())
    walked.keep("standard output", out.getvalue())
    walked.keep("standard error", err.getvalue())
    walked.keep("ledger", b"\n".join(house.store.leaves()))
    yield walked
    house.store.close()


def take_at_the_command_line(walked):
    """Write every file of people that the command line gives, for each two sources and for the incident."""
    files = {"facts": ("incident", "facts", walked.incident, "--to")}
    for one, other in itertools.permutations(SOURCES, 2):
        asked = ("source", "missing", "--in", one, "--not-in", other, "--incident", walked.incident, "--csv")
        files[f"{one} not in {other}"] = asked
    for name, asked in files.items():
        to = walked.folder.parent / "taken.csv"
        ran = run_in_town(*asked, to, "--as", cast.PLANNER.login, folder=walked.folder)
        assert ran.code == 0, ran.err
        walked.keep(f"wardkeeper {name}", to.read_bytes() + (ran.out + ran.err).encode())


def run_in_town(*arguments, folder):
    """Run a command in a house whose clock stands on the town's day."""
    opened, desk.open_house = desk.open_house, open_town
    try:
        return run_here(*arguments, folder=folder)
    finally:
        desk.open_house = opened


def find_at_the_command_line(walked):
    area = walked.folder / "places" / "mersey-flood.geojson"
    asked = ("find", "flood", "--area", area, "--as", cast.PLANNER.login)
    for form in ([], ["--json"]):
        ran = run_in_town(*asked, *form, folder=walked.folder)
        assert ran.code == 0, ran.err
        walked.keep(f"wardkeeper find {form}", ran.out + ran.err)


def hidden_words(town):
    """What must be nowhere: the two hidden homes' address lines and UPRNs, and the refuge's name."""
    planted = town.planted
    words = {"the refuge's name": planted.refuge_name}
    for whose, uprn in (("her", planted.fled_home), ("the refuge's", planted.refuge_home)):
        words[f"{whose} UPRN"] = uprn
        words[f"{whose} address"] = town.home(uprn)["address"].split(",")[0]
    return {what: plain(word) for what, word in words.items()}


def test_the_search_finds_what_is_there_to_be_found(town, walked):
    """A search that could find nothing would prove nothing."""
    shown = walked.lines.filter(~pl.col("ring_control")).row(0, named=True)
    for where in ("wardkeeper find ['--json']", f"{cast.CREW.login} /incidents/{walked.incident}"):
        assert plain(shown["address"].split(",")[0]) in plain(walked.seen[where]), where
    assert plain(shown["names"][0]) in plain(walked.seen[f"{cast.CREW.login} /incidents/{walked.incident}"])
    csv = walked.seen[f"planner POST /incidents/{walked.incident}/export csv"]
    assert shown["address"] in csv
    assert shown["address"] in walked.seen[f"planner POST /incidents/{walked.incident}/export xlsx"]
    raw = (town.folder / "extracts" / "adult-social-care.csv").read_text("utf-8-sig")
    assert any(word in plain(raw) for word in hidden_words(town).values())


def test_the_pages_of_review_and_the_files_of_people_were_searched_too(walked):
    assert sum("/joining/review/" in where and "POST" not in where for where in walked.seen) > 5
    assert any("/joining/export" in where for where in walked.seen)
    assert "wardkeeper facts" in walked.seen
    people = [text for where, text in walked.seen.items() if " not in " in where]
    assert len(people) == len(SOURCES) * (len(SOURCES) - 1)
    assert max(text.count("\n") for text in people) > 10


def test_every_login_reached_its_pages(walked):
    assert set(walked.pages) == {one.login for one in cast.EVERYBODY}
    assert walked.pages[cast.PLANNER.login] > 10
    assert walked.pages[cast.CREW.login] > 5
    assert all(reached >= 1 for reached in walked.pages.values())
    for login in (cast.PLANNER.login, cast.CREW.login):
        assert walked.seen[f"{login} stream"].count("event: change") > 5
    assert "was destroyed" in walked.seen["dpo closing after"] or "Destroyed" in walked.seen["dpo closing after"]


@pytest.mark.parametrize(
    "what", ["her address", "her UPRN", "the refuge's address", "the refuge's UPRN", "the refuge's name"]
)
def test_g17_no_page_file_search_log_or_export_tells_it(town, walked, what):
    word = hidden_words(town)[what]
    assert [where for where, text in walked.seen.items() if word in plain(text)] == []


def test_g17_controls_own_answer_is_the_one_that_tells_and_names_nobody(town, walked):
    person = town.person(town.planted.fled)
    for uprn in (town.planted.fled_home, town.planted.refuge_home):
        answer = plain(walked.revealed[walked.check_of(uprn)])
        assert plain(town.home(uprn)["address"].split(",")[0]) in answer
        assert plain(f"{person['given']} {person['family']}") not in answer
        assert plain(town.planted.refuge_name) not in answer
    revealed = [leaf for leaf in map(json.loads, walked.house.store.leaves()) if leaf["type"] == "door.revealed"]
    assert [leaf["login"] for leaf in revealed] == [cast.CONTROL.login] * len(walked.revealed)
    assert "end of the street" not in walked.seen["ledger"]


def test_g17_her_name_leads_nobody_to_her_door(town, walked):
    """No incident page, list, stream or record has her name; a letter or a file of people, at her former home only."""
    person = town.person(town.planted.fled)
    name = plain(f"{person['given']} {person['family']}")
    named = {where for where, text in walked.seen.items() if name in plain(text)}
    files = ("/files", *(f"wardkeeper {source} not in" for source in SOURCES), "wardkeeper facts")
    assert {where for where in named if not any(file in where for file in files)} == set()
    former = plain(town.home(town.planted.fled_from)["address"].split(",")[0])
    for where in named:
        assert all(former in plain(line) for line in walked.seen[where].splitlines() if name in plain(line))


def test_g17_the_hidden_doors_are_on_the_list_with_their_rank_and_one_wording(town, walked):
    for uprn in (town.planted.fled_home, town.planted.refuge_home):
        line = walked.line_of(uprn)
        assert line["ring_control"]
        assert 1 <= line["rank"] <= walked.lines.height
        assert line["score"] > 0
        assert [line[name] for name in ("address", "postcode", "longitude", "latitude")] == [None] * 4
        assert line["names"] == line["phones"] == line["birth_years"] == []
        page = walked.seen[f"{cast.CREW.login} /incidents/{walked.incident}/checks/{line['check_id']}"]
        assert "RING CONTROL FIRST" in plain(page)
        assert line["reference"] in page


def test_g17_she_keeps_the_rank_that_her_needs_give_her(town, walked):
    scores = walked.lines.sort("rank")["score"]
    assert scores.is_sorted(descending=True)
    line = walked.line_of(town.planted.fled_home)
    assert any("carried or lifted" in need for need in line["needs"])


def test_no_pin_stands_where_a_hidden_home_is(town, walked):
    for uprn in (town.planted.fled_home, town.planted.refuge_home):
        home = town.home(uprn)
        here = walked.lines.filter(pl.col("longitude") == home["longitude"], pl.col("latitude") == home["latitude"])
        assert here.is_empty()
        assert all(f"{home['longitude']}" not in text for text in walked.seen.values())


def test_g19_the_dead_are_on_no_list_and_get_no_message(town, walked):
    dead = town.person(town.planted.dead)
    assert walked.check_of(dead["uprn"]) is None
    name = plain(f"{dead['given']} {dead['family']}")
    # Records of the dead are joined too, so those who tell pairs apart may see them.
    told = [where for where, text in walked.seen.items() if name in plain(text)]
    assert [where for where in told if "/joining/review/" not in where] == []


def test_g19_the_objector_is_on_the_list_and_shows_as_one(town, walked):
    objector = town.person(town.planted.objector)
    line = walked.line_of(objector["uprn"])
    assert line["objected"]
    assert line["address"]
    page = walked.seen[f"{cast.PLANNER.login} /incidents/{walked.incident}"]
    assert plain("asked not to be contacted") in plain(page)


def test_g20_the_caution_is_shown_and_does_not_lower_the_rank(town, walked):
    line = walked.line_of(town.person(town.planted.caution)["uprn"])
    assert line["cautions"] == ["Attend in pairs"]
    assert line["address"]
    assert any("Attend in pairs" in text for where, text in walked.seen.items() if where.startswith(cast.CREW.login))


def test_g1_no_file_of_the_authority_has_it_either(town, walked):
    """Every byte of the folder, sealed files and database included, but the extracts, the address list and the truth."""
    raw = {"extracts", "addresses.parquet", "truth.parquet"}
    paths = [path for path in walked.folder.rglob("*") if path.is_file()]
    searched = [path for path in paths if not raw & set(path.relative_to(walked.folder).parts)]
    assert any(path.suffix == ".parquet" for path in searched)
    assert any(path.name == "ledger.db" for path in searched)
    person = town.person(town.planted.fled)
    secrets = [
        town.planted.refuge_name,
        *(town.home(uprn)["address"].split(",")[0] for uprn in (town.planted.fled_home, town.planted.refuge_home)),
        town.planted.fled_home,
        town.planted.refuge_home,
        f"{person['given']} {person['family']}",
        person["nhs_number"],
    ]
    for path in searched:
        content = path.read_bytes().lower()
        assert [one for one in secrets if one and one.lower().encode() in content] == [], path.name


def test_g12_no_resident_is_named_on_the_ledger(town, walked):
    ledger = plain(walked.seen["ledger"])
    shown = walked.lines.filter(~pl.col("ring_control"))
    for row in shown.iter_rows(named=True):
        assert plain(row["address"].split(",")[0]) not in ledger
        assert all(plain(name) not in ledger for name in row["names"])
        assert row["check_id"] not in walked.seen["ledger"]
    numbers = town.people["nhs_number"].drop_nulls().to_list()
    assert not any(number in walked.seen["ledger"] for number in numbers)
    acts = {json.loads(leaf)["type"] for leaf in walked.house.store.leaves()}
    assert {"incident.declared", "data.exported", "messages.planned", "data.destroyed"} <= acts


def test_nothing_about_anybody_is_logged(walked):
    told = plain(walked.seen["logs"] + walked.seen["standard output"] + walked.seen["standard error"])
    for row in walked.lines.filter(~pl.col("ring_control")).iter_rows(named=True):
        assert all(plain(name) not in told for name in row["names"])
        assert plain(row["address"].split(",")[0]) not in told
