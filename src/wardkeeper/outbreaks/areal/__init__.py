"""Rooms for rates of neighbouring areas: who borders whom, and what smoothing makes of it."""
