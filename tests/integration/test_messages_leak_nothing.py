"""A planted protected person's number is looked for in everything a campaign leaves: Notify, files, answers, errors, records.

The campaign is planned, approved, sent before a local GOV.UK Notify, followed and measured on the command line, with every
log turned on; then all that left, and all that was stored, is searched.
"""

import logging

import polars as pl
import pytest

from command_line import run_here
from fakes import make_permit
from notify_server import NotifyServer
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.demo import cast
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.datasets import HOMES, RESIDENTS

NUMBER, EMAIL, ADDRESS = "+447700900987", "hidden.person@example.org", "1 Hidden Mews, Sale"
"""What is planted on a protected resident, and nobody else has."""

DIGITS = "7700900987"
COMMS, LEAD = ("--as", cast.COMMUNICATIONS.login), ("--as", cast.PUBLIC_HEALTH.login)
TEXT = "Free tests are at Sale library, 9am to 5pm."


def plant(house):
    """Give a protected resident a number and an e-mail, and their home an address, that only they have."""
    now = house.clock.now()
    permit = make_permit(RESIDENTS, HOMES, now=now)
    files = {name: house.store.current(name) for name in (RESIDENTS, HOMES)}
    frames = {name: house.vault.read(file, file.columns, permit=permit) for name, file in files.items()}
    people = frames[RESIDENTS]
    chosen = people.filter(pl.col("protected") & pl.col("home_id").is_not_null())["resident_id"][0]
    is_them = pl.col("resident_id") == chosen
    home = people.filter(is_them)["home_id"][0]
    changed = {
        RESIDENTS: people.with_columns(
            pl.when(is_them).then(pl.lit(NUMBER)).otherwise("phone").alias("phone"),
            pl.when(is_them).then(pl.lit(EMAIL)).otherwise("email").alias("email"),
        ),
        HOMES: frames[HOMES].with_columns(
            pl.when(pl.col("home_id") == home).then(pl.lit(ADDRESS)).otherwise("address").alias("address")
        ),
    }
    with house.store.write(Leaf(Act.RESIDENTS_LINKED, now, "test", "")) as writer:
        for name, frame in changed.items():
            mandates = files[name].mandates
            writer.set_current(house.vault.write(frame, dataset=name, mandates=mandates, parents=[], permit=permit))


@pytest.fixture
def left(folder, town, tmp_path, monkeypatch, caplog):
    """Everything that left, by where it left."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(desk, "open_house", open_town)
    house = open_town(folder, town.places)
    plant(house)
    areas = town.homes["lsoa"].unique().sort().to_list()
    told = {}

    def message(*arguments):
        for form in ([], ["--json"]):
            done = run_here("message", *arguments, *form, folder=folder)
            told[f"{arguments[0]} {len(told)}"] = done.out + done.err
        return done

    with NotifyServer() as server:
        monkeypatch.setenv("WARDKEEPER_NOTIFY_URL", server.url)
        monkeypatch.setenv("WARDKEEPER_NOTIFY_KEY", server.key())
        ids = {kind: server.add_template(kind, "((message))", "((subject))") for kind in ("sms", "email")}
        templates = ["--template", f"text={ids['sms']}", "--template", f"email={ids['email']}"]
        planned = message("plan", *areas, "--text", TEXT, "--subject", "Tests", "--channel", "text", "--save", *COMMS)
        campaign = planned.answer["campaign"]
        message("submit", campaign, *COMMS)
        message("approve", campaign, *COMMS)
        message("approve", campaign, *LEAD)
        message("send", campaign, *templates, *COMMS)
        server.answers.extend([500, "lost"])
        message("send", campaign, "--send", *templates, *COMMS)
        taken = run_here("message", "files", campaign, "--to", tmp_path / "files", *COMMS, folder=folder)
        told["files"] = taken.out + taken.err
        server.deliver()
        message("status", campaign, "--ask", *COMMS)
        message("list", *LEAD)
        told["Notify"] = str([(one.to, one.personalisation, one.body, one.reference) for one in server.held])
        assert len(server.held) > 80
    told |= {path.name: path.read_text("utf-8-sig") for path in (tmp_path / "files").iterdir()}
    told["log"] = caplog.text
    told["ledger"] = b"\n".join(house.store.leaves()).decode()
    house.store.close()
    state = folder / ".wardkeeper"
    told |= {str(path): path.read_bytes().decode("latin-1") for path in state.rglob("*") if path.is_file()}
    return told


def test_a_protected_number_address_and_e_mail_leave_by_no_way(left):
    assert {"letters-to-print.csv", "Notify", "log", "ledger"} <= set(left)
    for where, text in left.items():
        plain = text.lower()
        assert DIGITS not in plain.replace(" ", ""), where
        assert EMAIL not in plain, where
        assert "hidden mews" not in plain, where


def test_no_other_number_is_in_an_answer_a_log_or_a_record(left):
    """Numbers go to Notify, and nowhere else."""
    assert "+4477009" in left["Notify"] or "+447" in left["Notify"]
    for where, text in left.items():
        if where != "Notify":
            assert "+447" not in text.replace("+447700900987", ""), where
