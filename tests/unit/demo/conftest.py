"""Districts built once for all tests of the demo: a small one, a middling one and the whole."""

from datetime import date
from pathlib import Path

import pytest

from wardkeeper.demo import pack as packs
from wardkeeper.demo.district import District, build
from wardkeeper.demo.extracts import draw_extracts
from wardkeeper.demo.pack import Pack
from wardkeeper.demo.registers.scenes import Extract

PLACES = Path(__file__).parents[3] / "examples" / "trafford" / "places"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.read(PLACES)


@pytest.fixture(scope="session")
def small(pack: Pack) -> District:
    return build(pack, residents=3_000, seed=11, today=TODAY)


@pytest.fixture(scope="session")
def middling(pack: Pack) -> District:
    return build(pack, residents=30_000, seed=11, today=TODAY)


@pytest.fixture(scope="session")
def whole(pack: Pack) -> District:
    return build(pack, residents=234_972, seed=11, today=TODAY)


@pytest.fixture(scope="session")
def extracts(middling: District) -> dict[str, Extract]:
    return {extract.source: extract for extract in draw_extracts(middling, seed=11, today=TODAY)}
