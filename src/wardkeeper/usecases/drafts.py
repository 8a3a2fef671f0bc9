"""Drafts: the text files of an authority's folder. They have no say until they are applied, all together."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from wardkeeper.governance.purposes import Group
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.sources.terms import Contract, Meaning
from wardkeeper.usecases.rulebook import Kind, Rulebook

SINGLE_DRAFTS: Mapping[Kind, str] = {
    Kind.AUTHORITY: "authority.toml",
    Kind.PURPOSES: "purposes.toml",
    Kind.GATEWAYS: "gateways.toml",
}
ADMINISTRATION = "administration"
"""The purpose for which documents are applied."""

FOLDERS_OF_DRAFTS: Mapping[Kind, str] = {Kind.AGREEMENT: "agreements", Kind.SOURCE: "sources", Kind.NEEDS: "needs"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One file of the authority folder, not yet applied."""

    kind: Kind
    name: str
    text: str


def name_file(kind: str, name: str) -> str:
    """Give the file that a document is drafted in, within the authority's folder."""
    known = Kind(kind)
    return SINGLE_DRAFTS[known] if known in SINGLE_DRAFTS else f"{FOLDERS_OF_DRAFTS[known]}/{name}.toml"


def check_together(book: Rulebook, known: Mapping[MandateId, Mandate]) -> None:
    """Refuse documents that each read well and do not fit together. `known` are the permissions on record.

    Raises BadInput naming the file and the key.
    """
    _check_way_back(book)
    for name, contract in book.contracts.items():
        _check_contract(book, name, contract)
    _check_permissions(book, known)
    for agreement in book.agreements:
        file = name_file(Kind.AGREEMENT, agreement.slug)
        strangers = sorted(party.organisation for party in agreement.parties)
        _check_listed(strangers, book.authority.organisations, file, "parties", "authority.toml")
        _check_listed([agreement.purpose], book.purposes, file, "purpose", "purposes.toml")


def check_ends(contracts: Collection[Contract], today: date) -> None:
    """Refuse a new or changed contract whose permission has ended already (rule G4). Raises BadInput."""
    for contract in contracts:
        ends = contract.mandate.ends
        if ends is not None and ends < today:
            raise _bad(
                name_file(Kind.SOURCE, contract.name),
                "mandate.ends",
                f"is {ends}: the permission has ended already, and nothing can be loaded under it",
                "Give the day on which it ends, if there is a ground to hold the data longer.",
                rule="G4",
            )


def check_keys(contracts: Collection[Contract]) -> None:
    """Refuse a new or changed contract with a key column that `file.key` does not name: it would not be read. Raises BadInput."""
    for contract in contracts:
        for term in contract.named(Meaning.KEY):
            if term.name not in contract.file.key:
                raise _bad(
                    name_file(Kind.SOURCE, contract.name),
                    "file.key",
                    f"does not name '{term.name}', which the contract lists as a key",
                    f'Write key = ["{term.name}"] under [file], or as = "unused" for the column.',
                    rule="key",
                )


def check_same_authority(before: Rulebook, book: Rulebook) -> None:
    """Refuse another authority's name: everybody belongs to the one there is, and nobody could sign in. Raises BadInput."""
    ours, theirs = before.authority.slug, book.authority.slug
    if ours != theirs:
        file = name_file(Kind.AUTHORITY, "")
        fault = f"is '{theirs}', and this authority is '{ours}'"
        raise _bad(
            file, "slug", fault, "Write it as it was; the name that people read is 'name'.", rule="one-authority"
        )


def _check_way_back(book: Rulebook) -> None:
    """Refuse purposes without the one that documents are applied for: no later change could ever be made."""
    running = book.purposes.get(ADMINISTRATION)
    if running is None or running.group is not Group.ADMINISTRATION or not running.standing:
        raise _bad(
            name_file(Kind.PURPOSES, ""),
            "purposes",
            f"lack '{ADMINISTRATION}', standing and of that group, without which nobody could change anything again",
            "Put it back as it was.",
            rule="way-back",
        )


def _check_contract(book: Rulebook, name: str, contract: Contract) -> None:
    file = name_file(Kind.SOURCE, name)
    if contract.name != name:
        raise _bad(
            file,
            "source.name",
            f"is '{contract.name}', and the file is called '{name}'",
            f'Write name = "{name}", or call the file {contract.name}.toml if there is none yet.',
            rule="file-name",
        )
    _check_listed(sorted(contract.mandate.purposes), book.purposes, file, "mandate.purposes", "purposes.toml")
    _check_listed(contract.mandate.gateways, book.gateways, file, "mandate.gateways", "gateways.toml")


def _check_listed(names: Collection[str], listed: Collection[str], file: str, key: str, register: str) -> None:
    for name in names:
        if name not in listed:
            raise _bad(
                file,
                key,
                f"names '{name}', which is not known",
                f"Use one of: {', '.join(sorted(listed))}; or add it to {register} first.",
                rule="listed",
            )


def _check_permissions(book: Rulebook, known: Mapping[MandateId, Mandate]) -> None:
    """Refuse a permission that two sources share, that is another's, or that was ended: its key may be gone."""
    times = Counter(contract.mandate.id for contract in book.contracts.values())
    for name, contract in book.contracts.items():
        mandate, file = contract.mandate, name_file(Kind.SOURCE, name)
        before = known.get(mandate.id)
        if times[mandate.id] > 1 or (before is not None and before.source != name):
            fault = f"is '{mandate.id}', which is the permission of something else"
            raise _bad(file, "mandate.id", fault, "Give each source a permission of its own.", rule="one-permission")
        if before is not None and before.ended_at is not None and _terms(before) != _terms(mandate):
            fault = f"is '{mandate.id}', which was ended, and an ended permission never opens again"
            raise _bad(file, "mandate.id", fault, "Keeping data on is a fresh act: give it another id.", rule="G8")


def _terms(mandate: Mandate) -> tuple[object, ...]:
    days = (mandate.starts, mandate.ends, mandate.review_by)
    return (mandate.kind, mandate.purposes, tuple(mandate.gateways), *days, mandate.at_end)


def _bad(file: str, key: str, fault: str, advice: str, *, rule: str) -> BadInput:
    return BadInput(f"'{key}' {fault}.", advice, Where(file=file, key=key, rule=rule))
