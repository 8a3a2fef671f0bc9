"""Totals at the foot of a file: rows that count the others and are about nobody."""

import re

_TOTAL = re.compile(
    r"""^(?:grand\s+|sub-?\s*)?total(?:s|\s+(?:rows|records|count|number)\b.*)?\s*[:=]?\s*[\d.,]*$
      | ^(?:number|count|no\.?)\s+of\s+(?:rows|records|people|accounts)\b.*$
      | ^(?:row|record)s?(?:\s*count)?\s*[:=]\s*[\d.,]*$
      | ^\**\s*end\s+of\s+(?:file|report|extract|data)\b.*$""",
    re.IGNORECASE | re.VERBOSE,
)

MOST_FILLED = 3
"""Cells of a row of totals that hold anything: the word, a count, and perhaps a sum."""

_PARTS = re.compile(r"[,;\t|^~]")


def is_total(*cells: str | None) -> bool:
    """Tell whether a row's cells (or its whole text) are a total: the first filled cell says so and the others are numbers."""
    parts = _PARTS.split(cells[0] or "") if len(cells) == 1 else [cell or "" for cell in cells]
    filled = [bare for part in parts if (bare := part.strip().strip('"').strip())]
    if not filled or len(filled) > MOST_FILLED or not _TOTAL.match(filled[0]):
        return False
    return all(re.fullmatch(r"[£$€]?[\d.,:/ -]+", cell) for cell in filled[1:])
