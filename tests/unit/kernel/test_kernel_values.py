"""What every value of the kernel promises: all rooms hold the same ones, so none may change in somebody's hands."""

from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules

import pytest

from wardkeeper import kernel

MODULES = [import_module(f"{kernel.__name__}.{found.name}") for found in iter_modules(kernel.__path__)]
VALUES = [
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
    if not issubclass(one, Exception)
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_value_is_frozen_and_holds_only_its_fields(value):
    assert value.__dataclass_params__.frozen
    assert set(value.__slots__) == {field.name for field in fields(value)}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_says_what_it_is_for(module):
    assert module.__doc__
