"""Postcodes, addresses, areas and drawn outlines: where things are, and how sure we are. No files are read here."""
