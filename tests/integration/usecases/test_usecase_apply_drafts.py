"""Applying drafts: all or none, each with its leaf, by those who may, and what it does to what is loaded is told first."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.apply_drafts import (
    Outcome,
    apply_drafts,
    check_drafts,
    check_proposal,
    confirm_proposal,
)
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.drafts_compared import State
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.ports import Account
from wardkeeper.usecases.rulebook import Kind, rulebook
from wardkeeper.usecases.verify_ledger import verify_ledger

TAX = (Kind.SOURCE, "council-tax")
BINS = (Kind.SOURCE, "assisted-bins")


@pytest.fixture
def drafts(folder):
    return read_drafts(folder)


def change(drafts, key, old, new):
    """Change one draft's text; the words must be there."""
    one = next(one for one in drafts if (one.kind, one.name) == key)
    assert old in one.text
    return [replace(one, text=one.text.replace(old, new, 1)) if one is each else each for each in drafts]


def new_source(drafts, name="lunch-club", old="", new=""):
    """Add a contract like that of the assisted bins under another name."""
    text = next(one.text for one in drafts if one.name == "assisted-bins").replace("assisted-bins", name)
    assert old in text
    return [*drafts, Draft(Kind.SOURCE, name, text.replace(old, new, 1) if old else text)]


def leaves(house, since):
    return [json.loads(leaf) for leaf in house.store.leaves(since)]


def line_of(answer, name):
    return next(line for line in answer.lines if line.name == name)


def state(house):
    return {(kind, one.name): one.sha256 for kind in Kind for one in house.store.documents(kind)}


# What is found


def test_drafts_that_are_in_force_leave_nothing_to_apply(house, drafts):
    before = state(house)
    answer = apply_drafts(house, cast.ANALYST, drafts)
    assert answer.outcome is Outcome.NOTHING
    assert {line.state for line in answer.lines} == {State.UNCHANGED}
    assert state(house) == before


def test_a_change_is_told_key_by_key_and_nothing_else(house, drafts):
    changed = change(drafts, TAX, "refresh_days = ", "refresh_days = 1")
    found = line_of(check_drafts(house, cast.ANALYST, changed), "council-tax")
    assert (found.state, [one.key for one in found.changes]) == (State.CHANGED, ["source.refresh_days"])
    assert not found.two_people
    assert found.consequences == ()


def test_checking_changes_nothing_but_its_own_decision(house, drafts):
    before, size = state(house), house.store.ledger_size()
    answer = check_drafts(house, cast.ANALYST, new_source(drafts))
    assert answer.outcome is Outcome.CHECKED
    assert state(house) == before
    assert [leaf["type"] for leaf in leaves(house, size)] == ["decision.made"]


def test_an_applied_document_whose_draft_is_gone_stays_in_force_and_is_named(house, drafts):
    fewer = [one for one in drafts if one.name != "council-tax"]
    answer = apply_drafts(house, cast.ANALYST, fewer)
    assert line_of(answer, "council-tax").state is State.MISSING
    assert "council-tax" in rulebook(house.store).contracts


CONSEQUENCES = {
    "another key": ('key = ["Ref"]', 'key = ["Ref", "Name"]', "every record gets a new id: the next load of assisted-bins must be"),
    "another meaning": ('as = "phone"', 'as = "fact"', "must be a full file (the last one may be loaded again), then link"),
    "another permission": (
        'id = "standing-assisted-bins"', 'id = "bins-2027"', "What is loaded stays sealed under the permission “standing-",
    ),
    "a column renamed": ('"Town"', '"Post Town"', "A file with the old columns is refused from now on: tell Waste"),
    "another fact": ('"Mobility" = "limited-mobility"', '"Mobility" = "frailty"', "until the next load of assisted-bins"),
    "a later end": ("review_by = 2027", "review_by = 2029", "changes at once, also for what is loaded: until 2029-"),
    "another kind": ('kind = "full"', 'kind = "cumulative"', "(full, then cumulative): the next load of assisted-bins"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), CONSEQUENCES.values(), ids=CONSEQUENCES)
