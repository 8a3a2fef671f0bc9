"""The small district, and a campaign in it, for every test that needs a house with real parts."""

from campaign_house import areas, notify, ready, waiting
from districts import flood, flooded, folder, house, town

__all__ = ["areas", "flood", "flooded", "folder", "house", "notify", "ready", "town", "waiting"]
