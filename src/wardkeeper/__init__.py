"""Wardkeeper: who needs help, where, and who may be told."""

__version__ = "0.1.0"
