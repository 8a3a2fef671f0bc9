"""Coincidences: where cases of the line list share a postcode, a home or a setting. For those who follow cases up."""

import polars as pl
from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.outbreaks.coincidences import PlaceKind
from wardkeeper.usecases import view_coincidences
from wardkeeper.usecases.view_coincidences import WITHHELD
from wardkeeper.web.desk import AtDesk
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.routes.outbreaks import Row

router = APIRouter(prefix="/outbreaks/coincidences")

MOST_SHOWN = 100
FIRST_ROWS = 10
"""How many places are shown at once; the others are folded away, for a phone shows one row as a card."""

KIND_WORDS: dict[PlaceKind, str] = {
    PlaceKind.SETTING: "Setting",
    PlaceKind.HOME: "Shared home",
    PlaceKind.POSTCODE: "Postcode",
}
"""What the cases have in common, on a screen."""

EXPORTED = (
    *("rank", "kind", "place", "name", "postcode", "area", "area_name", "cases", "households", "most", "most_from"),
    *("first", "last", "population", "expected", "p"),
)


@router.get("")
def show_coincidences(desk: AtDesk) -> Response:
    """Show where cases coincided in the last four weeks of the list, the least likely first."""
    view = view_coincidences.view_coincidences(desk.house, desk.actor)
    rows = [shown_row(row) for row in view.frame.head(MOST_SHOWN).iter_rows(named=True)]
    return desk.show("coincidences.html", view=view, rows=rows, first=FIRST_ROWS, more=view.frame.height - len(rows))


@router.post("/export")
def export(desk: AtDesk) -> Response:
    """Give the coincidences as a file. The activity record says that they left."""
    view = view_coincidences.view_coincidences(desk.house, desk.actor, file="coincidences")
    kinds = pl.Series("kind", [KIND_WORDS[PlaceKind(kind)] for kind in view.frame["kind"]], dtype=pl.String)
    frame = view.frame.with_columns(kinds).select(EXPORTED)
    return as_file(frame, form=desk.answers.text("format"), name=f"coincidences-{view.as_of}")


def shown_row(row: Row) -> Row:
    """Give a row of the table in words. A home without a name is told by its postcode."""
    name, place, postcode = (str(row[one] or "") for one in ("name", "place", "postcode"))
    where = name or place or postcode or "A home"
    return {
        **row,
        "what": KIND_WORDS[PlaceKind(str(row["kind"]))],
        "where": where,
        "postcode": postcode if postcode != where else "",
        "chance": WITHHELD if row["place"] == WITHHELD else say_chance(row["p"]),
    }


def say_chance(p: object) -> str:
    """Say how likely chance alone brings as many to such a place in such a window."""
    if not isinstance(p, float):
        return "not known: nobody knows how many live there"
    if p >= 0.1:
        return "quite likely by chance alone"
    if p < 1e-6:
        return "less than once in a million"
    return f"once in about {_rounded(1 / p):,}"


def _rounded(number: float) -> int:
    """Round to two figures: a chance is not known more exactly."""
    return int(float(f"{number:.1e}"))
