"""A small invented village with known truth, for the tests of residents: households, movers, twins, a father and son of one name.

It is plainer than the demo district on purpose, and shares no code with it, so that linking is not tuned to one generator.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from resident_tables import record_frame

MEN = "JOHN DAVID PETER PAUL MARK ALAN IAN SIMON JAMES ROBERT THOMAS GEORGE HARRY OMAR IMRAN RAVI LUKE OWEN ERIC NEIL".split()
WOMEN = "MARY SUSAN ANNE JANE LINDA KAREN HELEN SARAH EMMA RUTH ALICE FATIMA PRIYA NINA CLARE JOYCE DORIS EDNA LUCY ZARA".split()
STARTS = (
    "WAL HAR BRAD SUT THOR ASH BEL CROW DUN EAS FEN GRA HOL KIR LANG MIL NOR OAK PEN RAD SHEL TAT UND WEST YAR".split()
)
ENDS = "TON LEY WORTH FORD BY HAM SHAW WELL MAN SON WICK STONE FIELD BROOK DALE".split()
NICKNAMES = {"ROBERT": "BOB", "THOMAS": "TOM", "SUSAN": "SUE", "DAVID": "DAVE", "JAMES": "JIM", "HELEN": "NELL"}
TODAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Person:
    """One true person."""

    key: int
    given: str
    family: str
    sex: str
    born: date
    home: int
    nhs: str
    phone: str
    former_home: int | None = None

    @property
    def adult(self) -> bool:
        return (TODAY - self.born).days > 18 * 365


@dataclass
class Village:
    """Builds people and their records from one seed."""

    chance: random.Random
    people: list[Person] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)

    def name(self, sex: str) -> str:
        names = MEN if sex == "male" else WOMEN
        return names[min(int(self.chance.expovariate(0.08)), len(names) - 1)]

    def surname(self) -> str:
        rank = int(self.chance.random() ** 2 * len(STARTS) * len(ENDS))
        return STARTS[rank % len(STARTS)] + ENDS[rank // len(STARTS) % len(ENDS)]

    def settle(self, family: str, home: int, ages: tuple[int, int], sex: str | None = None) -> Person:
        sex = sex or self.chance.choice(("male", "female"))
        born = TODAY - timedelta(days=self.chance.randint(ages[0] * 365, ages[1] * 365))
        key = len(self.people)
        phone = f"+4477009{self.chance.randrange(300):05d}"
        person = Person(key, self.name(sex), family, sex, born, home, f"999{key:07d}", phone)
        self.people.append(person)
        return person

    def change(self, person: Person, **changes: object) -> Person:
        self.people[person.key] = replace(person, **changes)
        return self.people[person.key]

    def fill_home(self, home: int) -> None:
        family, kind = self.surname(), self.chance.random()
        first = self.settle(family, home, (25, 90))
        if kind > 0.3:
            second = self.settle(family if kind < 0.9 else self.surname(), home, (25, 90))
            self.change(
                second, given=self.name("female" if first.sex == "male" else "male") if kind < 0.9 else second.given
            )
        if 0.5 < kind < 0.85:
            self.add_children(first, home)
        if self.chance.random() < 0.12:
            self.change(first, former_home=self.chance.randrange(1, home + 1))

    def add_children(self, parent: Person, home: int) -> None:
        children = [self.settle(parent.family, home, (0, 24)) for _ in range(self.chance.randint(1, 3))]
        if len(children) > 1 and self.chance.random() < 0.1:
            self.change(children[1], born=children[0].born)
        if parent.sex == "male" and self.chance.random() < 0.08:
            self.change(children[0], given=parent.given, sex="male", born=date(parent.born.year + 25, 3, 9))

    def slip(self, text: str) -> str:
        place = self.chance.randrange(len(text))
        return (
            text[:place] + self.chance.choice("AEIORSTN") + text[place + 1 :] if self.chance.random() < 0.02 else text
        )

    def record(self, source: str, person: Person, **changes: object) -> None:
        stale = person.former_home is not None and self.chance.random() < 0.3
        home = person.former_home if stale else person.home
        given = NICKNAMES.get(person.given, person.given) if self.chance.random() < 0.05 else person.given
        row = {
            "record_id": f"{source}:{len(self.rows)}",
            "given": self.slip(given),
            "family": self.slip(person.family),
            "home_id": f"uprn:{home}",
            "postcode": f"ZZ1 {home // 15 % 10}A{chr(65 + home // 150 % 26)}",
            "address_original": f"{home % 15 + 1} STREET {home // 15}",
        }
        self.rows.append({**row, **changes})
        self.truth.append(person.key)

    def initialled(self, source: str, person: Person) -> None:
        title = {"male": "MR", "female": self.chance.choice(("MRS", "MISS", "MS"))}[person.sex]
        given = person.given[0] if self.chance.random() < 0.5 else person.given
        self.record(source, person, title=title, given=given)

    def dated(self, source: str, person: Person, *, nhs: bool) -> None:
        born, swapped = person.born, self.chance.random() < 0.02 and person.born.day <= 12
        born = born.replace(month=born.day, day=born.month) if swapped else born
        self.record(source, person, birth_date=born, phone=person.phone, nhs_number=person.nhs if nhs else None)


def build_village(homes: int, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give records and truth (record_id, person_id) of a village with so many homes."""
    village = Village(random.Random(seed))
    for home in range(1, homes + 1):
        village.fill_home(home)
    for person in village.people:
        _add_records(village, person)
    ids = [row["record_id"] for row in village.rows]
    return record_frame(village.rows), pl.DataFrame({"record_id": ids, "person_id": village.truth})


def _add_records(village: Village, person: Person) -> None:
    chance = village.chance
    if person.adult and chance.random() < 0.8:
        village.initialled("tax", person)
    if person.adult and chance.random() < 0.2:
        village.initialled("discount", person)
    if person.adult and chance.random() < 0.45:
        village.record("vote", person)
    if chance.random() < 0.25:
        village.dated("asc", person, nhs=chance.random() < 0.8)
    if chance.random() < 0.3:
        village.dated("nhs", person, nhs=chance.random() < 0.95)
