"""One data file out of a ZIP: found by name, unpacked in pieces under a limit, and never written to a disk."""

import re
import zipfile
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from wardkeeper.adapters.archives import ENCRYPTED, METHODS, Meter, is_link, open_archive, unpack
from wardkeeper.adapters.file_kinds import FileKind, find_kind
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.terms import Format

ENDINGS: Mapping[Format, tuple[str, ...]] = {
    Format.CSV: (".csv", ".txt", ".tsv", ".dat"),
    Format.XLSX: (".xlsx", ".xlsm"),
    Format.XLS: (".xls",),
    Format.ODS: (".ods",),
    Format.JSON_LINES: (".jsonl", ".ndjson", ".json"),
    Format.PARQUET: (".parquet",),
}
"""What the names of data files end in."""

LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""Files that operating systems put into a ZIP by themselves."""

TRICK = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|[\x00-\x1f\x7f]")
"""Names that lead out of a folder, or pretend to."""

PACKED_AGAIN = frozenset({FileKind.ZIP, FileKind.GZIP})


def unpack_one(content: bytes, form: Format, pattern: str) -> tuple[bytes, tuple[str, ...]]:
    """Give the one data file in a ZIP, and sentences on what was assumed.

    `pattern` names it (`*.csv`); without one it is the only file, or the only one named like the format's. Raises
    BadInput for none, several, links, names that lead elsewhere, passwords, damage, and contents far too large.
    """
    failure = BadInput("The file is not a ZIP, or it is cut off.", "Ask for it again, whole.", Where(rule="format"))
    with open_archive(content, failure) as archive:
        listed = archive.infolist()
        for entry in listed:
            _check_name(entry)
        files = [entry for entry in listed if not entry.is_dir() and not LITTER.search(entry.filename)]
        entry = _choose(files, form, pattern)
        _check_packing(entry)
        unpacked = b"".join(unpack(archive, entry, Meter(len(content))))
    if find_kind(unpacked) in PACKED_AGAIN:
        raise BadInput("The ZIP holds another packed file.", "Ask for it packed once only.", Where(rule="packed-twice"))
    others = len(files) - 1
    more = (
        "1 other file in the ZIP was not read" if others == 1 else f"{others} other files in the ZIP were not read",
    )
    return unpacked, ("the file came in a ZIP", *(more if others else ()))


def _check_name(entry: zipfile.ZipInfo) -> None:
    # The name as listed: Python's own reader cuts it at a NUL and turns backslashes round on some systems.
    if TRICK.search(entry.filename) or TRICK.search(entry.orig_filename) or is_link(entry):
        raise BadInput(
            "The ZIP holds a name that leads out of it, or a link.",
            "Nothing was unpacked. Check where it comes from.",
            Where(rule="unsafe-name"),
        )


def _choose(files: list[zipfile.ZipInfo], form: Format, pattern: str) -> zipfile.ZipInfo:
    named = [entry for entry in files if _matches(entry, pattern)] if pattern else _likely(files, form)
    if len(named) == 1:
        return named[0]
    what = "named as the contract says" if pattern else f"of the kind {form}"
    count = f"{len(named)} are" if named else "none is"
    raise BadInput(
        f"The ZIP holds {len(files)} files, and {count} {what}: exactly one must be.",
        'Ask for one, or write its name or pattern into the contract\'s [file], such as inside = "extract*.csv".',
        Where(rule="which-file"),
    )


def _likely(files: list[zipfile.ZipInfo], form: Format) -> list[zipfile.ZipInfo]:
    fitting = [entry for entry in files if entry.filename.casefold().endswith(ENDINGS[form])]
    return files if len(files) == 1 else fitting


def _matches(entry: zipfile.ZipInfo, pattern: str) -> bool:
    path = PurePosixPath(entry.filename.casefold())
    return fnmatchcase(path.name, pattern.casefold()) or fnmatchcase(str(path), pattern.casefold())


def _check_packing(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise BadInput("The ZIP has a password.", "Ask for it again, without one.", Where(rule="password"))
    if entry.compress_type not in METHODS:
        raise BadInput(
            "The ZIP is packed in an unusual way.", "Ask for it packed as plain ZIP (deflate).", Where(rule="format")
        )
