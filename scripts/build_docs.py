"""Make the reference pages in docs/reference from the code, so that they cannot drift from it.

    python scripts/build_docs.py

What the code knows (commands, operations, pages, rules) is read from it. What it cannot know (an example worth
showing, the meaning of a key in a contract) stands in the tables here and in `docs/reference/parts/`, and a test
holds those to the code.
"""

import inspect
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer

from wardkeeper.cli.main import COMMANDS
from wardkeeper.cli.running import FAULT
from wardkeeper.governance.checks import CHECKS, Check
from wardkeeper.governance.limits import check_nothing_yet
from wardkeeper.governance.operations import OPERATIONS, Phase, Row
from wardkeeper.governance.purposes import BEHIND_THE_WALL, WALLED_OFF
from wardkeeper.governance.tiers import Tier, floor
from wardkeeper.governance.wording import OPERATIONS as TO_DO
from wardkeeper.incidents.checks import STATUS_AFTER, WORDING
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.columns import LIST
from wardkeeper.kernel.errors import EXIT_CODES, HTTP_STATUSES
from wardkeeper.kernel.hazards import HAZARD_TITLES
from wardkeeper.kernel.mandates import AtEnd
from wardkeeper.kernel.people import Role
from wardkeeper.needs.rules import Derived
from wardkeeper.needs.rules import parse as parse_needs
from wardkeeper.sources import rules
from wardkeeper.sources.contract import ENCODINGS, MANDATE_KINDS
from wardkeeper.sources.terms import DATED, DateForm, Format, Kind, Meaning, Packing, Register
from wardkeeper.web.routes import ROUTERS
from wardkeeper.web.wording import ACTS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
EXAMPLES = ROOT / "examples" / "trafford"
MADE = "<!-- Made by scripts/build_docs.py (`make docs`). Change the code or the script, not this page. -->"

PLANNER, ANALYST = "--as planner@trafford.example", "--as analyst@trafford.example"
DPO, HEALTH = "--as dpo@trafford.example", "--as health@trafford.example"
COMMS = "--as comms@trafford.example"

