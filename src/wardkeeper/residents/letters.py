"""Texts as rows of letters (UTF-16 units), so that compiled code compares them without touching a Python string."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from wardkeeper.residents.arrays import Codes
from wardkeeper.residents.compiled import kernel

Units = npt.NDArray[np.uint16]
Starts = npt.NDArray[np.int64]
LONGEST = 60
"""Letters of a text that are compared: bit-parallel code has room for 64."""


class Letters(NamedTuple):
    """Texts one after the other: text t is `units[starts[t]:starts[t + 1]]`.

    `sets` tells which letters occur in each: bit 0 for a space, 1 to 26 for A to Z, 27 for any other. Above them HAS_FORMS tells
    that the text is a name with other forms.
    """

    units: Units
    starts: Starts
    sets: Codes


SPACE = 1
LETTERS = (1 << 28) - 1
HAS_FORMS = 1 << 28


def spell(texts: pl.Series) -> Letters:
    """Write texts as letters. A letter beyond the sixteen-bit plane is folded into it: only comparing is meant.

    What is longer than LONGEST letters is cut.
    """
    array = texts.cast(pl.String).fill_null("").to_arrow()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = array.cast(pa.large_string())
    offsets, data = array.buffers()[1:]
    starts = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return Letters(*_spell(starts, content))


def spell_few(texts: list[str]) -> Letters:
    """Write texts as letters, as `spell` does, without the cost of a column: for those of a single record."""
    parts = [text.encode() for text in texts]
    starts = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    return Letters(*_spell(starts, np.frombuffer(b"".join(parts), dtype=np.uint8)))


@kernel
def _spell(offsets: npt.NDArray[np.int64], content: npt.NDArray[np.uint8]) -> tuple[Units, Starts, Codes]:
    count = len(offsets) - 1
    units = np.empty(min(offsets[count] - offsets[0], count * LONGEST), np.uint16)
    starts, sets = np.zeros(count + 1, np.int64), np.zeros(count, np.int32)
    total = 0
    for text in range(count):
        place = offsets[text]
        while place < offsets[text + 1] and total - starts[text] < LONGEST:
            first = np.int64(content[place])
            if first < 0x80:
                letter, size = first, 1
            elif first < 0xE0:
                letter, size = first & 0x1F, 2
            elif first < 0xF0:
                letter, size = first & 0x0F, 3
            else:
                letter, size = first & 0x07, 4
            for step in range(1, size):
                letter = (letter << 6) | (np.int64(content[place + step]) & 0x3F)
            units[total] = np.uint16((letter ^ (letter >> 16)) & 0xFFFF)
            if letter == 32:
                sets[text] |= SPACE
            elif 65 <= letter <= 90:
                sets[text] |= 1 << (letter - 64)
            else:
                sets[text] |= 1 << 27
            total += 1
            place += size
        starts[text + 1] = total
    return units[:total], starts, sets
