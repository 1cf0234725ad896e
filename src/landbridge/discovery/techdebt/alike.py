"""Assessing assets in sets: assets alike in all that rules read are judged once, and the server
writes what was found about each of them. An estate of a million machines holds few sorts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from landbridge.database.bulk import driver
from landbridge.database.session import TenantSession
from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import Finding
from landbridge.discovery.techdebt.repository import COLUMNS
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id

_BATCH: Final = 20_000
_NAME: Final = "\ue000name\ue000"
_ID: Final = "\ue000id\ue000"
# Stand in what is found about a set where the name and the id of each of its assets belong.

# Only the attributes that rules read: an asset may carry hundreds of custom ones.
READ: Final = (
    *("os_edition", "hypervisor", "db_engine", "software_version", "model", "cpu_cores"),
    *("memory_gb", "cpu_utilization", "memory_utilization", "end_of_life_date", "last_seen"),
    *("business_owner", "technical_owner", "support_group"),
)
_TABLES: Final = f"""
drop table if exists pg_temp.at_hand, pg_temp.judged, pg_temp.found, pg_temp.new_findings;
create temp table at_hand (number bigint, id uuid, name text, facts text, alike bytea)
  on commit drop;
create temp table judged (alike bytea) on commit drop;
create temp table found (alike bytea, ordinal int, code text, severity text, title text,
  detail text, remedy text, data jsonb, cache_key text) on commit drop;
create temp table new_findings on commit drop as select {COLUMNS} from app.findings with no data
"""
# A row may describe a server and the database on it. Where the database is an asset of its own,
# what the row says of its engine and version is about that asset.
_TAKE: Final = f"""
insert into at_hand
select row_number() over (order by id), id, name, facts,
       substring(sha256(convert_to(facts, 'UTF8')) for 16)
  from (
select a.id, a.name,
       jsonb_build_array(
         a.asset_type, a.environment, a.os_name, a.os_version, a.power_state, a.status,
         jsonb_strip_nulls(jsonb_build_object(
           {", ".join(f"'{a}', a.attributes -> '{a}'" for a in READ)})),
         case when a.asset_type = 'database' and not a.attributes ? 'db_engine' then (
           select jsonb_build_object('db_engine', h.attributes -> 'db_engine',
                                     'software_version', h.attributes -> 'software_version')
             from app.dependencies d join app.assets h on h.id = d.to_asset_id
            where d.from_asset_id = a.id and d.kind = 'runs_on' and h.attributes ? 'db_engine'
              and lower(h.attributes ->> 'db_instance') = a.name_key
            order by h.id limit 1) end,
         a.attributes ? 'db_instance' and a.asset_type <> 'database' and exists (
           select 1 from app.dependencies d join app.assets b on b.id = d.from_asset_id
            where d.to_asset_id = a.id and d.kind = 'runs_on' and b.asset_type = 'database'
              and b.name_key = lower(a.attributes ->> 'db_instance')))::text as facts
  from app.assets a
 where a.engagement_id = %s and a.id > %s
 order by a.id limit {_BATCH}) page"""
_UNJUDGED: Final = """
select distinct on (h.alike) h.alike, h.facts from at_hand h
 where not exists (select from judged j where j.alike = h.alike)"""
_LAST: Final = "select number, id from at_hand order by number desc limit 1"
# Ids that sort by the time of the run and the order of the assets.
_GIVE: Final = f"""
select (%(ids)s || lpad(to_hex(row_number() over (order by h.number, f.ordinal)), 12, '0'))::uuid
         as id,
       h.id as asset_id, f.code, f.severity, f.title,
       replace(f.detail, '{_NAME}', h.name) as detail, f.remedy, f.data,
       replace(f.cache_key, '{_ID}', h.id::text) as cache_key
  from at_hand h join found f using (alike)"""


_INTO: Final = {
    True: f"insert into app.findings (engagement_id, {COLUMNS}) select %(e)s, {COLUMNS} from",
    False: f"insert into new_findings ({COLUMNS}) select {COLUMNS} from",
}
_FOUND: Final = "alike, ordinal, code, severity, title, detail, remedy, data, cache_key"


class Alike:
    """One run over all assets of an engagement."""

    def __init__(self, session: TenantSession, engagement_id: UUID, *, first: bool) -> None:
        """
        Args:
            session: the transaction.
            engagement_id: whose assets.
            first: nothing was found about the engagement before, so that what is found is
                stored at once; otherwise it is staged in `new_findings`, to be compared.
        """
        self._connection = driver(session)
        self._engagement_id = engagement_id
        self._first = first
        self.written = 0
        self._connection.execute(_TABLES)

    def of_engagement(self, found: Iterable[Finding]) -> None:
        """Take what was found about the engagement as a whole."""
        rows = [(new_id(), None, *_content(finding), finding.cache_key(None)) for finding in found]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"{_INTO[self._first]} (values (%(id)s::uuid, null::uuid, %(c)s, %(s)s, %(t)s,"
                f" %(d)s, %(r)s, %(j)s::jsonb, %(k)s)) given ({COLUMNS})",
                [
                    dict(zip(("id", "a", *"cstdrjk"), row, strict=True))
                    | {"e": self._engagement_id}
                    for row in rows
                ],
            )
        self.written += len(rows)

    def assess(self, findings: Callable[[AssetFacts], Iterable[Finding]]) -> Iterator[int]:
        """Assess all assets, in the order of their ids.

        Args:
            findings: what is found about an asset with such facts.

        Yields:
            The number of assets assessed since the last time.
        """
        after = UUID(int=0)
        connection = self._connection
        while True:
            connection.execute("truncate at_hand")
            connection.execute(_TAKE, (self._engagement_id, after))
            number, after = connection.execute(_LAST).fetchone() or (0, after)
            if number:
                self._judge(findings)
                self._give()
                yield number
            if number < _BATCH:
                return

    def _judge(self, findings: Callable[[AssetFacts], Iterable[Finding]]) -> None:
        """Judge each set that was not met before."""
        unjudged = self._connection.execute(_UNJUDGED).fetchall()
        if not unjudged:
            return
        with self._connection.cursor() as cursor:
            with cursor.copy("copy judged from stdin") as copy:
                for alike, _ in unjudged:
                    copy.write_row((alike,))
            with cursor.copy(f"copy found ({_FOUND}) from stdin") as copy:
                for alike, facts in unjudged:
                    for ordinal, finding in enumerate(findings(_facts(facts))):
                        row = (*_content(finding), finding.cache_key(_ID))
                        copy.write_row((alike, ordinal, *row))
            cursor.execute("analyze found; analyze at_hand")

    def _give(self) -> None:
        """Write what was found about each of the assets at hand."""
        given = {"e": self._engagement_id, "ids": new_id().hex[:20]}
        cursor = self._connection.execute(f"{_INTO[self._first]} ({_GIVE}) given", given)
        self.written += cursor.rowcount


def _content(finding: Finding) -> tuple[str, str, str, str, str, str]:
    return (
        finding.kind.code,
        finding.severity.value,
        finding.kind.title,
        finding.detail,
        finding.advice,
        jsonio.dumps(finding.data),
    )


def _facts(facts: str) -> AssetFacts:
    kind, environment, system, version, power, status, own, server, apart = jsonio.loads(facts)
    known = {a: v for a, v in (server or {}).items() if v is not None} | own
    told = (kind, environment, system, version, power, status)
    return AssetFacts(UUID(int=0), _NAME, *told, known, apart)
