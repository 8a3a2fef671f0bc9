"""Who lives in the chosen areas, and who of them must not be written to.

Every person gets exactly one standing. Protection and death close the whole home, at any of its ids and through any
phone or address shared with it, but that a death in a communal home closes only the one who died (`communal`); an
objection is one person's. A note on safe contact closes some ways to the home.
"""

from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.channels import usable_email, usable_phone
from wardkeeper.messages.communal import add_communal, is_adult
from wardkeeper.messages.doors import add_doors
from wardkeeper.messages.safe_contact import Way, add_forbidden

COLUMNS = (
    *("home_id", "resident_id", "address", "postcode", "lsoa", "title", "given", "family"),
    *("phone", "email", "language", "birth_date", "protected", "objected_on", "died_on", "special", "kind"),
    *("safe_contact", "safe_phone"),
)
"""One row for each resident of the areas (and one with a null resident_id for a home where none is known)."""


class MessageKind(StrEnum):
    """What a message is for. Safety messages may be sent to one who objected, if an officer decides so."""

    ROUTINE = "routine"
    SAFETY = "safety"


class Standing(StrEnum):
    """Whether a person may be written to."""

    OPEN = "open"
    OBJECTED = "objected"
    DEATH = "death"
    SPECIAL = "special"


WORDING: dict[Standing, str] = {
    Standing.OPEN: "Can be written to.",
    Standing.OBJECTED: "Asked not to be contacted.",
    Standing.DEATH: "Has died, or someone in their home has. Messages to them stopped at once.",
    Standing.SPECIAL: "Kept back for a special reason. Ring Control.",
}
"""What each standing says on a screen. One wording covers every special reason, so that it reveals none."""


def choose(frame: pl.DataFrame, areas: list[str]) -> pl.DataFrame:
    """Keep the people whose home lies in the areas. Raises BadInput when a column is missing or nobody lives there."""
    absent = [name for name in COLUMNS if name not in frame.columns]
    if absent:
        raise BadInput(
            "The list of residents lacks a column.",
            "Give every column.",
            Where(column=", ".join(absent), rule="columns"),
        )
    chosen = frame.select(COLUMNS).filter(pl.col("lsoa").is_in(areas))
    if chosen.is_empty():
        raise BadInput(
            "No homes are known in the chosen areas.", "Choose other areas.", Where(rule="homes in the areas")
        )
    return chosen


def classify(everybody: pl.DataFrame, areas: list[str], today: date) -> pl.DataFrame:
    """Give the people in the areas with home, communal, standing, adult, what numbers may be used and what notes forbid.

    `everybody` may reach beyond the areas: a mark on a person counts wherever it was recorded. `home` is the home's
    id, else the address, else the person. A phone or e-mail of anybody not open, or in a closed home, or that a note
    forbids, is used for nobody. no_text, no_email, no_letter and no_knock hold for everybody in the home of a person
    with such a note. Rows that name neither a home, an address nor a resident are about nobody and are left to
    `count_unplaced`.
    """
    people = choose(everybody, areas)
    # Doors are named for the few who are marked, not for everybody: taking addresses apart is slow.
    marked = _locate(_mark(everybody.select(COLUMNS)).filter((pl.col("standing") != Standing.OPEN) | HAS_NOTE))
    located = add_communal(_locate(_mark(people)), today)
    standing = _spread(located, marked).filter(pl.col("home").is_not_null())
    closed = standing.filter(pl.col("standing") != Standing.OPEN).select(marked.columns)
    phones, emails = _barred(pl.concat([marked, closed]))
    safe = standing.with_columns(phone=pl.coalesce("safe_phone", "phone"))
    return safe.with_columns(
        _unless_barred("phone", usable_phone(), phones),
        _unless_barred("email", usable_email(), emails),
        *(_touches(marked.filter(f"no_{way}"), safe).alias(f"no_{way}") for way in Way),
        adult=is_adult(today),
    )


