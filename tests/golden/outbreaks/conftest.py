"""The reference figures."""

from reference_data import reference

__all__ = ["reference"]