def test_what_a_change_does_to_what_is_loaded_is_told_beforehand(old, new, told, house, drafts):
    found = line_of(check_drafts(house, cast.ANALYST, change(drafts, BINS, old, new)), "assisted-bins")
    assert [sentence for sentence in found.consequences if told in sentence]


def test_a_source_without_anything_loaded_has_no_consequences(house, drafts):
    made = apply_drafts(house, cast.ANALYST, new_source(drafts))
    confirm_proposal(house, cast.DPO, made.proposal)
    again = new_source(drafts, old='key = ["Ref"]', new='key = ["Ref", "Name"]')
    assert line_of(check_drafts(house, cast.ANALYST, again), "lunch-club").consequences == ()


# What a contract reads in vain

IN_VAIN = {
    "a misspelt fact": ('= "uses-wheelchair"', '= "wheelchair"', "known fact “wheelchair”, so it gives nobody a need: did you mean “uses-wheelchair”?"),
    "a fact like no other": ('= "uses-wheelchair"', '= "xyz"', "No need rule reads the known fact “xyz”, so it gives nobody a need."),
    "a column of facts that nothing reads": ('as = "phone"', 'as = "fact"', 'The column “Phone” is as = "fact" and nothing reads it'),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), IN_VAIN.values(), ids=IN_VAIN)
def test_what_a_contract_reads_in_vain_is_told_for_new_and_changed_ones(old, new, told, house, drafts):
    changed = line_of(check_drafts(house, cast.ANALYST, change(drafts, BINS, old, new)), "assisted-bins")
    added = line_of(check_drafts(house, cast.ANALYST, new_source(drafts, old=old, new=new)), "lunch-club")
    for line in (changed, added):
        assert [sentence for sentence in line.consequences if told in sentence]


def test_what_was_read_in_vain_before_is_not_told_again(house, drafts):
    care = (Kind.SOURCE, "adult-social-care")
    answer = check_drafts(house, cast.ANALYST, change(drafts, care, "refresh_days = ", "refresh_days = 1"))
    assert not [one for one in line_of(answer, "adult-social-care").consequences if "lives-alone" in one]


# What one person may do


def test_an_analyst_alone_changes_how_a_file_is_read(house, drafts):
    size = house.store.ledger_size()
    answer = apply_drafts(house, cast.ANALYST, change(drafts, TAX, "refresh_days = ", "refresh_days = 1"))
    assert answer.outcome is Outcome.APPLIED
    told = leaves(house, size)
    assert [leaf["type"] for leaf in told] == ["decision.made", "document.applied"]
    detail = told[-1]["detail"]
    assert (detail["kind"], detail["name"]) == ("source", "council-tax")
    assert detail["sha256"] == house.store.document(Kind.SOURCE, "council-tax").sha256 != detail["previous"]
    assert told[-1]["decision"] == told[0]["decision"]
    assert verify_ledger(house).verified


def test_the_applied_bytes_are_the_drafts_and_editing_the_file_later_by_passes_nobody(house, drafts, folder):
    changed = change(drafts, TAX, "refresh_days = ", "refresh_days = 1")
    apply_drafts(house, cast.ANALYST, changed)
    days = rulebook(house.store).contract("council-tax").refresh_days
    file = folder / "sources" / "council-tax.toml"
    file.write_text(file.read_text("utf-8").replace("refresh_days = ", "refresh_days = 9"), "utf-8")
    assert rulebook(house.store).contract("council-tax").refresh_days == days


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.CONTROL, cast.CREW, cast.VOLUNTEER], ids=lambda one: one.login)
def test_g2_nobody_without_the_right_applies_checks_or_confirms(actor, house, drafts):
    before = state(house)
    for act in (apply_drafts, check_drafts):
        with pytest.raises(Refused):
            act(house, actor, new_source(drafts))
    with pytest.raises(Refused):
        confirm_proposal(house, actor, "0123456789ab")
    assert state(house) == before


