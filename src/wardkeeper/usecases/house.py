"""The house: everything a use case is handed, chosen once by `bootstrap`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from wardkeeper.kernel.geojson import Outline
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.areas import AreaTable
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.usecases.ports import Clock, Passwords, ReadTable, Store, Vault

KNOWN = ("name", "kind", "postcode", "uprn")
"""What is known of a place that goes by a name."""


@dataclass(frozen=True, slots=True)
class Places:
    """The authority's reference data about places: nothing here is about a person.

    `outlines` are named example outlines; `areas` the areas that cases are counted in; `known` (name, kind, postcode,
    uprn or null) the care homes, schools and other places that go by a name.
    """

    postcodes: PostcodeTable
    addresses: AddressList
    areas: AreaTable
    outlines: Mapping[str, Outline]
    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(KNOWN, pl.String)))


@dataclass(frozen=True, slots=True)
class House:
    """One authority's Wardkeeper. `places` reads its reference data when first asked."""

    clock: Clock
    vault: Vault
    store: Store
    passwords: Passwords
    read_table: ReadTable
    places: Callable[[], Places]
