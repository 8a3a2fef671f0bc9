"""The compiled rule agrees with a plain reading of its words, on dates and numbers as people write them."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from resident_tables import record_frame
from wardkeeper.residents.cells import BirthRule
from wardkeeper.residents.constraints import GENERATION_YEARS, SLIP_DIGITS, Veto, find_vetoes
from wardkeeper.residents.encoding import ADULT_TITLES, CHILD_UNDER_YEARS, encode
from wardkeeper.residents.linking import ROLES

BIRTHS = st.sampled_from(
    [
        date(1945, 2, 7),
        date(1945, 7, 2),
        date(1945, 2, 17),
        date(1945, 3, 17),
        date(1945, 1, 1),
        date(1954, 2, 17),
        date(1955, 2, 7),
        date(1958, 2, 7),
        date(1959, 1, 1),
        date(1975, 2, 7),
        date(1971, 6, 21),
        date(1900, 1, 1),
        date(2016, 3, 9),
        date(2025, 11, 20),
        None,
    ]
) | st.dates(date(1920, 1, 1), date(2026, 6, 1))


def maybe(*values):
    return st.sampled_from([*values, None, None])


RECORD = st.fixed_dictionaries(
    {
        "title": maybe("MR", "MRS", "MISS"),
        "birth_date": BIRTHS,
        "home_id": maybe("uprn:1", "addr:2"),
        "postcode": maybe("ZZ1 1AA", "ZZ2 2BB"),
        "phone": maybe("+441610000001", "+441610000002"),
        "email": maybe("a@b.org", "b@b.org"),
        "nhs_number": maybe("9990000018", "9990000026"),
        "ni_number": maybe("QQ123456C", "QQ654321C"),
        "protected": st.sampled_from([False, False, False, True]),
    }
)
SEEN = date(2026, 6, 1)


def agree(one, other, *names):
    return any(one[name] is not None and one[name] == other[name] for name in names)


def plain_veto(one, other, rule):
    """What the words of `Veto` and of `find_veto` say, one after the other."""
    if (one["protected"] or other["protected"]) and not agree(one, other, "home_id"):
        return Veto.PROTECTED
    if one["nhs_number"] and other["nhs_number"] and one["nhs_number"] != other["nhs_number"]:
        return Veto.NHS_NUMBER
    if plainly_different_births(one, other, rule):
        return Veto.BIRTH_DATE
    kinds = [plain_kinds(record) for record in (one, other)]
    if "child" in kinds[0] | kinds[1] and "adult" in kinds[0] | kinds[1] and not kinds[0] & kinds[1]:
        return Veto.AGE
    return Veto.NONE


def plain_kinds(record):
    born = record["birth_date"]
    kinds = {"adult"} if record["title"] in ADULT_TITLES else set()
    known = born is not None and born != date(1900, 1, 1)
    return kinds | ({"child"} if known and SEEN.year - born.year < CHILD_UNDER_YEARS else set())


def plainly_different_births(one, other, rule):
    births = [record["birth_date"] for record in (one, other)]
    if rule is BirthRule.NONE or None in births or date(1900, 1, 1) in births:
        return False
    if agree(one, other, "nhs_number", "ni_number"):
        return False
    years = abs(births[0].year - births[1].year)
    if any((born.month, born.day) == (1, 1) for born in births):
        return rule is BirthRule.STRICT and years >= GENERATION_YEARS
    if births[0] == births[1]:
        return False
    digits = sum(a != b for a, b in zip(*(f"{born:%Y%m%d}" for born in births), strict=True))
    crossed = (births[0].year, births[0].month, births[0].day) == (births[1].year, births[1].day, births[1].month)
    if rule is BirthRule.LENIENT:
        return digits > SLIP_DIGITS and not crossed
    slip = digits == 1 or crossed
    near = agree(one, other, "phone", "email", "home_id", "postcode")
    return not (slip and near and years < GENERATION_YEARS)


@settings(max_examples=60)
@given(st.lists(RECORD, min_size=2, max_size=9), st.sampled_from(BirthRule))
def test_vetoes_agree_with_a_plain_reading_of_the_rules(rows, rule):
    frame = record_frame([{**row, "record_id": f"s:{place}", "seen_on": SEEN} for place, row in enumerate(rows)])
    encoded = replace(encode(frame, ROLES), birth_rule=rule)
    places = [(one, other) for one in range(len(rows)) for other in range(len(rows)) if one != other]
    left, right = (encoded.rank()[np.array(side)] for side in zip(*places, strict=True))
    found = find_vetoes(encoded, left, right).tolist()
    assert [Veto(veto) for veto in found] == [plain_veto(rows[one], rows[other], rule) for one, other in places]