LAW = {
    "purposes": ((Kind.PURPOSES, "purposes"), "planning for emergencies", "planning for any emergency"),
    "agreement": ((Kind.AGREEMENT, "fire-flood"), "version = 1", "version = 2"),
    "authority": ((Kind.AUTHORITY, "authority"), "Trafford Control Room", "Control Room"),
}


@pytest.mark.parametrize("key", LAW)
def test_g15_an_analyst_never_puts_forward_what_the_law_allows(key, house, drafts):
    with pytest.raises(Refused) as raised:
        apply_drafts(house, cast.ANALYST, change(drafts, *LAW[key]))
    assert "is put forward by the director or the dpo, which you are not" in raised.value.message


@pytest.mark.parametrize("key", LAW)
def test_g15_two_officers_agree_to_what_the_law_allows(key, house, drafts):
    before = state(house)
    answer = apply_drafts(house, cast.DPO, change(drafts, *LAW[key]))
    assert (answer.outcome, answer.second) == (Outcome.WAITING, ("director", "dpo"))
    assert {name: sha for name, sha in state(house).items() if name[0] is not Kind.PROPOSAL} == before
    assert confirm_proposal(house, cast.DIRECTOR, answer.proposal).outcome is Outcome.APPLIED


# What takes two people


def test_a_new_source_waits_for_a_second_person_and_then_has_a_permission_and_a_key(house, drafts):
    answer = apply_drafts(house, cast.ANALYST, new_source(drafts))
    assert answer.outcome is Outcome.WAITING
    assert "lunch-club" not in rulebook(house.store).contracts
    assert house.store.mandate("standing-lunch-club") is None
    size = house.store.ledger_size()
    confirm_proposal(house, cast.DPO, answer.proposal)
    assert rulebook(house.store).contract("lunch-club").mandate == house.store.mandate("standing-lunch-club")
    detail = leaves(house, size)[-1]["detail"]
    assert (detail["proposal"], detail["proposed_by"]) == (answer.proposal, cast.ANALYST.login)
    assert detail["key_commitment"] == house.vault.open_mandate("standing-lunch-club")


PERMISSIONS = {
    "a later end": ("review_by = 2027", "review_by = 2029"),
    "another purpose": ('"emergency-response", "public-health"]', '"emergency-response"]'),
    "another end": ('at_end = "delete"', 'at_end = "return"'),
}


@pytest.mark.parametrize(("old", "new"), PERMISSIONS.values(), ids=PERMISSIONS)
def test_g8_nobody_changes_a_permission_alone(old, new, house, drafts):
    changed = change(drafts, BINS, old, new)
    was = house.store.mandate("standing-assisted-bins")
    for actor in (cast.ANALYST, cast.DPO):
        answer = apply_drafts(house, actor, changed)
        assert answer.outcome is Outcome.WAITING
        with pytest.raises(Refused) as raised:
            confirm_proposal(house, actor, answer.proposal)
        assert "you put it forward yourself, and two people must agree" in raised.value.message
    assert house.store.mandate("standing-assisted-bins") == was
    confirm_proposal(house, cast.DIRECTOR, answer.proposal)
    assert house.store.mandate("standing-assisted-bins") != was


def test_g8_two_people_of_one_role_are_not_enough(house, drafts):
    other = replace(cast.DPO, login="dpo-two@trafford.example")
    with house.store.write(Leaf(Act.PERSON_ADDED, house.clock.now(), "test", "trafford-council")) as writer:
        writer.add_account(Account(other, "-"))
    answer = apply_drafts(house, cast.DPO, new_source(drafts))
    with pytest.raises(Refused) as raised:
        confirm_proposal(house, other, answer.proposal)
    assert "in another role than dpo@trafford.example" in raised.value.message
    assert check_proposal(house, other, answer.proposal).missing_right


def test_who_put_it_forward_must_still_be_there(house, drafts):
    answer = apply_drafts(house, cast.ANALYST, new_source(drafts))
    with house.store.write(Leaf(Act.PERSON_ADDED, house.clock.now(), "test", "trafford-council")) as writer:
        writer.add_account(Account(cast.ANALYST, "-", active=False))
    with pytest.raises(Refused) as raised:
        confirm_proposal(house, cast.DPO, answer.proposal)
    assert "may no longer do so" in raised.value.message


