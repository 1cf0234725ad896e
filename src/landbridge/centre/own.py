"""What members see: the errors and traces of the client account that is open, and no other's."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from landbridge.centre.errors import ErrorNotCounted
from landbridge.centre.models import AccountErrorDetail, Counted, Example, Moment, PlaceCount
from landbridge.database.session import TenantSession
from landbridge.identity.permissions import Action, allows

_GROUPS: Final = text("""
select code, max(category) as category, sum(times)::bigint as times, sum(recent)::bigint as recent,
       min(first_at) as first_at, max(last_at) as last_at
  from app.error_counts() where cast(:code as text) is null or code = :code
 group by code order by max(last_at) desc""")
_PLACES: Final = text("""
select place, sum(times)::bigint as times, max(last_at) as last_at
  from app.error_counts() where code = :code group by place order by 2 desc, 1""")
_EXAMPLES: Final = text("""
select o.*, f.engagement_id from app.error_occurrences o left join app.flows f on f.id = o.flow_id
 where o.code = :code order by o.at desc limit 50""")
_STORY: Final = text("select * from app.trace_story(:trace)")


def groups(session: TenantSession) -> list[Counted]:
    """The errors of the open account by code, the one that occurred last first."""
    rows = session.execute(_GROUPS, {"code": None}).mappings()
    return [Counted.model_validate(dict(row)) for row in rows]


def detail(session: TenantSession, code: str) -> AccountErrorDetail:
    """One code in the open account.

    Raises:
        ErrorNotCounted: it has not occurred there.
    """
    found = session.execute(_GROUPS, {"code": code}).mappings().one_or_none()
    if found is None:
        raise ErrorNotCounted
    places = session.execute(_PLACES, {"code": code}).mappings()
    examples = session.execute(_EXAMPLES, {"code": code}).mappings()
    return AccountErrorDetail(
        group=Counted.model_validate(dict(found)),
        places=[PlaceCount.model_validate(dict(row)) for row in places],
        examples=[Example.model_validate(dict(row)) for row in examples],
    )


def moments(session: TenantSession, trace_id: str, account_name: str) -> list[Moment]:
    """The account's part of a trace. Who may not read the audit log sees neither its entries nor
    who did what with which credential.
    """
    told = [
        Moment.model_validate(
            {
                **row,
                "client_account_id": session.client_account_id,
                "client_account": account_name,
            }
        )
        for row in session.execute(_STORY, {"trace": trace_id}).mappings()
    ]
    if allows(session.role, Action.READ_AUDIT):
        return told
    for moment in told:
        moment.user_id = None
        moment.detail.pop("credential", None)
    return [moment for moment in told if moment.kind != "audit"]
