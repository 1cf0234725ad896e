"""Reading the facts of assets and writing findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import FINDING_KINDS, Finding
from landbridge.discovery.techdebt.models import FindingStatus, StoredFinding
from landbridge.discovery.techdebt.rules.condition import OWNED_BY, Blanks
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id

_BATCH: Final = 5_000

# Only the attributes that rules read: an asset may carry hundreds of custom ones.
READ: Final = (
    *("os_edition", "hypervisor", "db_engine", "software_version", "model", "cpu_cores"),
    *("memory_gb", "cpu_utilization", "memory_utilization", "end_of_life_date", "last_seen"),
    *("business_owner", "technical_owner", "support_group"),
)
# A row may describe a server and the database on it. Where the database is an asset of its own,
# what the row says of its engine and version is about that asset.
_ASSETS: Final = f"""
select a.id, a.name, a.asset_type, a.environment, a.os_name, a.os_version, a.power_state, a.status,
       jsonb_build_object({", ".join(f"'{a}', a.attributes -> '{a}'" for a in READ)})::text,
       server.told::text,
       a.attributes ? 'db_instance' and a.asset_type <> 'database' and exists (
         select 1 from app.dependencies d join app.assets b on b.id = d.from_asset_id
          where d.to_asset_id = a.id and d.kind = 'runs_on' and b.asset_type = 'database'
            and b.name_key = lower(a.attributes ->> 'db_instance')) as database_apart
  from app.assets a
  left join lateral (
    select jsonb_build_object('db_engine', h.attributes -> 'db_engine',
                              'software_version', h.attributes -> 'software_version') as told
      from app.dependencies d join app.assets h on h.id = d.to_asset_id
     where d.from_asset_id = a.id and d.kind = 'runs_on' and h.attributes ? 'db_engine'
       and lower(h.attributes ->> 'db_instance') = a.name_key
       and a.asset_type = 'database' and not a.attributes ? 'db_engine'
     order by h.id limit 1) server on true
 where a.engagement_id = %s and a.id > %s
 order by a.id limit %s"""

_COLUMNS: Final = "id, asset_id, code, severity, title, detail, remedy, data, cache_key"
_UPSERT: Final = text(f"""
with written as (
insert into app.findings as known (engagement_id, {_COLUMNS})
select :engagement_id, {_COLUMNS} from new_findings
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
_INSERT: Final = f"""
insert into app.findings (engagement_id, {_COLUMNS}) select %s, {_COLUMNS} from new_findings"""
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


def asset_batches(session: Session, engagement_id: UUID) -> Iterator[list[AssetFacts]]:
    """The facts of all assets, batch by batch, in the order of their ids."""
    connection = _psycopg(session)
    after = UUID(int=0)
    while True:
        rows = connection.execute(_ASSETS, (engagement_id, after, _BATCH)).fetchall()
        if rows:
            yield [_facts(*row) for row in rows]
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


def _facts(
    asset_id: UUID,
    name: str,
    asset_type: str,
    environment: str,
    os_name: str | None,
    os_version: str | None,
    power_state: str | None,
    status: str | None,
    attributes: str,
    told: str | None,
    database_apart: bool,
) -> AssetFacts:
    known = jsonio.loads(told) if told else {}
    known |= {a: v for a, v in jsonio.loads(attributes).items() if v is not None}
    return AssetFacts(
        asset_id,
        name,
        asset_type,
        environment,
        os_name,
        os_version,
        power_state,
        status,
        {a: v for a, v in known.items() if v is not None},
        database_apart,
    )


def stage_none(session: Session) -> None:
    """Begin a run: nothing is found yet."""
    connection = _psycopg(session)
    connection.execute(
        f"create temp table if not exists new_findings on commit drop as "
        f"select {_COLUMNS} from app.findings with no data"
    )
    connection.execute("truncate new_findings")


def stage(session: Session, found: Iterable[tuple[UUID | None, Finding]]) -> None:
    """Take what was found of some assets, or of the engagement as a whole (None)."""
    with (
        _psycopg(session).cursor() as cursor,
        cursor.copy(f"copy new_findings ({_COLUMNS}) from stdin") as copy,
    ):
        for asset_id, finding in found:
            copy.write_row(
                (
                    new_id(),
                    asset_id,
                    finding.kind.code,
                    finding.severity.value,
                    finding.kind.title,
                    finding.detail,
                    finding.advice,
                    jsonio.dumps(finding.data),
                    finding.cache_key(asset_id),
                )
            )


def settle(session: Session, engagement_id: UUID) -> Written:
    """Make the stored findings those that were staged.

    New ones are stored, known ones brought up to date, resolved ones opened again; what was not
    found any more is resolved. A risk that a person accepted stays accepted while its cause is
    there.

    Args:
        session: of the client account.
        engagement_id: the engagement that was assessed as a whole.
    """
    connection = _psycopg(session)
    if not _has_findings(session, engagement_id):
        created = connection.execute(_INSERT, (engagement_id,)).rowcount
        return Written(created, 0)
    connection.execute("create index if not exists new_findings_key on new_findings (cache_key)")
    connection.execute("analyze new_findings (cache_key)")
    written = session.execute(_UPSERT, {"engagement_id": engagement_id})
    resolved: Any = session.execute(
        _RESOLVE, {"engagement_id": engagement_id, "codes": list(FINDING_KINDS)}
    )
    return Written(written.scalar_one(), resolved.rowcount)


def _has_findings(session: Session, engagement_id: UUID) -> bool:
    found: bool = session.execute(
        text("select exists (select from app.findings where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()
    return found


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


def _psycopg(session: Session) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
