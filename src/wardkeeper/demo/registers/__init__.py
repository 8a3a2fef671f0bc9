"""The seven registers of the demo as their owners export them: each module knows one form and its own faults."""
