"""A GOV.UK Notify within the test: verified by the contract tests that hold the real adapter to the same promises."""

from collections import Counter
from dataclasses import dataclass, field

from wardkeeper.kernel.errors import NotFound, ServiceFailed
from wardkeeper.messages.channels import Channel
from wardkeeper.usecases.ports import Answer, Attempt, Batch, Report, TemplateWords


@dataclass
class FakeNotify:
    """Takes messages and remembers them. `broken` maps a reference to the answer it gets, whatever it says."""

    templates: dict = field(default_factory=dict)
    held: list = field(default_factory=list)
    broken: dict = field(default_factory=dict)
    statuses: dict = field(default_factory=dict)
    halt_after: int | None = None
    batches: list = field(default_factory=list)
    on_batch: object = None

    def add_template(self, channel, body, subject=""):
        name = f"00000000-0000-4000-8000-{len(self.templates):012d}"
        self.templates[name] = TemplateWords(channel, body, subject, 1)
        return name

    def send_all(self, batch, *, may_begin, proven):
        self.batches.append([one.reference for one in batch])
        if self.on_batch:
            self.on_batch()
        halted = None
        attempts = []
        for one in batch:
            if self.halt_after is not None and len(self.held) >= self.halt_after:
                halted = ServiceFailed("GOV.UK Notify's limit for today is reached.", "Send again tomorrow.")
            attempts.append(Attempt(one.reference, Answer.NOT_TRIED) if halted or not may_begin() else self._send(one))
        return Batch(tuple(attempts), halted)

    def _send(self, one):
        answer = self.broken.get(one.reference) or self.broken.get(one.to) or Answer.TAKEN
        if answer is Answer.TAKEN and invalid(one):
            answer = Answer.NOT_TAKEN
        if answer is Answer.TAKEN:
            self.held.append(one)
            return Attempt(one.reference, answer, self.id_of(one.reference), "created")
        return Attempt(one.reference, answer, status="refused" if answer is Answer.NOT_TAKEN else "")

    def find(self, reference):
        if any(one.reference == reference for one in self.held):
            return Report(reference, self.id_of(reference), self.statuses.get(reference, "created"))
        return None

    def reports(self, references):
        found = (self.find(one) for one in references)
        return iter([one for one in found if one])

    def template(self, template):
        if template not in self.templates:
            raise NotFound("GOV.UK Notify has no template of this id.", "Copy the id from Notify.")
        return self.templates[template]

    def id_of(self, reference):
        return f"notify-{reference}"

    @property
    def recipients(self):
        """How often each number, address or letter was written to."""
        return Counter(one.to or ", ".join(one.personalisation.values()) for one in self.held)


def invalid(one):
    if one.channel is Channel.TEXT:
        return not one.to.removeprefix("+").isdigit()
    return one.channel is Channel.EMAIL and "@" not in one.to
