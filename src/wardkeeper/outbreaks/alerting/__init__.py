"""Clusters turned into a short list that a person can act on: ranked, merged, hushed, and told in plain words."""
