"""Bytes to text: byte-order mark, else strict UTF-8, else Windows-1252, and what was assumed.

A line in another encoding than the rest is not guessed at: its letters are replaced by U+FFFD, which later holds the row
back. Which encoding is the rest is decided by the number of lines that have letters beyond ASCII in each.
"""

import codecs
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where

UNREADABLE = "\ufffd"

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and sentences about what was assumed."""

    text: str
    assumed: tuple[str, ...]


def decode(content: bytes, encoding: str = "") -> Decoded:
    """Read bytes as text. `encoding` (utf-8 or cp1252) is the contract's word; without it the bytes decide.

    Raises BadInput for an empty file and for one that is not text.
    """
    if not content.strip(b"\x00\t\r\n ,;\xef\xbb\xbf"):
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], name, "it says so itself")
    _check_text(content)
    if encoding:
        return _decode_as(content, encoding, "the contract says so")
    try:
        return Decoded(content.decode("utf-8"), ("the encoding is UTF-8: every byte fits it",))
    except UnicodeDecodeError:
        name = _most_lines(content)
        return _decode_as(content, name, "the bytes fit nothing else" if name == "cp1252" else "most lines fit it")


def _check_text(content: bytes) -> None:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(
            "The file is a spreadsheet, and the contract says CSV.",
            "Save it as CSV, or change the contract's format.",
            Where(rule="format"),
        )
    if b"\x00" in content:
        raise BadInput("The file is not text.", "Ask for it as CSV.", Where(rule="format"))


def _most_lines(content: bytes) -> str:
    lines = [line for line in content.splitlines() if not line.isascii()]
    return "utf-8" if 2 * sum(map(_is_utf8, lines)) > len(lines) else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(content: bytes, name: str, why: str) -> Decoded:
    sentence = f"the encoding is {NAMES.get(name, name)}: {why}"
    if name.startswith("utf-16"):
        return Decoded(content.decode(name, errors="replace"), (sentence,))
    lines = content.splitlines(keepends=True)
    read = [_read_line(line, name) for line in lines]
    strange = sum(UNREADABLE in line for line in read)
    more = (f"{strange} lines are in another encoding and were held back",) if strange else ()
    return Decoded("".join(read), (sentence, *more))


def _read_line(line: bytes, name: str) -> str:
    if line.isascii():
        return line.decode("ascii")
    try:
        text = line.decode(name)
    except UnicodeDecodeError:
        return line.decode("ascii", errors="replace")
    # Letters that also read as UTF-8 are, in a Windows-1252 file, a line from elsewhere: "Zoë" would become "ZoÃ«".
    return line.decode("ascii", errors="replace") if name == "cp1252" and _is_utf8(line) else text
