"""Shapes: contracts to adapt, for the sources that councils have again and again.

Each is a TOML file beside this module. What only the council can say (who owns the data, whom to ask, for which
purposes, under which legal powers and until when) is left blank, so that `contract.parse` refuses a shape until it is
filled in. The demonstration's contracts are shapes filled in.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from wardkeeper.kernel.errors import NotFound, Where

NAMES = (
    "adult-social-care",
    "social-housing",
    "assisted-bins",
    "single-person-discount",
    "council-tax",
    "benefits",
    "open-register",
    "housing-register",
    "schools",
    "blue-badge",
    "priority-services",
    "gp-patients",
    "shielding",
    "nhs-patients",
    "savvi",
)
"""Every shape, in the order they are listed: the four of the starting recipe first."""

STARTING_RECIPE = NAMES[:4]
"""Wigan's recipe for a council without a data team: four sources it has already."""

BLANK = "FILL IN"
"""Marks each line that the council must fill in."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What only the council can say. `until` is the review date, or the end where the mandate is a notice."""

    owner: str
    contact: str
    purposes: tuple[str, ...]
    gateways: tuple[str, ...]
    starts: date
    until: date


@dataclass(frozen=True, slots=True)
class Shape:
    """A contract to adapt. `about` is the comment it begins with; `columns` and `factors` are what it knows."""

    name: str
    title: str
    about: str
    kind: str
    format: str
    columns: tuple[str, ...]
    factors: tuple[str, ...]
    text: str

    def fill(self, answers: Answers) -> str:
        """Give the contract with its blanks filled in: TOML that `contract.parse` reads."""
        values = {
            "owner": _quoted(answers.owner),
            "contact": _quoted(answers.contact),
            "purposes": _listed(answers.purposes),
            "gateways": _listed(answers.gateways),
        }
        lines = (_fill(line, values, answers) if BLANK in line else line for line in self.text.splitlines())
        return "\n".join(lines) + "\n"


def _fill(line: str, values: Mapping[str, str], answers: Answers) -> str:
    dates = re.match(rf"# {BLANK}: (\w+) and (\w+),", line)
    if dates:
        return f"{dates[1]} = {answers.starts}\n{dates[2]} = {answers.until}"
    key = line.split(" = ", maxsplit=1)[0]
    return f"{key} = {values[key]}"


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, Shape]:
    """Give every shape by its name: part of the program, as its code is."""
    folder = files("wardkeeper.sources").joinpath("shapes")
    texts = {name: folder.joinpath(f"{name}.toml").read_text("utf-8") for name in NAMES}
    return MappingProxyType({name: _read(name, text) for name, text in texts.items()})


def shape(name: str) -> Shape:
    """Find a shape. Raises NotFound naming those there are."""
    if name not in shapes():
        raise NotFound(f"There is no shape called “{name}”.", f"Use one of: {', '.join(NAMES)}.", Where(key="shape"))
    return shapes()[name]


def _read(name: str, text: str) -> Shape:
    content = tomllib.loads(text)
    head = text.partition("\n\n")[0]
    named = [
        factor
        for entry in content.get("factor", [])
        for factor in (*entry.get("when", {}).values(), *filter(None, [entry.get("factor")]))
    ]
    return Shape(
        name=name,
        title=content["source"]["title"],
        about=" ".join(line.removeprefix("#").strip() for line in head.splitlines()),
        kind=content["source"]["kind"],
        format=content["file"]["format"],
        columns=tuple(column["name"] for column in content["column"]),
        factors=tuple(dict.fromkeys(named)),
        text=text,
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _listed(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
