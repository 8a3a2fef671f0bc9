import codecs

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.decoding import UNREADABLE, decode

READ = {
    "plain": (b"a,b\n", "", "a,b\n", "the encoding is UTF-8: every byte fits it"),
    "UTF-8": ("Zoë\n".encode(), "", "Zoë\n", "the encoding is UTF-8: every byte fits it"),
    "a UTF-8 mark": (codecs.BOM_UTF8 + "Zoë\n".encode(), "", "Zoë\n", "the encoding is UTF-8: it says so itself"),
    "UTF-16": ("Zoë\n".encode("utf-16"), "", "Zoë\n", "the encoding is UTF-16: it says so itself"),
    "Windows-1252": (
        "Zoë’s\n".encode("cp1252"),
        "",
        "Zoë’s\n",
        "the encoding is Windows-1252: the bytes fit nothing else",
    ),
    "as told": ("Zoë\n".encode("cp1252"), "cp1252", "Zoë\n", "the encoding is Windows-1252: the contract says so"),
}


@pytest.mark.parametrize(("content", "told", "text", "said"), READ.values(), ids=READ)
def test_decode(content, told, text, said):
    decoded = decode(content, told)
    assert decoded.text == text
    assert decoded.assumed == (said,)


def test_the_few_lines_in_another_encoding_are_marked_and_never_guessed():
    mostly_utf8 = b"Zo\xc3\xab\nRen\xc3\xa9e\nJos\xe9\n"
    assert decode(mostly_utf8).text == f"Zoë\nRenée\nJos{UNREADABLE}\n"
    mostly_1252 = b"Zo\xeb\nRen\xe9e\nJos\xc3\xa9\n"
    assert decode(mostly_1252).text == f"Zoë\nRenée\nJos{UNREADABLE}{UNREADABLE}\n"
    assert decode(mostly_1252).assumed[1] == "1 lines are in another encoding and were held back"


def test_a_byte_that_windows_1252_does_not_have_is_marked():
    assert UNREADABLE in decode(b"Zo\xeb\nX\x81\n").text


@pytest.mark.parametrize("content", [b"", b"  \r\n", codecs.BOM_UTF8, b",,,\n,,,\n"])
def test_nothing_in_the_file(content):
    with pytest.raises(BadInput, match="The file is empty"):
        decode(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04..", b"\xd0\xcf\x11\xe0..", b"a\x00b"])
def test_not_text(content):
    with pytest.raises(BadInput) as caught:
        decode(content)
    assert caught.value.where.rule == "format"
