"""One text folded in plain Python is what the column expression makes of it, for every letter that this Python knows."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wardkeeper.residents import folding, plain_folding

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=40),
    st.text(alphabet="AaBbéß'’- .,\t\u00a0\u200b0123456789/@+çŁıٱ中٣", max_size=40),
    st.lists(
        st.sampled_from(["FLAT", "2", "14a", "High", "St", "st", "Rd", "LS1 4AB", "SW1A1AA", "Unit", ",", "@", "0044"]),
        max_size=8,
    ).map(" ".join),
)
OF_TEXT = ("fold_letters", "fold_name", "fold_address", "fold_postcode", "fold_phone", "fold_email", "fold_number")
OF_FOLDED = {"fold_building": "fold_address", "fold_numbers": "fold_address", "fold_outward": "fold_postcode"}


def by_column(name, text):
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    return frame.select(getattr(folding, name)(pl.col("text"))).item()


@pytest.mark.parametrize("name", [*OF_TEXT, "fold_text"])
@given(text=TEXTS)
@example(text="ǅ ΐ ﬁ ŉ Σ")
@example(text="07700 900 123")
@example(text="0044 12345")
def test_a_text(name, text):
    assert getattr(plain_folding, name)(text) == by_column(name, text)


@pytest.mark.parametrize("name", OF_FOLDED)
@given(text=TEXTS)
def test_a_folded_text(name, text):
    folded = getattr(plain_folding, OF_FOLDED[name])(text)
    if folded is not None:
        assert getattr(plain_folding, name)(folded) == by_column(name, folded)
