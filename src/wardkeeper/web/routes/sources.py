"""Sources: the files received, what may be late, and the rows that need fixing."""

from typing import Annotated

import polars as pl
from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.usecases import list_sources, rulebook, view_quarantine
from wardkeeper.web.desk import AtDesk
from wardkeeper.web.paging import turn_to

router = APIRouter(prefix="/sources")

PER_PAGE = 50


@router.get("")
def show_sources(desk: AtDesk) -> Response:
    """Show each source, its newest file and how its rows came out."""
    return desk.show("sources.html", sources=list_sources.list_sources(desk.house, desk.actor))


@router.get("/{source}/rows-to-fix")
def show_rows_to_fix(desk: AtDesk, source: str, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """Show the rows held back from a source's newest file, each with its reason."""
    rows = view_quarantine.rows_to_fix(desk.house, desk.actor, source)
    rules = (
        rows.group_by("rule", "column")
        .agg(pl.len().alias("rows"), pl.col("reason").first())
        .sort("rows", "rule", descending=[True, False])
    )
    contracts = rulebook.rulebook(desk.house.store).contracts
    paper = turn_to(rows.sort("row"), page, size=PER_PAGE)
    return desk.show(
        "rows_to_fix.html",
        source=source,
        title=contracts[source].title if source in contracts else source,
        rules=rules.to_dicts(),
        rows=paper.frame.to_dicts(),
        paper=paper,
    )
