"""Names in a sentence: the first few, and how many more there are."""

from collections.abc import Sequence

NAMED = 20
"""Names that a sentence takes; nobody reads more."""


def name_some(names: Sequence[str], most: int = NAMED) -> str:
    """Give the first names with commas between them, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