COMMAND_EXAMPLES: dict[str, str] = {
    "demo": "wardkeeper demo --folder demo-district --residents 3000 --no-serve",
    "apply": f"wardkeeper apply --check {ANALYST}",
    "source add": (
        f"wardkeeper source add extracts/assisted-bins.csv --name garden-waste --to garden-waste.toml {ANALYST}"
    ),
    "source check": f"wardkeeper source check extracts/council-tax.csv {ANALYST}",
    "source load": f"wardkeeper source load extracts/social-housing.xlsx {ANALYST}",
    "source watch": f"wardkeeper source watch inbox --once --settle 1 {ANALYST}",
    "source list": f"wardkeeper source list {ANALYST}",
    "source report": f"wardkeeper source report council-tax --csv quality.csv {ANALYST}",
    "source rows": f"wardkeeper source rows council-tax --rule no-name --json {ANALYST}",
    "source fix": f"wardkeeper source fix council-tax ROW --set 'Liable Name 1=Mrs Ida Pell' --from owner {ANALYST}",
    "source accept": f"wardkeeper source accept council-tax ROW --why 'The house is empty.' --later {ANALYST}",
    "source run": f"wardkeeper source run council-tax {ANALYST}",
    "source corrections": f"wardkeeper source corrections council-tax --out corrections.csv {ANALYST}",
    "source shapes": "wardkeeper source shapes benefits",
    "source missing": f"wardkeeper source missing --in council-tax --not-in open-register {ANALYST}",
    "link": f"wardkeeper link {ANALYST}",
    "review list": f"wardkeeper review list --json {ANALYST}",
    "review show": f"wardkeeper review show {ANALYST}",
    "review label": f"wardkeeper review label PAIR different {ANALYST}",
    "review undo": f"wardkeeper review undo LABEL {ANALYST}",
    "resident show": f"wardkeeper resident show RESIDENT {ANALYST}",
    "resident find": f"wardkeeper resident find --given Ann --family Example --born 31/12/1980 --json {ANALYST}",
    "resident split": f"wardkeeper resident split RESIDENT RECORD {ANALYST}",
    "resident join": f"wardkeeper resident join RESIDENT OTHER {ANALYST}",
    "review report": f"wardkeeper review report {ANALYST}",
    "find": f"wardkeeper find flood --area places/mersey-flood.geojson {PLANNER}",
    "incident list": f"wardkeeper incident list --json {PLANNER}",
    "incident declare": (
        "wardkeeper incident declare flood --area places/mersey-flood.geojson --name 'Mersey, second wave' "
        f"--why 'A severe flood warning is in force: crews must knock.' --expected {PLANNER}"
    ),
    "incident checks": f"wardkeeper incident checks INCIDENT {PLANNER}",
    "incident export": f"wardkeeper incident export INCIDENT --to list.xlsx {PLANNER}",
    "incident facts": f"wardkeeper incident facts INCIDENT --to facts.csv {PLANNER}",
    "incident stand-down": f"wardkeeper incident stand-down INCIDENT --why 'The river has fallen.' {PLANNER}",
    "incident close": f"wardkeeper incident close INCIDENT {DPO}",
    "outbreak rates": f"wardkeeper outbreak rates {HEALTH}",
    "outbreak load": f"wardkeeper outbreak load cases/line-list.csv {HEALTH}",
    "outbreak versions": f"wardkeeper outbreak versions {HEALTH}",
    "outbreak coincidences": f"wardkeeper outbreak coincidences --json {HEALTH}",
    "outbreak alerts": f"wardkeeper outbreak alerts --json {HEALTH}",
    "outbreak accept": f"wardkeeper outbreak accept ALERT --reason 'A workplace, known to the team.' {HEALTH}",
    "outbreak decline": f"wardkeeper outbreak decline ALERT --reason 'One home, in hand.' {HEALTH}",
    "outbreak replay": (
        "wardkeeper outbreak replay --cases msoa.csv --areas msoa-places.csv --from 2026-11-07 --to 2026-11-14 --json"
    ),
    "outbreak scan": (
        "wardkeeper outbreak scan --cases week.cas --areas places.geo --population people.pop --max-population 0.5 --json"
    ),
    "outbreak detect": (
        "wardkeeper outbreak detect --series weekly.csv --method ears-c2 --min-sigma 1 --from 2026-10-05 --json"
    ),
    "outbreak trend": "wardkeeper outbreak trend --incidence incidence.csv --si-mean 2.6 --si-sd 1.5 --window 7 --json",
    "outbreak nowcast": "wardkeeper outbreak nowcast --triangle triangle.csv --report 2026-11-14 --horizon 7 --json",
    "outbreak nowcast-score": (
        "wardkeeper outbreak nowcast-score --triangle triangle.csv --from 2026-10-01 --to 2026-10-15 --json"
    ),
    "message plan": f"wardkeeper message plan AREA --text 'Free tests are at Sale library.' --channel text {HEALTH}",
    "message translations": (
        "wardkeeper message translations --text 'Free tests are at Sale library.' --language Urdu --to translations.xlsx"
    ),
    "message list": f"wardkeeper message list {COMMS}",
    "message submit": f"wardkeeper message submit CAMPAIGN {COMMS}",
    "message approve": f"wardkeeper message approve CAMPAIGN --acknowledge 'Sale library' {HEALTH}",
    "message decline": f"wardkeeper message decline DECLINED --why 'Say when the library is open.' {HEALTH}",
    "message compare": f"wardkeeper message compare SPREAD --start 2027-01-04 --start 2027-01-11 {HEALTH}",
    "message send": (
        "wardkeeper message send CAMPAIGN --template text=f33517ff-2a88-4f6e-b855-c550268ce08a "
        f"--template email=ceb50d92-100d-4b8b-b559-14fa3b091cda {COMMS}"
    ),
    "message status": f"wardkeeper message status CAMPAIGN --json {COMMS}",
    "message files": f"wardkeeper message files CAMPAIGN --to campaign-files --file letters-to-print {COMMS}",
    "message hand-over": f"wardkeeper message hand-over CAMPAIGN letters-to-print {COMMS}",
    "message stop": f"wardkeeper message stop CAMPAIGN --why 'The figures were wrong.' {HEALTH}",
    "message close": f"wardkeeper message close CAMPAIGN --confirm {COMMS}",
    "message destroy": f"wardkeeper message destroy CAMPAIGN {DPO}",
    "message effect": "wardkeeper message effect --outcome outcome.csv --groups groups.csv",
    "service load": f"wardkeeper service load services.csv {ANALYST}",
    "service list": f"wardkeeper service list --near 'M33 2AA' {PLANNER}",
    "mandate list": f"wardkeeper mandate list {DPO}",
    "ledger verify": "wardkeeper ledger verify",
    "bench linkage": "wardkeeper bench linkage people.csv --set people --truth person",
    "serve": "wardkeeper serve --port 8090",
}
"""One example a command. A test runs the first, then the others from its folder, with the words in capitals filled in."""

