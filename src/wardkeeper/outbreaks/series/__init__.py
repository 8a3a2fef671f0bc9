"""Detectors that look at one area's counts over time, many areas at once."""
