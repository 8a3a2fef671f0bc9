"""A draft of a contract, from what a file seems to hold. It is refused as a contract until a person has gone over it.

What only the council can say is left blank, and each guess is marked `confirmed = false`.
"""

import json
from collections.abc import Iterator, Sequence

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.toml_tables import SLUG
from wardkeeper.sources.samples import Sample
from wardkeeper.sources.shapes import BLANK
from wardkeeper.sources.suggesting import Suggestion
from wardkeeper.sources.terms import Meaning

UNCONFIRMED = "confirmed = false"


def draft(name: str, title: str, sample: Sample, suggestions: Sequence[Suggestion]) -> str:
    """Write a contract's draft as TOML. `name` is the source's slug. Raises BadInput when it is none."""
    if not SLUG.fullmatch(name):
        raise BadInput(
            f"'{name}' is not a name for a source.",
            "Use small letters, digits and hyphens, such as blue-badge.",
            Where(key="name"),
        )
    return "\n".join([*_about(name, title, sample), *_file(sample, suggestions), *_columns(suggestions)])


def _about(name: str, title: str, sample: Sample) -> Iterator[str]:
    yield f"# A draft, made from {sample.frame.height:,} rows of one file. Nothing is loaded by it until a person has looked:"
    yield f"# fill in the lines with {BLANK}. Where “confirmed” is false, correct what is wrong above it and write true."
    yield from (f"# To settle with the owner: {problem}." for problem in sample.problems)
    yield ""
    yield "[source]"
    yield f"name = {_text(name)}"
    yield f"title = {_text(title)}"
    yield f'owner = "" # {BLANK}: who owns the data'
    yield f'contact = "" # {BLANK}: whom to ask when a file is late'
    yield f"refresh_days = 0 # {BLANK}: the longest wait between two files"
    yield f'kind = "" # {BLANK}: full (each file replaces the last), cumulative (each repeats all before it) or changes'
    yield ""
    yield "[mandate]"
    yield f"id = {_text(f'standing-{name}')}"
    yield 'kind = "standing"'
    yield f"title = {_text(f'{title} for planning and response')}"
    yield f"purposes = [] # {BLANK}: from purposes.toml"
    yield f'gateways = [] # {BLANK}: legal powers, such as "cca-2004"'
    yield f"# {BLANK}: starts and review_by, as 2026-04-01"
    yield 'at_end = "delete"'
    yield ""


def _file(sample: Sample, suggestions: Sequence[Suggestion]) -> Iterator[str]:
    form = sample.form
    keys = [one.column for one in suggestions if one.meaning is Meaning.KEY]
    dated = [one.column for one in suggestions if one.meaning is Meaning.EXTRACT_DATE]
    yield "[file]"
    yield f"{UNCONFIRMED} # {'; '.join(sample.assumed) or 'read from the file'}"
    yield f"format = {_text(form.format)}"
    yield from (f"packed = {_text(form.packed)}" for _ in range(form.packed is not None))
    yield from (f"sheet = {_text(form.sheet)}" for _ in range(form.sheet != ""))
    yield from (f"delimiter = {_text(form.delimiter)}" for _ in range(form.delimiter != ","))
    yield f"key = [{', '.join(map(_text, keys))}]"
    yield f"dated_by = {_text(dated[0] if dated else 'file')}"
    yield ""


def _columns(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    for one in suggestions:
        yield "[[column]]"
        yield f"name = {_text(one.column)}"
        yield f"as = {_text(one.meaning)}"
        yield from (
            f"form = {_text(one.form)}" for _ in range(one.form is not None and one.meaning is not Meaning.UNUSED)
        )
        yield from (f"person = {one.person}" for _ in range(one.person > 1))
        yield f"{UNCONFIRMED} # {one.sure}: {'; '.join(one.why)}"
        yield ""


def _text(text: str | None) -> str:
    # JSON's escapes are TOML's too, but for one character that JSON leaves as it is.
    return json.dumps(text or "", ensure_ascii=False).replace("\x7f", "\\u007f")
