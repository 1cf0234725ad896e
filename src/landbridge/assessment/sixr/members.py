"""The assets of an engagement as rules for strategies see them, by application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession

ENDED_OS: Final = "OS_END_OF_LIFE"
ENDED_DATABASE: Final = "DATABASE_END_OF_LIFE"
PASSED: Final = "SUPPORT_DATE_PASSED"
UNKNOWN_KEYS: Final = ("OS_UNKNOWN", "VERSION_UNKNOWN", "PRODUCT_NOT_IN_DATA")

_PREPARE: Final = (
    text("drop table if exists pg_temp.members, pg_temp.marks"),
    text("""
create temp table members on commit drop as
select a.id as asset_id, l.application_id, coalesce(l.application_id, a.id) as subject
  from app.assets a left join app.application_assets l on l.asset_id = a.id
 where a.engagement_id = :e"""),
    text("create index on members (asset_id)"),
    text("""
create temp table marks on commit drop as
select asset_id, array_agg(distinct code || case when cache_key like '%\\:database'
                                                 then '/database' else '' end) as codes
  from app.findings
 where engagement_id = :e and status = 'open' and asset_id is not null and code = any(:codes)
 group by asset_id"""),
    text("create index on marks (asset_id)"),
    text("analyze members, marks"),
)
_ALIKE: Final = {
    "asset_type": "a.asset_type",
    "environment": "a.environment",
    "criticality": "a.criticality",
    "os_name": "a.os_name",
    "power_state": "a.power_state",
    "status": "a.status",
    "db_engine": "a.attributes ->> 'db_engine'",
    "hypervisor": "a.attributes ->> 'hypervisor'",
    "stated": "a.attributes ->> 'migration_strategy'",
    "is_virtual": "a.attributes -> 'is_virtual'",
    "has_end": "a.attributes ? 'end_of_life_date'",
    "owned": "a.attributes ?| array['business_owner', 'technical_owner', 'support_group']",
    "codes": "f.codes",
}
_TITLE: Final = "case when m.application_id is null then a.name else p.name end"
_MEMBERS: Final = text(f"""
select m.subject, m.application_id, {_TITLE} as title, count(*) as n,
       {", ".join(f"{expression} as {name}" for name, expression in _ALIKE.items())}
  from members m join app.assets a on a.id = m.asset_id
  left join app.applications p on p.id = m.application_id
  left join marks f on f.asset_id = m.asset_id
 where a.engagement_id = :e
 group by m.subject, m.application_id, {_TITLE}, {", ".join(_ALIKE.values())}
 order by m.subject""")
_EMPTY: Final = text("""
select p.id as subject, p.name as title from app.applications p
 where p.engagement_id = :e
   and not exists (select from app.application_assets l where l.application_id = p.id)
 order by p.id""")
_TIES: Final = text("""
select s.subject, t.subject as other
  from app.dependencies d join members s on s.asset_id = d.from_asset_id
  join members t on t.asset_id = d.to_asset_id
 where d.engagement_id = :e and d.status <> 'rejected' and d.kind <> 'related_to'
   and s.subject <> t.subject
 group by 1, 2""")
_STREAMED: Final = {"yield_per": 10_000}
_JUDGED: Final = text("""
select exists (select from app.phase_runs r join app.flows f on f.id = r.flow_id
 where f.engagement_id = :e and r.phase = 'tech_debt_assessment' and r.status = 'completed')""")
_STATED: Final = text("""
select p.id, p.attributes ->> 'migration_strategy' as stated, p.attributes ->> 'criticality'
       as criticality
  from app.applications p where p.engagement_id = :e
   and p.attributes ?| array['migration_strategy', 'criticality']""")


@dataclass(frozen=True, slots=True)
class Member:
    """Assets of one application that are alike in all that rules read, or one asset alone.

    Attributes:
        n: how many.
        codes: open findings that rules read; those about a database end with '/database'.
    """

    n: int
    asset_type: str
    environment: str
    criticality: str | None
    os_name: str | None
    power_state: str | None
    status: str | None
    db_engine: str | None
    hypervisor: str | None
    stated: str | None
    is_virtual: bool | None
    has_end: bool
    owned: bool
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a strategy is recommended for.

    Attributes:
        id: of the application, or of an asset that belongs to none.
        application: whether it is one.
        title: what it is called.
        members: its assets.
        stated, criticality: what an application list says of it.
    """

    id: UUID
    application: bool
    title: str
    members: tuple[Member, ...]
    stated: str | None = None
    criticality: str | None = None


class Estate:
    """The subjects of an engagement and how they hang together."""

    def __init__(self, session: TenantSession, engagement_id: UUID) -> None:
        self._session = session
        self._named = {"e": engagement_id}
        codes = [ENDED_OS, ENDED_DATABASE, PASSED, *UNKNOWN_KEYS]
        for statement in _PREPARE:
            wanted = statement.compile().params.keys()
            given = {"e": engagement_id, "codes": codes}
            session.execute(statement, {k: v for k, v in given.items() if k in wanted})
        self.judged: bool = session.execute(_JUDGED, self._named).scalar_one()
        self.needs: dict[UUID, int] = {}
        self.needed_by: dict[UUID, int] = {}
        for subject, other in session.execute(_TIES, self._named):
            self.needs[subject] = self.needs.get(subject, 0) + 1
            self.needed_by[other] = self.needed_by.get(other, 0) + 1
        self.tied = bool(self.needs)

    def __len__(self) -> int:
        """How many subjects there are."""
        n: int = self._session.execute(
            text("select count(distinct subject) from members")
        ).scalar_one()
        return n + len(self._session.execute(_EMPTY, self._named).all())

    def subjects(self) -> Iterator[Subject]:
        """All subjects; applications without any asset last."""
        said = {r.id: r for r in self._session.execute(_STATED, self._named)}
        held: list[Any] = []
        rows = self._session.execute(_MEMBERS, self._named, execution_options=_STREAMED)
        for row in rows:
            if held and held[0].subject != row.subject:
                yield _subject(held, said)
                held = []
            held.append(row)
        if held:
            yield _subject(held, said)
        for row in self._session.execute(_EMPTY, self._named):
            more = said.get(row.subject)
            yield Subject(
                row.subject,
                True,
                row.title,
                (),
                more.stated if more else None,
                more.criticality if more else None,
            )


def _subject(rows: list[Any], said: dict[UUID, Any]) -> Subject:
    first = rows[0]
    more = said.get(first.subject)
    return Subject(
        first.subject,
        first.application_id is not None,
        first.title,
        tuple(
            Member(
                r.n,
                r.asset_type,
                r.environment,
                r.criticality,
                r.os_name,
                r.power_state,
                r.status,
                r.db_engine,
                r.hypervisor,
                r.stated,
                r.is_virtual,
                r.has_end,
                r.owned,
                frozenset(r.codes or ()),
            )
            for r in rows
        ),
        more.stated if more else None,
        more.criticality if more else None,
    )
