"""Coincidences: cases in; places where two or more came within seven days out, the least likely first.

```python
from wardkeeper.outbreaks import find_coincidences

found = find_coincidences(cases, population=people_by_postcode, known=care_homes_and_schools)
found.frame.select("rank", "kind", "place", "name", "most", "p")
```
"""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import find_coincidences

STREET, OTHER = "M33 2AA", "M32 8BB"
KNOWN = pl.DataFrame(
    {
        "name": ["Acacia Lodge", "Oak Primary"],
        "kind": ["care home", "school"],
        "postcode": [STREET, OTHER],
        "uprn": ["900000009", "900000010"],
    }
)


def cases(*rows):
    """(day of June 2020, postcode, home, setting)."""
    return pl.DataFrame(
        [(date(2020, 6, day), postcode, home, setting) for day, postcode, home, setting in rows],
        schema={"event_date": pl.Date, "postcode": pl.String, "home": pl.String, "setting": pl.String},
        orient="row",
    )


def found(*rows, **settings):
    return find_coincidences(cases(*rows), **settings).frame


def test_two_homes_of_a_postcode_within_seven_days_coincide():
    frame = found((1, STREET, "1", None), (7, STREET, "2", None))
    assert frame.select("kind", "place", "cases", "most", "first", "last").rows() == [
        ("postcode", STREET, 2, 2, date(2020, 6, 1), date(2020, 6, 7))
    ]


def test_the_eighth_day_is_too_late():
    assert found((1, STREET, "1", None), (8, STREET, "2", None)).is_empty()


def test_a_family_is_no_coincidence():
    assert found((1, STREET, "1", None), (2, STREET, "1", None), (3, STREET, "1", None)).is_empty()


def test_a_family_counts_once_beside_a_neighbour():
    frame = found((1, STREET, "1", None), (2, STREET, "1", None), (3, STREET, "2", None))
    assert frame.select("cases", "households", "most").rows() == [(3, 2, 2)]


def test_without_homes_cases_count_one_by_one_and_it_is_said():
    told = find_coincidences(cases((1, STREET, None, None), (2, STREET, None, None)))
    assert told.frame["most"].to_list() == [2]
    assert "Cases whose home (UPRN) is not known count one by one" in told.notes[0]


def test_people_in_a_care_home_count_one_by_one_and_the_home_is_named_from_the_known_places():
    frame = found((1, STREET, "900000009", None), (3, STREET, "900000009", None), known=KNOWN)
    assert frame.select("kind", "place", "name", "most").rows() == [("home", "900000009", "Acacia Lodge", 2)]


def test_a_setting_is_found_by_its_name_however_it_is_written():
    frame = found((1, STREET, "1", "Oak Primary"), (3, OTHER, "2", "OAK PRIMARY "))
    assert frame.select("kind", "place", "most").rows() == [("setting", "oak primary", 2)]


def test_a_setting_is_found_by_its_uprn_and_named():
    frame = cases((1, STREET, "1", None), (3, OTHER, "2", None)).with_columns(setting_home=pl.lit("900000010"))
    told = find_coincidences(frame, known=KNOWN).frame
    assert told.select("kind", "name", "most").rows() == [("setting", "oak primary", 2)]


def test_a_setting_is_where_it_is_known_to_be_and_not_where_its_cases_live():
    rows = [(1, STREET, "1", "Oak Primary"), (2, STREET, "2", "Oak Primary"), (3, "M33 9ZZ", "3", "oak primary")]
    told = found(*rows, known=KNOWN).filter(pl.col("kind") == "setting")
    assert told.select("name", "postcode").rows() == [("Oak Primary", OTHER)]
    unknown = found(*rows).filter(pl.col("kind") == "setting")
    assert unknown.select("postcode", "area").rows() == [(None, None)]


def test_a_kind_of_setting_is_not_one_place():
    assert found((1, STREET, "1", "School"), (3, OTHER, "2", "School")).is_empty()


def test_the_same_cases_are_told_once_as_the_most_telling_place():
    rows = [(day, STREET, "900000009", "Acacia Lodge") for day in (1, 2, 3)]
    assert found(*rows, known=KNOWN)["kind"].to_list() == ["setting"]
    with_neighbour = found(*rows, (4, STREET, "1", None), known=KNOWN)
    assert with_neighbour.select("kind", "cases", "name").rows() == [
        ("postcode", 4, "Acacia Lodge"),
        ("setting", 3, "Acacia Lodge"),
    ]


def test_windows_that_overlap_are_one_coincidence_with_its_fullest_week():
    frame = found(*((day, STREET, str(day), None) for day in (1, 6, 11, 12, 13)))
    assert frame.select("first", "last", "cases", "most", "most_from").rows() == [
        (date(2020, 6, 1), date(2020, 6, 13), 5, 3, date(2020, 6, 11))
    ]


def test_the_least_likely_comes_first():
    people = pl.DataFrame({"postcode": [STREET, OTHER], "population": [200, 10]})
    rows = [(day, place, f"{place} {day}", None) for day in (1, 2) for place in (STREET, OTHER)]
    frame = found(*rows, population=people)
    assert frame["place"].to_list() == [OTHER, STREET]
    # 4 cases everywhere; 10 of 210 people: 0.19 expected, and 2 or more by a Poisson count in 1.6 of 100.
    assert frame.row(0, named=True)["expected"] == pytest.approx(4 * 10 / 210)
    assert frame.row(0, named=True)["p"] == pytest.approx(0.01593, abs=1e-4)


def test_a_family_elsewhere_is_one_household_in_what_chance_would_bring_too():
    people = pl.DataFrame({"postcode": [STREET, OTHER], "population": [100, 100]})
    pair = [(2, STREET, "1", None), (3, STREET, "2", None)]
    alone = [(2, OTHER, "3", None)]
    family = [(day, OTHER, "3", None) for day in (1, 2, 2, 5, 8)]
    one, many = (found(*pair, *others, population=people) for others in (alone, family))
    assert one["expected"].to_list() == many["expected"].to_list() == [1.5]
    assert one["p"].to_list() == many["p"].to_list()


def test_what_ended_before_can_be_left_out():
    rows = [(1, STREET, "1", None), (2, STREET, "2", None), (20, OTHER, "3", None), (21, OTHER, "4", None)]
    assert found(*rows, since=date(2020, 6, 10))["place"].to_list() == [OTHER]


def test_no_cases_give_nothing():
    assert found().is_empty()


def test_cases_without_any_place_are_said():
    told = find_coincidences(cases((1, None, None, None)))
    assert told.notes == ("Cases without a postcode, a home or a setting can't coincide with others: 1.",)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"least": 1}])
def test_windows_and_sizes_that_mean_nothing_are_refused(wrong):
    with pytest.raises(BadInput, match="A coincidence needs at least 2 cases within at least 1 day"):
        found((1, STREET, "1", None), **wrong)


def test_a_table_without_places_is_refused():
    with pytest.raises(BadInput, match="Coincidences need a day for each case, and a postcode, a home or a setting"):
        find_coincidences(pl.DataFrame({"event_date": [date(2020, 6, 1)]}))
