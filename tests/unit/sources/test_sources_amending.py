"""Which parts of a contract a change touches, and that each is told."""

import pytest

from districts import EXAMPLES
from wardkeeper.sources.amending import (
    CONSEQUENCES,
    PARTS,
    Amendment,
    describe_new,
    find_amendments,
    tell_consequences,
)
from wardkeeper.sources.contract import parse

TEXT = (EXAMPLES / "sources" / "social-housing.toml").read_text("utf-8")


def change(old, new):
    assert old in TEXT
    return parse(TEXT.replace(old, new, 1), "sources/social-housing.toml")


OLD = parse(TEXT, "sources/social-housing.toml")


def test_every_amendment_is_found_somewhere_and_has_its_words():
    assert set(PARTS) == set(CONSEQUENCES) == set(Amendment)


def test_the_same_contract_amends_nothing():
    assert find_amendments(OLD, OLD) == frozenset()
    assert tell_consequences(OLD, OLD) == ()


CHANGES = {
    "the owner": ("refresh_days = ", "refresh_days = 1", set()),
    "an end": ('at_end = "', 'at_end = "return" # "', {Amendment.PERMISSION}),
    "another permission": ('id = "', 'id = "new-', {Amendment.PERMISSION, Amendment.OTHER_PERMISSION}),
    "the kind": ('kind = "full"', 'kind = "cumulative"', {Amendment.KIND}),
}


@pytest.mark.parametrize(("old", "new", "found"), CHANGES.values(), ids=CHANGES)
def test_what_is_found(old, new, found):
    assert find_amendments(OLD, change(old, new)) == found


def test_another_permission_is_told_once():
    told = tell_consequences(OLD, change('id = "', 'id = "new-'))
    assert len(told) == 1
    assert "goes under “new-" in told[0]


def test_whoever_agrees_to_a_new_source_is_told_what_is_kept_and_who_is_protected():
    told = describe_new(OLD)
    assert [sentence for sentence in told if sentence.startswith("Not kept: ")]
    assert "Who is protected is told by: Scheme Type." in told
    assert [sentence for sentence in told if "to be reviewed by" in sentence]


def test_a_notice_is_told_with_its_end():
    notice = parse((EXAMPLES / "sources" / "shielding.toml").read_text("utf-8"), "sources/shielding.toml")
    assert [sentence for sentence in describe_new(notice) if f"until {notice.mandate.ends}" in sentence]


def test_the_edition_of_a_register_is_told():
    register = parse((EXAMPLES / "sources" / "open-register.toml").read_text("utf-8"), "sources/open-register.toml")
    assert "Edition of the electoral register: open." in describe_new(register)
