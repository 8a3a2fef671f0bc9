"""Days that are given as options."""

from datetime import date

from wardkeeper.kernel.errors import BadInput


def read_day(text: str, option: str) -> date:
    """Read a day such as 2020-11-28. Raises BadInput naming the option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option}: “{text}” is not a day.", "Write it as 2020-11-28.") from None
