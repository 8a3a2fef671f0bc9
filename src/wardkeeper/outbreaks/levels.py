"""Levels of areas: which kinds of code may stand in one table, so that no total is counted beside its parts.

The first three characters of an area's code tell its kind (Office for National Statistics, Register of Geographic Codes).
"""

from collections.abc import Collection

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where

SMALL, MIDDLE, LOWER, UPPER, REGION, COUNTRY = "small", "middle", "lower", "upper", "region", "country"

LEVELS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("E01", "W01", "S01", "N20"), frozenset({SMALL})),
    **dict.fromkeys(("E02", "W02", "S02", "N21"), frozenset({MIDDLE})),
    "E07": frozenset({LOWER}),
    "E10": frozenset({UPPER}),
    "E11": frozenset(),
    **dict.fromkeys(("E06", "E08", "E09", "W06", "S12", "N09"), frozenset({LOWER, UPPER})),
    "E12": frozenset({REGION}),
    **dict.fromkeys(("W92", "S92", "N92"), frozenset({REGION, COUNTRY})),
    "E92": frozenset({COUNTRY}),
    **dict.fromkeys(("K02", "K03", "K04"), frozenset()),
}
"""The levels of a kind of area. Some are of two: a unitary authority is a district and a county, Wales a region and a country.

One of no level, such as a metropolitan county or the whole kingdom, stands beside no other kind."""


def check_levels(codes: Collection[str]) -> None:
    """Refuse codes of several levels: areas that hold others would be counted twice. Raises BadInput.

    Kinds that are not in LEVELS, such as a council's own areas, are not judged.
    """
    kinds = pl.Series("area", list(codes), dtype=pl.String).str.slice(0, 3).value_counts()
    ordered = kinds.sort(["count", "area"], descending=[True, False])
    known = [(kind, count) for kind, count in ordered.iter_rows() if kind in LEVELS]
    if len(known) < 2 or frozenset.intersection(*(LEVELS[kind] for kind, _ in known)):
        return
    (usual, _), *others = known
    said = ", ".join(f"{kind}: {count:,}" for kind, count in known)
    raise BadInput(
        f"The areas are of several levels, so that some hold others (by the start of their codes, {said}).",
        f"Take out the totals. Where the areas of {usual} are meant, these are: {', '.join(kind for kind, _ in others)}.",
        Where(column="area", rule="one level of areas"),
    )
