"""Boundaries of two years: codes and tables in; how many of each year there are, and converted counts, out.

```python
from wardkeeper.outbreaks import check_boundaries, convert_areas, read_area_lookup

lookup = read_area_lookup(table)  # msoa11cd, msoa21cd
check_boundaries(counts.areas, known, lookup).notes
converted = convert_areas(counts.frame, lookup, known)
```
"""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.boundaries import check_boundaries, convert_areas, read_area_lookup

WEEK = date(2022, 6, 4)
# Same in both years: S. Renamed whole: R to Q. Two joined into one: A and B to C. One divided: D into E and F.
PAIRS = [("S", "S"), ("R", "Q"), ("A", "C"), ("B", "C"), ("D", "E"), ("D", "F")]
CODE = {letter: f"E020000{ord(letter)}" for letter in "SRQABCDEFX"}
LOOKUP = read_area_lookup(
    pl.DataFrame(
        [(CODE[old], CODE[new], "x") for old, new in PAIRS], schema=["msoa11_code", "msoa21_code", "name"], orient="row"
    )
)
OF_2021 = [CODE[letter] for letter in "SQCEF"]
OF_2011 = [CODE[letter] for letter in "SRABD"]


def counts(**areas):
    rows = [(CODE[area], WEEK, *(cell if isinstance(cell, tuple) else (cell, cell))) for area, cell in areas.items()]
    return pl.DataFrame(
        rows, schema={"area": pl.String, "week_end": pl.Date, "low": pl.Int64, "high": pl.Int64}, orient="row"
    )


def converted(frame, known=OF_2021, **settings):
    done = convert_areas(frame, LOOKUP, known, **settings)
    letters = {code: letter for letter, code in CODE.items()}
    return {letters[area]: (low, high) for area, low, high in done.frame.select("area", "low", "high").rows()}, done


def test_codes_that_are_all_known_need_no_words():
    assert check_boundaries(OF_2021, OF_2021).notes == ()


def test_codes_of_another_year_are_said_with_how_many_and_what_to_do():
    told = check_boundaries(OF_2011, OF_2021)
    assert told.notes == (
        (
            f"Areas of the file that are not among those loaded: 4 of 5, such as {CODE['A']}; areas loaded that the file "
            "does not have: 4. They may be of another year (2011 and 2021)."
        ),
        "Load the boundaries and population of the file's year, or give a look-up of areas.",
    )


def test_with_a_look_up_the_years_are_told_apart():
    told = check_boundaries([*OF_2011, CODE["X"]], OF_2021, LOOKUP)
    assert (told.known, told.old_only, told.new_only, told.unknown) == (1, 4, 0, 1)
    assert "Areas that there are in 2011 only: 4." in told.notes


def test_mixed_years_are_said():
    told = check_boundaries([CODE["R"], CODE["Q"]], [CODE["S"]], LOOKUP)
    assert told.notes[1] == "Codes of 2011 and 2021 are mixed in the file."


def test_areas_that_stayed_whole_or_were_joined_whole_are_carried_over_exactly():
    found, done = converted(counts(S=5, R=7, A=1, B=(0, 2)))
    assert found == {"S": (5, 5), "Q": (7, 7), "C": (1, 3)}
    assert done.notes == ("Areas of another year whose counts were carried over whole: 3.",)


def test_a_divided_area_is_set_aside_and_counted():
    found, done = converted(counts(S=5, D=10))
    assert found == {"S": (5, 5)}
    assert done.set_aside == 1
    assert done.notes[0].startswith("Areas that were divided or joined in part, or may have been, were set aside: 1.")


def test_a_divided_area_is_shared_out_by_population_only_when_that_is_said():
    people = pl.DataFrame({"area": [CODE["E"], CODE["F"]], "population": [2000, 1000]})
    found, done = converted(counts(D=10), split=True, population=people)
    assert found == {"E": (7, 7), "F": (3, 3)}
    assert "shared out by population or best fit, an estimate: 1." in done.notes[0]


def test_an_area_divided_between_one_that_is_loaded_and_one_that_is_not_is_not_carried_over_whole():
    here = [CODE[letter] for letter in "SQCE"]  # F is another authority's.
    found, done = converted(counts(S=5, D=10), known=here)
    assert found == {"S": (5, 5)}
    assert done.set_aside == 1
    found, _ = converted(counts(S=5, D=10), known=here, split=True)
    assert found == {"S": (5, 5), "E": (5, 5), "F": (5, 5)}


def test_counts_of_one_week_under_the_codes_of_both_years_are_said():
    found, done = converted(counts(R=7, Q=7))
    assert found == {"Q": (14, 14)}
    assert "under the codes of both years, which were added up: 1." in done.notes[-1]


def test_the_other_way_a_joined_area_is_the_one_that_is_divided():
    found, done = converted(counts(Q=7, C=4, E=1, F=2), known=OF_2011)
    assert found == {"R": (7, 7), "D": (3, 3)}
    assert done.set_aside == 1


def test_a_new_area_made_of_a_part_and_a_whole_waits_for_both():
    # G is made of all of A and a part of D: A's counts alone would be too few.
    lookup = read_area_lookup(
        pl.DataFrame([("E02000001", "E02000003"), ("E02000002", "E02000003"), ("E02000002", "E02000004")],
                     schema=["msoa11cd", "msoa21cd"], orient="row")
    )  # fmt: skip
    frame = counts(S=1).with_columns(area=pl.lit("E02000001"))
    assert convert_areas(frame, lookup, ["E02000003", "E02000004"]).set_aside == 1


def test_a_joined_area_waits_for_all_its_parts():
    found, done = converted(counts(S=5, A=1))
    assert found == {"S": (5, 5)}
    assert done.set_aside == 1


def best_fit():
    """The look-up as a best fit: D is given to E alone, and F is in no row."""
    return read_area_lookup(
        LOOKUP.pairs.filter(pl.col("new") != CODE["F"]).rename({"old": "msoa11cd", "new": "msoa21cd"})
    )


def test_a_best_fit_look_up_cannot_tell_a_divided_area_from_a_renamed_one_and_says_so():
    done = convert_areas(counts(S=5, R=7, A=1, B=1, D=10), best_fit(), OF_2021)
    assert done.frame.select("area", "low").rows() == sorted([(CODE["S"], 5), (CODE["C"], 2)])
    assert done.set_aside == 2
    assert any(note.startswith("The look-up leaves out areas that are loaded: 1.") for note in done.notes)


@given(st.integers(0, 500), st.integers(1, 3000), st.integers(1, 3000))
def test_sharing_out_keeps_the_total(count, one, other):
    people = pl.DataFrame({"area": [CODE["E"], CODE["F"]], "population": [one, other]})
    found, _ = converted(counts(D=count), split=True, population=people)
    assert all(least == most for least, most in found.values())
    assert sum(least for least, _ in found.values()) == count


def test_each_part_may_have_none_or_all_of_a_hidden_count():
    found, _ = converted(counts(D=(1, 2)), split=True)
    assert found == {"E": (0, 2), "F": (0, 2)}


def test_a_look_up_without_two_years_is_refused():
    with pytest.raises(BadInput, match="no two columns with the codes of one kind of area in two years"):
        read_area_lookup(pl.DataFrame({"msoa11cd": ["E02000001"], "lsoa21cd": ["E01000001"]}))
