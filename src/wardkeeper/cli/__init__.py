"""The command line: reads what was asked, calls one use case, shows the answer. No rule lives here."""
