"""Whom to tell, how, in what words: a plan for chosen areas and the files to send.

Finding where to tell is left to `outbreaks`; sending and writing files are left to adapters.
"""
