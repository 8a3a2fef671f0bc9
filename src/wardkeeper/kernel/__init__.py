"""The nouns every room shares: ids, time, places' codes, columns, decisions and errors.

Standard library only. Nothing here reads a clock, a file or a network.
"""
