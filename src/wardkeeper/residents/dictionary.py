"""Dictionaries: a column as one number per row and one text per number, so that strings are touched once per value."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

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
    coded = column.cast(pl.String).cast(pl.Categorical(pl.Categories.random())).to_arrow()
    codes = pl.Series(coded.indices).cast(pl.Int32).fill_null(MISSING).to_numpy()
    return Dictionary(codes, pl.Series(coded.dictionary, dtype=pl.String))


def fold(dictionary: Dictionary, expression: pl.Expr) -> Dictionary:
    """Make a dictionary of what an expression over the texts (column "text") gives; null is missing."""
    made = encode_texts(pl.DataFrame({"text": dictionary.texts}).select(expression).to_series())
    return Dictionary(spread(dictionary.codes, made.codes), made.texts)


def spread(codes: Codes, numbers: Codes) -> Codes:
    """Give each row the number that belongs to its code."""
    return np.append(numbers, np.int32(MISSING)).astype(np.int32)[codes]
