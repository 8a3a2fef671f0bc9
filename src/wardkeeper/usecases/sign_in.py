"""Sign in, resume and sign out. Only the hash of a session's token is kept."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from wardkeeper.kernel.errors import NotSignedIn
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Session

SESSION_LENGTH = timedelta(hours=12)
"""One long shift. A decision is still made again at every read."""

WRONG = "The login or the password is not right."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person. `token` is empty when a session is resumed: only the browser holds it."""

    token: str
    session: Session
    actor: Actor


def sign_in(house: House, login: str, password: str) -> SignedIn:
    """Open a session. Raises NotSignedIn, in the same words and time whether login or password is wrong."""
    account = house.store.account(Login(login))
    known = account.password_hash if account else house.passwords.nobody()
    right = house.passwords.verify(known, password)
    now = house.clock.now()
    if account is None or not account.active or not right:
        # The login as typed may be anything, a password included: it is not written down.
        with house.store.write(Leaf(Act.SESSION_REFUSED, now, account.actor.login if account else "", "")):
            pass
        raise NotSignedIn(WRONG, "Check both and try again, or ask whoever runs Wardkeeper for a new password.")
    actor = account.actor
    token = house.clock.entropy(32).hex()
    csrf = house.clock.entropy(32).hex()
    session = Session(_hash(token), actor.login, csrf, now, now + SESSION_LENGTH)
    with house.store.write(Leaf(Act.SESSION_OPENED, now, actor.login, actor.organisation)) as writer:
        writer.add_session(session)
    return SignedIn(token, session, actor)


def resume(house: House, token: str) -> SignedIn:
    """Find who a session's token belongs to. Raises NotSignedIn when it is unknown or has ended."""
    session = house.store.session(_hash(token))
    if session is None or house.clock.now() >= session.ends_at:
        raise NotSignedIn("You are not signed in, or your session has ended.", "Sign in again.")
    account = house.store.account(session.login)
    if account is None or not account.active:
        raise NotSignedIn("This login has been closed.", "Ask whoever runs Wardkeeper.")
    return SignedIn("", session, account.actor)


def sign_out(house: House, token: str) -> None:
    """End a session; nothing happens when it has ended already."""
    session = house.store.session(_hash(token))
    if session is None:
        return
    with house.store.write(Leaf(Act.SESSION_CLOSED, house.clock.now(), session.login, "")) as writer:
        writer.end_session(session.token_hash)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
