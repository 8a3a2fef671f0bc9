"""The fitted generative model: distributions by kind of area, and the kind and size of each output area.

Fitted by `scripts/fit_parameters.py`; read here and checked for shape, so the generator can trust it.
"""

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from wardkeeper.demo.compositions import COMPOSITIONS, LARGEST

Floats = npt.NDArray[np.float64]

TABLES = ("age", "female", "tenure", "dwelling", "health", "disability", "care", "tradition", "english")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Each table's first axis is the kind of area; rows add up to one (except `female`, a share by age band).

    composition_size: kinds, compositions, sizes 1 to 8 (adds up to one over both); age: kinds, roles, bands;
    female: kinds, bands; tenure: kinds, compositions, tenures; dwelling: kinds, tenures, dwellings; health and care:
    kinds, bands, levels; disability: kinds, health, levels; tradition: kinds, traditions; english: kinds, traditions,
    levels; communal: kinds, share of people in care homes and the like.
    """

    composition_size: Floats
    communal: Floats
    age: Floats
    female: Floats
    tenure: Floats
    dwelling: Floats
    health: Floats
    disability: Floats
    care: Floats
    tradition: Floats
    english: Floats
    areas: dict[str, tuple[int, int]]
    """Output area to its kind and its number of households."""

    @property
    def household_size(self) -> Floats:
        """Mean people per household, by kind."""
        return np.asarray((self.composition_size * np.arange(1, LARGEST + 1)).sum(axis=(1, 2)))


def load() -> Parameters:
    """Read the packaged parameters."""
    return parse(files("wardkeeper.demo").joinpath("parameters.json").read_text(encoding="utf-8"))


def parse(text: str) -> Parameters:
    """Read parameters from JSON as the fitting script writes it."""
    fitted = json.loads(text)
    kinds = fitted["kinds"]
    sizes = np.zeros((len(kinds), len(COMPOSITIONS), LARGEST))
    for number, kind in enumerate(kinds):
        for row, composition in enumerate(COMPOSITIONS):
            for size, share in kind["composition_size"][composition].items():
                sizes[number, row, int(size) - 1] = share
    tables = {name: _stack(kinds, name) for name in TABLES}
    return Parameters(
        composition_size=sizes / sizes.sum(axis=(1, 2), keepdims=True),
        communal=_stack(kinds, "communal"),
        areas={code: (kind, households) for code, (kind, households) in fitted["areas"].items()},
        **tables,
    )


def _stack(kinds: list[dict[str, object]], name: str) -> Floats:
    """Put one table of every kind together; rounded rows are made to add up to one again."""
    table = np.array([kind[name] for kind in kinds], dtype=np.float64)
    return table if name in ("female", "communal") else table / np.maximum(table.sum(axis=-1, keepdims=True), 1e-9)
