"""Lookups: from a text to the number it has in the encoded records, without holding any text.

A text is known by 63 bits scattered from its letters: among ten million texts two share them once in a hundred thousand files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from wardkeeper.residents.arrays import MISSING, Codes, Ints, mix
from wardkeeper.residents.compiled import kernel


@dataclass(frozen=True, slots=True)
class Field:
    """One column of some records: `codes` per row (-1 missing) into `hashes` and `texts`, where a text may stand twice."""

    codes: Codes
    hashes: Ints
    texts: Sequence[str] | pl.Series

    def rows(self) -> Ints:
        """Give each row's hash; -1 where missing."""
        return np.append(self.hashes, MISSING)[self.codes]


def field(codes: Codes, texts: pl.Series) -> Field:
    """Make a field of dictionary codes and texts; a null text is missing."""
    absent = np.append(texts.is_null().to_numpy(), True)
    return Field(np.where(absent[codes], MISSING, codes).astype(np.int32), hash_texts(texts), texts)


def one_text(text: str | None) -> Field:
    """Make the field of a single record."""
    if text is None:
        return Field(np.array([MISSING], np.int32), np.zeros(0, np.int64), ())
    return Field(np.zeros(1, np.int32), np.array([hash_text(text)], np.int64), (text,))


def hash_texts(texts: pl.Series) -> Ints:
    """Scatter each text's letters to a number from 0."""
    array = texts.cast(pl.String).fill_null("").to_arrow()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = array.cast(pa.large_string())
    offsets, data = array.buffers()[1:]
    starts = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return _hash_all(starts, np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8))


def hash_text(text: str) -> int:
    """Scatter one text's letters, as `hash_texts` does."""
    content = np.frombuffer(text.encode(), dtype=np.uint8)
    return int(_hash_all(np.array([0, len(content)], np.int64), content)[0])


def hash_pairs(one: Ints, other: Ints) -> Ints:
    """Scatter pairs of hashes; -1 where either is missing."""
    return _hash_pairs(one, other)


@kernel
def _hash_all(starts: Ints, content: npt.NDArray[np.uint8]) -> Ints:
    hashes = np.empty(len(starts) - 1, np.int64)
    for text in range(len(hashes)):
        key = np.int64(starts[text + 1] - starts[text])
        for place in range(starts[text], starts[text + 1]):
            key = (key ^ np.int64(content[place])) * 1_099_511_628_211
        hashes[text] = mix(key) & 0x7FFFFFFFFFFFFFFF
    return hashes


@kernel
def _hash_pairs(one: Ints, other: Ints) -> Ints:
    hashes = np.empty(len(one), np.int64)
    for row in range(len(one)):
        if one[row] < 0 or other[row] < 0:
            hashes[row] = -1
        else:
            hashes[row] = mix(one[row] * 1_000_003 + mix(other[row])) & 0x7FFFFFFFFFFFFFFF
    return hashes


@dataclass(frozen=True, slots=True)
class Lookup:
    """The number of each known text, by its hash, in order of the hashes."""

    hashes: Ints
    codes: Codes

    def find(self, hashes: Ints) -> Codes:
        """Give the numbers; -1 for what is not known."""
        if not len(self.hashes):
            return np.full(len(hashes), MISSING, np.int32)
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[place] == hashes, self.codes[place], MISSING).astype(np.int32)

    def extended(self, hashes: Ints, codes: Codes) -> "Lookup":
        """Give the lookup with more texts, none of them known before."""
        order = np.argsort(hashes)
        place = np.searchsorted(self.hashes, hashes[order])
        return Lookup(np.insert(self.hashes, place, hashes[order]), np.insert(self.codes, place, codes[order]))


def learn(fields: Sequence[Field], columns: Sequence[Codes]) -> Lookup:
    """Learn from encoded records which number each text of the fields got; `columns` are their cells, row for row."""
    hashes, codes = [], []
    for one, cells in zip(fields, columns, strict=True):
        numbers = np.full(len(one.hashes) + 1, MISSING, np.int32)
        numbers[one.codes] = cells
        known = numbers[:-1] >= 0
        hashes.append(one.hashes[known])
        codes.append(numbers[:-1][known])
    every, first = np.unique(np.concatenate(hashes), return_index=True)
    return Lookup(every, np.concatenate(codes)[first].astype(np.int32))
