"""What a contract says: whose file it is, under which mandate, what its columns mean and which facts they assert.

Plain values. Reading them from TOML is `contract`'s work; using them is everybody else's in this room.
"""

from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.kernel.mandates import Mandate


class Kind(StrEnum):
    """How one file follows another."""

    FULL = "full"
    """Each file is the whole truth of its day and replaces the one before."""
    CUMULATIVE = "cumulative"
    """Each file repeats all before it, in no order; the latest entry of a person counts."""
    CHANGES = "changes"
    """Each file holds only the entries that were added, changed or removed, by the source's own key."""


class Format(StrEnum):
    """Kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


class Packing(StrEnum):
    """Ways in which a file may come packed."""

    ZIP = "zip"


class Register(StrEnum):
    """Editions of the electoral register."""

    OPEN = "open"
    FULL = "full"


class Meaning(StrEnum):
    """What a column holds. Columns of one meaning are joined (address) or the first usable one is taken (others)."""

    KEY = "key"
    NAME = "name"
    TITLE = "title"
    GIVEN = "given"
    FAMILY = "family"
    BIRTH_DATE = "birth-date"
    SEX = "sex"
    NHS_NUMBER = "nhs-number"
    NI_NUMBER = "ni-number"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    ADDRESS = "address"
    POSTCODE = "postcode"
    UPRN = "uprn"
    SEEN_ON = "seen-on"
    ENDED_ON = "ended-on"
    CAUTION = "caution"
    SAFE_CONTACT = "safe-contact"
    """How the person may be contacted safely, such as “Letter only”: what cannot be understood stops every message."""
    SAFE_PHONE = "safe-phone"
    """The only number that is safe to use."""
    OBJECTED_ON = "objected-on"
    DIED_ON = "died-on"
    EXTRACT_DATE = "extract-date"
    FACT = "fact"
    """Read only by the contract's factors and markings."""
    UNUSED = "unused"
    """Expected in the file and not read: what isn't needed is not kept."""


class DateForm(StrEnum):
    """Ways to write a date, as a person would say them."""

    DAY_MONTH_YEAR = "dd/mm/yyyy"
    DAY_NAME_YEAR = "dd-Mon-yy"
    YEAR_MONTH_DAY = "yyyy-mm-dd"
    TIMESTAMP = "timestamp"
    PARTIAL = "yyyy[-mm[-dd]]"
    """A day, or only its month or year, as in SAVVI's file."""


DATED = frozenset(
    {
        Meaning.BIRTH_DATE,
        Meaning.SEEN_ON,
        Meaning.ENDED_ON,
        Meaning.OBJECTED_ON,
        Meaning.DIED_ON,
        Meaning.EXTRACT_DATE,
    }
)
"""Meanings whose columns need a date form."""


@dataclass(frozen=True, slots=True)
class ColumnTerm:
    """One column of the file. `person` is 2 where it is about the second person of the row."""

    name: str
    meaning: Meaning
    form: DateForm | None = None
    person: int = 1


@dataclass(frozen=True, slots=True)
class FactorTerm:
    """Which factors a column asserts.

    `when` gives the factor for a value; `known` lists values that assert nothing; `split` parts a cell with several.
    `at_least` asserts `factor` for numbers from there on; `filled` for any value. Without a column, `factor` holds for
    every row. `meaning` is for values that read the other way round. `where` names other columns and the values they
    must hold for the row to be read: the same word may mean another thing in another scheme. `person` says whose fact it
    is where a row is about several: 0 for everybody's, as of a household, 1 for the first person's, 2 for the second's.
    """

    column: str = ""
    when: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()
    split: str = ""
    at_least: float | None = None
    filled: bool = False
    factor: str = ""
    meaning: str = ""
    where: tuple[tuple[str, str], ...] = ()
    person: int = 0

    @property
    def factors(self) -> frozenset[str]:
        """The factors it may assert."""
        return frozenset(slug for _, slug in self.when) | (frozenset({self.factor}) if self.factor else frozenset())


@dataclass(frozen=True, slots=True)
class MarkingTerm:
    """Values of a column that mark the row's people protected, and its home as special where `home` says so.

    `known` lists the values that do not. Where it lists any, a value in neither protects too: a slip must not expose.
    """

    column: str
    when: tuple[str, ...]
    known: tuple[str, ...] = ()
    home: str = ""


@dataclass(frozen=True, slots=True)
class RemovalTerm:
    """Values of a column that say the row's entry is to be taken out, in a file of changes.

    `known` lists the values that add or change it. Where it lists any, a row with a value in neither is held back.
    """

    column: str
    when: tuple[str, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the file is written. `columns` are the heading's names, `dates` those that hold dates; `sheet` is for spreadsheets.

    `inside` is a pattern that names the file meant within a packed one; `watch` one that names this source's files.
    """

    format: Format
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    dated_by: str = "file"
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ","
    dates: tuple[str, ...] = ()
    packed: Packing | None = None
    inside: str = ""
    watch: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything agreed about one source. `refresh_days` is the longest wait between two files, in days."""

    name: str
    title: str
    owner: str
    contact: str
    refresh_days: int
    kind: Kind
    mandate: Mandate
    file: FileForm
    columns: tuple[ColumnTerm, ...]
    factors: tuple[FactorTerm, ...] = ()
    markings: tuple[MarkingTerm, ...] = ()
    register: Register | None = None
    removals: tuple[RemovalTerm, ...] = ()

    @property
    def asserts(self) -> frozenset[str]:
        """Every factor the source may assert."""
        return frozenset().union(*(term.factors for term in self.factors))

    def named(self, meaning: Meaning, person: int = 1) -> tuple[ColumnTerm, ...]:
        """Give the columns of a meaning, in the contract's order."""
        return tuple(term for term in self.columns if term.meaning is meaning and term.person == person)
