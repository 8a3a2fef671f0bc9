"""The system's clock and its source of randomness."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """The present instant and random bytes, from the operating system."""

    def now(self) -> datetime:
        """Give the present instant, in UTC."""
        return datetime.now(UTC)

    def entropy(self, size: int) -> bytes:
        """Give random bytes fit for ids and tokens."""
        return secrets.token_bytes(size)
