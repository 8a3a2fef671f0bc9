"""Receive one file of a watched folder: find whose it is, load it as any other, and tell what became of it.

A bad file is an answer here, not an error: the next one must be received all the same. What is raised is about the
house (a full disk, a broken key, a person who may act no longer), and then the file is as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from wardkeeper.kernel.errors import IntegrityBroken, Refused, StorageFailed, WardkeeperError
from wardkeeper.kernel.people import Actor
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.matching import find_source
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_source import Loaded, Received, load_source
from wardkeeper.usecases.rulebook import rulebook


class StillChanging(Exception):
    """The file is another than the one that was looked at: no fault, it is looked at again."""


class Outcome(StrEnum):
    """What became of a received file."""

    LOADED = "loaded"
    NOTHING = "nothing-new"
    """Its very bytes had been loaded before."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file, in sentences for whoever sent it; never a resident's value."""

    outcome: Outcome
    file_name: str
    source: str = ""
    says: tuple[str, ...] = ()
    delivery: Delivery | None = field(default=None, compare=False)


def receive_file(
    house: House, actor: Actor, *, folder: str, name: str, read: Callable[[], bytes], purpose: str = PURPOSE
) -> Result:
    """Load a file that lies in a folder (empty: in none), and tell what became of it. `read` gives its bytes.

    Raises Refused when the person may not act any longer, StorageFailed, IntegrityBroken, and what `read` raises of
    StillChanging.
    """
    account = house.store.account(actor.login)
    if account is None or not account.active:
        raise Refused("The login that loads these files is closed.", "Start again with another, by --as.")
    source = ""
    try:
        source = find_source(folder, name, rulebook(house.store).contracts)
        return _tell(load_source(house, account.actor, source, Received(name, read()), purpose=purpose), name, source)
    except (StorageFailed, IntegrityBroken, StillChanging, KeyboardInterrupt, SystemExit):
        raise
    except WardkeeperError as error:
        return Result(Outcome.REFUSED, name, source, (str(error),))
    except BaseException as fault:  # noqa: BLE001 - whatever is in one file, and a panic is no Exception
        words = f"{type(fault).__name__}: this is a fault in Wardkeeper; tell those who run it. Nothing was loaded."
        return Result(Outcome.REFUSED, name, source, (words,))


def _tell(loaded: Loaded, name: str, source: str) -> Result:
    delivery = loaded.delivery
    if delivery is None:
        return Result(Outcome.NOTHING, name, source, (loaded.reason,))
    assumed = (f"{sentence[:1].upper()}{sentence[1:]}." for sentence in delivery.assumed)
    said = (loaded.reason,) if loaded.reason else ()
    return Result(Outcome.LOADED, name, source, (*said, delivery.says, *assumed), delivery)
