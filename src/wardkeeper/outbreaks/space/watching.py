"""Being told how far a long scan has come, and stopping it: cores show nothing themselves."""

from collections.abc import Callable

Watch = Callable[[float], None]
"""Told now and then which share of the work is done; what it raises stops the work."""


def unwatched(_share: float) -> None:
    """Look away."""
