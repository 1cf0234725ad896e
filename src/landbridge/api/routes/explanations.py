"""Why anything about the estate is so."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from landbridge.api.auth import CanView
from landbridge.api.schemas import PREFIX, problems
from landbridge.assembly.explaining import explain
from landbridge.discovery.grounds import Grounds

router = APIRouter(prefix=PREFIX, tags=["inventory"], responses=problems())

Side = Annotated[
    str | None,
    Query(
        max_length=200, description="An attribute of an asset, or its `size`; left out: its score."
    ),
]


@router.get("/explanations/{item_id}", summary="Why something is so")
def show_grounds(context: CanView, item_id: UUID, of: Side = None) -> Grounds:
    """The rule, its inputs with the rows that state them, dated facts with their source, and the
    decision of a person, of a finding, an asset, a dependency, a mapping, a conflict or an
    application.
    """
    return explain(context.session, item_id, of, context.engagement_id)
