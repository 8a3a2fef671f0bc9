"""Bytes to text: byte-order mark, else strict UTF-8, else Windows-1252, and what was assumed.

A line in another encoding than the rest is not guessed at: its letters are replaced by U+FFFD, which later holds the row
back. Which encoding is the rest is decided by the number of lines that have letters beyond ASCII in each. Text is given in
blocks of whole lines, so that a large file is never in memory several times.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where

UNREADABLE = "\ufffd"

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}

BLOCK = 16 * 1024 * 1024
"""Bytes decoded at a time."""

MOST_NULS = 0.01
"""Share of NUL bytes up to which a file is text with a few of them in it; above, it is something else."""

LATIN_NULS = 0.5
"""Share of every other byte that is NUL in UTF-16 without a mark, for text mostly in Latin letters."""

_FILLED = re.compile(rb"[^\x00\t\r\n ,;\xef\xbb\xbf]")
_LIKE_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and sentences about what was assumed."""

    text: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written: the codec, where its text starts, a sentence about why, and how many NULs stand in it."""

    codec: str
    start: int
    said: str
    nuls: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines as UTF-8 with plain line ends; `strange` counts the lines that are in another encoding."""

    text: bytes
    strange: int = 0


def decode(content: bytes, encoding: str = "") -> Decoded:
    """Read bytes as text. `encoding` (utf-8 or cp1252) is the contract's word; without it the bytes decide.

    Raises BadInput for an empty file and for one that is not text.
    """
    found = find_encoding(content, encoding)
    blocks = list(decode_blocks(content, found))
    text = b"".join(block.text for block in blocks).decode()
    return Decoded(text, say_assumed(found, sum(block.strange for block in blocks)))


def find_encoding(content: bytes, told: str = "") -> Encoding:
    """Tell how bytes are written. Raises BadInput for an empty file and for one that is not text."""
    if not _FILLED.search(content):
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    nuls = content.count(b"\x00")
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _say(name, len(mark), "it says so itself", nuls if name == "utf-8" else 0)
    unmarked = _find_utf16(content) if nuls > MOST_NULS * len(content) else ""
    if unmarked:
        return _say(unmarked, 0, "every other byte says so")
    _check_text(content, nuls)
    if told:
        return _say(told, 0, "the contract says so", nuls)
    if _fits_utf8(content):
        return _say("utf-8", 0, "every byte fits it", nuls)
    name = _most_lines(content)
    return _say(name, 0, "the bytes fit nothing else" if name == "cp1252" else "most lines fit it", nuls)


def decode_blocks(content: bytes, encoding: Encoding) -> Iterator[Block]:
    """Give the text as UTF-8, in blocks of whole lines."""
    if encoding.codec.startswith("utf-16"):
        for text in _decode_utf16(content, encoding):
            yield Block(_plain_ends(text))
        return
    for start, end in _cut(content, encoding.start):
        part = content[start:end]
        yield _decode_block(part.replace(b"\x00", b"") if encoding.nuls else part, encoding.codec)


def say_assumed(encoding: Encoding, strange: int) -> tuple[str, ...]:
    """Say what was assumed about the encoding, and what did not fit it."""
    nuls = (f"{encoding.nuls} NUL characters were left out",) if encoding.nuls else ()
    more = (f"{strange} lines are in another encoding and were held back",) if strange else ()
    return (encoding.said, *nuls, *more)


def _say(codec: str, start: int, why: str, nuls: int = 0) -> Encoding:
    return Encoding(codec, start, f"the encoding is {NAMES.get(codec, codec)}: {why}", nuls)


def _check_text(content: bytes, nuls: int) -> None:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(
            "The file is a spreadsheet, and the contract says CSV.",
            "Save it as CSV, or change the contract's format.",
            Where(rule="format"),
        )
    if nuls > MOST_NULS * len(content):
        raise BadInput("The file is not text.", "Ask for it as CSV.", Where(rule="format"))


def _find_utf16(content: bytes) -> str:
    """Name the kind of UTF-16 that has no mark; empty when the NULs are in no such order."""
    head = content[: min(len(content), BLOCK) // 2 * 2]
    low, high = head[1::2].count(0), head[::2].count(0)
    most, few = LATIN_NULS * len(head) / 2, MOST_NULS * len(head)
    if not len(content) % 2 and low > most and high < few:
        return "utf-16-le"
    return "utf-16-be" if not len(content) % 2 and high > most and low < few else ""


def _fits_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), BLOCK):
            decoder.decode(content[start : start + BLOCK], final=start + BLOCK >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def _cut(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Give the bounds of blocks that end with a line; the last one ends with the file."""
    while start < len(content):
        end = min(start + BLOCK, len(content))
        if end < len(content):
            end = _find_line_end(content, start, end)
        yield start, end
        start = end


def _find_line_end(content: bytes, start: int, end: int) -> int:
    """Give the place behind the last line end before `end`, or behind the next one where there is none."""
    for mark in (b"\n", b"\r"):
        last = content.rfind(mark, start, end)
        if last >= 0:
            return last + 1 + (content[last : last + 2] == b"\r\n")
    following = content.find(b"\n", end)
    return following + 1 if following >= 0 else len(content)


def _decode_block(part: bytes, codec: str) -> Block:
    """Decode whole lines; only where something in them is strange, line by line."""
    if part.isascii():
        return Block(_plain_ends(part))
    try:
        if codec == "utf-8":
            part.decode("utf-8")
            return Block(_plain_ends(part))
        if not _LIKE_UTF8.search(part):
            return Block(_plain_ends(part.decode(codec).encode()))
    except UnicodeDecodeError:
        pass
    read = [_read_line(line, codec) for line in part.splitlines(keepends=True)]
    strange = sum(UNREADABLE in line for line in read)
    return Block(_plain_ends("".join(read).encode()), strange)


def _decode_utf16(content: bytes, encoding: Encoding) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors="replace")
    kept = ""
    for start in range(encoding.start, len(content), BLOCK):
        end = start + BLOCK
        text = kept + decoder.decode(content[start:end], final=end >= len(content))
        last = len(text) if end >= len(content) else text.rfind("\n") + 1
        kept = text[last:]
        # A surrogate without its other half is no letter.
        yield text[:last].encode("utf-8", errors="replace").replace(b"\x00", b"")


def _plain_ends(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def _most_lines(content: bytes) -> str:
    utf8 = strange = 0
    for start, end in _cut(content, 0):
        lines = [line for line in content[start:end].splitlines() if not line.isascii()]
        utf8 += sum(map(_is_utf8, lines))
        strange += len(lines)
    return "utf-8" if 2 * utf8 > strange else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_line(line: bytes, name: str) -> str:
    if line.isascii():
        return line.decode("ascii")
    try:
        text = line.decode(name)
    except UnicodeDecodeError:
        return line.decode("ascii", errors="replace")
    # Letters that also read as UTF-8 are, in a Windows-1252 file, a line from elsewhere: "Zoë" would become "ZoÃ«".
    return line.decode("ascii", errors="replace") if name == "cp1252" and _is_utf8(line) else text
