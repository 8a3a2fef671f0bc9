"""One family of errors: what was wrong, what to do next, and how each is told to a shell or a browser.

An error never carries a resident's own value: it names the source, row, column and rule instead.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar

from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.ways import Way

NO_WAYS: Mapping[Way, str] = MappingProxyType({})
"""For a reader who sits neither at a command nor at a page."""


@dataclass(frozen=True, slots=True)
class Where:
    """The spot an error is about: `column` of a table of data, or `key` of a document.

    Every part is optional; none is a resident's value.
    """

    source: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    key: str = ""
    rule: str = ""

    def __str__(self) -> str:
        named = (
            ("", self.source),
            ("file ", self.file),
            ("row ", self.row),
            ("column ", self.column),
            ("key ", self.key),
            ("rule ", self.rule),
        )
        return ", ".join(f"{label}{value}" for label, value in named if value not in (None, ""))

    def to_dict(self) -> dict[str, str | int]:
        """Give the parts that are set, for JSON."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) not in (None, "")}


@dataclass(eq=False)
class WardkeeperError(Exception):
    """Base of every error raised on purpose. `next` tells the reader what to do.

    Where a command and a page do it differently, `way` names what is to be done, and each edge adds its own words.
    """

    message: str
    next: str
    where: Where = field(default_factory=Where)
    way: Way | None = field(default=None, kw_only=True)

    code: ClassVar[str] = "error"

    def __str__(self) -> str:
        return self.tell()

    def tell(self, ways: Mapping[Way, str] = NO_WAYS) -> str:
        """Write where, what and what next, in the words that an edge has for each way."""
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.message} {self.say_next(ways)}"

    def say_next(self, ways: Mapping[Way, str] = NO_WAYS) -> str:
        """Write what to do next, in the words that an edge has for each way."""
        words = ways.get(self.way, "") if self.way else ""
        return f"{self.next} {words}".strip()

    def to_dict(self, ways: Mapping[Way, str] = NO_WAYS) -> dict[str, object]:
        """Give the one error shape: `{"error": {"code", "message", "where", "next"}}`."""
        where, following = self.where.to_dict(), self.say_next(ways)
        return {"error": {"code": self.code, "message": self.message, "where": where, "next": following}}


class UsageError(WardkeeperError):
    """The command or request was not understood."""

    code = "usage"


@dataclass(eq=False)
class Refused(WardkeeperError):
    """A rule refused the act. The decision behind it, where there is one, holds the reasons."""

    decision: Decision | None = None

    code: ClassVar[str] = "refused"


class NotSignedIn(Refused):
    """Nobody is signed in, or the session has ended."""

    code = "not-signed-in"


class NotFound(WardkeeperError):
    """The thing named does not exist, or may not be known to exist by this caller."""

    code = "not-found"


class BadInput(WardkeeperError):
    """A file, polygon, contract or value does not follow its rules."""

    code = "bad-input"


@contextmanager
def naming(source: str) -> Iterator[None]:
    """Name the source in bad input found inside that names neither a source nor a file."""
    try:
        yield
    except BadInput as problem:
        if not (problem.where.source or problem.where.file):
            problem.where = replace(problem.where, source=source)
        raise


class Conflict(WardkeeperError):
    """The act no longer fits the state it was made for."""

    code = "conflict"


class StorageFailed(WardkeeperError):
    """The disk or database could not finish the write; nothing was changed."""

    code = "storage"


class ServiceFailed(WardkeeperError):
    """Another service that is needed did not answer, or would not go on."""

    code = "service"


class IntegrityBroken(WardkeeperError):
    """A checksum, signature or proof does not hold."""

    code = "integrity"


EXIT_CODES: dict[type[WardkeeperError], int] = {
    UsageError: 2,
    Refused: 3,
    NotSignedIn: 3,
    NotFound: 4,
    BadInput: 4,
    Conflict: 4,
    StorageFailed: 4,
    ServiceFailed: 4,
    IntegrityBroken: 5,
}
"""Shell exit code of each error; 0 is done and 1 is "done, and found problems"."""

HTTP_STATUSES: dict[type[WardkeeperError], int] = {
    UsageError: 400,
    Refused: 403,
    NotSignedIn: 401,
    NotFound: 404,
    BadInput: 422,
    Conflict: 409,
    StorageFailed: 507,
    ServiceFailed: 502,
    IntegrityBroken: 500,
}
"""HTTP status of each error."""