def test_putting_the_same_forward_twice_is_one_proposal(house, drafts):
    first = apply_drafts(house, cast.ANALYST, new_source(drafts))
    size = house.store.ledger_size()
    again = apply_drafts(house, cast.ANALYST, new_source(drafts))
    assert (again.proposal, [one.id for one in again.waiting]) == (first.proposal, [first.proposal])
    assert [leaf["type"] for leaf in leaves(house, size)] == ["decision.made"]


def test_exactly_what_was_put_forward_is_confirmed_and_only_once(house, drafts):
    answer = apply_drafts(house, cast.ANALYST, new_source(drafts))
    confirm_proposal(house, cast.DPO, answer.proposal)
    with pytest.raises(Conflict) as raised:
        confirm_proposal(house, cast.DIRECTOR, answer.proposal)
    assert raised.value.message == "This was applied already."


def test_a_change_in_between_ends_a_proposal(house, drafts):
    answer = apply_drafts(house, cast.ANALYST, change(drafts, BINS, "review_by = 2027", "review_by = 2029"))
    apply_drafts(house, cast.ANALYST, change(drafts, BINS, "refresh_days = 31", "refresh_days = 7"))
    with pytest.raises(Conflict) as raised:
        confirm_proposal(house, cast.DPO, answer.proposal)
    assert raised.value.message == "Something it changes was changed since by somebody else."
    assert check_drafts(house, cast.ANALYST, drafts).waiting == ()


def test_a_permission_that_ended_while_it_waited_is_refused(house, drafts):
    dated = new_source(drafts, old="review_by = 2027-04-01", new="ends = 2026-12-01\nreview_by = 2027-04-01")
    answer = apply_drafts(house, cast.ANALYST, dated)
    house.clock.move(timedelta(days=30))
    with pytest.raises(BadInput) as raised:
        confirm_proposal(house, cast.DPO, answer.proposal)
    assert raised.value.where.rule == "G4"


def test_an_unknown_id_names_those_that_wait(house, drafts):
    answer = apply_drafts(house, cast.ANALYST, new_source(drafts))
    with pytest.raises(NotFound) as raised:
        confirm_proposal(house, cast.DPO, "nothing")
    assert raised.value.next == f"Waiting to be confirmed: {answer.proposal}."


# Bad drafts

BAD = {
    "not TOML": ("[source]", "[source", "toml", "sources/lunch-club.toml"),
    "an unknown purpose": ('"emergency-planning"', '"marketing"', "listed", "names 'marketing'"),
    "an unknown legal power": ('"cca-2004"', '"magna-carta"', "listed", "names 'magna-carta'"),
    "an ended permission": ("review_by = 2027-04-01", "ends = 2026-05-01\nreview_by = 2027-04-01", "G4", "2026-05-01"),
    "no end": ("review_by = 2027-04-01", "", "G4", "without an end or a review date"),
    "a key that is not read": ('key = ["Ref"]', "key = []", "key", "does not name 'Ref'"),
    "an unconfirmed column": ('as = "key"', 'as = "key"\nconfirmed = false', "unconfirmed", "'Ref'"),
    "a name in use": ('name = "lunch-club"', 'name = "council-tax"', "file-name", "the file is called 'lunch-club'"),
    "another's permission": ('"standing-lunch-club"', '"standing-council-tax"', "one-permission", "standing-council"),
    "the permission of cases": ('"standing-lunch-club"', '"standing-cases"', "one-permission", "standing-cases"),
}


