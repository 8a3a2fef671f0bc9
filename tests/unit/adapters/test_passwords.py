import pytest

from wardkeeper.adapters.passwords import DEMONSTRATION, SMALL_SERVER, Argon2Passwords, Effort

PASSWORDS = Argon2Passwords(DEMONSTRATION)


def test_a_password_matches_its_own_hash_and_no_other():
    stored = PASSWORDS.hash("correct horse")
    assert PASSWORDS.verify(stored, "correct horse")
    assert not PASSWORDS.verify(stored, "Correct horse")
    assert not PASSWORDS.verify(stored, "")


def test_the_same_password_hashes_differently_each_time():
    assert PASSWORDS.hash("same") != PASSWORDS.hash("same")


def test_the_hash_is_argon2id_with_the_stated_effort():
    assert Argon2Passwords(Effort(passes=2, memory_kib=128)).hash("x").startswith("$argon2id$v=19$m=128,t=2,p=1$")


def test_real_passwords_take_what_owasp_asks():
    assert (SMALL_SERVER.passes, SMALL_SERVER.memory_kib, SMALL_SERVER.threads) == (2, 19_456, 1)
    assert Argon2Passwords().hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_malformed_hash_is_matched_by_nothing(stored):
    assert not PASSWORDS.verify(stored, "anything")


def test_nobodys_hash_is_of_the_same_effort_and_matched_by_nothing():
    nobody = PASSWORDS.nobody()
    assert nobody == PASSWORDS.nobody()
    assert nobody.split("$")[1:4] == PASSWORDS.hash("x").split("$")[1:4]
    assert not PASSWORDS.verify(nobody, "")


def test_a_hash_of_another_effort_still_verifies():
    assert PASSWORDS.verify(Argon2Passwords(Effort(passes=2, memory_kib=128)).hash("old"), "old")
