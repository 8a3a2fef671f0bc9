"""Loads that stopped with a question: kept until the next file loads, so that a page shows what somebody must answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.spans import to_text
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.versions import ANSWERS as ABOUT_CASES
from wardkeeper.sources.concerns import Doubt
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.drift import compare
from wardkeeper.sources.profiles import hide_small, say_count
from wardkeeper.sources.quality import QualityReport, read_report
from wardkeeper.usecases.documents import document_of, report_name
from wardkeeper.usecases.door import Opened
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.rulebook import Kind

AGAIN = (
    "If the source did change so, load it again with --shrunk: wardkeeper source load FILE --source {source} --shrunk"
)
UNPROTECT = (
    "If none of them needs protection any longer, load it again with --unprotect: "
    "wardkeeper source load FILE --source {source} --unprotect"
)
CONTRACT = (
    "If the owner renamed a column, write its new name in sources/{source}.toml, apply it, and load the file again."
)
NEWEST = "Nothing needs doing if the newest file is loaded already."

ANSWERS: dict[str, str] = {
    "half-a-file": AGAIN,
    "column-emptied": AGAIN,
    "column-drained": AGAIN,
    "protection-gone": UNPROTECT,
    "wrong-columns": CONTRACT,
    "older-file": NEWEST,
    **{doubt.value: answer for doubt, answer in ABOUT_CASES.items()},
}
"""How to answer, by the rule that stopped the load. A file stopped by any other rule is simply faulty."""

STOPPING = (Doubt.COLUMN_EMPTIED, Doubt.COLUMN_DRAINED)
"""What stops a load, of all that may have changed in a column; the rest is told in the report."""


@dataclass(frozen=True, slots=True)
class Question:
    """What stopped a load, what to ask, and how to answer. It holds headings and counts, nothing of a resident."""

    file_name: str
    at: str
    rule: str
    says: str
    next: str
    answer: str


@contextmanager
def asking(opened: Opened, source: str, file_name: str) -> Iterator[None]:
    """Keep the question when what is done inside stops with one; the error goes on to whoever loads."""
    try:
        yield
    except BadInput as stop:
        if stop.where.rule in ANSWERS:
            _keep(opened, source, file_name, stop)
        raise


def _keep(opened: Opened, source: str, file_name: str, stop: BadInput) -> None:
    house, rule = opened.house, stop.where.rule
    now = to_text(house.clock.now())
    question = Question(file_name, now, rule, stop.message, stop.next, ANSWERS[rule].format(source=source))
    content = json.dumps(asdict(question), ensure_ascii=False, sort_keys=True).encode()
    with house.store.write(opened.leaf(Act.LOAD_STOPPED, {"source": source, "rule": rule})) as writer:
        writer.apply_document(document_of(house, Kind.QUESTION, source, content))


def find_question(house: House, source: str) -> Question | None:
    """Give the question that waits for an answer, if any."""
    document = house.store.document(Kind.QUESTION, source)
    kept = json.loads(document.content) if document else {}
    return Question(**kept) if kept else None


def answers_to(house: House, source: str) -> list[Document]:
    """Give what is to be stored when a file loads after all: nothing when no question waits."""
    return [document_of(house, Kind.QUESTION, source, b"{}")] if find_question(house, source) else []


def check_emptied(house: House, report: QualityReport, delivery: Delivery, *, expected: bool = False) -> None:
    """Refuse a file with a column that is suddenly empty, or mostly: what it told would vanish without a word.

    `expected` is a person's word that the source did change so.
    """
    before = _find_before(house, delivery)
    if expected or before is None:
        return
    emptied = [concern for concern in compare(report, before).concerns if concern.doubt in STOPPING]
    if emptied:
        raise BadInput(
            " ".join(concern.says for concern in emptied),
            f"{emptied[0].next} {AGAIN.format(source=delivery.source)}",
            Where(source=delivery.source, column=emptied[0].column, rule=emptied[0].doubt.value),
        )


def check_unprotected(unprotected: int, source: str) -> None:
    """Refuse a file in which so many people who were protected are no longer so. It tells how many, never whom."""
    if unprotected:
        raise BadInput(
            f"Records that were protected are in the file, and no longer protected: {say_count(hide_small(unprotected))}. "
            "These people would be shown, and joined with their former homes.",
            f"Ask the owner whether each of them is safe. {UNPROTECT.format(source=source)}",
            Where(source=source, rule="protection-gone"),
        )


def _find_before(house: House, delivery: Delivery) -> QualityReport | None:
    """Give the report of the newest file that is no newer than this one."""
    earlier = [one for one in house.store.deliveries(delivery.source) if one.extracted_on <= delivery.extracted_on]
    for one in sorted(earlier, key=lambda one: (one.extracted_on, one.received_at), reverse=True):
        document = house.store.document(Kind.QUALITY, report_name(one.source, one.id))
        if document:
            return read_report(document.content)
    return None
