"""Reading a source's contract from TOML. One that is unclear, endless or unlawful is refused here, at the door."""

from collections import Counter

from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.toml_tables import Table, read
from wardkeeper.sources.terms import (
    DATED,
    ColumnTerm,
    Contract,
    DateForm,
    FactorTerm,
    FileForm,
    Format,
    Kind,
    MarkingTerm,
    Meaning,
    Packing,
    Register,
    RemovalTerm,
)

REGULATION_107 = (
    "the Representation of the People (England and Wales) Regulations 2001, regulation 107, lets a council use it only "
    "for security, law enforcement, crime prevention and statistics"
)

MANDATE_KINDS = (MandateKind.STANDING, MandateKind.NOTICE)
"""The kinds of mandate that a source is held under; the others are made by incidents."""

ENCODINGS = ("utf-8", "cp1252")


def parse(text: str, file_name: str, *, full_register_permitted: bool = False) -> Contract:
    """Read a contract. `full_register_permitted` is for an authority with a recorded gateway that permits it.

    Raises BadInput that names the file and the key.
    """
    document = read(text, file_name)
    source = document.table("source")
    columns = tuple(_read_column(entry) for entry in document.tables("column"))
    name = source.slug("name")
    contract = Contract(
        name=name,
        title=source.text("title"),
        owner=source.text("owner"),
        contact=source.text("contact"),
        refresh_days=source.number("refresh_days"),
        kind=source.choice("kind", Kind),
        register=_read_register(source, permitted=full_register_permitted),
        mandate=_read_mandate(document.table("mandate"), name),
        file=_read_form(document.table("file"), columns),
        columns=columns,
        factors=tuple(_read_factor(entry) for entry in document.optional_tables("factor")),
        markings=tuple(_read_marking(entry) for entry in document.optional_tables("marking")),
        removals=tuple(_read_removal(entry) for entry in document.optional_tables("removal")),
    )
    document.finish()
    _check_columns(contract, document)
    _check_changes(contract, document)
    return contract


def _read_register(source: Table, *, permitted: bool) -> Register | None:
    register = source.optional_choice("register", Register)
    if register is Register.FULL and not permitted:
        raise source.bad(
            "register",
            f"is the full electoral register, which is refused: {REGULATION_107}",
            "Use the open register, or record a gateway that permits the full one in gateways.toml.",
            rule="regulation 107",
        )
    return register


def _read_mandate(table: Table, source: str) -> Mandate:
    mandate = Mandate(
        id=MandateId(table.slug("id")),
        kind=table.choice("kind", MANDATE_KINDS),
        title=table.text("title"),
        purposes=frozenset(table.some_texts("purposes")),
        gateways=table.some_texts("gateways"),
        starts=table.day("starts"),
        ends=table.open_days("starts", "ends").end,
        review_by=table.open_days("starts", "review_by").end,
        at_end=table.choice("at_end", AtEnd),
        source=source,
    )
    table.finish()
    _check_end(table, mandate)
    return mandate


def _check_end(table: Table, mandate: Mandate) -> None:
    """Hold rule G4: no expiry, no load."""
    standing = mandate.kind is MandateKind.STANDING
    key, what = ("review_by", "an end or a review date") if standing else ("ends", "an end")
    if not mandate.has_an_end:
        raise table.bad(
            key,
            f"is missing: no data is loaded under a {mandate.kind} mandate without {what}",
            "Add it, as 2027-03-31 without quotation marks.",
            rule="G4",
        )


def _read_form(table: Table, columns: tuple[ColumnTerm, ...]) -> FileForm:
    form = FileForm(
        format=table.choice("format", Format),
        columns=tuple(term.name for term in columns),
        key=table.optional_texts("key"),
        dated_by=table.optional_text("dated_by") or "file",
        sheet=table.optional_text("sheet"),
        encoding=table.optional_choice("encoding", ENCODINGS) or "",
        delimiter=table.optional_written("delimiter") or ",",
        dates=tuple(term.name for term in columns if term.meaning in DATED),
        packed=table.optional_choice("packed", Packing),
        inside=table.optional_text("inside"),
        watch=table.optional_text("watch"),
    )
    _check_confirmed(table, "how the file is written")
    if len(form.delimiter) != 1:
        raise table.bad("delimiter", "is not one character", 'Write it as ";" or "," or "\\t".')
    if form.inside and not form.packed:
        raise table.bad("inside", "names a file in a packed one, and nothing is packed", 'Add packed = "zip".')
    return form


