"""Found an authority: apply its folder's drafts and add the people who may sign in, once, where nothing was before.

Later changes go through `apply_drafts`, which needs a decision; here there is nobody yet to decide about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail, Leaf
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.drafts import Draft, check_together
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import cases_mandate
from wardkeeper.usecases.ports import Account
from wardkeeper.usecases.rulebook import Kind, Rulebook, parse


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be given a login."""

    actor: Actor
    password: str


def found(house: House, founder: str, drafts: Sequence[Draft], people: Sequence[NewPerson]) -> Rulebook:
    """Check all drafts together, then apply them and make each source's mandate and key.

    Raises Conflict when an authority exists already, BadInput from the first draft that breaks a rule.
    """
    if house.store.documents(Kind.AUTHORITY):
        raise Conflict(
            "An authority has been set up here already.", "Use another folder, or apply changes to this one."
        )
    documents = tuple(document_of(house, draft.kind, draft.name, draft.text.encode()) for draft in drafts)
    book = parse(documents)
    check_together(book, {})
    today = london_day(house.clock.now())
    mandates = [*(contract.mandate for contract in book.contracts.values()), cases_mandate(today)]
    commitments = [house.vault.open_mandate(mandate.id) for mandate in mandates]
    detail: dict[str, Detail] = {
        "documents": [f"{one.kind}/{one.name} {one.sha256}" for one in documents],
        "key_commitments": [f"{one.id} {key}" for one, key in zip(mandates, commitments, strict=True)],
    }
    leaf = Leaf(Act.AUTHORITY_CREATED, house.clock.now(), founder, book.authority.slug, "administration", detail=detail)
    with house.store.write(leaf) as writer:
        for document in documents:
            writer.apply_document(document)
        for mandate in mandates:
            writer.add_mandate(mandate)
        for person in people:
            writer.add_account(Account(person.actor, house.passwords.hash(person.password)))
            writer.add_leaf(_person_leaf(house, founder, book, person.actor))
    return book


def _person_leaf(house: House, founder: str, book: Rulebook, actor: Actor) -> Leaf:
    detail: dict[str, Detail] = {"login": actor.login, "organisation": actor.organisation, "roles": sorted(actor.roles)}
    return Leaf(Act.PERSON_ADDED, house.clock.now(), founder, book.authority.slug, "administration", detail=detail)
