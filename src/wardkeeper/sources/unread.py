"""What a contract reads in vain: known facts that no need rule reads, and columns of facts that the contract leaves alone."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from wardkeeper.sources.terms import Contract, Meaning


def tell_unread(contract: Contract, read: Collection[str]) -> Iterator[str]:
    """Say in sentences what has no effect. `read` are the facts that the authority's need rules read."""
    for fact in sorted(contract.asserts - set(read)):
        near = get_close_matches(fact, read, n=1)
        question = f": did you mean “{near[0]}”?" if near else "."
        yield f"No need rule reads the known fact “{fact}”, so it gives nobody a need{question}"
    for name in _unread_columns(contract):
        yield f'The column “{name}” is as = "fact" and nothing reads it: add a [[factor]], or write as = "unused".'


def _unread_columns(contract: Contract) -> Iterator[str]:
    used = {
        *contract.file.key,
        *(term.column for term in contract.factors),
        *(name for term in contract.factors for name, _ in term.where),
        *(term.column for term in contract.markings),
        *(term.column for term in contract.removals),
    }
    facts = (term.name for term in contract.columns if term.meaning is Meaning.FACT)
    yield from (name for name in facts if name not in used)
