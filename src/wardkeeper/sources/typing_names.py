"""Columns named by a person at a keyboard, which has only one of the apostrophes."""

from collections.abc import Mapping, Sequence

APOSTROPHES = str.maketrans("‘’ʼ", "'''")


def name_columns(cells: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Give each cell under the contract's own name of its column; a name that is like none of `columns` stays as it is."""
    own = {name.translate(APOSTROPHES): name for name in columns} | {name: name for name in columns}
    return {own.get(name, own.get(name.translate(APOSTROPHES), name)): text for name, text in cells.items()}