@pytest.mark.parametrize(("old", "new", "rule", "words"), BAD.values(), ids=BAD)
def test_one_bad_draft_refuses_all_and_says_where_and_what_to_do(old, new, rule, words, house, drafts):
    before, size = state(house), house.store.ledger_size()
    good = change(drafts, TAX, "refresh_days = ", "refresh_days = 1")
    with pytest.raises(BadInput) as raised:
        apply_drafts(house, cast.ANALYST, new_source(good, old=old, new=new))
    assert raised.value.where.rule == rule
    assert raised.value.where.file in {"sources/lunch-club.toml", "sources/council-tax.toml"}
    assert words in str(raised.value)
    assert raised.value.next
    assert state(house) == before
    assert [leaf["type"] for leaf in leaves(house, size)] == ["decision.made"]


LOCKED_OUT = {
    "no purpose to run it by": ((Kind.PURPOSES, "purposes"), 'slug = "administration"', 'slug = "running"', "way-back"),
    "a purpose that only incidents have": (
        (Kind.PURPOSES, "purposes"),
        'group = "administration"\nstanding = true',
        'group = "administration"\nstanding = false',
        "way-back",
    ),
    "another authority": ((Kind.AUTHORITY, "authority"), '"trafford-council"', '"sale-council"', "one-authority"),
}


@pytest.mark.parametrize(("key", "old", "new", "rule"), LOCKED_OUT.values(), ids=LOCKED_OUT)
def test_nothing_is_applied_that_would_lock_everybody_out(key, old, new, rule, house, drafts):
    locked = [replace(one, text=one.text.replace(old, new)) if (one.kind, one.name) == key else one for one in drafts]
    assert locked != drafts
    with pytest.raises(BadInput) as raised:
        apply_drafts(house, cast.DIRECTOR, locked)
    assert raised.value.where.rule == rule


# What is loaded afterwards

AMENDED = {
    "another key": ('key = ["Ref"]', 'key = ["Ref", "Name"]'),
    "another permission": ('id = "standing-assisted-bins"', 'id = "bins-2027"'),
    "another meaning": ('as = "phone"', 'as = "fact"'),
}


@pytest.mark.parametrize(("old", "new"), AMENDED.values(), ids=AMENDED)
def test_after_a_change_the_last_file_is_read_anew_by_it_and_linked(old, new, house, drafts, town):
    file = town.extract("assisted-bins")
    received = Received(file.name, file.read_bytes())
    assert load_source(house, cast.ANALYST, "assisted-bins", received).delivery is None
    house.clock.move(timedelta(minutes=1))
    answer = apply_drafts(house, cast.ANALYST, change(drafts, BINS, old, new))
    if answer.proposal:
        confirm_proposal(house, cast.DPO, answer.proposal)
    loaded = load_source(house, cast.ANALYST, "assisted-bins", received)
    assert loaded.delivery is not None
    assert loaded.delivery.loaded > 0
    assert loaded.reason == "It was loaded before, by an earlier contract: it is read anew."
    assert load_source(house, cast.ANALYST, "assisted-bins", received).delivery is None
    mandate = rulebook(house.store).contract("assisted-bins").mandate.id
    assert house.store.current("records/assisted-bins").mandates == (mandate,)
    link_residents(house, cast.ANALYST)
    assert mandate in house.store.current("residents").mandates


def test_an_ended_permission_never_opens_again_under_its_id(house, drafts):
    ended = replace(house.store.mandate("standing-assisted-bins"), ended_at=house.clock.now())
    with house.store.write(Leaf(Act.MANDATE_ENDED, house.clock.now(), "test", "trafford-council")) as writer:
        writer.add_mandate(ended)
    with pytest.raises(BadInput) as raised:
        apply_drafts(house, cast.DPO, change(drafts, BINS, "review_by = 2027", "review_by = 2029"))
    assert raised.value.where.rule == "G8"
    apply_drafts(house, cast.ANALYST, change(drafts, BINS, "refresh_days = 31", "refresh_days = 7"))
    assert house.store.mandate("standing-assisted-bins") == ended


def test_a_draft_that_is_not_text_is_named(house, folder):
    (folder / "sources" / "lunch-club.toml").write_bytes(b"\xff\xfe[source]")
    with pytest.raises(BadInput) as raised:
        read_drafts(folder)
    assert raised.value.where.file == "sources/lunch-club.toml"
