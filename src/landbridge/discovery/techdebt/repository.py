"""What is stored of findings, and how a run brings it up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from landbridge.discovery.techdebt.findings import FINDING_KINDS
from landbridge.discovery.techdebt.models import FindingStatus, StoredFinding
from landbridge.discovery.techdebt.rules.condition import OWNED_BY, Blanks

COLUMNS: Final = "id, asset_id, code, severity, title, detail, remedy, data, cache_key"
_UPSERT: Final = text(f"""
with written as (
insert into app.findings as known (engagement_id, {COLUMNS})
select :engagement_id, {COLUMNS} from new_findings
on conflict (client_account_id, engagement_id, cache_key) do update
   set asset_id = excluded.asset_id, severity = excluded.severity, title = excluded.title,
       detail = excluded.detail, remedy = excluded.remedy, data = excluded.data,
       status = case known.status when 'resolved' then 'open' else known.status end
 where known.status = 'resolved'
    or (known.asset_id, known.severity, known.title, known.detail, known.remedy, known.data)
       is distinct from (excluded.asset_id, excluded.severity, excluded.title, excluded.detail,
                         excluded.remedy, excluded.data)
returning (xmax = 0) as created)
select count(*) from written where created""")
_RESOLVE: Final = text("""
update app.findings f
   set status = 'resolved', decided_by = null, decided_at = null, decision_reason = null
 where f.engagement_id = :engagement_id and f.code = any(:codes) and f.status <> 'resolved'
   and not exists (select 1 from new_findings n where n.cache_key = f.cache_key)""")


@dataclass(frozen=True, slots=True)
class Written:
    """What a run changed.

    Attributes:
        created: findings that no run had found before.
        resolved: findings whose cause is gone.
    """

    created: int
    resolved: int


def count_assets(session: Session, engagement_id: UUID) -> int:
    """How many assets an engagement has."""
    counted: int = session.execute(
        text("select count(*) from app.assets where engagement_id = :engagement_id"),
        {"engagement_id": engagement_id},
    ).scalar_one()
    return counted


def blanks_of(session: Session, engagement_id: UUID) -> Blanks:
    """What no asset of an engagement has."""
    owned = " or ".join(f"attributes ? '{a}'" for a in OWNED_BY)
    row = session.execute(
        text(
            f"select not exists (select 1 from app.assets where engagement_id = :e and ({owned}))"
            " as owner, not exists (select 1 from app.assets where engagement_id = :e"
            " and environment <> 'unknown') as environment"
        ),
        {"e": engagement_id},
    ).one()
    return Blanks(row.owner, row.environment)


def is_first(session: Session, engagement_id: UUID) -> bool:
    """Whether no run has found anything yet."""
    found: bool = session.execute(
        text("select not exists (select from app.findings where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()
    return found


def settle(session: Session, engagement_id: UUID) -> Written:
    """Make the stored findings those that were staged in `new_findings`.

    New ones are stored, known ones brought up to date, resolved ones opened again; what was not
    found any more is resolved. A risk that a person accepted stays accepted while its cause is
    there.

    Args:
        session: of the client account.
        engagement_id: the engagement that was assessed as a whole.
    """
    session.execute(text("create index on new_findings (cache_key)"))
    session.execute(text("analyze new_findings (cache_key)"))
    written = session.execute(_UPSERT, {"engagement_id": engagement_id})
    resolved: Any = session.execute(
        _RESOLVE, {"engagement_id": engagement_id, "codes": list(FINDING_KINDS)}
    )
    return Written(written.scalar_one(), resolved.rowcount)


def open_counts(session: Session, engagement_id: UUID) -> list[tuple[str, str, int]]:
    """Code, severity and number of the open findings of assessment."""
    rows = session.execute(
        select(StoredFinding.code, StoredFinding.severity, func.count())
        .where(
            StoredFinding.engagement_id == engagement_id,
            StoredFinding.status == FindingStatus.OPEN.value,
            StoredFinding.code.in_(FINDING_KINDS),
        )
        .group_by(StoredFinding.code, StoredFinding.severity)
        .order_by(StoredFinding.code, StoredFinding.severity)
    )
    return [(code, severity, n) for code, severity, n in rows]


def assets_with(session: Session, engagement_id: UUID, codes: Iterable[str]) -> int:
    """How many assets have an open finding of one of these codes."""
    counted: int = session.execute(
        select(func.count(func.distinct(StoredFinding.asset_id))).where(
            StoredFinding.engagement_id == engagement_id,
            StoredFinding.status == FindingStatus.OPEN.value,
            StoredFinding.code.in_(list(codes)),
        )
    ).scalar_one()
    return counted


def find_finding(session: Session, engagement_id: UUID, finding_id: UUID) -> StoredFinding | None:
    """One finding of an engagement."""
    return session.scalar(
        select(StoredFinding).where(
            StoredFinding.id == finding_id, StoredFinding.engagement_id == engagement_id
        )
    )


def open_findings_of(
    session: Session, engagement_id: UUID, asset_id: UUID
) -> list[tuple[str, str]]:
    """Code and severity of the open findings of an asset."""
    rows = session.execute(
        select(StoredFinding.code, StoredFinding.severity).where(
            StoredFinding.engagement_id == engagement_id,
            StoredFinding.asset_id == asset_id,
            StoredFinding.status == FindingStatus.OPEN.value,
        )
    )
    return [(code, severity) for code, severity in rows]
