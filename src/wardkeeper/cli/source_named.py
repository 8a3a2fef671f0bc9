"""Whose file it is: what to say when the name given, or that of the file, is no source's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.toml_tables import SLUG
from wardkeeper.usecases.drafts import name_file
from wardkeeper.usecases.rulebook import Kind


@contextmanager
def naming(folder: Path, source: str, file: Path) -> Iterator[str]:
    """Give the source's name: the one given, or the file's. Of one that is none, say that its draft waits or give --source."""
    name = source or file.stem
    try:
        yield name
    except NotFound as error:
        if error.where.source != name:
            raise
        draft = name_file(Kind.SOURCE, name)
        if SLUG.fullmatch(name) and (folder / draft).is_file():
            advice = f"Its draft {draft} waits: go over it, then run wardkeeper apply."
        else:
            advice = error.next if source else f"Give --source: {error.next[0].lower()}{error.next[1:]}"
        raise NotFound(error.message, advice, error.where) from error
