"""Signing in: the same words whatever is wrong, and a session that ends."""

import json
from datetime import timedelta

import pytest

from districts import PASSWORD
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotSignedIn
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.ports import Account
from wardkeeper.usecases.sign_in import SESSION_LENGTH, resume, sign_in, sign_out

WORDS = (
    "The login or the password is not right.",
    "Check both and try again, or ask whoever runs Wardkeeper for a new password.",
)


def close_account(house, actor):
    account = house.store.account(actor.login)
    leaf = Leaf(Act.PERSON_ADDED, house.clock.now(), "test", actor.organisation)
    with house.store.write(leaf) as writer:
        writer.add_account(Account(account.actor, account.password_hash, active=False))


def test_the_right_password_opens_a_session_for_one_shift(house):
    signed_in = sign_in(house, cast.PLANNER.login, PASSWORD)
    assert signed_in.actor == cast.PLANNER
    assert resume(house, signed_in.token).actor == cast.PLANNER
    assert signed_in.session.ends_at - signed_in.session.opened_at == timedelta(hours=12)


def test_only_the_hash_of_the_token_is_stored(house, folder):
    signed_in = sign_in(house, cast.PLANNER.login, PASSWORD)
    stored = b"".join(path.read_bytes() for path in (folder / ".wardkeeper").glob("ledger.db*"))
    assert signed_in.session.token_hash.encode() in stored
    assert signed_in.token.encode() not in stored
    assert PASSWORD.encode() not in stored


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (cast.PLANNER.login, "wrong"),
        (cast.PLANNER.login, ""),
        ("nobody@trafford.example", PASSWORD),
        ("", PASSWORD),
        (cast.PLANNER.login.upper(), PASSWORD),
    ],
)
def test_whatever_is_wrong_the_words_are_the_same(house, login, password):
    with pytest.raises(NotSignedIn) as raised:
        sign_in(house, login, password)
    assert (raised.value.message, raised.value.next) == WORDS


def test_a_closed_account_is_refused_in_the_same_words_and_its_open_session_ends(house):
    open_session = sign_in(house, cast.CREW.login, PASSWORD)
    close_account(house, cast.CREW)
    with pytest.raises(NotSignedIn) as raised:
        sign_in(house, cast.CREW.login, PASSWORD)
    assert (raised.value.message, raised.value.next) == WORDS
    with pytest.raises(NotSignedIn, match="closed"):
        resume(house, open_session.token)


def test_a_failed_sign_in_is_on_the_ledger_without_what_was_typed(house):
    with pytest.raises(NotSignedIn):
        sign_in(house, "a password typed in the wrong box", "x")
    with pytest.raises(NotSignedIn):
        sign_in(house, cast.PLANNER.login, "x")
    unknown, known = (json.loads(leaf) for leaf in list(house.store.leaves())[-2:])
    assert (unknown["type"], unknown["login"]) == ("session.refused", "")
    assert (known["type"], known["login"]) == ("session.refused", cast.PLANNER.login)


def test_a_session_ends_on_the_second(house):
    signed_in = sign_in(house, cast.PLANNER.login, PASSWORD)
    house.clock.move(SESSION_LENGTH - timedelta(seconds=1))
    assert resume(house, signed_in.token).actor == cast.PLANNER
    house.clock.move(timedelta(seconds=1))
    with pytest.raises(NotSignedIn, match="your session has ended"):
        resume(house, signed_in.token)


def test_signing_out_ends_the_session_and_again_does_nothing(house):
    signed_in = sign_in(house, cast.PLANNER.login, PASSWORD)
    sign_out(house, signed_in.token)
    with pytest.raises(NotSignedIn):
        resume(house, signed_in.token)
    leaves = house.store.ledger_size()
    sign_out(house, signed_in.token)
    assert house.store.ledger_size() == leaves


def test_a_made_up_token_is_nobodys(house):
    with pytest.raises(NotSignedIn):
        resume(house, "0" * 64)
