"""Where the rows of delimited text end, and which of them are damaged: quotation marks as RFC 4180 has them.

A mark that opens a cell and is never rightly closed would swallow all rows behind it. So every mark is looked at: an
opening one stands behind a delimiter or line end, a closing one before. Where that does not hold, the row is damaged and
reading goes on at the next line. A mark inside a cell that is not in quotation marks is a letter like any other.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]

QUOTE, LINE_END = ord('"'), ord("\n")

LONGEST_ROW = 1024 * 1024
"""Bytes after which a quotation mark that is still open was never meant to be."""

MOST_MENDS = 200
"""Rows over several lines with a wrong number of cells that are parted line by line, in one block."""


class State(IntEnum):
    """What a row is."""

    WHOLE = 0
    BLANK = 1
    FEW = 2
    MANY = 3
    DAMAGED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """`ends` gives the place behind each row's line end, `states` what it is.

    `used` bytes were parted; the rest is the beginning of a row. `unclosed` is the row (0 is the first) whose quotation
    mark is open to the end of the text, or -1. `spread` tells whether any row has several lines.
    """

    ends: Places
    states: npt.NDArray[np.int8]
    used: int
    unclosed: int
    spread: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """The places of quotation marks, delimiters and line ends; and where marks stand wrong, for each beginning parity."""

    quotes: Places
    delimiters: Places
    lines: Places
    wrong: tuple[Places, Places]


def find_rows(text: bytes, delimiter: str, width: int, *, last: bool) -> Rows:
    """Part text into rows of `width` cells. `last` says that nothing follows, so that its last line is a row too."""
    size = len(text)
    marks = _find_marks(text, ord(delimiter))
    role, damaged, unclosed = _read_quotes(text, marks, last=last)
    for _ in range(MOST_MENDS):
        ends, counts, spread = _count_cells(marks, role, size, last=last)
        wrong = np.flatnonzero(spread & (counts != width) & ~np.isin(ends - 1, damaged))
        if not wrong.size:
            break
        start = int(ends[wrong[0] - 1]) if wrong[0] else 0
        first = int(np.searchsorted(marks.lines, start))
        damaged.append(int(marks.lines[first]))
        role, again = _read_again(text, marks, (role, damaged), first, last=last)
        unclosed = unclosed if 0 <= unclosed < start else again
    used = size if last else int(ends[-1]) if ends.size else 0
    states = _judge(text, (ends, counts), width, np.asarray(sorted(damaged), dtype=np.int64))
    at = int(np.searchsorted(ends, unclosed, side="right")) if unclosed >= 0 else -1
    return Rows(ends, states, used, at, bool(spread.any()))


def _find_marks(text: bytes, delimiter: int) -> _Marks:
    letters = np.frombuffer(text, dtype=np.uint8)
    quotes = np.flatnonzero(letters == QUOTE)
    before = letters[np.maximum(quotes - 1, 0)]
    behind = letters[np.minimum(quotes + 1, len(letters) - 1)]
    edges = (delimiter, LINE_END)
    doubled = np.concatenate([[False], np.diff(quotes) == 1])[: len(quotes)]
    opens = np.isin(before, edges) | (quotes == 0) | doubled
    closes = np.isin(behind, edges) | (quotes == len(letters) - 1) | (behind == QUOTE)
    even = np.arange(len(quotes)) % 2 == 0
    wrong = tuple(np.flatnonzero(np.where(even == first, ~opens, ~closes)) for first in (True, False))
    return _Marks(
        quotes, np.flatnonzero(letters == delimiter), np.flatnonzero(letters == LINE_END), (wrong[0], wrong[1])
    )


def _read_quotes(text: bytes, marks: _Marks, *, last: bool) -> tuple[npt.NDArray[np.int8], list[int], int]:
    """Tell each mark's role, the line ends of damaged rows, and where a mark opens that is never closed (or -1)."""
    role = np.zeros(len(marks.quotes), dtype=np.int8)
    damaged: list[int] = []
    unclosed = _read_from(text, marks, (role, damaged), 0, last=last)
    return role, damaged, unclosed


def _read_again(
    text: bytes, marks: _Marks, found: tuple[npt.NDArray[np.int8], list[int]], line: int, *, last: bool
) -> tuple[npt.NDArray[np.int8], int]:
    """Read on behind a line that was found damaged, as if nothing before it had been open."""
    role, damaged = found
    end = int(marks.lines[line])
    first = int(np.searchsorted(marks.quotes, end))
    start_of_line = int(marks.lines[line - 1]) + 1 if line else 0
    role[int(np.searchsorted(marks.quotes, start_of_line)) :] = 0
    damaged[:] = [one for one in damaged if one <= end]
    return role, _read_from(text, marks, (role, damaged), first, last=last)


