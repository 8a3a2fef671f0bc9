"""Numbers that can belong to nobody: test NHS numbers, drama telephone numbers, UPRNs beginning 9000, example mail.

NHS numbers beginning 999 are set aside for tests (NHS Digital). 07700 900000-900999 and 0161 496 0000-0999 are set
aside for drama (Ofcom); there are only a thousand of each, so in the demo a phone number is shared by many.
"""

import numpy as np

from wardkeeper.demo.draws import Ints, Texts

NHS_WEIGHTS = np.arange(10, 1, -1)
"""Weights of the first nine digits in the check digit (NHS Data Dictionary, modulus 11)."""

UPRN_PREFIX = "9000"
UPRN_ROOM = 10**8
_UPRN_STEP = 61_803_399
"""Prime to the room, so that stepping by it visits each number once."""


def nhs_numbers(random: np.random.Generator, count: int) -> Texts:
    """Give different valid NHS numbers beginning 999."""
    body = random.permutation(1_000_000)[: int(count * 1.15) + 100]
    weighed = 9 * int(NHS_WEIGHTS[:3].sum()) + sum(
        int(weight) * (body // 10**place % 10) for weight, place in zip(NHS_WEIGHTS[3:], range(5, -1, -1), strict=True)
    )
    check = (11 - weighed % 11) % 11
    chosen = np.flatnonzero(check != 10)[:count]
    return np.strings.add(
        np.strings.add("999", np.strings.zfill(body[chosen].astype(str), 6)), check[chosen].astype(str)
    )


def mobiles(random: np.random.Generator, count: int) -> Texts:
    """Give drama mobile numbers, such as 07700 900123; they repeat."""
    return np.strings.add("07700 900", np.strings.zfill(random.integers(0, 1000, count).astype(str), 3))


def landlines(random: np.random.Generator, count: int) -> Texts:
    """Give drama numbers of the Manchester exchange, such as 0161 496 0123; they repeat."""
    return np.strings.add("0161 496 0", np.strings.zfill(random.integers(0, 1000, count).astype(str), 3))


def uprns(random: np.random.Generator, count: int) -> Texts:
    """Give different 12-digit UPRNs beginning 9000, in no order."""
    start: Ints = random.integers(0, UPRN_ROOM, 1)
    tails = (start + np.arange(count, dtype=np.int64) * _UPRN_STEP) % UPRN_ROOM
    return np.strings.add(UPRN_PREFIX, np.strings.zfill(tails.astype(str), 8))
