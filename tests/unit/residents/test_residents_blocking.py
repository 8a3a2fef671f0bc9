"""Which pairs are compared, and what each key brings."""

import pytest

from resident_tables import encode_table
from wardkeeper.residents import blocking
from wardkeeper.residents.blocking import CAP, FURTHER, KEY_BITS, KEYS, find_candidates, shares_homes


def pairs_of(encoded, found):
    """The candidates as rows of the table they came from."""
    order = encoded.order.tolist()
    return {
        tuple(sorted((order[one], order[other])))
        for one, other in zip(found.left.tolist(), found.right.tolist(), strict=True)
    }


def brought(found):
    return {key.name: (key.pairs, key.alone) for key in found.keys if key.pairs}


def test_every_key_has_a_name_of_its_own_and_room_to_be_told():
    keys = (*KEYS, *FURTHER)
    assert len({key.name for key in keys}) == len(keys) <= 2**KEY_BITS
    assert all(not set(key.columns) & set(key.finer) for key in keys)


def test_protected_records_are_not_even_compared_with_other_homes():
    encoded = encode_table("""
    id  | given | family | born       | home   | protected
    a:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
    b:1 | NORA  | HELMER | 1980-03-09 | uprn:1 | no
    b:2 | NORA  | HELMER | 1980-03-09 | uprn:9 | no
    b:3 | NORA  | HELMER | 1980-03-09 | -      | no
    b:4 | NORA  | HELMER | 1980-03-09 | -      | yes
    """)
    assert pairs_of(encoded, find_candidates(encoded)) == {(0, 2), (1, 2), (1, 3), (2, 3)}


def test_each_key_is_counted_with_what_it_alone_brought():
    encoded = encode_table("""
    id  | given | family | email   | phone
    a:1 | ANN   | LEE    | x@y.org | 0161 4960123
    b:1 | BOB   | OAK    | x@y.org | 0161 4960123
    c:1 | ADA   | ELM    | -       | 0161 4960123
    """)
    found = find_candidates(encoded)
    assert brought(found) == {"e-mail": (1, 0), "phone": (3, 2)}
    assert [key.name for key in found.keys] == [key.name for key in (*KEYS, *FURTHER)]


def test_a_pair_found_by_two_keys_is_one_pair():
    encoded = encode_table(
        "id | given | family | home | postcode\na:1 | ANN | LEE | uprn:1 | ZZ1 1AA\nb:1 | ANN | LEE | uprn:1 | ZZ1 1AA"
    )
    found = find_candidates(encoded)
    assert pairs_of(encoded, found) == {(0, 1)}
    assert len(found.left) == 1
    assert sum(key.pairs for key in found.keys) > 1
    assert not [key for key in found.keys if key.alone]


def test_a_crowd_is_split_by_a_finer_key_and_what_is_left_out_is_counted():
    lines = [f"a:{n} | ANN | LEE | 19{40 + n // 40}-03-04" for n in range(CAP + 20)]
    found = find_candidates(encode_table("\n".join(["id | given | family | born", *lines])))
    key = next(key for key in found.keys if key.name == "given name and family name")
    assert key.pairs == 2 * 40 * 39 // 2
    assert key.left_out == 0
    same_year = "\n".join(["id | given | family | born", *(line[:-10] + "1940-03-04" for line in lines)])
    crowd = find_candidates(encode_table(same_year))
    assert next(key for key in crowd.keys if key.name == "given name and family name").left_out == CAP + 20


STRANGERS = """
id  | given | family | born       | home
a:1 | ANN   | LEE    | 1949-04-11 | {one}
a:2 | BOB   | OAK    | 1949-04-11 | {other}
"""


def test_wide_nets_are_cast_only_where_records_do_not_share_homes():
    apart = encode_table(STRANGERS.format(one="uprn:1", other="uprn:2"))
    assert not shares_homes(apart)
    assert brought(find_candidates(apart)) == {"birth date": (1, 1)}
    together = encode_table(STRANGERS.format(one="uprn:1", other="uprn:1"))
    assert shares_homes(together)
    assert brought(find_candidates(together)) == {}


def test_a_wide_net_that_would_bring_too_many_is_left_out_and_a_later_one_may_fit(monkeypatch):
    monkeypatch.setattr(blocking, "ROOM_PAIRS", 1)
    monkeypatch.setattr(blocking, "ROOM_PER_RECORD", 0)
    encoded = encode_table("""
    id  | given | family | born       | postcode
    a:1 | ANN   | LEE    | 1949-04-11 | -
    a:2 | BOB   | OAK    | 1949-04-11 | -
    a:3 | EVE   | ELM    | 1949-04-11 | ZZ1 1AA
    a:4 | IAN   | ASH    | -          | ZZ1 1AA
    """)
    found = find_candidates(encoded)
    assert brought(found) == {"postcode": (1, 1)}
    assert pairs_of(encoded, found) == {(2, 3)}


@pytest.mark.parametrize("rows", ["", "a:1 | ANN | LEE", "a:1 | - | -\na:2 | - | -"])
def test_with_nothing_in_common_nothing_is_compared(rows):
    table = f"id | given | family\n{rows or 'a:1 | ANN | LEE'}"
    assert len(find_candidates(encode_table(table)).left) == 0
