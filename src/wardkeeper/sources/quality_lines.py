"""A quality report as one table, for a file: each figure in a line, beside the one before it and what to do next."""

from collections.abc import Iterator, Sequence

import polars as pl

from wardkeeper.sources.concerns import Concern
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.drift import Drift
from wardkeeper.sources.profiles import say_count
from wardkeeper.sources.quality import QualityReport

HEADINGS = ("part", "column", "what", "figure", "file before", "what to do next")

Line = tuple[str, str, str, str, str, str]


def to_lines(
    delivery: Delivery, report: QualityReport, drift: Drift | None, concerns: Sequence[Concern]
) -> pl.DataFrame:
    """Give the report as text lines under HEADINGS. Small counts of special facts stay hidden."""
    lines = [
        *_about_file(delivery, report, drift),
        *(("to ask about", one.column, one.says, "", "", one.next) for one in concerns),
        *_about_columns(report, drift),
        *_about_months(report, drift),
        *(("rules broken", one.column, one.reason, f"{one.rows:,}", "", "") for one in report.notes),
        *(("taken for granted", "", one, "", "", "") for one in report.assumed),
    ]
    return pl.DataFrame(lines, schema=dict.fromkeys(HEADINGS, pl.String), orient="row")


def _about_file(delivery: Delivery, report: QualityReport, drift: Drift | None) -> Iterator[Line]:
    yield "file", "", "delivery", delivery.id, "", ""
    yield "file", "", "is about the day", str(report.extracted_on), "", ""
    yield "file", "", "next file due by", str(report.due_on), "", ""
    yield "file", "", "rows", f"{delivery.rows:,}", f"{drift.rows_before:,}" if drift else "", ""
    for what in ("loaded", "repaired", "quarantined", "records"):
        words = "held back to fix" if what == "quarantined" else what
        yield "file", "", words, f"{getattr(delivery, what):,}", "", ""
    for what in ("new", "gone", "kept") if report.changes else ():
        words = {"new": "records new by their key", "gone": "records gone since", "kept": "records in both"}[what]
        yield "file", "", words, f"{getattr(report.changes, what):,}", "", ""
    yield "file", "", "rows about somebody already counted", f"{report.repeated:,}", "", ""


def _about_columns(report: QualityReport, drift: Drift | None) -> Iterator[Line]:
    beside = {column.column: column for column in drift.columns} if drift else {}
    for column in report.columns:
        name, other = column.column, beside.get(column.column)
        before = f"{other.filled_before:.0%}" if other and other.filled_before is not None else ""
        share = f"{other.filled:.0%}" if other else ""
        yield "columns", name, "cells filled", say_count(column.filled), "", ""
        yield "columns", name, "share filled", share, before, ""
        yield "columns", name, "filled and valid", say_count(column.valid), "", ""
        distinct = say_count(other.distinct_before) if other and other.filled_before is not None else ""
        yield "columns", name, "different values", say_count(column.distinct), distinct, ""
        for code, count in column.codes:
            yield "codes", name, code, say_count(count), "", ""
        if other and other.stability is not None:
            yield "codes", name, f"shares are {other.likeness}", f"{other.stability:.3f}", "", ""


def _about_months(report: QualityReport, drift: Drift | None) -> Iterator[Line]:
    months = drift.months if drift else tuple((month, count, -1) for month, count in report.months)
    for month, count, before in months:
        yield "months", "", month, f"{count:,}", f"{before:,}" if before >= 0 else "", ""
