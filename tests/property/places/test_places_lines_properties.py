"""Taking addresses apart by their different wordings against doing it line by line."""

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardkeeper.places.lines import PARTS, STAND_INS, take_apart, take_each_apart

WORDS = st.sampled_from(
    "Flat Apartment No No. FLAT 1st 2nd First Floor Top GFF High Street St Road Rose Court Sale Kent M33 4AB 1AA M 3 O I "
    "3/18 18-20 - / ' 18b 007 00 0 1 2 12 57 A b é ² ٣ Greater Manchester".split()
)
NUMBERS = st.integers(0, 999).map(str)
GAPS = st.sampled_from([" ", " ", " ", ", ", ",", "-", " - ", "/", "", "'", "\u00a0", "\t", "."])
LINES = st.one_of(
    st.lists(st.tuples(st.one_of(WORDS, NUMBERS), GAPS), max_size=9).map(lambda parts: "".join(map("".join, parts))),
    st.text(alphabet=st.sampled_from("09 ,/-'AbF\u0301\u0967\u0968٣²"), max_size=12),
    st.text(max_size=12),
)


@settings(max_examples=300)
@given(st.lists(st.one_of(st.none(), LINES), max_size=12))
@example(["1st Floor Flat, 18 High Street", "1 st Floor Flat, 18 High Street"])
@example([f"{STAND_INS[0]} High Street 5", f"5 High Street {STAND_INS[1]}"])
@example(["57 No 3 High Street", "018 - 020 High Street", "007 - 10 - 18b", "3/18 High Street", "High Street 5 7 9"])
def test_the_parts_are_those_of_each_line_alone(lines):
    asked = pl.Series(lines, dtype=pl.String)
    assert take_apart(asked).rows() == take_each_apart(asked).rows()
    assert tuple(take_apart(asked).columns) == PARTS
