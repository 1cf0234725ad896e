"""Exports: the whole inventory as a file, and the report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from landbridge.api.downloads import download
from landbridge.api.exporting import CanExport
from landbridge.api.schemas import PREFIX, problems
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.export import STREAMED, export_to, require_installed
from landbridge.reporting.report import write_report

router = APIRouter(prefix=PREFIX, tags=["exports"])

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
REPORT_TYPES: Final = {"xlsx": MEDIA_TYPES["xlsx"], "html": "text/html; charset=utf-8"}
PIECE: Final = 1 << 16


@router.get(
    "/exports/inventory.{kind}",
    summary="The inventory as a file",
    response_class=StreamingResponse,
    responses={200: {"content": {t: {} for t in MEDIA_TYPES.values()}}, **problems()},
)
def export_inventory(
    context: CanExport, kind: Literal["csv", "xlsx", "json", "ndjson", "parquet"]
) -> StreamingResponse:
    """All assets of the engagement, with canonical column names, so that it imports again."""
    session, engagement_id = context.session, context.engagement_id
    if kind in STREAMED:
        content = STREAMED[kind](session, engagement_id)
    else:
        require_installed(kind)
        content = _made(export_to, session, engagement_id, kind)
    return download(content, f"inventory.{kind}", MEDIA_TYPES[kind])


@router.get(
    "/exports/report.{report_format}",
    summary="The report",
    response_class=StreamingResponse,
    responses={200: {"content": {t: {} for t in REPORT_TYPES.values()}}, **problems()},
)
def export_report(context: CanExport, report_format: Literal["xlsx", "html"]) -> StreamingResponse:
    """What is known of the estate and what is recommended: a workbook with charts, or a page that
    needs nothing else and prints well.
    """
    content = _made(write_report, context.session, context.engagement_id, report_format)
    return download(content, f"report.{report_format}", REPORT_TYPES[report_format])


def _made(
    write: Callable[[TenantSession, UUID, str, Path], Path],
    session: TenantSession,
    engagement_id: UUID,
    kind: str,
) -> Iterator[bytes]:
    """A file that cannot be written from beginning to end is made on disk first."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(session, engagement_id, kind, Path(folder) / f"made.{kind}")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
