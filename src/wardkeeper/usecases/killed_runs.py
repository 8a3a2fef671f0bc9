"""What a killed run left in the vault: sealed files that nothing names, removed by the next load."""

from datetime import timedelta

from wardkeeper.usecases.house import House

LONGEST_RUN = timedelta(days=1)
"""After so long a sealed file that nothing names is no longer about to be named."""


def sweep_killed(house: House) -> None:
    """Remove what killed runs left in the vault. A run of another process may be under way, so only what is a day old."""
    known = {file.id for mandate in house.store.mandates() for file in house.store.files_under(mandate.id)}
    house.vault.sweep(known, house.clock.now() - LONGEST_RUN)
