"""Whose file is it: a received file matched to its source, by the folder it lies in or by its name."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.terms import Contract


def find_source(folder: str, file_name: str, contracts: Mapping[str, Contract]) -> str:
    """Give the source of a file: the one that its folder is named as, that watches for its name, or that is called so.

    `folder` is the name of the folder that it lies in, empty when it lies in none. Raises BadInput when it is nobody's,
    or of several.
    """
    if folder:
        if folder in contracts:
            return folder
        raise _unknown(f"The folder {folder} is named as no source.", contracts)
    watching = sorted(name for name, contract in contracts.items() if _watches(contract, file_name))
    if len(watching) > 1:
        raise BadInput(
            f"The sources {' and '.join(watching)} all watch for a file of this name.",
            "Put it into a folder named as the one that is meant, or make their patterns tell them apart.",
            Where(rule="whose-file"),
        )
    if watching:
        return watching[0]
    stem = file_name.partition(".")[0]
    if stem in contracts:
        return stem
    raise _unknown("No source watches for a file of this name.", contracts)


def _watches(contract: Contract, file_name: str) -> bool:
    pattern = contract.file.watch
    return bool(pattern) and fnmatchcase(file_name.casefold(), pattern.casefold())


def _unknown(message: str, contracts: Mapping[str, Contract]) -> BadInput:
    return BadInput(
        message,
        f"Put it into a folder named as its source ({', '.join(sorted(contracts))}), or write a pattern of its name as "
        "watch into the contract's [file].",
        Where(rule="whose-file"),
    )
