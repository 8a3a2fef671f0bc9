"""Detectors that look for clusters: groups of neighbouring areas with more cases than expected."""