def count_unplaced(everybody: pl.DataFrame) -> int:
    """Count the people in no area because their home is not known, and the rows that name nobody and no place."""
    nowhere = pl.col("lsoa").is_null() & pl.col("resident_id").is_not_null()
    unaddressed = ~pl.col("address").fill_null("").str.contains(r"[\p{L}\p{N}]")
    nobody = pl.all_horizontal(pl.col("resident_id", "home_id").is_null()) & unaddressed
    return everybody.filter(nowhere | nobody).height


HAS_NOTE = pl.any_horizontal(f"no_{way}" for way in Way)
"""Whether a note on safe contact forbids any way."""


def _mark(people: pl.DataFrame) -> pl.DataFrame:
    """Add each person's own standing, and what notes on safe contact forbid."""
    special = pl.col("protected").fill_null(value=False) | pl.col("special").is_not_null()
    return add_forbidden(people).with_columns(
        standing=pl.when(special)
        .then(pl.lit(Standing.SPECIAL.value))
        .when(pl.col("died_on").is_not_null())
        .then(pl.lit(Standing.DEATH.value))
        .when(pl.col("objected_on").is_not_null())
        .then(pl.lit(Standing.OBJECTED.value))
        .otherwise(pl.lit(Standing.OPEN.value)),
    )


def _locate(people: pl.DataFrame) -> pl.DataFrame:
    """Add door and home: its id, else the door, else the person."""
    return add_doors(people).with_columns(home=pl.coalesce("home_id", "door", "resident_id"))


def _spread(people: pl.DataFrame, marked: pl.DataFrame) -> pl.DataFrame:
    """Let a mark reach everybody it closes: the person's other rows, then the home, then the door.

    A death reaches nobody else in a communal home.
    """
    special = marked.filter(pl.col("standing") == Standing.SPECIAL)
    death = marked.filter(pl.col("standing") == Standing.DEATH)
    objected = marked.filter(pl.col("standing") == Standing.OBJECTED)
    return people.with_columns(
        standing=pl.when(_touches(special, people))
        .then(pl.lit(Standing.SPECIAL.value))
        .when(_is_in("resident_id", death) | (_touches(death, people) & ~pl.col("communal")))
        .then(pl.lit(Standing.DEATH.value))
        .when(_is_in("resident_id", objected))
        .then(pl.lit(Standing.OBJECTED.value))
        .otherwise("standing")
    )


def _touches(marked: pl.DataFrame, people: pl.DataFrame) -> pl.Expr:
    """Tell which people share a home or a door with a marked person, at any place that person is recorded."""
    # A person's mark may be on one row and their home in these areas on another.
    theirs = pl.concat([marked, people.filter(_is_in("resident_id", marked)).select(marked.columns)])
    return _is_in("home", theirs) | _is_in("door", theirs)


def _is_in(column: str, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(column).is_in(rows[column].drop_nulls().unique().to_list()).fill_null(value=False)


def _barred(marked: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Give the phones and e-mails that are used for nobody: of people not open, and those that a note forbids."""
    closed = pl.col("standing") != Standing.OPEN
    unsafe = pl.col("safe_phone").is_not_null() & (pl.col("safe_phone") != pl.col("phone"))
    safe_number = marked.filter(closed | pl.col("no_text")).select(phone="safe_phone")
    numbers = pl.concat([marked.filter(closed | pl.col("no_text") | unsafe).select("phone"), safe_number])
    phones = numbers.select(usable_phone().alias("phone"))["phone"].drop_nulls().unique().to_list()
    kept = marked.filter(closed | pl.col("no_email")).select(usable_email().alias("email"))
    return phones, kept["email"].drop_nulls().unique().to_list()


def _unless_barred(column: str, usable: pl.Expr, barred: list[str]) -> pl.Expr:
    free = (pl.col("standing") == Standing.OPEN) & ~usable.is_in(barred)
    return pl.when(free).then(usable).alias(column)
