"""The documents are held to the code: generated pages are fresh, examples run, and what they name exists."""

import csv
import json
import re
import runpy
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import uvicorn

from fakes import make_permit
from wardkeeper.bootstrap import open_house, read_drafts
from wardkeeper.cli import main as cli
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.sending import MESSAGE_WORDS
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.sources.contract import parse
from wardkeeper.usecases.alert_book import KeptAlert, Standing
from wardkeeper.usecases.found_authority import NewPerson, found

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
DOCS = runpy.run_path(str(ROOT / "scripts" / "build_docs.py"))
PARTS = REFERENCE / "parts"
"""Words that the generated pages begin with: their links are tested there."""

CODE = sorted((ROOT / "src").rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md") if page.parent != PARTS)])
EXAMPLES = DOCS["COMMAND_EXAMPLES"]
FOUND_PROBLEMS = 1

FENCED = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)(?P<to>[^)#]+)")


def fenced(page: Path, kind: str) -> list[str]:
    return [block["text"] for block in FENCED.finditer(page.read_text("utf-8")) if block["kind"] == kind]


def run_command(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command as typed; give its exit code."""
    monkeypatch.setattr(sys, "argv", shlex.split(line))
    try:
        cli.run()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """Build the demonstration that the example of `demo` builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("docs"))
        assert run_command(EXAMPLES["demo"], patch) == 0
        return Path.cwd() / "demo-district"


@pytest.mark.parametrize("name", DOCS["build_pages"]())
def test_a_generated_page_says_what_the_code_says(name):
    assert (REFERENCE / name).read_text("utf-8") == DOCS["build_pages"]()[name], "run `make docs`"


def test_no_reference_page_is_left_over():
    assert {page.name for page in REFERENCE.glob("*.md")} == set(DOCS["build_pages"]())


def test_the_guide_says_what_to_do_next_of_a_message_in_each_state():
    guide = (ROOT / "docs" / "guides" / "public-health-and-communications.md").read_text("utf-8")
    table = guide.split("| What is said of a message | What to do next |")[1].split("\n\n")[0]
    assert [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[2:]] == list(MESSAGE_WORDS.values())


def test_every_command_has_an_example_and_no_other_has():
    assert set(EXAMPLES) == {name for name, _ in DOCS["list_commands"]()}


def test_every_example_of_the_page_is_one_that_the_test_below_runs():
    shown = [line for block in fenced(REFERENCE / "commands.md", "console") for line in block.splitlines()]
    assert {line.removeprefix("$ ") for line in shown if line.startswith("$ wardkeeper")} == set(EXAMPLES.values())


def test_every_option_is_on_the_page():
    text = (REFERENCE / "commands.md").read_text("utf-8")
    for name, command in DOCS["list_commands"]():
        section = text.split(f"## wardkeeper {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            for option in parameter.opts:
                assert f"`{option}`" in section or f"`{option.upper()}`" in section, f"{name} {option}"


def fill(line: str, filled: dict[str, str]) -> str:
    for word, value in filled.items():
        line = line.replace(word, value)
    return line


def a_resident(district: Path) -> dict[str, str]:
    """Give the id of a resident with several records, one of those, and another resident."""
    house = open_house(district)
    permit = make_permit("membership", now=house.clock.now())
    joined = house.vault.read(house.store.current("membership"), ["record_id", "resident_id"], permit=permit)
    several = joined.filter(pl.len().over("resident_id") > 2).sort("resident_id")
    house.store.close()
    resident, record = several["resident_id"][0], several["record_id"][0]
    return {"RESIDENT": resident, "RECORD": record, "OTHER": several["resident_id"][-1]}


def ids_to_review(monkeypatch, capsys) -> dict[str, str]:
    """Give the id of the pair that waits, and of the newest label."""
    capsys.readouterr()
    assert run_command(EXAMPLES["review list"], monkeypatch) == 0
    queue = json.loads(capsys.readouterr().out)
    return {"PAIR": queue["next_id"], **({"LABEL": queue["said"][0]["label_id"]} if queue["said"] else {})}


def row_to_fix(monkeypatch, capsys) -> dict[str, str]:
    """Give the number of the first row that waits to be put right."""
    capsys.readouterr()
    assert run_command(EXAMPLES["source rows"], monkeypatch) == 0
    return {"ROW": str(json.loads(capsys.readouterr().out)["rows"][0]["row"])}


def kept_campaigns(area: str, monkeypatch, capsys) -> dict[str, str]:
    """Keep three campaigns, one of them to all areas, and submit those that the examples decline and compare."""
    kept = []
    with Path("places/population.csv").open(encoding="utf-8") as file:
        everywhere = " ".join(row["area"] for row in csv.DictReader(file))
    texts = {"Free tests are at Sale library.": area, "Free tests are near you.": area, "Tests are free.": everywhere}
    for text, areas in texts.items():
        capsys.readouterr()
        line = f"wardkeeper message plan {areas} --text '{text}' --save --json --as {cast.COMMUNICATIONS.login}"
        assert run_command(line, monkeypatch) == 0
        kept.append(json.loads(capsys.readouterr().out)["campaign"])
    for one in kept[1:]:
        assert run_command(f"wardkeeper message submit {one} --as {cast.COMMUNICATIONS.login}", monkeypatch) == 0
    return {"CAMPAIGN": kept[0], "DECLINED": kept[1], "SPREAD": kept[2]}


def kept_alert(district: Path) -> dict[str, str]:
    """Keep an alert, as a week of a larger place would raise: in this small one none is."""
    house = open_house(district)
    day = date(2026, 11, 14)
    figures = {"observed": 30, "observed_low": 30, "observed_high": 30, "expected": 9.0, "excess": 12.0, "growth": 1.5}
    chances = {"growing": 0.9, "score": 10.8, "recurrence_weeks": 30.0, "population": 1500}
    alert = Alert(1, ("E01006132",), ("Sale",), day, day, **figures, **chances, since=day, id="alr-example")
    leaf = Leaf(Act.ALERTS_RAISED, house.clock.now(), cast.PUBLIC_HEALTH.login, cast.PUBLIC_HEALTH.organisation)
    with house.store.write(leaf) as writer:
        writer.apply_document(KeptAlert(alert, Standing.WAITING, day, 12.0).to_document(house))
    house.store.close()
    return {"ALERT": "alr-example"}


def test_every_example_runs(district, monkeypatch, capsys):
    monkeypatch.chdir(district)
    monkeypatch.setattr(uvicorn, "run", lambda app, **settings: None)
    (district / "inbox").mkdir()
    (district / "cases.csv").write_text(DOCS["CASES"], "utf-8")
    (district / "services.csv").write_text(DOCS["SERVICES"], "utf-8")
    for name, text in DOCS["SCAN_FILES"].items():
        (district / name).write_text(text, "utf-8")
    (district / "weekly.csv").write_text(DOCS["WEEKLY"], "utf-8")
    for name, text in DOCS["REPLAY_FILES"].items():
        (district / name).write_text(text, "utf-8")
    (district / "incidence.csv").write_text(DOCS["INCIDENCE"], "utf-8")
    (district / "triangle.csv").write_text(DOCS["TRIANGLE"], "utf-8")
    (district / "people.csv").write_text(DOCS["PEOPLE"], "utf-8")
    capsys.readouterr()
    assert run_command(EXAMPLES["incident list"], monkeypatch) == 0
    incidents = json.loads(capsys.readouterr().out)["incidents"]
    live = next(one["id"] for one in incidents if one["phase"] == "active")
    with (district / "places" / "population.csv").open(encoding="utf-8") as file:
        area = max(csv.DictReader(file), key=lambda row: int(row["population"]))["area"]
    filled = {"INCIDENT": live, " AREA ": f" {area} ", **a_resident(district)}
    (district / "outcome.csv").write_text(DOCS["OUTCOME"], "utf-8")
    (district / "groups.csv").write_text(DOCS["GROUPS"], "utf-8")
    filled |= kept_campaigns(area, monkeypatch, capsys)
    filled |= kept_alert(district)
    codes = {}
    for name, line in EXAMPLES.items():
        if name != "demo":
            capsys.readouterr()
            codes[name] = run_command(fill(line, filled), monkeypatch)
        if name in {"source rows", "source fix"}:
            filled |= row_to_fix(monkeypatch, capsys)
        if name in {"review list", "review label"}:
            filled |= ids_to_review(monkeypatch, capsys)
    # A real extract has rows with faults, and `check` says so by its exit code.
    assert codes.pop("source check") == FOUND_PROBLEMS
    assert codes == dict.fromkeys(codes, 0)


def test_every_act_and_every_page_of_the_web_application_is_mentioned():
    activity, pages = ((REFERENCE / name).read_text("utf-8") for name in ("activity.md", "pages.md"))
    assert [act for act in Act if f"`{act}`" not in activity] == []
    assert [path for _, path, _ in DOCS["list_routes"]() if f"`{path}`" not in pages] == []


def test_every_rule_that_a_decision_may_cite_is_explained():
    cited = {rule for path in CODE for rule in re.findall(r"rule (G\d+)", path.read_text("utf-8"))}
    text = (REFERENCE / "rules.md").read_text("utf-8")
    assert cited >= {"G2", "G11", "G18"}
    assert {rule for rule in cited if f"\n| {rule} | " not in text} == set()


def test_every_setting_is_mentioned():
    code = "".join(path.read_text("utf-8") for path in CODE)
    text = (REFERENCE / "commands.md").read_text("utf-8")
    assert {name for name in re.findall(r"WARDKEEPER_[A-Z_]*[A-Z]", code) if f"`{name}`" not in text} == set()


CONTRACT = fenced(ROOT / "CONTRIBUTING.md", "toml")[0]
KNOWN_HERE = re.compile(r"Known here: (.*)\.")
TABLES = {
    "[source]": "",
    "[mandate]": "",
    "[file]": 'encoding = "utf-8"',
    "[[column]]": 'form = "dd/mm/yyyy"',
    "[[factor]]": "at_least = 1",
    "[[marking]]": 'column = "Needs"\nwhen = ["x"]\nsets = "protected"',
}
"""The tables of a contract, with keys that are asked for only when they are there."""


@pytest.mark.parametrize("table", TABLES)
def test_the_contract_page_has_every_key_of_a_table_and_no_other(table):
    """A contract with an unknown key is refused with the list of those that are known: that list is compared."""
    text = CONTRACT if f"\n{table}\n" in CONTRACT else f"{CONTRACT}\n{table}\n"
    with pytest.raises(BadInput) as refused:
        parse(text.replace(f"\n{table}\n", f"\n{table}\nno-such-key = 1\n{TABLES[table]}\n", 1), "worked-example.toml")
    known = set(KNOWN_HERE.search(refused.value.next)[1].split(", "))
    assert keys_of(table) == known


def keys_of(table: str) -> set[str]:
    """Give the keys that the contract page explains for a table."""
    after = (REFERENCE / "contract.md").read_text("utf-8").split(f"### `{table}`")[1]
    rows = [row for row in re.split(r"\n##+ ", after)[0].splitlines() if row.startswith("| `")]
    return {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_worked_example_of_a_source_passes_its_check(district, tmp_path, monkeypatch):
    folder = tmp_path / "authority"
    shutil.copytree(district, folder, ignore=shutil.ignore_patterns(".wardkeeper", "extracts"))
    (folder / "sources" / "priority-services.toml").write_text(CONTRACT, "utf-8")
    (folder / "priority-services.csv").write_text(fenced(ROOT / "CONTRIBUTING.md", "csv")[0], "utf-8")
    found(open_house(folder), "the tests", read_drafts(folder), [NewPerson(cast.ANALYST, "a long enough password")])
    monkeypatch.chdir(folder)
    line = f"wardkeeper source check priority-services.csv --dated 2026-11-20 --as {cast.ANALYST.login}"
    assert line.split(" --as", maxsplit=1)[0] in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert run_command(line, monkeypatch) == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = [match["to"] for match in LINK.finditer(page.read_text("utf-8"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_machine_or_a_package_registry(page):
    text = page.read_text("utf-8")
    assert re.findall(r"(?:^|[\s`\"'(])/(?:root|home|work|Users)/|pypi\.org|registry\.npmjs|crates\.io", text) == []
