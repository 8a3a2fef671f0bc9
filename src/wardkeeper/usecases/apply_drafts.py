"""Apply drafts: check them all, ask for the second signature where one is needed, and bring them into force together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.signatures import SIGNING, Matter, can_apply, can_confirm, needs_second
from wardkeeper.kernel.errors import Conflict, Refused, Where
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.drafts_compared import Comparison, Line, State, compare_drafts, name_proposal
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.proposals import Proposal, Standing, is_current, list_waiting, load_proposal
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.view_activity import PURPOSE


class Outcome(StrEnum):
    """What became of the drafts."""

    NOTHING = "nothing"
    """All are applied already."""
    CHECKED = "checked"
    """They can be applied; nothing was changed."""
    WAITING = "waiting"
    """They wait for a second person."""
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found and done. `proposal` is the id to confirm by; `missing_right` says why this person may not apply.

    `second` names the roles one of which must confirm; `waiting` are all proposals that can be confirmed.
    """

    outcome: Outcome
    lines: tuple[Line, ...]
    proposal: str = ""
    second: tuple[str, ...] = ()
    missing_right: str = ""
    waiting: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Signed:
    """An agreed change: what to apply, and the proposal that it comes from, if it took two people."""

    comparison: Comparison
    proposal: Proposal | None = None


def check_drafts(house: House, actor: Actor, drafts: Sequence[Draft]) -> Answer:
    """Tell what applying would do, and change nothing. Raises Refused, BadInput."""
    _open(house, actor)
    found = compare_drafts(house, drafts)
    outcome = Outcome.CHECKED if found.changed else Outcome.NOTHING
    missing = _missing_right(found, actor)
    return Answer(outcome, found.lines, "", _second(found), missing, tuple(list_waiting(house)))


def apply_drafts(house: House, actor: Actor, drafts: Sequence[Draft]) -> Answer:
    """Apply all drafts, or put them forward for a second person. All or nothing.

    Raises BadInput from the first draft that breaks a rule, Refused, and Conflict when somebody applied in between.
    """
    opened = _open(house, actor)
    found = compare_drafts(house, drafts)
    if not found.changed:
        return Answer(Outcome.NOTHING, found.lines, waiting=tuple(list_waiting(house)))
    missing = _missing_right(found, actor)
    if missing:
        advice = "Ask somebody with that role to apply; wardkeeper apply --check shows what would change."
        raise Refused(f"Refused: {missing}.", advice, Where(rule="signatures"))
    if _second(found):
        proposal = _propose(opened, found)
        return Answer(Outcome.WAITING, found.lines, proposal.id, _second(found), waiting=tuple(list_waiting(house)))
    _apply(opened, _Signed(found))
    return Answer(Outcome.APPLIED, found.lines, waiting=tuple(list_waiting(house)))


def check_proposal(house: House, actor: Actor, proposal_id: str) -> Answer:
    """Show what confirming would apply, and change nothing. Raises as `confirm_proposal`, but for who may."""
    _open(house, actor)
    proposal = _load_waiting(house, proposal_id)
    found = compare_drafts(house, proposal.drafts, partly=True)
    return Answer(Outcome.CHECKED, found.lines, proposal.id, _second(found), _unfit(house, proposal, found, actor))


def confirm_proposal(house: House, actor: Actor, proposal_id: str) -> Answer:
    """Apply what another person put forward: exactly those bytes, checked again.

    Raises NotFound, BadInput, Refused for the wrong person, and Conflict when it was applied or no longer fits.
    """
    opened = _open(house, actor)
    proposal = _load_waiting(house, proposal_id)
    found = compare_drafts(house, proposal.drafts, partly=True)
    unfit = _unfit(house, proposal, found, actor)
    if unfit:
        raise Refused(f"Refused: {unfit}.", "Ask somebody else to confirm it.", Where(rule="signatures"))
    _apply(opened, _Signed(found, proposal))
    return Answer(Outcome.APPLIED, found.lines, proposal.id, waiting=tuple(list_waiting(house)))


def _open(house: House, actor: Actor) -> Opened:
    return open_door(house, Ask(actor, PURPOSE, Operation.ADMINISTER, {}))


# Who may


def _second(found: Comparison) -> tuple[str, ...]:
    """Name the roles that must confirm: those that may for every matter that takes two people."""
    roles = [SIGNING[matter].second for matter in found.matters if needs_second(matter)]
    return tuple(sorted(frozenset.intersection(*roles))) if roles else ()


def _missing_right(found: Comparison, actor: Actor) -> str:
    """Say which change this person may not put forward; nothing when all may."""
    for line in found.lines:
        for matter in sorted(line.matters):
            if not can_apply(matter, actor):
                return f"{line.file} is put forward by {_either(SIGNING[matter].first)}, which you are not"
    return ""


