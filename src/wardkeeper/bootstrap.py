"""Opens a house: the only place that chooses adapters.

An authority folder holds its text files, and `.wardkeeper/` with the vault, the database and, apart from both, the keys.
"""

import os
from pathlib import Path

from wardkeeper.adapters.clock import SystemClock
from wardkeeper.adapters.database import open_store
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.passwords import Argon2Passwords
from wardkeeper.adapters.place_files import place_reader
from wardkeeper.adapters.tables import read_table
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.usecases.close_incident import finish_destruction
from wardkeeper.usecases.found_authority import Draft
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Clock
from wardkeeper.usecases.rulebook import Kind

STATE = ".wardkeeper"

SINGLE_DRAFTS = {Kind.AUTHORITY: "authority.toml", Kind.PURPOSES: "purposes.toml", Kind.GATEWAYS: "gateways.toml"}
FOLDERS_OF_DRAFTS = {Kind.AGREEMENT: "agreements", Kind.SOURCE: "sources", Kind.NEEDS: "needs"}


def open_house(folder: Path, clock: Clock | None = None) -> House:
    """Open the authority kept in a folder, making its vault, keys and database when they are not there yet.

    `WARDKEEPER_DATABASE` names another database, `WARDKEEPER_KEYS` another place for the keys. A destruction that a
    crash interrupted is finished before anything else is done.
    """
    state = folder / STATE
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = clock or SystemClock()
    keys = KeyFolder(Path(os.environ.get("WARDKEEPER_KEYS", state / "keys")))
    location = os.environ.get("WARDKEEPER_DATABASE", f"sqlite:///{state / 'ledger.db'}")
    house = House(
        clock=moment,
        vault=SealedVault(state / "vault", keys, moment),
        store=open_store(location, keys.ledger_signer("wardkeeper/ledger")),
        passwords=Argon2Passwords(),
        read_table=read_table,
        places=place_reader(folder / "places"),
    )
    finish_destruction(house)
    return house


def read_drafts(folder: Path) -> list[Draft]:
    """Read an authority folder's text files: drafts until they are applied."""
    single = [Draft(kind, kind.value, (folder / name).read_text("utf-8")) for kind, name in SINGLE_DRAFTS.items()]
    several = [
        Draft(kind, path.stem, path.read_text("utf-8"))
        for kind, name in FOLDERS_OF_DRAFTS.items()
        for path in sorted((folder / name).glob("*.toml"))
    ]
    return [*single, *several]
