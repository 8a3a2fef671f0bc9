"""What a changed contract means for what is loaded already: told before the change is made, so that nobody is surprised."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.sources.terms import Contract, Meaning


class Amendment(StrEnum):
    """Parts of a contract whose change matters to what is loaded, or to who must agree."""

    KEY = "key"
    KIND = "kind"
    COLUMNS = "columns"
    MEANINGS = "meanings"
    FACTORS = "factors"
    MARKINGS = "markings"
    PERMISSION = "permission"
    OTHER_PERMISSION = "other-permission"


def _meanings(contract: Contract) -> object:
    return {term.name: (term.meaning, term.form, term.person) for term in contract.columns}


def _permission(contract: Contract) -> object:
    mandate = contract.mandate
    ground = (mandate.id, mandate.kind, mandate.purposes, frozenset(mandate.gateways), contract.register)
    return ground, (mandate.starts, mandate.ends, mandate.review_by, mandate.at_end)


PARTS: Mapping[Amendment, Callable[[Contract], object]] = MappingProxyType(
    {
        Amendment.KEY: lambda contract: contract.file.key,
        Amendment.KIND: lambda contract: contract.kind,
        Amendment.COLUMNS: lambda contract: frozenset(contract.file.columns),
        Amendment.MEANINGS: _meanings,
        Amendment.FACTORS: lambda contract: contract.factors,
        Amendment.MARKINGS: lambda contract: contract.markings,
        Amendment.PERMISSION: _permission,
        Amendment.OTHER_PERMISSION: lambda contract: contract.mandate.id,
    }
)
"""Where each is read in a contract."""

CONSEQUENCES: Mapping[Amendment, str] = MappingProxyType(
    {
        Amendment.KEY: (
            "Its rows are named by other columns, so every record gets a new id: the next load of {source} must be a full "
            "file, then link again. Rows put right by hand are matched by what they say, and their fixes stay."
        ),
        Amendment.KIND: (
            "From now on its files follow each other in another way ({old.kind}, then {new.kind}): the next load of "
            "{source} must hold everything."
        ),
        Amendment.COLUMNS: (
            "A file with the old columns is refused from now on: tell {new.owner}, and make sure the next file has these."
        ),
        Amendment.MEANINGS: (
            "What is loaded was read the old way: the next load of {source} must be a full file (the last "
            "one may be loaded again), then link again."
        ),
        Amendment.FACTORS: (
            "The known facts that are loaded stay as they are until the next load of {source}: the last file may be "
            "loaded again."
        ),
        Amendment.MARKINGS: (
            "Who is protected by {source} changes with its next load: look at the lists of live incidents before and after."
        ),
        Amendment.PERMISSION: (
            "Its permission “{new.mandate.id}” changes at once, also for what is loaded: until {end}, for {purposes}."
        ),
        Amendment.OTHER_PERMISSION: (
            "What is loaded stays sealed under the permission “{old.mandate.id}” and ends with it: the next load of "
            "{source} must be a full file, and goes under “{new.mandate.id}”."
        ),
    }
)
"""What each does to a source that has something loaded."""


def find_amendments(old: Contract, new: Contract) -> frozenset[Amendment]:
    """Tell which parts differ."""
    return frozenset(part for part, read in PARTS.items() if read(old) != read(new))


def tell_consequences(old: Contract, new: Contract) -> tuple[str, ...]:
    """Say in sentences what the change does to what is loaded of the source."""
    found = find_amendments(old, new)
    # Another permission is told of as such, and a column that came or went as such: once is enough.
    untold = {Amendment.PERMISSION} if Amendment.OTHER_PERMISSION in found else set()
    end = new.mandate.ends or new.mandate.review_by
    purposes = ", ".join(sorted(new.mandate.purposes))
    return tuple(
        words.format(source=new.name, old=old, new=new, end=end, purposes=purposes)
        for part, words in CONSEQUENCES.items()
        if part in found - untold
    )


def describe_new(contract: Contract) -> tuple[str, ...]:
    """Say in sentences what a new source is held under and what is kept of it: what the second person agrees to."""
    mandate = contract.mandate
    ends = f"until {mandate.ends}" if mandate.ends else f"to be reviewed by {mandate.review_by}"
    kept = dict.fromkeys(term.meaning.value for term in contract.columns if term.meaning is not Meaning.UNUSED)
    unused = [term.name for term in contract.columns if term.meaning is Meaning.UNUSED]
    protecting = [term.column for term in contract.markings]
    told = (
        (True, f"From {contract.owner}: {contract.title}."),
        (True, f"Held for {', '.join(sorted(mandate.purposes))}, by {', '.join(mandate.gateways)}."),
        (True, f"Permission “{mandate.id}” from {mandate.starts}, {ends}; then: {mandate.at_end}."),
        (True, f"Kept: {', '.join(kept)}."),
        (unused, f"Not kept: {', '.join(unused)}."),
        (contract.asserts, f"Known facts: {', '.join(sorted(contract.asserts))}."),
        (protecting, f"Who is protected is told by: {', '.join(protecting)}."),
        (contract.register, f"Edition of the electoral register: {contract.register}."),
    )
    return tuple(sentence for there, sentence in told if there)
