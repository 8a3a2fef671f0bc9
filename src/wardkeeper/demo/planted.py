"""People planted so that the demo and its tests can check the hard cases: each has a rule that must hold for them.

All live inside the drawn outline. They are made from people the model drew, by setting a few facts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from wardkeeper.kernel.errors import UsageError

REFUGE_NAME = "Larkhaven House"
REFUGE_PEOPLE = 3
CAUTION = "Attend in pairs"
OLDER = 65

Facts = dict[str, Any]
"""One person's columns by name."""

ALONE = pl.col("composition") == "one-other"
WOMAN = pl.col("sex") == "female"
HOUSE = pl.col("dwelling") == "house"
GROWN_CHILD = pl.col("role") == "grown-child"
FATHER = (pl.col("role") == "parent-grown") & ~WOMAN


@dataclass(frozen=True, slots=True)
class Planted:
    """Person ids of the planted, and the homes that must stay hidden.

    fled lives at `fled_home` and once lived at `fled_from`; only social care knows where she is. refuge holds the
    people at `refuge_home`, whose name is `refuge_name`. twins share a birth date, name_sharers a whole name.
    """

    fled: str
    fled_home: str
    fled_from: str
    refuge: tuple[str, ...]
    refuge_home: str
    refuge_name: str
    caution: str
    objector: str
    dead: str
    twins: tuple[str, str]
    name_sharers: tuple[str, str]
    """Father first, then son."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """People whose address only the source that protects them may hold."""
        return (self.fled, *self.refuge)


def plant(people: pl.DataFrame, homes: pl.DataFrame, today: date) -> tuple[pl.DataFrame, Planted]:
    """Choose the planted, each from a household of their own, and set their facts. Gives people and who they are."""
    search = _Search(_list_candidates(people, homes))
    fled = search.take("a person to flee", ALONE & WOMAN & HOUSE & pl.col("age").is_between(24, 60))
    left_behind = search.take("a former partner", ALONE & ~WOMAN & pl.col("age").is_between(24, 64))
    refuge = [search.take("a refuge", ALONE & WOMAN & HOUSE & pl.col("age").is_between(18, 64))]
    refuge += [search.take("a refuge", ALONE & WOMAN & (pl.col("age") < OLDER)) for _ in range(REFUGE_PEOPLE - 1)]
    caution = search.take("a caution", ALONE & ~WOMAN & (pl.col("age") < OLDER))
    objector = search.take("an objector", (pl.col("composition") == "couple-older") & (pl.col("place") == 0))
    dead = search.take("a death", pl.col("composition") == "one-older")
    twins = search.take_pair("twins", GROWN_CHILD & (pl.col("age") < OLDER), GROWN_CHILD & (pl.col("age") < OLDER))
    sharers = search.take_pair("a father and son", FATHER, GROWN_CHILD & ~WOMAN)
    planted = Planted(
        fled=fled["person_id"],
        fled_home=fled["uprn"],
        fled_from=left_behind["uprn"],
        refuge=tuple(person["person_id"] for person in refuge),
        refuge_home=refuge[0]["uprn"],
        refuge_name=REFUGE_NAME,
        caution=caution["person_id"],
        objector=objector["person_id"],
        dead=dead["person_id"],
        twins=(twins[0]["person_id"], twins[1]["person_id"]),
        name_sharers=(sharers[0]["person_id"], sharers[1]["person_id"]),
    )
    facts = {
        fled["person_id"]: _flee(planted, today),
        **{person["person_id"]: _shelter(person, planted, today) for person in refuge},
        caution["person_id"]: {"caution": CAUTION, "service": "Home care", "limited_mobility": True},
        objector["person_id"]: {"objected_on": today - timedelta(days=60), "service": "Day care", "oxygen": True},
        dead["person_id"]: {"died_on": today - timedelta(days=45), "service": "Home care", "frail": True},
        **{person["person_id"]: _pair_twins(twins[0]) for person in twins},
        **{person["person_id"]: _share_name(sharers[0]) for person in sharers},
    }
    return _set_facts(people, facts, {sharers[0]["household"]}), planted


def _flee(planted: Planted, today: date) -> Facts:
    left = today - timedelta(days=150)
    moved = {"former_uprn": planted.fled_from, "moved": True, "in_since": left}
    return {"protected": True, "wheelchair": True, "service": "Direct payment", **moved}


def _shelter(person: Facts, planted: Planted, today: date) -> Facts:
    """Bring a person to the refuge; the first lives there already, as far as the model knows."""
    moved: Facts = {"uprn": planted.refuge_home, "moved": True, "in_since": today - timedelta(days=40)}
    former = {} if person["uprn"] == planted.refuge_home else {"former_uprn": person["uprn"]}
    return {"protected": True, "tenure": "social", **moved, **former}


def _pair_twins(first: Facts) -> Facts:
    return {"birth_date": first["birth_date"], "age": first["age"], "service": "Day care", "learning_disability": True}


def _share_name(father: Facts) -> Facts:
    names = {name: father[name] for name in ("given", "middle", "family")}
    return {**names, "service": "Direct payment", "wheelchair": True}


def _list_candidates(people: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """Give the living in homes inside the outline who have been there for years, with the kind of home as `dwelling`."""
    inside = homes.filter("in_flood").select("uprn", dwelling="kind")
    settled = people.filter(pl.col("died_on").is_null() & ~pl.col("moved"))
    return settled.join(inside, on="uprn").sort("person_id")


class _Search:
    """Takes people out of the candidates, never two from one household unless they are asked for as a pair."""

    def __init__(self, candidates: pl.DataFrame) -> None:
        self.candidates = candidates

    def take(self, what: str, wanted: pl.Expr) -> Facts:
        """Take the first person wanted, and their household out of the search."""
        found = self.candidates.filter(wanted)
        if found.is_empty():
            raise UsageError(f"Nobody in this district could be {what}.", "Ask for more residents.")
        return self._leave_out(found.row(0, named=True))

    def take_pair(self, what: str, first: pl.Expr, second: pl.Expr) -> tuple[Facts, Facts]:
        """Take the first household with two different people wanted, the elder first."""
        firsts, seconds = self.candidates.filter(first), self.candidates.filter(second)
        pairs = firsts.select("household", "person_id", "age").join(seconds, on="household", suffix="_second")
        ordered = pairs.filter(
            (pl.col("person_id") != pl.col("person_id_second")) & (pl.col("age") >= pl.col("age_second"))
        )
        if ordered.is_empty():
            raise UsageError(f"Nobody in this district could be {what}.", "Ask for more residents.")
        chosen = ordered.row(0, named=True)
        elder = self.candidates.filter(pl.col("person_id") == chosen["person_id"]).row(0, named=True)
        younger = self.candidates.filter(pl.col("person_id") == chosen["person_id_second"]).row(0, named=True)
        return self._leave_out(elder), younger

    def _leave_out(self, person: Facts) -> Facts:
        self.candidates = self.candidates.filter(pl.col("household") != person["household"])
        return person


def _set_facts(people: pl.DataFrame, facts: dict[str, Facts], social: set[int]) -> pl.DataFrame:
    """Set each person's facts, and rent the given households' homes from the social landlord."""
    marked = people.with_columns(
        protected=pl.lit(value=False),
        caution=pl.lit(None, dtype=pl.String),
        objected_on=pl.lit(None, dtype=pl.Date),
        tenure=pl.when(pl.col("household").is_in(list(social))).then(pl.lit("social")).otherwise("tenure"),
    )
    for person, changes in facts.items():
        chosen = pl.col("person_id") == person
        marked = marked.with_columns(
            pl.when(chosen).then(pl.lit(value, dtype=marked.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in changes.items()
        )
    return marked
