"""Holds every door: purposes, legal powers, mandates, agreements, and the decision itself."""
