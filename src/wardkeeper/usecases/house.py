"""The house: everything a use case is handed, chosen once by `bootstrap`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.geojson import Outline
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.areas import AreaTable
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.usecases.ports import Clock, MessageService, Passwords, ReadTable, Store, Vault

KNOWN = ("name", "kind", "postcode", "uprn")
"""What is known of a place that goes by a name."""


@dataclass(frozen=True, slots=True)
class Places:
    """The authority's reference data about places: nothing here is about a person.

    `outlines` are named example outlines; `areas` the areas that cases are counted in; `known` (name, kind, postcode,
    uprn or null) the care homes, schools and other places that go by a name; `proficiency` (area, share, people) the share
    of people, 0 to 1, who cannot speak English well, or null where the authority gave none.
    """

    postcodes: PostcodeTable
    addresses: AddressList
    areas: AreaTable
    outlines: Mapping[str, Outline]
    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(KNOWN, pl.String)))
    proficiency: pl.DataFrame | None = None


def no_message_service() -> NoReturn:
    """Stand in for a sending service that nobody has given a key for."""
    raise BadInput(
        "There is no API key of GOV.UK Notify here.",
        "Put it in notify.key among the keys, or in WARDKEEPER_NOTIFY_KEY.",
        Where(key="WARDKEEPER_NOTIFY_KEY"),
    )


def no_callbacks(_token: str) -> bool:
    """Stand in for a token that nobody has set: no callback is believed."""
    return False


@dataclass(frozen=True, slots=True)
class House:
    """One authority's Wardkeeper. `places` reads its reference data when first asked.

    `message_service` opens the sending service, and `is_callback_token` tells whether a callback carries the token set.
    """

    clock: Clock
    vault: Vault
    store: Store
    passwords: Passwords
    read_table: ReadTable
    places: Callable[[], Places]
    message_service: Callable[[], MessageService] = no_message_service
    is_callback_token: Callable[[str], bool] = no_callbacks
