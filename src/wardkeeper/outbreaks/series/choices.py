"""Settings given as text: named choices taken from their Enum, and rules checked with an error that says what to do."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from wardkeeper.kernel.errors import BadInput, Where

Choice = TypeVar("Choice", bound=StrEnum)


def choose(kind: type[Choice], value: str, name: str) -> Choice:
    """Give the choice that `value` names, in upper or lower case. Raises BadInput."""
    by_name = {choice.value.lower(): choice for choice in kind}
    if str(value).lower() not in by_name:
        known = ", ".join(choice.value for choice in kind)
        raise BadInput(f"The setting {name} can't be “{value}”.", f"Choose one of {known}.", Where(key=name))
    return by_name[str(value).lower()]


def check_rules(rules: Iterable[tuple[bool, str, str]]) -> None:
    """Refuse the first rule (whether kept, the setting's name, what it must be) that is not kept. Raises BadInput."""
    for kept, name, rule in rules:
        if not kept:
            raise BadInput(f"The setting {name} must be {rule}.", "Change the setting.", Where(key=name))
