"""Forms of given names that a file's own records show, and what must not be taken for one."""

import pytest

from resident_tables import codes_of, encode_table
from wardkeeper.residents.blocking import find_candidates
from wardkeeper.residents.cells import Column
from wardkeeper.residents.comparing import compare, group_patterns, unpack
from wardkeeper.residents.forms import FEWEST, compare_again, learn_forms

HEADING = "id | given | family | born | home | email"
FAMILIES = ("LEE", "OAK", "ASH", "ELM", "YEW", "FIR", "BEECH", "ROWAN")


def pairs_of_names(times, *, born="{year}-04-11", other_born="{year}-04-11", email="-"):
    """So many people of whom one source says BELA and the other VILMOS."""
    rows = []
    for place in range(times):
        year, family = 1940 + place, FAMILIES[place]
        own = email.format(year=year)
        rows += [
            f"a:{place} | BELA | {family} | {born.format(year=year)} | uprn:{place} | {own}",
            f"b:{place} | VILMOS | {family} | {other_born.format(year=year)} | uprn:{place} | {own}",
        ]
    return rows


def learn(rows):
    """Whether two names are learned to be one; and the patterns before, after, and of comparing all pairs anew."""
    encoded = encode_table("\n".join([HEADING, *rows]))
    found = find_candidates(encoded)
    patterns = compare(encoded, found.left, found.right)
    distinct, place, _ = group_patterns(patterns)
    levels = unpack(distinct)
    taught = learn_forms(encoded, found, place, levels)
    after = compare_again(taught, found, patterns.copy(), place, levels)
    return taught is not encoded, patterns, after, compare(taught, found.left, found.right)


@pytest.mark.parametrize(
    ("rows", "learned"),
    [
        (pairs_of_names(FEWEST), True),
        (pairs_of_names(FEWEST - 1), False),
        (
            [
                row.replace("VILMOS", "BOROMIR")
                for row in pairs_of_names(FEWEST, born="-", other_born="-", email="{year}@b.org")
            ],
            True,
        ),
        (pairs_of_names(FEWEST, born="1949-04-11", other_born="1949-04-11"), False),
        (pairs_of_names(FEWEST, other_born="{year}-07-30"), False),
    ],
    ids=["often enough", "too seldom", "by e-mail", "one birth date for all", "always another birth date"],
)
def test_two_names_found_together_again_and_again_are_forms_of_one(rows, learned):
    assert learn(rows)[0] is learned


def test_brothers_in_as_many_homes_speak_against_it():
    others = [
        row.replace("a:", "a:9").replace("b:", "b:9") for row in pairs_of_names(FEWEST, other_born="{year}-07-30")
    ]
    others = [row.replace("uprn:", "uprn:9") for row in others]
    assert learn(pairs_of_names(FEWEST))[0]
    assert not learn([*pairs_of_names(FEWEST), *others])[0]


def test_a_slip_of_the_pen_teaches_no_form():
    rows = [row.replace("VILMOS", "BELLA") for row in pairs_of_names(FEWEST)]
    assert not learn(rows)[0]


def test_only_differing_names_are_compared_anew_and_the_outcome_is_that_of_comparing_all():
    learned, before, after, anew = learn(pairs_of_names(FEWEST + 1))
    assert learned
    assert after.tolist() == anew.tolist()
    assert after.tolist() != before.tolist()


def test_names_have_codes_before_they_have_forms():
    encoded = encode_table("\n".join([HEADING, *pairs_of_names(2)]))
    assert len(set(codes_of(encoded, Column.GIVEN))) == 2
