"""Read the log of the open account for verifying and exporting: in order, in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from landbridge.audit.chain import Link
from landbridge.audit.verify import Sealed
from landbridge.database.session import TenantSession

PIECE: Final = 2000
"""Links fetched at a time."""

_LINKS: Final = text("""
select l.seq, l.n, l.root, l.hash,
       coalesce(array_agg(e.entry::text order by e.n) filter (where e.n is not null), '{}')
         as entries,
       coalesce(bool_and(
         (e.entry ->> 'at') = to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
         and e.action is not distinct from (e.entry ->> 'action')
         and e.actor_id::text is not distinct from (e.entry #>> '{actor,id}')
         and e.object_type is not distinct from (e.entry #>> '{object,type}')
         and e.object_id is not distinct from (e.entry #>> '{object,id}')
         and e.engagement_id::text is not distinct from (e.entry ->> 'engagement_id')), true)
         as agree
  from (select * from app.audit_links where seq > :after order by seq limit :piece) l
  left join app.audit_entries e on e.client_account_id = l.client_account_id
       and e.began = l.began and e.xid = l.xid
 group by l.seq, l.n, l.root, l.hash
 order by l.seq""")
_UNSEALED: Final = text("""
select count(*) from (
  select distinct e.began, e.xid from app.audit_entries e
   where not exists (select from app.audit_links l
                      where l.client_account_id = e.client_account_id
                        and l.began = e.began and l.xid = e.xid)) x""")
_NOTES: Final = text("select note from app.audit_checkpoints order by seq")


def sealed(session: TenantSession) -> Iterator[Sealed]:
    """Every link with its entries, first to last; memory stays that of one piece."""
    after = 0
    while True:
        rows = session.execute(_LINKS, {"after": after, "piece": PIECE}).all()
        for row in rows:
            link = Link(row.seq, row.n, bytes(row.root), bytes(row.hash))
            yield Sealed(link, row.entries, row.agree)
        if len(rows) < PIECE:
            return
        after = rows[-1].seq


def unsealed_transactions(session: TenantSession) -> int:
    """How many transactions have entries that no link seals."""
    return int(session.execute(_UNSEALED).scalar_one())


def stored_notes(session: TenantSession) -> list[str]:
    """The signed checkpoints that the database keeps, oldest first."""
    return list(session.execute(_NOTES).scalars())
