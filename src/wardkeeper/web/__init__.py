"""Screens for people: read the request, call one use case, show the answer. No rule lives here."""
