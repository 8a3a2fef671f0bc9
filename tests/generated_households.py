"""Invented households of the kinds that fool linking, as records with known truth, from one seed.

Twins, juniors, blended families, care homes, houses in multiple occupation, movers, maiden names, nicknames, gaps and slips; and
people whose new home must not be found. It shares no code with the demo district or the village: linking is tuned to none.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from resident_tables import record_frame

TODAY = date(2026, 6, 1)
MEN = {
    "ROBERT": "BOB",
    "WILLIAM": "BILL",
    "JAMES": "JIM",
    "PETER": "",
    "AHMED": "",
    "DAFYDD": "",
    "SEAN": "",
    "IAN": "",
}
WOMEN = {
    "ELIZABETH": "LIZ",
    "MARGARET": "PEGGY",
    "SUSAN": "SUE",
    "AISHA": "",
    "MEI": "",
    "ANNE": "",
    "ANNA": "",
    "ZOFIA": "",
}
NICKNAMES = {**MEN, **WOMEN}
ALIKE, UNLIKE = ("ANNE", "ANNA"), ("WILLIAM", "PETER")
"""Names of twins that a slip of the pen could exchange, and that none could."""
FAMILIES = (
    "SMITH JONES KHAN PATEL WRIGHT O'NEILL SMITH-JONES LLOYD NG ABIOLA KOWALSKI GREENE GREEN HALL HILL BYRNE WALSH DOYLE MARSH"
).split()
FATHERS = ("PETER SMITH", "JAMES JONES", "AHMED KHAN")
"""Some full names are common, so that strangers share them."""
STREETS = "ELM ROAD,OAK STREET,MILL LANE,CHURCH CLOSE,STATION AVENUE,PARK GROVE".split(",")
SOURCES = ("asc", "housing", "nhs", "tax", "vote")
WITH_DATES = {"asc", "nhs", "housing"}
WITH_NUMBERS = {"asc": 0.6, "nhs": 0.95}
HIDDEN_STREET = "WHISPERHAVEN MEWS"
"""Where the people live who must not be found: the word is nowhere else."""
HIDDEN_POSTCODE = "QX9 9QX"
HIDDEN_UPRN = "uprn:90077"


def nhs_number(key: int) -> str:
    """Give a valid number of the range that is kept for tests."""
    while True:
        digits = f"{999_000_000 + key}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{digits}{0 if check == 11 else check}"
        key += 500_000


@dataclass(frozen=True)
class Person:
    """One true person. `relatives` names the family: two of one family can share a name."""

    key: int
    given: str
    family: str
    sex: str
    born: date
    home: str
    relatives: int
    phone: str
    former_home: str | None = None
    former_family: str | None = None
    protected: bool = False


@dataclass(frozen=True)
class Generated:
    """Records (RECORD columns), the truth (record_id, person_id), and the true people."""

    records: pl.DataFrame
    truth: pl.DataFrame
    people: tuple[Person, ...]


@dataclass
class Town:
    """Builds people and their records."""

    chance: random.Random
    people: list[Person] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    homes: int = 0
    families: int = 0

    def new_home(self) -> str:
        self.homes += 1
        return f"{self.homes}"

    def new_family(self) -> str:
        self.families += 1
        return self.chance.choice(FAMILIES)

    def born(self, youngest: int, oldest: int) -> date:
        return TODAY - timedelta(days=self.chance.randint(youngest * 365, oldest * 365))

    def settle(self, family: str, home: str, born: date, *, sex: str = "", given: str = "", phone: str = "") -> Person:
        sex = sex or self.chance.choice(("male", "female"))
        given = given or self.chance.choice(list(MEN if sex == "male" else WOMEN))
        key = len(self.people)
        phone = phone or f"+447700{900_000 + key}"
        self.people.append(Person(key, given, family, sex, born, home, self.families, phone))
        return self.people[-1]

    def change(self, person: Person, **changes: object) -> Person:
        self.people[person.key] = replace(person, **changes)
        return self.people[person.key]


def add_couple(town: Town) -> tuple[Person, Person]:
    home, family = town.new_home(), town.new_family()
    man = town.settle(family, home, town.born(30, 80), sex="male")
    return man, town.settle(family, home, town.born(30, 80), sex="female", phone=man.phone)


def add_twins(town: Town) -> None:
    """Two children of one birth date; the names of a third of them differ by one letter."""
    parent, _ = add_couple(town)
    born = town.born(1, 30)
    names = town.chance.choice((ALIKE, UNLIKE, UNLIKE))
    for given in names:
        sex = "male" if given in MEN else "female"
        town.settle(parent.family, parent.home, born, sex=sex, given=given, phone=parent.phone)


def add_juniors(town: Town) -> None:
    """A father and son of one name, sometimes a grandson too; a third share day and month, with one digit of the year apart."""
    father, _ = add_couple(town)
    father = town.change(father, born=date(1950, 3, town.chance.randint(2, 28)))
    for generation in range(1, town.chance.choice((2, 2, 3))):
        near = town.chance.random() < 0.35
        born = father.born.replace(year=father.born.year + 20 * generation)
        born = born if near else born + timedelta(days=town.chance.randint(40, 3000))
        town.settle(father.family, father.home, born, sex="male", given=father.given, phone=father.phone)


def add_blended(town: Town) -> None:
    """A couple who kept their names; children with either, or with another."""
    home, family = town.new_home(), town.new_family()
    other = town.chance.choice(FAMILIES)
    one = town.settle(family, home, town.born(28, 50), sex="female")
    town.settle(other, home, town.born(28, 50), sex="male", phone=one.phone)
    for name in (family, other, town.chance.choice(FAMILIES)):
        town.settle(name, home, town.born(0, 17), phone=one.phone)


def add_care_home(town: Town) -> None:
    """Thirty old people of many families, some of one name, and one telephone."""
    home = town.new_home()
    for _ in range(30):
        town.settle(town.new_family(), home, town.born(70, 99), phone="+441610000000")


def add_shared_house(town: Town) -> None:
    """Strangers of about one age at one address, half of them there no longer."""
    home = town.new_home()
    for _ in range(town.chance.randint(6, 12)):
        person = town.settle(town.new_family(), home, town.born(19, 30))
        if town.chance.random() < 0.5:
            town.change(person, home=town.new_home(), former_home=home)


def add_mover(town: Town) -> None:
    for person in add_couple(town):
        town.change(person, home=f"{town.homes + 1}", former_home=person.home)
    town.new_home()


def add_bride(town: Town) -> None:
    _, woman = add_couple(town)
    town.change(woman, former_family=town.chance.choice(FAMILIES), former_home=town.new_home())


def add_namesake(town: Town) -> None:
    """A stranger with a common name at a home of their own."""
    given, family = town.chance.choice(FATHERS).split()
    town.new_family()
    town.settle(family, town.new_home(), town.born(20, 90), sex="male", given=given)


def add_hidden(town: Town) -> None:
    """A woman who fled from the household where others still live, and from where she is still on old records."""
    man, woman = add_couple(town)
    child = town.settle(man.family, man.home, town.born(2, 12), phone=man.phone)
    home = f"hidden{town.new_home()}"
    for person in (woman, child):
        town.change(person, home=home, former_home=man.home, protected=True)


KINDS = {
    add_couple: 6,
    add_twins: 2,
    add_juniors: 2,
    add_blended: 2,
    add_shared_house: 1,
    add_mover: 2,
    add_bride: 1,
    add_namesake: 3,
    add_hidden: 1,
}
"""How often each kind of household is drawn; a care home comes once in each town."""


def slip(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    return f"{text[:place]}{chance.choice('AEINORST')}{text[place + 1 :]}"


def mistake(chance: random.Random, born: date) -> date | None:
    """Give the date as a clerk may write it: mostly right, sometimes none, day and month exchanged, or 1 January."""
    kind = chance.random()
    if kind < 0.1:
        return None
    if kind < 0.12:
        return date(1900, 1, 1)
    if kind < 0.14:
        return born.replace(month=1, day=1)
    if kind < 0.17 and born.day <= 12:
        return born.replace(month=born.day, day=born.month)
    return born


def place_of(home: str) -> dict[str, object]:
    if home.startswith("hidden"):
        number = int(home.removeprefix("hidden"))
        address = f"{number} {HIDDEN_STREET}"
        return {"home_id": f"{HIDDEN_UPRN}{number:05d}", "postcode": HIDDEN_POSTCODE, "address_original": address}
    number = int(home)
    street = STREETS[number // 20 % len(STREETS)]
    return {
        "home_id": f"uprn:{number}",
        "postcode": f"ZZ{number // 120 % 9 + 1} {number // 20 % 9}AB",
        "address_original": f"{number % 20 + 1} {street}",
    }


def write_record(town: Town, source: str, person: Person) -> None:
    """Write what one source holds on one person. What is old knows the former home and name, and nothing of the hiding."""
    chance = town.chance
    old = person.former_home is not None and chance.random() < 0.4
    given = person.given
    if chance.random() < 0.08:
        given = NICKNAMES.get(given) or given
    if source == "tax" and chance.random() < 0.3:
        given = given[0]
    family = person.former_family if old and person.former_family else person.family
    row = {
        "record_id": f"{source}:{len(town.rows)}",
        "given": slip(chance, given) if chance.random() < 0.02 else given,
        "family": slip(chance, family) if chance.random() < 0.02 else family,
        "seen_on": TODAY - timedelta(days=chance.randint(1, 900) + 900 * old),
        "protected": person.protected and not old,
        **place_of(person.former_home if old else person.home),
    }
    if source in WITH_DATES:
        row |= {"birth_date": mistake(chance, person.born), "sex": person.sex}
    if chance.random() < WITH_NUMBERS.get(source, 0):
        row["nhs_number"] = nhs_number(person.key)
    if chance.random() < 0.4:
        row["phone"] = person.phone
    town.rows.append(row)
    town.truth.append(person.key)


def generate(seed: int, households: int = 40) -> Generated:
    """Give the records of so many households and one care home."""
    town = Town(random.Random(seed))
    add_care_home(town)
    for add in town.chance.choices(list(KINDS), list(KINDS.values()), k=households):
        add(town)
    for person in town.people:
        for source in SOURCES:
            if town.chance.random() < 0.55:
                write_record(town, source, person)
    ids = [row["record_id"] for row in town.rows]
    truth = pl.DataFrame({"record_id": ids, "person_id": town.truth})
    return Generated(record_frame(town.rows), truth, tuple(town.people))
