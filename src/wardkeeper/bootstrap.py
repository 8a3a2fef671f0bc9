"""Opens a house: the only place that chooses adapters.

An authority folder holds its text files, and `.wardkeeper/` with the vault, the database and, apart from both, the keys.
"""

import os
from functools import partial
from pathlib import Path

from wardkeeper.adapters.clock import SystemClock
from wardkeeper.adapters.database import open_store
from wardkeeper.adapters.files import read_bytes
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.notify_keys import callback_check, open_notify
from wardkeeper.adapters.passwords import Argon2Passwords
from wardkeeper.adapters.place_files import place_reader
from wardkeeper.adapters.tables import read_table
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.usecases.destruction import finish_destruction
from wardkeeper.usecases.drafts import FOLDERS_OF_DRAFTS, SINGLE_DRAFTS, Draft, name_file
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Clock

STATE = ".wardkeeper"

LARGEST_DRAFT = 1024 * 1024


def open_house(folder: Path, clock: Clock | None = None) -> House:
    """Open the authority kept in a folder, making its vault, keys and database when they are not there yet.

    `WARDKEEPER_DATABASE` names another database, `WARDKEEPER_KEYS` another place for the keys. GOV.UK Notify's key and
    its callbacks' token are read when they are needed, from there or from the environment (`notify_keys`). A destruction
    that a crash interrupted is finished before anything else is done.
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
        message_service=partial(open_notify, keys.folder),
        is_callback_token=callback_check(keys.folder),
    )
    finish_destruction(house)
    return house


def read_drafts(folder: Path) -> list[Draft]:
    """Read an authority folder's text files: drafts until they are applied. Raises BadInput for one that is no text."""
    single = [(kind, kind.value) for kind, name in SINGLE_DRAFTS.items() if (folder / name).exists()]
    several = [
        (kind, path.stem)
        for kind, name in FOLDERS_OF_DRAFTS.items()
        for path in sorted((folder / name).glob("*.toml"))
        if not path.name.startswith(".")
    ]
    return [Draft(kind, name, _read_draft(folder, name_file(kind, name))) for kind, name in (*single, *several)]


def _read_draft(folder: Path, file: str) -> str:
    try:
        content = read_bytes(folder / file, largest=LARGEST_DRAFT)
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        where = Where(file=file, rule="toml")
        raise BadInput("The file is not text in UTF-8.", "Save it as UTF-8 text, as TOML asks.", where) from error
