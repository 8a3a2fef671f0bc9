import pytest

from wardkeeper.kernel.ids import ALPHABET, MINTED_LENGTH, mint


def test_an_id_is_its_prefix_and_twelve_letters_that_can_be_read_aloud():
    prefix, _, digits = mint("inc", bytes(range(8))).partition("-")
    assert prefix == "inc"
    assert len(digits) == MINTED_LENGTH
    assert set(digits) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)


def test_other_bytes_give_another_id():
    ids = {mint("x", bytes([n] * 8)) for n in range(256)}
    assert len(ids) == 256


def test_too_little_entropy_is_refused():
    with pytest.raises(ValueError, match="at least 8 random bytes, got 7"):
        mint("x", bytes(7))
