"""Where infection rises, how sure we are, and what may be missing.

Takes frames and gives frames: reading files is left to adapters, whom to tell is left to `messages`.
"""
