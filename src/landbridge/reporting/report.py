"""Making the report of an engagement, and writing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.errors import UnknownExportFormat
from landbridge.kit import clock
from landbridge.reporting.model import Report, Section
from landbridge.reporting.page import write_page
from landbridge.reporting.sections import (
    assets,
    connections,
    findings,
    lifecycle,
    sizes,
    sources,
    strategies,
    summary,
)
from landbridge.reporting.workbook import write_workbook

SECTIONS: Final[tuple[Callable[[TenantSession, UUID], Section | None], ...]] = (
    summary.section,
    assets.section,
    lifecycle.section,
    findings.section,
    sizes.section,
    connections.dependencies,
    connections.groups,
    strategies.section,
    sources.section,
)
WRITERS: Final = {"xlsx": write_workbook, "html": write_page}
_NAMES: Final = text(
    "select e.name as engagement, c.name as client_account"
    " from app.engagements e, app.client_accounts c where e.id = :e"
)


def report_of(session: TenantSession, engagement_id: UUID, made_on: date | None = None) -> Report:
    """The report of an engagement; parts about which there is nothing to say are left out."""
    names = session.execute(_NAMES, {"e": engagement_id}).one()
    made = (section(session, engagement_id) for section in SECTIONS)
    sections = [section for section in made if section is not None]
    return Report(
        names.engagement, names.client_account, made_on or clock.now().date(), tuple(sections)
    )


def write_report(session: TenantSession, engagement_id: UUID, kind: str, path: Path) -> Path:
    """Write the report to a file; on one day, the same estate gives the same bytes.

    Args:
        session: of the client account.
        engagement_id: whose report.
        kind: xlsx or html.
        path: the file; its folder is made if it is missing.

    Raises:
        UnknownExportFormat: `kind` is neither.
    """
    if kind not in WRITERS:
        raise UnknownExportFormat(format=kind, formats=", ".join(WRITERS))
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[kind](report_of(session, engagement_id), path)
    return path