CASES = "area,week_end,cases\nE01006132,2026-11-07,4\nE01006132,2026-11-14,11\n"
"""Published counts in the plainest form."""

SCAN_FILES = {
    "week.cas": "north 3 2026/11/16\neast 14 2026/11/16\nsouth 2 2026/11/17\nwest 1 2026/11/18\n",
    "places.geo": "north 0 8\neast 9 1\nsouth 1 -7\nwest -8 0\n",
    "people.pop": "north 2026 7100\neast 2026 6800\nsouth 2026 8200\nwest 2026 7700\n",
}
"""The files that the example of `outbreak scan` reads."""

INCIDENCE = "date,cases\n" + "".join(
    f"2026-11-{day:02},{cases}\n" for day, cases in enumerate((1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12), start=1)
)
"""The file that the example of `outbreak trend` reads."""

TRIANGLE = "report,specimen,area,cases\n" + "".join(
    f"{report},{report - timedelta(delay)},E08000009,{(6, 10, 12)[min(delay, 3) - 1]}\n"
    for report in (date(2026, 9, 1) + timedelta(day) for day in range(75))
    for delay in range(1, 32)
)
"""The file that the examples of `outbreak nowcast` and `nowcast-score` read: half of a day's cases come the day after."""

WEEKLY = "t,date,north\n" + "".join(
    f"{at},{date(2026, 8, 3) + timedelta(days=7 * (at - 1))},{cases}\n"
    for at, cases in enumerate((3, 5, 4, 3, 4, 5, 4, 3, 4, 4, 9, 14), start=1)
)
"""The file that the example of `outbreak detect` reads."""

SERVICES = (
    "id,name,organization,status,phone,schedule,address_1,city,postal_code\n"
    "1,Warm Space,Example Library,active,0161 496 0401,Mon 10:00 to 16:00,3 Example Street,Sale,M33 2AA\n"
)
"""The file that the example of `service load` loads."""

OUTCOME = (
    "area,week_end,cases\n"
    "E01006132,2026-11-07,10\nE01006132,2026-11-14,6\nE01006149,2026-11-07,20\nE01006149,2026-11-14,13\n"
    "E01006154,2026-11-07,12\nE01006154,2026-11-14,15\nE01006165,2026-11-07,18\nE01006165,2026-11-14,20\n"
)
GROUPS = "area,start\nE01006132,2026-11-14\nE01006149,2026-11-14\nE01006154,\nE01006165,\n"
"""The files that the example of `message effect` measures."""

_CODES = [f"E0200{1200 + at}" for at in range(36)]
REPLAY_FILES = {
    "msoa.csv": "area,week_end,cases\n"
    + "".join(
        f"{code},{date(2026, 11, 14) - timedelta(weeks=back)},{6 + at % 4 + (14 * (2 - back) if at < 3 > back else 0)}\n"
        for at, code in enumerate(_CODES)
        for back in range(8, -1, -1)
    ),
    "msoa-places.csv": "area,name,place,x,y,population\n"
    + "".join(f"{code},Area {at},Example,{at % 6},{at // 6},8000\n" for at, code in enumerate(_CODES)),
}
"""The files that the example of `outbreak replay` reads: three areas rise in the last two weeks."""

PEOPLE = (
    "person,forename,surname,date of birth,postcode\n"
    "p1,Ada,Byron,1985-12-10,M33 2AA\n"
    "p1,Ada,Byron,1985-12-10,M33 2AB\n"
    "p2,Mary,Shelley,1967-08-30,M33 2AA\n"
)
"""The file that the example of `bench linkage` measures on."""


