"""A synthetic district and its scenarios: invented people at real postcodes, so that anyone may try the whole road.

Nothing here is about a real person or home. Everything follows from a seed; only the writers touch files.
"""
