"""A plan of messages to chosen areas: who is reached how, who is not written to and why, who needs a knock.

Every home and every person has exactly one outcome, so the counts add up; nobody is dropped for want of a phone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.messages.audience import WORDING, MessageKind, Standing, classify, count_unplaced
from wardkeeper.messages.channels import FALLBACKS, Channel, can_post
from wardkeeper.messages.few import tell
from wardkeeper.messages.languages import LanguageNeeds, count_languages
from wardkeeper.messages.prices import is_too_long
from wardkeeper.messages.recipients import find_linked, full_name, list_recipients
from wardkeeper.messages.scripts import ENGLISH, standard_language
from wardkeeper.messages.wording import Advice, PlaceNames, Wording, advise, check_wording


class Outcome(StrEnum):
    """What happens to a home or a person under a plan."""

    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    DOOR = "door"
    CONTACT = "contact"
    OFFICER = "officer"
    OBJECTED = "objected"
    DEATH = "death"
    SPECIAL = "special"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.TEXT: "Gets a text.",
    Outcome.EMAIL: "Gets an email.",
    Outcome.LETTER: "Gets a letter.",
    Outcome.DOOR: "Has no phone, email or full address that this message can go to. Someone must knock.",
    Outcome.CONTACT: "Can be contacted safely only in a way that this message can't take. An officer decides.",
    Outcome.OFFICER: "Asked not to be contacted. An officer decides about this safety message.",
    Outcome.OBJECTED: WORDING[Standing.OBJECTED],
    Outcome.DEATH: WORDING[Standing.DEATH],
    Outcome.SPECIAL: WORDING[Standing.SPECIAL],
}

EXCLUDED = (Outcome.OBJECTED, Outcome.DEATH, Outcome.SPECIAL)

BESIDE_A_DEATH = "They still get theirs. Speak with the manager before anything is sent."

DECIDED_BY_OFFICER = (Outcome.CONTACT, Outcome.OFFICER)


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

    `reachable` counts the open homes each channel could reach (a home may count under several). `recipients` is what
    `list_recipients` gives. `doors` lists homes to knock at (home_id, address, postcode, lsoa, people, languages) and
    `officer` people for an officer to decide about (resident_id, home_id, name, address, postcode, note: what their
    source says of safe contact). `audience` has resident_id, lsoa, language and outcome of everybody who is not left
    out. `unplaced` people, in no area because their home is not known, may live in these areas but are not in any
    count. `not_to_knock` has the homes (home_id) where somebody is not to be visited, and `linked` the first home of those
    that share a number or a door (`find_linked`). `beside_a_death` people live in a communal home where somebody died: they
    are not closed by it.
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
    audience: pl.DataFrame
    unplaced: int
    beside_a_death: int
    not_to_knock: frozenset[str]
    linked: Mapping[str, str]

    @property
    def beside_words(self) -> str:
        """What a planner must know of people who live in a communal home where somebody died; empty where there are none."""
        if not self.beside_a_death:
            return ""
        told = tell(self.beside_a_death)
        return f"{told[0].upper()}{told[1:]} people live in a care home or another shared home where someone died. {BESIDE_A_DEATH}"

    @property
    def singles_out(self) -> tuple[str, ...]:
        """What the words may single out, which a public-health lead must acknowledge."""
        asked = (found for advice in self.advice if advice.must_acknowledge for found in advice.found)
        return tuple(dict.fromkeys(asked))

    def wording_in(self, language: str) -> Wording:
        """Give the words in a language: the translation where there is one, else the English."""
        return self.wording.translations.get(language, self.wording)

    def of(self, outcome: Outcome) -> Tally:
        """Give the line of one outcome."""
        return next(tally for tally in self.tallies if tally.outcome is outcome)

    @property
    def excluded(self) -> tuple[Tally, ...]:
        """The lines of those who are not written to, each with its reason."""
        return tuple(self.of(outcome) for outcome in EXCLUDED)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What is known of the areas beside who lives there.

    `proficiency` has area (LSOA) and share (0 to 1: cannot speak English well). Words should single out neither `settings`,
    names of schools, care homes and the like, nor `areas`, names of small areas.
    """

    proficiency: pl.DataFrame | None = None
    settings: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


