"""The house: everything a use case is handed, chosen once by `bootstrap`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wardkeeper.kernel.geojson import Outline
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.areas import AreaTable
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.usecases.ports import Clock, Passwords, ReadTable, Store, Vault


@dataclass(frozen=True, slots=True)
class Places:
    """The authority's reference data about places: nothing here is about a person.

    `outlines` are named example outlines; `areas` the areas that cases are counted in.
    """

    postcodes: PostcodeTable
    addresses: AddressList
    areas: AreaTable
    outlines: Mapping[str, Outline]


@dataclass(frozen=True, slots=True)
class House:
    """One authority's Wardkeeper. `places` reads its reference data when first asked."""

    clock: Clock
    vault: Vault
    store: Store
    passwords: Passwords
    read_table: ReadTable
    places: Callable[[], Places]