def _read_from(
    text: bytes, marks: _Marks, found: tuple[npt.NDArray[np.int8], list[int]], at: int, *, last: bool
) -> int:
    """Read marks from one on: write roles (1 opens, 2 closes, 0 neither) and damaged lines; give the unclosed mark."""
    role, damaged = found
    quotes, unclosed = marks.quotes, -1
    while at < len(quotes):
        stop = _next_wrong(marks, at)
        role[at:stop:2], role[at + 1 : stop : 2] = 1, 2
        if stop == len(quotes) and (stop - at) % 2 == 0:
            break
        if stop < len(quotes) and (stop - at) % 2 == 0:
            at = _behind_cell(text, marks, int(quotes[stop]), at=stop)
            continue
        opened = _opening(role, quotes, stop - 1)
        place = int(quotes[opened])
        if stop == len(quotes):
            if not last and len(text) - place < LONGEST_ROW:
                break
            unclosed = place if last and unclosed < 0 and len(text) - place < LONGEST_ROW else unclosed
        role[opened:stop] = 0
        line = int(np.searchsorted(marks.lines, place))
        end = int(marks.lines[line]) if line < len(marks.lines) else len(text)
        damaged.append(end)
        at = max(int(np.searchsorted(quotes, end)), opened + 1)
        role[opened:at] = 0
    return unclosed


def _next_wrong(marks: _Marks, at: int) -> int:
    """Give the first mark from one on that cannot be what its turn makes it, or the number of marks."""
    wrong = marks.wrong[at % 2]
    place = int(np.searchsorted(wrong, at))
    return int(wrong[place]) if place < len(wrong) else len(marks.quotes)


def _behind_cell(text: bytes, marks: _Marks, place: int, *, at: int) -> int:
    """Give the first mark behind the cell that a mark stands in."""
    delimiter = marks.delimiters
    found = int(np.searchsorted(delimiter, place)), int(np.searchsorted(marks.lines, place))
    ends = [int(where[one]) for where, one in zip((delimiter, marks.lines), found, strict=True) if one < len(where)]
    return max(int(np.searchsorted(marks.quotes, min(ends, default=len(text)))), at + 1)


def _opening(role: npt.NDArray[np.int8], quotes: Places, mark: int) -> int:
    """Give the mark that opens the cell a mark stands in: doubled marks inside it are passed over."""
    while mark >= 2 and quotes[mark - 1] == quotes[mark] - 1 and role[mark - 1] == 2:
        mark -= 2
    return mark


def _count_cells(
    marks: _Marks, role: npt.NDArray[np.int8], size: int, *, last: bool
) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Give where rows end, how many cells each has, and which have several lines."""
    opens, closes = marks.quotes[role == 1], marks.quotes[role == 2]
    # A mark still open at the end hides what follows until more of the text has come.
    closes = np.append(closes, size) if len(opens) > len(closes) else closes
    before = np.searchsorted(opens, marks.lines)
    inside = (before > 0) & (closes[np.maximum(before - 1, 0)] > marks.lines) if len(opens) else before > 0
    ends = marks.lines[~inside] + 1
    if last and (not ends.size or ends[-1] < size):
        ends = np.append(ends, size)
    cells = np.diff(np.searchsorted(marks.delimiters, ends), prepend=0) + 1
    hidden = np.searchsorted(marks.delimiters, closes) - np.searchsorted(marks.delimiters, opens)
    rows = np.searchsorted(ends, opens, side="right")
    kept = (hidden > 0) & (rows < len(ends))
    np.subtract.at(cells, rows[kept], hidden[kept])
    return ends, cells, np.diff(np.searchsorted(marks.lines, ends - 1), prepend=-1) > 1


def _judge(text: bytes, found: tuple[Places, Places], width: int, damaged: Places) -> npt.NDArray[np.int8]:
    ends, cells = found
    lone_line_end = (np.diff(ends, prepend=0) == 1) & (np.frombuffer(text, dtype=np.uint8)[ends - 1] == LINE_END)
    states = np.full(len(ends), State.WHOLE, dtype=np.int8)
    states[cells < width] = State.FEW
    states[cells > width] = State.MANY
    states[lone_line_end] = State.BLANK
    states[np.isin(ends - 1, damaged) | np.isin(ends, damaged)] = State.DAMAGED
    return states