def make_plan(
    everybody: pl.DataFrame,
    *,
    areas: list[str],
    wording: Wording,
    channel: Channel,
    today: date,
    around: Surroundings | None = None,
) -> MessagePlan:
    """Plan a message to the homes in the areas (LSOA codes), by the chosen channel and else by the next that works.

    `everybody` has the columns of `audience.COLUMNS`, a row a resident; it should reach beyond the areas, so that a
    mark on a person counts wherever it was recorded. A way that can't take the words in every language is not tried.
    Gaps and letters of translations have been checked already. Raises BadInput when the words can't be sent by the chosen
    way, a column is missing or no home is known there.
    """
    check_wording(wording, channel)
    known = around or Surroundings()
    people = classify(everybody, areas, today)
    homes = _homes(people, wording.kind, _ways(wording, channel))
    recipients = list_recipients(people, homes, wording.translations.keys())
    names = PlaceNames(_streets(everybody), known.settings, known.areas)
    placed = _place(people, homes, wording.kind)
    audience = placed.filter(~pl.col("outcome").is_in(EXCLUDED))
    return MessagePlan(
        wording=wording,
        channel=channel,
        homes=homes.height,
        people=placed.height,
        tallies=_tally(homes, placed),
        reachable={way: int(homes.select((pl.col("open") & pl.col(way.value)).sum()).item()) for way in Channel},
        languages=count_languages(audience, known.proficiency),
        advice=advise(wording, {channel, *map(Channel, recipients["channel"].unique())}, names),
        recipients=recipients,
        doors=_doors(homes, people),
        officer=_for_officer(placed),
        audience=audience.select("resident_id", "lsoa", standard_language().alias("language"), "outcome"),
        unplaced=count_unplaced(everybody),
        beside_a_death=_beside_a_death(placed),
        not_to_knock=frozenset(homes.filter("no_knock")["home_id"].drop_nulls()),
        linked=find_linked(people),
    )


def _beside_a_death(placed: pl.DataFrame) -> int:
    """Count the people who are not left out and live in a communal home where somebody died."""
    died = placed.filter(pl.col("communal") & (pl.col("standing") == Standing.DEATH))["home"].unique()
    staying = pl.col("home").is_in(died.to_list()) & ~pl.col("outcome").is_in(EXCLUDED)
    return placed.filter(staying)["resident_id"].n_unique()


