import base64

import pytest

from wardkeeper.kernel.errors import BadInput, IntegrityBroken
from wardkeeper.ledger.checkpoints import Signer, Verifier
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import EMPTY_ROOT, hash_leaf

SIGNER = Signer("wardkeeper/trafford", bytes(range(32)))
PARTNER = Signer("partner.example/fire", bytes(32))
HEAD = Head(1, hash_leaf(b"first"))
NOTE = SIGNER.sign(HEAD)

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example in the documentation of Go's `note` package, where the format comes from."""


def sign_text(text):
    """Sign any text at all with the ledger's key."""
    signature = SIGNER._private.sign(text.encode())
    content = base64.b64encode(SIGNER.verifier.key_id + signature).decode()
    return f"{text}\n— {SIGNER.name} {content}\n"


def test_a_checkpoint_is_three_lines_and_a_signature():
    lines = NOTE.split("\n")
    assert lines[:2] == ["wardkeeper/trafford", "1"]
    assert base64.b64decode(lines[2]) == HEAD.root
    assert lines[3] == ""
    assert lines[4].startswith("— wardkeeper/trafford ")
    assert lines[5:] == [""]


def test_a_checkpoint_opens_with_the_verifier_key_as_text():
    verifier = Verifier.from_text(SIGNER.verifier.to_text())
    assert verifier == SIGNER.verifier
    assert verifier.open_checkpoint(NOTE) == HEAD


def test_the_empty_tree_can_be_signed():
    assert SIGNER.verifier.open_checkpoint(SIGNER.sign(Head(0, EMPTY_ROOT))) == Head(0, EMPTY_ROOT)


def test_a_key_and_signature_made_by_go_are_understood():
    verifier = Verifier.from_text(GO_KEY)
    assert verifier.to_text() == GO_KEY
    with pytest.raises(IntegrityBroken, match="not a checkpoint of this ledger"):  # so the signature did hold
        verifier.open_checkpoint(GO_NOTE)
    with pytest.raises(IntegrityBroken, match="signature does not hold"):
        verifier.open_checkpoint(GO_NOTE.replace("answer", "Answer"))


def test_a_partners_countersignature_is_passed_over_and_can_be_checked_by_itself():
    countersignature = PARTNER.sign(HEAD).split("\n")[4] + "\n"
    assert SIGNER.verifier.open_checkpoint(NOTE + countersignature) == HEAD
    assert SIGNER.verifier.open_checkpoint(NOTE.replace("\n\n", "\n\n" + countersignature)) == HEAD


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", "not a signed note"),
        (NOTE.removesuffix("\n"), "not a signed note"),
        (NOTE.replace("\n\n", "\n"), "not a signed note"),
        (NOTE.replace("— ", "- "), "damaged signature line"),
        (NOTE.replace("— wardkeeper", "—  wardkeeper"), "damaged signature line"),
        (NOTE[:-6] + "!" + NOTE[-5:], "damaged signature line"),
        (NOTE[:-3] + "\n", "damaged signature line"),
        (NOTE.replace("— wardkeeper", "— Wardkeeper"), "not signed by the ledger's key"),
        (PARTNER.sign(HEAD), "not signed by the ledger's key"),
        (Signer(SIGNER.name, bytes(32)).sign(HEAD), "not signed by the ledger's key"),
        (NOTE.replace("\n1\n", "\n2\n"), "signature does not hold"),
        (NOTE.replace("wardkeeper/trafford\n", "wardkeeper/\ud800\n", 1), "signature does not hold"),
        (sign_text("elsewhere\n1\n" + NOTE.split("\n")[2] + "\n"), "not a checkpoint of this ledger"),
        (sign_text("wardkeeper/trafford\n01\n" + NOTE.split("\n")[2] + "\n"), "not a checkpoint of this ledger"),
        (sign_text("wardkeeper/trafford\n1\n"), "not a checkpoint of this ledger"),
        (sign_text("wardkeeper/trafford\n1\nAAAA\n"), "root is not a SHA-256 hash"),
        (sign_text("wardkeeper/trafford\n1\n?\n"), "root is not a SHA-256 hash"),
    ],
)
def test_a_note_that_is_not_ours_to_the_byte_does_not_open(note, words):
    with pytest.raises(IntegrityBroken, match=words):
        SIGNER.verifier.open_checkpoint(note)


def test_base64_that_decodes_alike_but_is_written_otherwise_is_noticed():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = NOTE[-3]  # before "=" and the line's end: two of its six bits are left over
    twin = letters[letters.index(last) + 1]
    assert base64.b64decode(NOTE.split(" ")[-1]) == base64.b64decode((NOTE[:-3] + twin + NOTE[-2:]).split(" ")[-1])
    with pytest.raises(IntegrityBroken, match="damaged signature line"):
        SIGNER.verifier.open_checkpoint(NOTE[:-3] + twin + NOTE[-2:])


KEY = SIGNER.verifier.to_text()
SHORT = base64.b64encode(b"\x01" + bytes(31)).decode()
OTHER_KIND = base64.b64encode(b"\x02" + bytes(32)).decode()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "not an Ed25519 verifier key"),
        ("name+00000000", "not an Ed25519 verifier key"),
        ("+00000000+" + KEY.split("+", 2)[2], "not an Ed25519 verifier key"),
        (f"name+00000000+{SHORT}", "not an Ed25519 verifier key"),
        (f"name+00000000+{OTHER_KIND}", "not an Ed25519 verifier key"),
        ("name+00000000+é", "not an Ed25519 verifier key"),
        (KEY.replace("wardkeeper", "Wardkeeper"), "does not match its own key id"),
    ],
)
def test_a_malformed_verifier_key_is_bad_input(key, words):
    with pytest.raises(BadInput, match=words):
        Verifier.from_text(key)


@pytest.mark.parametrize(("name", "seed"), [("two words", bytes(32)), ("a+b", bytes(32)), ("", bytes(32)), ("a", b"")])
def test_a_signer_needs_a_plain_name_and_a_whole_seed(name, seed):
    with pytest.raises(ValueError, match="without spaces"):
        Signer(name, seed)


def test_a_signer_never_shows_its_seed():
    assert "seed" not in repr(SIGNER)
