"""Name the people behind logins, so that a page says who approved something and not only by which login."""

from collections.abc import Iterable

from wardkeeper.kernel.ids import Login
from wardkeeper.usecases.house import House


def name_people(house: House, logins: Iterable[Login]) -> dict[Login, str]:
    """Give each login's name; the login itself for one that is not known any more."""
    found = {login: house.store.account(login) for login in dict.fromkeys(logins)}
    return {login: account.actor.name if account else login for login, account in found.items()}