def _doors(homes: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Give the homes to knock at, with the languages other than English that are recorded there."""
    spoken = people.select("home", standard_language().alias("language")).filter(pl.col("language") != ENGLISH)
    languages = spoken.group_by("home").agg(languages=pl.col("language").unique().sort())
    return (
        homes.filter(pl.col("outcome") == Outcome.DOOR)
        .join(languages, on="home", how="left", maintain_order="left")
        .select("home_id", "address", "postcode", "lsoa", "people", "languages")
    )


def _for_officer(placed: pl.DataFrame) -> pl.DataFrame:
    return placed.filter(pl.col("outcome").is_in(DECIDED_BY_OFFICER)).select(
        "resident_id", "home_id", full_name().alias("name"), "address", "postcode", pl.col("safe_contact").alias("note")
    )


def _ways(wording: Wording, channel: Channel) -> tuple[Channel, ...]:
    """Give the ways that are tried for a home, in order: the chosen one, and those that can take the words in every language."""
    every = (wording, *wording.translations.values())
    return tuple(
        way for way in FALLBACKS[channel] if way is channel or not any(is_too_long(words, way) for words in every)
    )


def _homes(people: pl.DataFrame, kind: MessageKind, ways: Sequence[Channel]) -> pl.DataFrame:
    """Give one row a home, with what could reach it (text, email, letter), open and outcome.

    A home is open unless all the adults in it objected (or it is closed as a whole): children alone are not written to.
    A death closes a home, a communal one only where nobody else is known to live.
    """
    dead = pl.col("standing") == Standing.DEATH
    recipient = (pl.col("standing") == Standing.OPEN) & pl.col("adult")
    homes = (
        people.sort("home", "resident_id")
        .group_by("home", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in ("home_id", "address", "postcode", "lsoa", "door")),
            people=pl.col("resident_id").filter(~dead).drop_nulls().n_unique(),
            text=(recipient & pl.col("phone").is_not_null() & ~pl.col("no_text")).any(),
            email=(recipient & pl.col("email").is_not_null() & ~pl.col("no_email")).any(),
            no_letter=pl.col("no_letter").any(),
            no_knock=pl.col("no_knock").any(),
            open=recipient.any() | ~(pl.col("standing") != Standing.OPEN).any(),
            special=(pl.col("standing") == Standing.SPECIAL).any(),
            death=(dead & ~pl.col("communal")).any() | dead.all(),
        )
    )
    return homes.with_columns(letter=can_post() & ~pl.col("no_letter")).with_columns(outcome=_home_outcome(kind, ways))


def _home_outcome(kind: MessageKind, ways: Sequence[Channel]) -> pl.Expr:
    written = [pl.when(pl.col(way.value)).then(pl.lit(way.value)) for way in ways]
    knock = pl.when(~pl.col("no_knock")).then(pl.lit(Outcome.DOOR.value))
    return (
        pl.when("special")
        .then(pl.lit(Outcome.SPECIAL.value))
        .when("death")
        .then(pl.lit(Outcome.DEATH.value))
        .when(~pl.col("open"))
        .then(pl.lit(_objection_outcome(kind).value))
        .otherwise(pl.coalesce(*written, knock, pl.lit(Outcome.CONTACT.value)))
    )


def _objection_outcome(kind: MessageKind) -> Outcome:
    """An objection stops routine messages; a safety message goes to an officer."""
    return Outcome.OFFICER if kind is MessageKind.SAFETY else Outcome.OBJECTED


def _place(people: pl.DataFrame, homes: pl.DataFrame, kind: MessageKind) -> pl.DataFrame:
    """Give each person one outcome: their own death's or objection's, else their home's."""
    known = people.filter(pl.col("resident_id").is_not_null()).unique(["resident_id", "home"], maintain_order=True)
    theirs = known.join(homes.select("home", "outcome"), on="home", how="left", maintain_order="left")
    objected = pl.when(pl.col("standing") == Standing.OBJECTED).then(pl.lit(_objection_outcome(kind).value))
    died = pl.when(pl.col("standing") == Standing.DEATH).then(pl.lit(Outcome.DEATH.value))
    return theirs.with_columns(outcome=died.otherwise(objected.otherwise("outcome")))


def _tally(homes: pl.DataFrame, placed: pl.DataFrame) -> tuple[Tally, ...]:
    by_home = dict(homes["outcome"].value_counts().iter_rows())
    by_person = dict(placed["outcome"].value_counts().iter_rows())
    return tuple(
        Tally(outcome, by_home.get(outcome.value, 0), by_person.get(outcome.value, 0), OUTCOME_WORDS[outcome])
        for outcome in Outcome
    )


def _streets(people: pl.DataFrame) -> frozenset[str]:
    """Give the street names in the addresses: the first part that has no number once its own is taken away."""
    named = (
        people.select("address")
        .unique()
        .select(
            pl.col("address").str.extract(r"(?:^|,)\s*(?:\d+[A-Za-z]?\s+)([A-Za-z][A-Za-z' -]{4,})").str.strip_chars()
        )
    )
    return frozenset(named["address"].drop_nulls().unique().to_list())
