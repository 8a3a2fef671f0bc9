"""The small district, for every test that needs a house with real parts."""

from districts import flood, flooded, folder, house, town

__all__ = ["flood", "flooded", "folder", "house", "town"]