COMMAND_PARTS = {
    "outbreak load": "cases",
    "outbreak scan": "scan",
    "outbreak rates": "rates",
    "outbreak trend": "trend",
    "outbreak detect": "detect",
    "outbreak nowcast": "nowcast",
    "bench linkage": "bench",
}
"""The file of words, in `docs/reference/parts`, that a command's options are followed by."""

COMMAND_FILES = {
    "outbreak load": [("Published counts look like this, in the plainest of their forms:", "csv", CASES)],
    "outbreak scan": [(f"With this in `{file}`:", "text", text) for file, text in SCAN_FILES.items()],
    "outbreak detect": [("With this in `weekly.csv`:", "csv", WEEKLY)],
    "outbreak trend": [("With this in `incidence.csv`:", "csv", INCIDENCE)],
    "outbreak replay": [
        (f"`{file}` begins so:", "csv", "".join(text.splitlines(keepends=True)[:4]))
        for file, text in REPLAY_FILES.items()
    ],
    "outbreak nowcast": [
        (
            "`triangle.csv` begins so, and goes on for 75 reports:",
            "csv",
            "".join(TRIANGLE.splitlines(keepends=True)[:5]),
        )
    ],
    "service load": [("With this in `services.csv`:", "csv", SERVICES)],
    "bench linkage": [("With this in `people.csv`:", "csv", PEOPLE)],
}
"""The files that a command's example reads: words before each, its kind, and what is in it."""


def build_pages() -> dict[str, str]:
    """Give every reference page: its file name and its text."""
    return {
        "commands.md": _page("Commands", _commands()),
        "contract.md": _page("A source's contract", _contract()),
        "rights.md": _page("Who may do what, and for what", _rights()),
        "rules.md": _page("The rules of the house", [_part("rules")]),
        "pages.md": _page("Pages", _routes()),
        "activity.md": _page("What is recorded", _activity()),
    }


def main() -> None:
    """Write every page."""
    for name, text in build_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", MADE, "", *lines]).rstrip() + "\n"


def _part(name: str) -> str:
    """Give words that no code knows, kept beside the pages."""
    return (FOLDER / "parts" / f"{name}.md").read_text(encoding="utf-8").rstrip() + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(content: object) -> str:
    return str(content).replace("|", r"\|")


def _values(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


# Commands


def list_commands() -> Iterator[tuple[str, Any]]:
    """Give every command a person can type, with its click object."""
    for name, (module, _) in COMMANDS.items():
        command: Any = typer.main.get_command(import_module(module).app)
        table = getattr(command, "table", None)
        inner = {verb: command.load(verb) for verb in table} if table else getattr(command, "commands", None)
        yield from ((f"{name} {verb}", found) for verb, found in inner.items()) if inner else [(name, command)]


def _commands() -> Iterator[str]:
    yield _part("commands")
    yield from _table(
        ("Exit code", "Means"),
        [
            (0, "done"),
            (1, "done, and found problems"),
            *(
                (code, ", ".join(sorted(kind.code for kind, one in EXIT_CODES.items() if one == code)))
                for code in sorted(set(EXIT_CODES.values()))
            ),
            (FAULT, "a fault in Wardkeeper itself"),
        ],
    )
    for name, command in list_commands():
        yield from _command(name, command)


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if not _is_option(one)]
    usage = " ".join(f"{one.name.upper()}{'…' if one.nargs < 0 else ''}" for one in arguments)
    yield f"## wardkeeper {name}"
    yield ""
    yield inspect.cleandoc(command.help)
    yield ""
    yield f"Usage: `{f'wardkeeper {name} {usage}'.strip()} [OPTIONS]`"
    yield ""
    yield from _table(
        ("Argument or option", "What it is"), ((_option_name(one), _option_words(one)) for one in command.params)
    )
    if name in COMMAND_PARTS:
        yield _part(COMMAND_PARTS[name])
    for words, kind, text in COMMAND_FILES.get(name, ()):
        yield f"{words}\n\n```{kind}\n{text}```\n"
    if name == "outbreak load":
        yield "The demonstration's own line list:\n"
    yield f"```console\n$ {COMMAND_EXAMPLES[name]}\n```"
    yield ""


