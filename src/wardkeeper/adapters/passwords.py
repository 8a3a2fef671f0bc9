"""Password hashes: argon2id (RFC 9106) with a random salt in each."""

import secrets
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work one hash takes: passes over memory, KiB of memory, and threads."""

    passes: int
    memory_kib: int
    threads: int = 1


SMALL_SERVER = Effort(passes=2, memory_kib=19 * 1024)
"""OWASP's password storage cheat sheet, its smaller-memory row: about 20 ms on one core, ten sign-ins in 190 MiB."""

DEMONSTRATION = Effort(passes=1, memory_kib=64)
"""Next to no work: for made-up people in the demo and in tests, never for real ones."""


class Argon2Passwords:
    """Hashes passwords so that they cannot be read back."""

    def __init__(self, effort: Effort = SMALL_SERVER) -> None:
        self._hasher = PasswordHasher(
            time_cost=effort.passes, memory_cost=effort.memory_kib, parallelism=effort.threads, type=Type.ID
        )

    def hash(self, password: str) -> str:
        """Give a salted hash, in the PHC string form."""
        return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        """Tell whether the password made the hash. A hash that is malformed is matched by nothing."""
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def nobody(self) -> str:
        """Give a hash that no password made, so that an unknown login takes as long to refuse as a known one."""
        return self._nobody

    @cached_property
    def _nobody(self) -> str:
        return self.hash(secrets.token_hex(32))
