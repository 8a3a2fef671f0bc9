"""Ids: random, minted once, and told apart by type and prefix."""

from typing import NewType

RecordId = NewType("RecordId", str)
ResidentId = NewType("ResidentId", str)
HomeId = NewType("HomeId", str)
HouseholdId = NewType("HouseholdId", str)
DeliveryId = NewType("DeliveryId", str)
MandateId = NewType("MandateId", str)
IncidentId = NewType("IncidentId", str)
CheckId = NewType("CheckId", str)
DecisionId = NewType("DecisionId", str)
FileId = NewType("FileId", str)
Login = NewType("Login", str)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u, so an id can be read aloud and copied by hand."""

MINTED_LENGTH = 12


def mint(prefix: str, entropy: bytes) -> str:
    """Make an id such as `inc-4k9…` from at least 8 random bytes (60 of their bits are used).

    Raises ValueError when there is too little entropy to be unique.
    """
    if len(entropy) < 8:
        raise ValueError(f"mint needs at least 8 random bytes, got {len(entropy)}: pass secrets.token_bytes(8)")
    number = int.from_bytes(entropy[:8], "big")
    digits = "".join(ALPHABET[(number >> shift) & 31] for shift in range(0, 5 * MINTED_LENGTH, 5))
    return f"{prefix}-{digits}"
