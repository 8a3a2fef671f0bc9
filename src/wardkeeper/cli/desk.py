"""Who acts, and in which authority's folder: for commands that work in one."""

import getpass
from dataclasses import dataclass
from pathlib import Path

from wardkeeper.bootstrap import open_house
from wardkeeper.cli.running import HERE
from wardkeeper.kernel.errors import NotFound, UsageError
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command works: the open house and the person who acts."""

    house: House
    actor: Actor
    folder: Path = HERE


def check_folder(folder: Path) -> None:
    """Refuse a folder that no authority is kept in: opening it would make an empty one there."""
    if not (folder / ".wardkeeper").is_dir():
        raise NotFound(
            f"There is no Wardkeeper in the folder “{folder}”.", "Give --folder, or run wardkeeper demo to make one."
        )


def sit_down(folder: Path, login: str) -> Desk:
    """Open the authority's folder and find who acts. Raises NotFound, UsageError in words."""
    check_folder(folder)
    house = open_house(folder)
    named = login or rulebook(house.store).authority.logins.get(getpass.getuser(), "")
    account = house.store.account(Login(named)) if named else None
    if account is None or not account.active:
        raise UsageError(
            f"There is no login “{named}”." if named else "It is not known who acts.",
            "Give --as LOGIN; authority.toml can map this computer's users to logins.",
        )
    return Desk(house, account.actor, folder)
