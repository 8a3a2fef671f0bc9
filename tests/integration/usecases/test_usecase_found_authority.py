"""Founding an authority: once, all its drafts together, every permission with a key and an end."""

import json

import pytest

from districts import EXAMPLES, PASSWORD
from that_day import open_town
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.find_homes import find_homes
from wardkeeper.usecases.found_authority import NewPerson, found
from wardkeeper.usecases.rulebook import Kind, rulebook
from wardkeeper.usecases.sign_in import sign_in
from wardkeeper.usecases.verify_ledger import verify_ledger

PEOPLE = [NewPerson(cast.PLANNER, PASSWORD)]


@pytest.fixture
def empty(tmp_path):
    opened = open_town(tmp_path)
    yield opened
    opened.store.close()


def with_change(kind, name, change):
    drafts = read_drafts(EXAMPLES)
    return [
        Draft(one.kind, one.name, change(one.text)) if (one.kind, one.name) == (kind, name) else one for one in drafts
    ]


def test_an_authority_is_set_up_with_its_rules_and_people(empty):
    book = found(empty, "test", read_drafts(EXAMPLES), PEOPLE)
    assert book.authority.slug == "trafford-council"
    assert rulebook(empty.store) == book
    assert sign_in(empty, cast.PLANNER.login, PASSWORD).actor == cast.PLANNER


def test_g4_every_permission_has_an_end_or_a_review_and_a_promised_key(empty):
    found(empty, "test", read_drafts(EXAMPLES), PEOPLE)
    mandates = empty.store.mandates()
    assert len(mandates) == 8
    assert all(one.has_an_end for one in mandates)
    created = json.loads(next(iter(empty.store.leaves())))
    assert [text.split()[0] for text in created["detail"]["key_commitments"]] == [one.id for one in mandates]


def test_the_ledger_begins_with_the_founding_and_each_person(empty):
    found(empty, "test", read_drafts(EXAMPLES), PEOPLE)
    acts = [json.loads(leaf)["type"] for leaf in empty.store.leaves()]
    assert acts == ["authority.created", "person.added"]
    assert verify_ledger(empty).verified


def test_a_second_founding_is_a_conflict_and_changes_nothing(house):
    people, leaves = house.store.accounts(), house.store.ledger_size()
    with pytest.raises(Conflict) as raised:
        found(house, "test", read_drafts(EXAMPLES), [NewPerson(cast.PLANNER, "another password")])
    assert raised.value.message == "An authority has been set up here already."
    assert (house.store.accounts(), house.store.ledger_size()) == (people, leaves)


@pytest.mark.parametrize(
    ("kind", "name", "change", "message"),
    [
        (Kind.SOURCE, "shielding", lambda text: text.replace("ends = ", "was = "), "ends"),
        (Kind.SOURCE, "assisted-bins", lambda text: text.replace("review_by = ", "was = "), "review"),
        (Kind.AGREEMENT, "fire-flood", lambda text: text.replace("\nends = ", "\nwas = "), "ends"),
        (Kind.PURPOSES, "purposes", lambda text: text + "\n[[", "purposes.toml"),
        (Kind.NEEDS, "flood", lambda text: text.replace("hazard =", "hazzard =", 1), "needs/flood.toml"),
    ],
    ids=["mandate without an end", "standing without a review", "agreement without an end", "broken", "misspelt"],
)
def test_one_bad_draft_refuses_them_all(empty, kind, name, change, message):
    with pytest.raises(BadInput) as raised:
        found(empty, "test", with_change(kind, name, change), PEOPLE)
    assert message in str(raised.value)
    assert empty.store.accounts() == []
    assert empty.store.documents(Kind.AUTHORITY) == []
    assert empty.store.ledger_size() == 0


def test_before_the_founding_everything_says_what_to_do(empty, town):
    with pytest.raises(NotFound) as raised:
        find_homes(empty, cast.PLANNER, "flood", town.outline)
    assert raised.value.message == "No authority has been set up here."
