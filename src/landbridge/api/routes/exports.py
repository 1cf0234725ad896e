"""Exports: the whole inventory as a file, streamed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from landbridge.api.downloads import download
from landbridge.api.exporting import CanExport
from landbridge.api.schemas import PREFIX, problems
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.export import as_csv, as_json, export_to

router = APIRouter(prefix=PREFIX, tags=["exports"])

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
PIECE: Final = 1 << 16


@router.get(
    "/exports/inventory.{kind}",
    summary="The inventory as a file",
    response_class=StreamingResponse,
    responses={200: {"content": {t: {} for t in MEDIA_TYPES.values()}}, **problems()},
)
def export_inventory(context: CanExport, kind: Literal["csv", "xlsx", "json"]) -> StreamingResponse:
    """All assets of the engagement, with canonical column names, so that it imports again."""
    session, engagement_id = context.session, context.engagement_id
    match kind:
        case "csv":
            content = as_csv(session, engagement_id)
        case "json":
            content = as_json(session, engagement_id)
        case "xlsx":
            content = _workbook(session, engagement_id)
    return download(content, f"inventory.{kind}", MEDIA_TYPES[kind])


def _workbook(session: TenantSession, engagement_id: UUID) -> Iterator[bytes]:
    """A workbook cannot be written from beginning to end, so it is made on disk first."""
    with tempfile.TemporaryDirectory() as folder:
        path = export_to(session, engagement_id, "xlsx", Path(folder) / "inventory.xlsx")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
