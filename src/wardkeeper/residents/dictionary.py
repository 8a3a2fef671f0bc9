"""Dictionaries: a column as one number per row and one text per number, so that strings are touched once per value."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from wardkeeper.residents.compiled import inlined, kernel

Codes = npt.NDArray[np.int32]
MISSING = -1


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Codes of one column (-1 missing) and the text each code stands for, each text once."""

    codes: Codes
    texts: pl.Series

    @property
    def size(self) -> int:
        """Number of distinct texts."""
        return len(self.texts)


def encode_texts(column: pl.Series) -> Dictionary:
    """Number a column's distinct texts in the order in which they are first met."""
    texts = column.cast(pl.String)
    codes, firsts = _number_hashes(texts.hash(seed=1).to_numpy(), texts.is_not_null().to_numpy())
    known = texts.gather(firsts)
    if len(known) and not (known.gather(np.maximum(codes, 0)).eq(texts) | texts.is_null()).all():
        return _encode_slowly(texts)
    return Dictionary(codes, known)


def _encode_slowly(texts: pl.Series) -> Dictionary:
    """Number texts of which two have the same hash: some two in a hundred billion billion."""
    coded = texts.cast(pl.Categorical(pl.Categories.random())).to_arrow()
    codes = pl.Series(coded.indices).cast(pl.Int32).fill_null(MISSING).to_numpy()
    return Dictionary(codes, pl.Series(coded.dictionary, dtype=pl.String))


@kernel
def _number_hashes(hashes: npt.NDArray[np.uint64], known: npt.NDArray[np.bool_]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Number distinct hashes as they are first met; give each row's number and the row each number is first met in."""
    size = 16
    keys, places = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    codes, firsts = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
    total = 0
    for row in range(len(hashes)):
        if not known[row]:
            codes[row] = -1
            continue
        if 2 * total >= size:
            size *= 4
            keys, places = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
            for code in range(total):
                slot = _find_slot(keys, places, hashes[firsts[code]])
                keys[slot], places[slot] = hashes[firsts[code]], code
        slot = _find_slot(keys, places, hashes[row])
        if places[slot] < 0:
            keys[slot], places[slot] = hashes[row], total
            firsts[total] = row
            total += 1
        codes[row] = places[slot]
    return codes, firsts[:total].copy()


@inlined
def _find_slot(keys, places, key):
    slot = np.int64(key >> np.uint64(20)) & (len(keys) - 1)
    while places[slot] >= 0 and keys[slot] != key:
        slot = (slot + 1) & (len(keys) - 1)
    return slot


def fold(dictionary: Dictionary, expression: pl.Expr) -> Dictionary:
    """Make a dictionary of what an expression over the texts (column "text") gives; null is missing."""
    made = encode_texts(pl.DataFrame({"text": dictionary.texts}).select(expression).to_series())
    return Dictionary(spread(dictionary.codes, made.codes), made.texts)


def spread(codes: Codes, numbers: Codes) -> Codes:
    """Give each row the number that belongs to its code."""
    return np.append(numbers, np.int32(MISSING)).astype(np.int32)[codes]
