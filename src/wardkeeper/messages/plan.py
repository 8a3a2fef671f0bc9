"""A plan of messages to chosen areas: who is reached how, who is not written to and why, who needs a knock.

Every home and every person has exactly one outcome, so the counts add up; nobody is dropped for want of a phone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.messages.audience import WORDING, MessageKind, Standing, classify, count_unplaced
from wardkeeper.messages.channels import FALLBACKS, Channel, address_parts, can_post
from wardkeeper.messages.languages import LanguageNeeds, count_languages
from wardkeeper.messages.wording import Advice, Wording, advise, check_wording


class Outcome(StrEnum):
    """What happens to a home or a person under a plan."""

    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    DOOR = "door"
    OFFICER = "officer"
    OBJECTED = "objected"
    DEATH = "death"
    SPECIAL = "special"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.TEXT: "Gets a text.",
    Outcome.EMAIL: "Gets an email.",
    Outcome.LETTER: "Gets a letter.",
    Outcome.DOOR: "Has no phone, email or full address to write to. Someone must knock.",
    Outcome.OFFICER: "Asked not to be contacted. An officer decides about this safety message.",
    Outcome.OBJECTED: WORDING[Standing.OBJECTED],
    Outcome.DEATH: WORDING[Standing.DEATH],
    Outcome.SPECIAL: WORDING[Standing.SPECIAL],
}

EXCLUDED = (Outcome.OBJECTED, Outcome.DEATH, Outcome.SPECIAL)

HOUSEHOLD = "The household"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many homes, and how many people, have one outcome. People count by their own outcome."""

    outcome: Outcome
    homes: int
    people: int
    words: str


@dataclass(frozen=True, eq=False)
class MessagePlan:
    """A plan. `tallies` has one line an outcome; their homes add up to `homes` and their people to `people`.

    `reachable` counts the open homes each channel could reach (a home may count under several). `recipients` has
    home_id, channel, to (null for letters), name, address (a list of lines), postcode: one row a text, email or letter. `doors` lists
    homes to knock at (home_id, address, postcode, lsoa, people) and `officer` people for an officer to decide about
    (resident_id, home_id, name, address, postcode). `unplaced` people, in no area because their home is not known,
    may live in these areas but are not in any count.
    """

    wording: Wording
    channel: Channel
    homes: int
    people: int
    tallies: tuple[Tally, ...]
    reachable: dict[Channel, int]
    languages: LanguageNeeds
    advice: tuple[Advice, ...]
    recipients: pl.DataFrame
    doors: pl.DataFrame
    officer: pl.DataFrame
    unplaced: int

    def of(self, outcome: Outcome) -> Tally:
        """Give the line of one outcome."""
        return next(tally for tally in self.tallies if tally.outcome is outcome)

    @property
    def excluded(self) -> tuple[Tally, ...]:
        """The lines of those who are not written to, each with its reason."""
        return tuple(self.of(outcome) for outcome in EXCLUDED)


def make_plan(
    everybody: pl.DataFrame,
    *,
    areas: list[str],
    wording: Wording,
    channel: Channel,
    today: date,
    proficiency: pl.DataFrame | None = None,
) -> MessagePlan:
    """Plan a message to the homes in the areas (LSOA codes), by the chosen channel and else by the next that works.

    `everybody` has the columns of `audience.COLUMNS`, a row a resident; it should reach beyond the areas, so that a
    mark on a person counts wherever it was recorded. `proficiency` has area and share (0 to 1: cannot speak English
    well). Raises BadInput when the words can't be sent, a column is missing or no home is known there.
    """
    check_wording(wording, channel)
    people = classify(everybody, areas, today)
    homes = _homes(people, wording.kind, channel)
    placed = _place(people, homes, wording.kind)
    return MessagePlan(
        wording=wording,
        channel=channel,
        homes=homes.height,
        people=placed.height,
        tallies=_tally(homes, placed),
        reachable={way: int(homes.select((pl.col("open") & pl.col(way.value)).sum()).item()) for way in Channel},
        languages=count_languages(placed.filter(~pl.col("outcome").is_in(EXCLUDED)), proficiency),
        advice=advise(wording, channel, _streets(homes)),
        recipients=_recipients(people, homes),
        doors=homes.filter(pl.col("outcome") == Outcome.DOOR).select(
            "home_id", "address", "postcode", "lsoa", "people"
        ),
        officer=placed.filter(pl.col("outcome") == Outcome.OFFICER).select(
            "resident_id", "home_id", _name().alias("name"), "address", "postcode"
        ),
        unplaced=count_unplaced(everybody),
    )


def _homes(people: pl.DataFrame, kind: MessageKind, channel: Channel) -> pl.DataFrame:
    """Give one row a home, with what could reach it (text, email, letter), open and outcome.

    A home is open unless all the adults in it objected (or it is closed as a whole): children alone are not written to.
    """
    recipient = (pl.col("standing") == Standing.OPEN) & pl.col("adult")
    homes = (
        people.sort("home", "resident_id")
        .group_by("home", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in ("home_id", "address", "postcode", "lsoa", "door")),
            people=pl.col("resident_id").drop_nulls().n_unique(),
            text=(recipient & pl.col("phone").is_not_null()).any(),
            email=(recipient & pl.col("email").is_not_null()).any(),
            open=recipient.any() | ~(pl.col("standing") != Standing.OPEN).any(),
            special=(pl.col("standing") == Standing.SPECIAL).any(),
            death=(pl.col("standing") == Standing.DEATH).any(),
        )
    )
    return homes.with_columns(letter=can_post()).with_columns(outcome=_home_outcome(kind, channel))