def _check_confirmed(table: Table, what: str) -> None:
    """Refuse what a draft guessed and nobody has confirmed."""
    if table.optional_flag("confirmed") is False:
        raise table.bad(
            "confirmed",
            f"is false: nobody has confirmed {what}",
            "Look at the file, correct what is wrong here, and write confirmed = true.",
            rule="unconfirmed",
        )


def _read_column(table: Table) -> ColumnTerm:
    term = ColumnTerm(
        name=table.text("name"),
        meaning=table.choice("as", Meaning),
        form=table.optional_choice("form", DateForm),
        person=table.optional_number("person") or 1,
    )
    _check_confirmed(table, f"what '{term.name}' holds")
    table.finish()
    if term.meaning in DATED and term.form is None:
        raise table.bad("form", f"is missing: '{term.name}' holds dates", f"Add one of: {', '.join(DateForm)}.")
    if term.meaning not in DATED and term.form is not None:
        raise table.bad("form", f"is for dates only, and '{term.name}' holds none", "Take it out.")
    return term


def _read_factor(table: Table) -> FactorTerm:
    term = FactorTerm(
        column=table.optional_text("column"),
        when=tuple(table.mapping("when").items()),
        known=table.optional_texts("known"),
        split=table.optional_written("split"),
        at_least=table.optional_number("at_least"),
        filled=table.flag("filled"),
        factor=table.optional_text("factor"),
        meaning=table.optional_text("meaning"),
        where=tuple(table.mapping("where").items()),
        person=table.optional_number("person") or 0,
    )
    table.finish()
    if not term.factors:
        raise table.bad(
            "when",
            "is missing, and so is 'factor': the entry asserts nothing",
            'Add when = { value = "factor" } or factor.',
        )
    return term


def _read_marking(table: Table) -> MarkingTerm:
    table.choice("sets", ("protected",))
    return MarkingTerm(
        column=table.text("column"),
        when=table.some_texts("when"),
        known=table.optional_texts("known"),
        home=table.optional_text("home"),
    )


def _read_removal(table: Table) -> RemovalTerm:
    return RemovalTerm(column=table.text("column"), when=table.some_texts("when"), known=table.optional_texts("known"))


def _check_changes(contract: Contract, document: Table) -> None:
    """Refuse changes that no key can be found by, and removals from a file that is the whole truth of its day."""
    if contract.kind is Kind.CHANGES and not contract.file.key:
        message = "is missing: which entry a row of changes is about cannot be told"
        raise document.bad("file.key", message, 'Name the column of the source\'s own key: key = ["Ref"].')
    if contract.removals and contract.kind is not Kind.CHANGES:
        message = f"is for files of changes, and the kind is {contract.kind}"
        raise document.bad("removal", message, 'Take it out, or write kind = "changes".')


def _check_columns(contract: Contract, document: Table) -> None:
    """Refuse names of columns that the contract doesn't list, and a contract that names no person."""
    listed = Counter(contract.file.columns)
    for key, name in _columns_used(contract):
        if name not in listed:
            raise document.bad(key, f"names a column '{name}' that the contract does not list", "Add a [[column]].")
    for name, times in listed.items():
        if times > 1:
            raise document.bad("column", f"lists '{name}' twice", "Remove one of them.")
    if not (contract.named(Meaning.NAME) or contract.named(Meaning.FAMILY)):
        raise document.bad("column", "lists none that holds a name", 'Give one as = "name" or as = "family".')


def _columns_used(contract: Contract) -> list[tuple[str, str]]:
    """Give each key that names a column, with the name."""
    form = contract.file
    return [
        *(("file.key", name) for name in form.key),
        *(("file.dated_by", name) for name in (form.dated_by,) if name != "file"),
        *((f"factor.{place}.column", term.column) for place, term in enumerate(contract.factors, 1) if term.column),
        *((f"factor.{place}.where", name) for place, term in enumerate(contract.factors, 1) for name, _ in term.where),
        *((f"marking.{place}.column", term.column) for place, term in enumerate(contract.markings, 1)),
        *((f"removal.{place}.column", term.column) for place, term in enumerate(contract.removals, 1)),
    ]
