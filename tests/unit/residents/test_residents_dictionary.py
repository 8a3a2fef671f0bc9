"""Each text once, and a number for it in every row."""

import numpy as np
import polars as pl
import pytest

from wardkeeper.residents.dictionary import encode_texts, fold, spread


def read(dictionary):
    """The texts of the rows, put together again."""
    return [None if code < 0 else dictionary.texts[code] for code in dictionary.codes.tolist()]


def test_texts_are_numbered_as_they_are_first_met():
    found = encode_texts(pl.Series(["LEE", None, "OAK", "LEE", ""]))
    assert found.codes.tolist() == [0, -1, 1, 0, 2]
    assert found.texts.to_list() == ["LEE", "OAK", ""]
    assert found.size == 3


@pytest.mark.parametrize(
    "column",
    [
        pl.Series(["A", "B", "A", None]),
        pl.Series([7, 8, 7, None]),
        pl.Series([None, None], dtype=pl.String),
        pl.Series([], dtype=pl.String),
        pl.Series(["B", "A", "B"], dtype=pl.Categorical),
        pl.Series(["X", "A", "B"]).slice(1),
        pl.concat([pl.Series(["B", "A"]), pl.Series(["C", "A", None])], rechunk=False),
    ],
    ids=["texts", "numbers", "nothing known", "no rows", "categories", "a slice", "several pieces"],
)
def test_any_column_is_read_back_as_its_texts(column):
    found = encode_texts(column)
    assert read(found) == column.cast(pl.String).to_list()
    assert found.texts.n_unique() == found.size
    assert found.codes.dtype == np.int32


def test_many_texts_are_all_told_apart():
    texts = pl.Series([f"{number % 5000}" for number in range(12_000)])
    found = encode_texts(texts)
    assert found.size == 5000
    assert read(found) == texts.to_list()


def test_what_folds_to_one_text_has_one_number_and_null_is_missing():
    folded = fold(
        encode_texts(pl.Series(["a", "A", None, "-", "b"])), pl.col("text").str.to_uppercase().replace("-", None)
    )
    assert folded.codes.tolist() == [0, 0, -1, -1, 1]
    assert folded.texts.to_list() == ["A", "B"]


def test_numbers_are_spread_over_rows():
    codes, numbers = np.array([1, -1, 0, 1], np.int32), np.array([70, 80], np.int32)
    assert spread(codes, numbers).tolist() == [80, -1, 70, 80]