def _home_outcome(kind: MessageKind, channel: Channel) -> pl.Expr:
    first, second, third = (pl.when(pl.col(way.value)).then(pl.lit(way.value)) for way in FALLBACKS[channel])
    return (
        pl.when("special")
        .then(pl.lit(Outcome.SPECIAL.value))
        .when("death")
        .then(pl.lit(Outcome.DEATH.value))
        .when(~pl.col("open"))
        .then(pl.lit(_objection_outcome(kind).value))
        .otherwise(pl.coalesce(first, second, third, pl.lit(Outcome.DOOR.value)))
    )


def _objection_outcome(kind: MessageKind) -> Outcome:
    """An objection stops routine messages; a safety message goes to an officer."""
    return Outcome.OFFICER if kind is MessageKind.SAFETY else Outcome.OBJECTED


def _place(people: pl.DataFrame, homes: pl.DataFrame, kind: MessageKind) -> pl.DataFrame:
    """Give each person one outcome: their own objection's, else their home's."""
    known = people.filter(pl.col("resident_id").is_not_null()).unique(["resident_id", "home"], maintain_order=True)
    theirs = known.join(homes.select("home", "outcome"), on="home", how="left", maintain_order="left")
    objected = pl.when(pl.col("standing") == Standing.OBJECTED).then(pl.lit(_objection_outcome(kind).value))
    return theirs.with_columns(outcome=objected.otherwise("outcome"))


def _tally(homes: pl.DataFrame, placed: pl.DataFrame) -> tuple[Tally, ...]:
    by_home = dict(homes["outcome"].value_counts().iter_rows())
    by_person = dict(placed["outcome"].value_counts().iter_rows())
    return tuple(
        Tally(outcome, by_home.get(outcome.value, 0), by_person.get(outcome.value, 0), OUTCOME_WORDS[outcome])
        for outcome in Outcome
    )


def _streets(homes: pl.DataFrame) -> frozenset[str]:
    """Give the street names in the addresses: the first part that has no number once its own is taken away."""
    named = homes.filter("open").select(
        pl.col("address").str.extract(r"(?:^|,)\s*(?:\d+[A-Za-z]?\s+)([A-Za-z][A-Za-z' -]{4,})").str.strip_chars()
    )
    return frozenset(named["address"].drop_nulls().unique().to_list())


def _recipients(people: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    outcome = homes.select("home", "outcome")
    written = people.join(outcome, on="home", how="left").filter(
        (pl.col("standing") == Standing.OPEN) & pl.col("adult")
    )
    return pl.concat(
        [
            _by_number(written.filter(pl.col("outcome") == Channel.TEXT), Channel.TEXT, "phone"),
            _by_number(written.filter(pl.col("outcome") == Channel.EMAIL), Channel.EMAIL, "email"),
            _by_door(homes.filter(pl.col("outcome") == Channel.LETTER), written),
        ]
    )


def _by_number(written: pl.DataFrame, channel: Channel, column: str) -> pl.DataFrame:
    """Give one row a phone or e-mail, however many people and homes share it."""
    named = written.filter(pl.col(column).is_not_null()).sort("home", "resident_id")
    return (
        named.group_by(pl.col(column).alias("to"), maintain_order=True)
        .agg(pl.col("home_id").first(), names=_name().drop_nulls().unique(maintain_order=True))
        .select(
            "home_id",
            pl.lit(channel.value).alias("channel"),
            "to",
            _joined("names").alias("name"),
            pl.lit(None, pl.List(pl.String)).alias("address"),
            pl.lit(None, pl.String).alias("postcode"),
        )
    )


def _by_door(homes: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """Give one row a door: one letter, though several people, or two home ids, share it."""
    doors = homes.select("home", "home_id", "address", "postcode", "door")
    named = doors.join(written.select("home", _name().alias("name")), on="home", how="left").sort("home", "name")
    return (
        named.group_by("door", maintain_order=True)
        .agg(
            pl.col("home_id", "address", "postcode").first(),
            names=pl.col("name").drop_nulls().unique(maintain_order=True),
        )
        .select(
            "home_id",
            pl.lit(Channel.LETTER.value).alias("channel"),
            pl.lit(None, pl.String).alias("to"),
            _joined("names").alias("name"),
            address_parts().alias("address"),
            "postcode",
        )
    )


def _name() -> pl.Expr:
    """Give title, given name and family name as people write them; null when there is neither a family nor a whole given name."""
    whole = pl.concat_str("title", "given", "family", separator=" ", ignore_nulls=True).str.to_titlecase()
    return pl.when(pl.col("family").is_not_null() | (pl.col("given").str.len_chars() > 1)).then(whole)


def _joined(names: str) -> pl.Expr:
    """Address up to two people by name, and more than two (or nobody known) as the household."""
    few = pl.col(names).list.len().is_between(1, 2)
    return pl.when(few).then(pl.col(names).list.join(" and ")).otherwise(pl.lit(HOUSEHOLD))
