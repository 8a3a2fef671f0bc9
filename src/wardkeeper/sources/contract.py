"""Reading a source's contract from TOML. One that is unclear, endless or unlawful is refused here, at the door."""

import re
from datetime import date

from wardkeeper.sources.terms import (
    DATED,
    ColumnTerm,
    Contract,
    DateForm,
    FactorTerm,
    FileForm,
    Format,
    Kind,
    MandateTerms,
    MarkingTerm,
    Meaning,
    Register,
)
from wardkeeper.sources.toml_tables import TomlTable, read_document

REGULATION_107 = (
    "the Representation of the People (England and Wales) Regulations 2001, regulation 107, lets a council use it only "
    "for security, law enforcement, crime prevention and statistics"
)

MANDATE_KINDS = ("standing", "notice")
ENCODINGS = ("utf-8", "cp1252")
AT_END = ("delete", "return", "rebase")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def parse(text: str, file_name: str, *, full_register_permitted: bool = False) -> Contract:
    """Read a contract. `full_register_permitted` is for an authority with a recorded gateway that permits it.

    Raises BadInput that names the file and the key.
    """
    document = read_document(text, file_name)
    source = document.table("source")
    columns = tuple(_read_column(entry) for entry in document.tables("column"))
    contract = Contract(
        name=_slug(source, "name"),
        title=source.text("title"),
        owner=source.text("owner"),
        contact=source.text("contact"),
        refresh_days=source.number("refresh_days"),
        kind=source.choice("kind", Kind),
        register=_read_register(source, permitted=full_register_permitted),
        mandate=_read_mandate(document.table("mandate")),
        file=_read_form(document.table("file"), columns),
        columns=columns,
        factors=tuple(_read_factor(entry) for entry in document.tables("factor")),
        markings=tuple(_read_marking(entry) for entry in document.tables("marking")),
    )
    source.close()
    document.close()
    _check_columns(contract, document)
    return contract


def _slug(table: TomlTable, key: str) -> str:
    value = table.text(key)
    if not SLUG.fullmatch(value):
        raise table.bad(key, f"The {key} {value!r} is not a slug.", "Use small letters, digits and hyphens.")
    return value


def _read_register(source: TomlTable, *, permitted: bool) -> Register | None:
    register = source.choice("register", Register) if source.text("register", "") else None
    if register is Register.FULL and not permitted:
        raise source.bad(
            "register",
            f"The full electoral register is refused: {REGULATION_107}.",
            "Use the open register, or record a gateway that permits the full one in gateways.toml.",
            "regulation 107",
        )
    return register


def _read_mandate(table: TomlTable) -> MandateTerms:
    terms = MandateTerms(
        id=_slug(table, "id"),
        kind=table.one_of("kind", MANDATE_KINDS),
        title=table.text("title"),
        purposes=list(table.texts("purposes", least=1)),
        gateways=list(table.texts("gateways", least=1)),
        starts=table.day("starts") or _no_start(table),
        ends=table.day("ends"),
        review_by=table.day("review_by"),
        at_end=table.one_of("at_end", AT_END),
    )
    table.close()
    _check_end(terms, table)
    return terms


def _no_start(table: TomlTable) -> date:
    raise table.bad("starts", "The key mandate.starts is missing.", "Add the first day, as 2026-04-01.")


def _check_end(terms: MandateTerms, table: TomlTable) -> None:
    """Hold rule G4: no expiry, no load."""
    standing = terms["kind"] == "standing"
    last = terms["ends"] or (terms["review_by"] if standing else None)
    if last is None:
        key, what = ("review_by", "an end or a review date") if standing else ("ends", "an end")
        raise table.bad(
            key,
            f"The mandate has not {what}: no data is loaded without one.",
            f"Add mandate.{key}, as 2027-03-31.",
            "G4",
        )
    if last < terms["starts"]:
        raise table.bad("starts", "The mandate ends before it starts.", "Correct one of the two dates.", "G4")


def _read_form(table: TomlTable, columns: tuple[ColumnTerm, ...]) -> FileForm:
    form = FileForm(
        format=table.choice("format", Format),
        columns=tuple(term.name for term in columns),
        key=table.texts("key"),
        dated_by=table.text("dated_by", "file"),
        sheet=table.text("sheet", ""),
        encoding=table.one_of("encoding", ENCODINGS) if table.has("encoding") else "",
        delimiter=table.text("delimiter", ","),
    )
    table.close()
    if len(form.delimiter) != 1:
        raise table.bad("delimiter", "The delimiter is not one character.", 'Write it as ";" or "," or "\\t".')
    return form


def _read_column(table: TomlTable) -> ColumnTerm:
    term = ColumnTerm(
        name=table.text("name"),
        meaning=table.choice("as", Meaning),
        form=table.choice("form", DateForm) if table.has("form") else None,
        person=table.number("person", 1),
    )
    table.close()
    if (term.meaning in DATED) != (term.form is not None):
        raise table.bad(
            "form",
            f"The column {term.name!r} has a date form where it should not, or none where it should.",
            f"Add form to dates only, one of: {', '.join(DateForm)}.",
        )
    return term


def _read_factor(table: TomlTable) -> FactorTerm:
    term = FactorTerm(
        column=table.text("column", ""),
        when=table.pairs("when"),
        known=table.texts("known"),
        split=table.text("split", ""),
        at_least=table.number("at_least") if table.has("at_least") else None,
        filled=table.flag("filled"),
        factor=table.text("factor", ""),
        meaning=table.text("meaning", ""),
    )
    table.close()
    if not term.factors:
        raise table.bad("when", "The factor entry asserts nothing.", 'Add when = { value = "factor" } or factor.')
    return term


def _read_marking(table: TomlTable) -> MarkingTerm:
    table.one_of("sets", ("protected",))
    term = MarkingTerm(
        column=table.text("column"),
        when=table.texts("when", least=1),
        known=table.texts("known"),
        home=table.text("home", ""),
    )
    table.close()
    return term


def _check_columns(contract: Contract, document: TomlTable) -> None:
    """Refuse names of columns that the contract doesn't list, and a contract that names no person."""
    used = {
        "file.key": contract.file.key,
        "file.dated_by": () if contract.file.dated_by == "file" else (contract.file.dated_by,),
        "factor": tuple(term.column for term in contract.factors if term.column),
        "marking": tuple(term.column for term in contract.markings),
    }
    listed = set(contract.file.columns)
    for key, names in used.items():
        for name in names:
            if name not in listed:
                raise document.bad(
                    key, f"The contract uses a column {name!r} that it does not list.", "Add a [[column]]."
                )
    if len(listed) < len(contract.columns):
        raise document.bad("column", "The contract lists a column twice.", "Remove one of them.")
    if not (contract.named(Meaning.NAME) or contract.named(Meaning.FAMILY)):
        raise document.bad("column", "No column holds a name.", 'Give one of them as = "name" or as = "family".')