def _unfit(house: House, proposal: Proposal, found: Comparison, actor: Actor) -> str:
    """Say why this person's word does not complete the proposal; nothing when it does."""
    first = house.store.account(proposal.by)
    if first is None or not first.active or _missing_right(found, first.actor):
        return f"{proposal.by}, who put it forward, may no longer do so"
    if actor.login == proposal.by:
        return "you put it forward yourself, and two people must agree"
    for matter in sorted(found.matters):
        if needs_second(matter) and not can_confirm(matter, first.actor, actor):
            return f"it takes {_either(SIGNING[matter].second)}, in another role than {proposal.by}"
    return ""


def _either(roles: frozenset[Role]) -> str:
    return " or ".join(f"the {role}" for role in sorted(roles))


# Putting forward and applying


def _propose(opened: Opened, found: Comparison) -> Proposal:
    house, actor = opened.house, opened.ask.actor
    drafts = tuple(Draft(Kind(one.kind), one.name, one.content.decode()) for one in found.changed)
    bases = tuple(found.line(one).previous for one in found.changed)
    proposal = Proposal(name_proposal(actor.login, found.changed, found), actor.login, house.clock.now(), drafts, bases)
    if any(one.id == proposal.id for one in list_waiting(house)):
        return proposal
    detail: dict[str, Detail] = {
        "proposal": proposal.id,
        "documents": [f"{one.kind}/{one.name} {one.sha256}" for one in found.changed],
    }
    with house.store.write(opened.leaf(Act.DOCUMENTS_PROPOSED, detail)) as writer:
        writer.apply_document(proposal.to_document(house))
    return proposal


def _load_waiting(house: House, proposal_id: str) -> Proposal:
    proposal = load_proposal(house, proposal_id)
    if proposal.standing is Standing.APPLIED:
        raise Conflict("This was applied already.", "There is nothing to confirm.")
    if not is_current(house, proposal):
        raise Conflict(
            "Something it changes was changed since by somebody else.",
            f"Ask {proposal.by} to run wardkeeper apply again, and confirm that.",
        )
    return proposal


def _apply(opened: Opened, signed: _Signed) -> None:
    """Bring the changed documents into force, in one transaction with a leaf for each."""
    house, found, proposal = opened.house, signed.comparison, signed.proposal
    # A key is made before the transaction that names it: one that nothing names yet harms nobody.
    mandates = _changed_mandates(house, found)
    leaves = [opened.leaf(Act.DOCUMENT_APPLIED, _detail(house, signed, one)) for one in found.changed]
    with house.store.write(leaves[0]) as writer:
        _check_untouched(house, found)
        for leaf in leaves[1:]:
            writer.add_leaf(leaf)
        for document in found.changed:
            writer.apply_document(document)
        for mandate in mandates:
            writer.add_mandate(mandate)
        if proposal:
            writer.apply_document(replace(proposal, standing=Standing.APPLIED).to_document(house))


def _changed_mandates(house: House, found: Comparison) -> list[Mandate]:
    """Give the permissions that are new or changed. What ended one stays on record."""
    contracts = [found.book.contracts[one.name] for one in found.changed if one.kind == Kind.SOURCE]
    known = {mandate.id: mandate for mandate in house.store.mandates()}
    drafted = [contract.mandate for contract in contracts]
    kept = [
        replace(one, ended_at=known[one.id].ended_at, destroyed_at=known[one.id].destroyed_at)
        if one.id in known
        else one
        for one in drafted
    ]
    return [one for one in kept if known.get(one.id) != one]


def _check_untouched(house: House, found: Comparison) -> None:
    """Raises Conflict when somebody applied after the comparison. Writers take turns, so this holds until the commit."""
    for document in found.changed:
        applied = house.store.document(document.kind, document.name)
        if (applied.sha256 if applied else "") != found.line(document).previous:
            raise Conflict("Somebody else applied a change just now.", "Run wardkeeper apply --check again.")


def _detail(house: House, signed: _Signed, document: Document) -> dict[str, Detail]:
    line, proposal = signed.comparison.line(document), signed.proposal
    detail: dict[str, Detail] = {
        "kind": document.kind,
        "name": document.name,
        "sha256": document.sha256,
        "previous": line.previous,
    }
    if document.kind == Kind.SOURCE and (line.state is State.NEW or Matter.PERMISSION in line.matters):
        mandate = signed.comparison.book.contracts[document.name].mandate.id
        detail |= {"mandate": mandate, "key_commitment": house.vault.open_mandate(mandate)}
    return detail | ({"proposal": proposal.id, "proposed_by": proposal.by} if proposal else {})
