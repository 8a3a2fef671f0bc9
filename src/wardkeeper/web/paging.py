"""A long table, one page at a time."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a frame. `number` counts from 1."""

    frame: pl.DataFrame
    number: int
    pages: int
    first: int
    last: int
    total: int


def turn_to(frame: pl.DataFrame, number: int, *, size: int) -> Slice:
    """Give a page of a frame; a number beyond the ends gives the nearest page there is."""
    pages = max(1, -(-frame.height // size))
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    page = frame.slice(start, size)
    return Slice(page, number, pages, start + 1 if page.height else 0, start + page.height, frame.height)