def _is_option(parameter: Any) -> bool:
    return bool(parameter.opts[0].startswith("--"))


def _option_name(parameter: Any) -> str:
    return ", ".join(f"`{name if _is_option(parameter) else name.upper()}`" for name in parameter.opts)


def _option_words(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    choices = f" One of {_values(annotation)}." if _is_enum(annotation) else ""
    named = f" Or set `{parameter.envvar}`." if parameter.envvar else ""
    shown = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    default = f" Default: {shown}." if shown not in (None, "", False, ()) else ""
    required = " Required." if parameter.required else ""
    return f"{parameter.help}{choices}{default}{named}{required}"


def _is_enum(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, StrEnum)


# A source's contract


def _contract() -> Iterator[str]:
    yield _part("contract")
    yield "## Values that may be written\n"
    yield from _table(
        ("Key", "One of"),
        (
            ("`source.kind`", _values(Kind)),
            ("`source.register`", _values(Register)),
            ("`mandate.kind`", _values(MANDATE_KINDS)),
            ("`mandate.at_end`", _values(AtEnd)),
            ("`file.format`", _values(Format)),
            ("`file.encoding`", _values(ENCODINGS)),
            ("`file.packed`", _values(Packing)),
            ("`column.as`", _values(Meaning)),
            ("`column.form`", _values(DateForm)),
        ),
    )
    yield f"Columns of these meanings need a `form`: {_values(sorted(DATED))}.\n"
    yield "## Known facts that need rules read\n"
    yield "A council's own rules may read others. A fact that none reads gives nobody a need, and `wardkeeper apply --check` says so.\n"
    yield from _table(("Fact", "In words", "Read for"), _facts())
    yield "## What can be wrong with a row\n"
    yield "Every row is loaded, repaired with a note, or held back as a row to fix. The three add up to the file.\n"
    yield from _table(
        ("Rule", "What happens", "Why"),
        ((f"`{rule}`", EFFECTS[told.effect], told.reason) for rule, told in rules.WORDING.items()),
    )


def _facts() -> Iterator[tuple[str, str, str]]:
    """Give each known fact that the example authority's rules read, but those that follow from age or the kind of home."""
    found = [
        parse_needs(path.read_text(encoding="utf-8"), path.name) for path in sorted((EXAMPLES / "needs").glob("*.toml"))
    ]
    for fact in sorted(frozenset().union(*(one.factors for one in found)) - set(Derived)):
        reading = [one for one in found if fact in one.factors]
        yield f"`{fact}`", reading[0].factor_titles[fact], ", ".join(one.hazard for one in reading)


EFFECTS: dict[rules.Effect, str] = {
    rules.Effect.HOLDS: "held back",
    rules.Effect.REPAIRS: "repaired",
    rules.Effect.REMARKS: "loaded, and told",
}


# Who may do what


def _rights() -> Iterator[str]:
    yield _part("rights")
    yield "## Operations\n"
    yield "Each cell is the deepest tier: counts, flags per home, or names. An empty cell means refused.\n"
    yield "### The authority's own people\n"
    yield from _grid({operation: row.own for operation, row in OPERATIONS.items()})
    yield "### Partners\n"
    yield "Only where an agreement names their organisation, their role and the fields. Other operations are refused.\n"
    yield from _grid({operation: row.partner for operation, row in OPERATIONS.items() if row.partner})
    yield "### When, and for what family of purpose\n"
    yield from _table(
        ("Operation", "To", "Purposes", "While an incident is", "Outside an emergency at most", "Needs"),
        ((f"`{operation}`", TO_DO[operation], *_when(row)) for operation, row in OPERATIONS.items()),
    )
    yield "## Checks of a decision\n"
    yield (
        "All are tried, in this order, and shown with the fact each read. One that fails refuses. In an emergency, "
        "when nothing but paperwork is missing, the answer is that a person must decide.\n"
    )
    yield from _table(
        ("No.", "Rule", "Rests on", "In this version"),
        ((one.number, one.rule, _linked(one.cites), _built(one)) for one in CHECKS),
    )
    yield "## Fields of a list, and the lowest tier they may appear at\n"
    yield from _table(("Tier", "Fields"), ((f"`{tier}`", _values(_fields(tier))) for tier in Tier))
    yield from _purposes()
    yield from _gateways()
    yield "## Kinds of emergency\n"
    yield from _table(("Hazard", "On screens"), ((f"`{one}`", title) for one, title in HAZARD_TITLES.items()))
    yield f"Facts that follow from age or the kind of home, and that no source asserts: {_values(Derived)}.\n"


def _linked(cites: str) -> str:
    return re.sub(r"rule G\d+", r"[\g<0>](rules.md)", cites)


def _built(check: Check) -> str:
    return "shown as not assessed" if check.find is check_nothing_yet else "enforced"


def _grid(rights: Any) -> Iterator[str]:
    roles = [role for role in Role if any(role in row for row in rights.values())]
    yield from _table(
        ("Operation", *roles),
        ((f"`{operation}`", *(row.get(role, "") for role in roles)) for operation, row in rights.items()),
    )


def _when(row: Row) -> tuple[str, ...]:
    needs = "a sentence on why" if row.necessity else ""
    return (
        ", ".join(sorted(row.groups)),
        ", ".join(PHASE_WORDS[phase] for phase in Phase if phase in row.phases),
        str(row.standing_tier),
        needs,
    )


PHASE_WORDS: dict[Phase, str] = {
    Phase.NONE: "not declared",
    Phase.EXPECTED: "expected",
    Phase.ACTIVE: "active",
    Phase.RECOVERY: "stood down",
    Phase.CLOSED: "closed",
}


def _fields(tier: Tier) -> list[str]:
    return [column.name for column in LIST if floor(column.name) is tier]


def _purposes() -> Iterator[str]:
    yield "## The demonstration's purposes\n"
    yield (
        f"Data held for {' or '.join(sorted(BEHIND_THE_WALL))} is never open to {', '.join(sorted(WALLED_OFF))}, "
        "whatever a file declares.\n"
    )
    listed = tomllib.loads((EXAMPLES / "purposes.toml").read_text(encoding="utf-8"))["purposes"]
    yield from _table(
        ("Purpose", "For", "Family", "Its data may also be used for"),
        ((f"`{one['slug']}`", one["title"], one["group"], _values(one["compatible"])) for one in listed),
    )


def _gateways() -> Iterator[str]:
    yield "## Legal powers that come with Wardkeeper\n"
    yield "Dated facts for decisions to cite. An authority adds its own in `gateways.toml`. Not legal advice.\n"
    law = tomllib.loads(files("wardkeeper.governance").joinpath("law.toml").read_text(encoding="utf-8"))["gateways"]
    yield from _table(
        ("Legal power", "Citation", "From", "Until", "Who may rely on it"),
        (
            (f"`{one['slug']}`", one["citation"], one["starts"], one.get("ends", ""), ", ".join(one["relied_on_by"]))
            for one in law
        ),
    )


# Pages and the activity record


def list_routes() -> list[tuple[str, str, str]]:
    """Give every route: method, address, and what it does."""
    return sorted(
        (
            (method, route.path, inspect.cleandoc(route.endpoint.__doc__ or "").split("\n")[0])
            for router in ROUTERS
            for route in router.routes
            for method in sorted(route.methods - {"HEAD"})
        ),
        key=lambda one: (one[1], one[0]),
    )


def _routes() -> Iterator[str]:
    yield _part("pages")
    yield from _table(
        ("Method", "Address", "What it does"), ((method, f"`{path}`", words) for method, path, words in list_routes())
    )
    yield "## Errors\n"
    yield from _table(("Error", "HTTP status"), ((f"`{kind.code}`", status) for kind, status in HTTP_STATUSES.items()))


def _activity() -> Iterator[str]:
    yield _part("activity")
    yield "## Acts\n"
    yield from _table(("Type", "On the screen"), ((f"`{act}`", words) for act, words in ACTS.items()))
    yield "## Events of an incident\n"
    yield f"An incident's state is computed from its events, in order: {_values(EventType)}.\n"
    yield "## Outcomes of a check\n"
    yield from _table(
        ("Outcome", "On the screen", "The check is then"),
        ((f"`{outcome}`", words, STATUS_AFTER[outcome]) for outcome, words in WORDING.items()),
    )


if __name__ == "__main__":
    main()
