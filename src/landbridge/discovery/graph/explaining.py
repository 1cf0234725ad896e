"""Why assets are in one move group."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.graph import queries
from landbridge.discovery.graph.groups import CIRCLE_TIMES
from landbridge.discovery.grounds import AppliedRule, Explainer, Given, Grounds, engagement_in
from landbridge.errors.common import NotFound

MEMBERS_SHOWN: Final = 100
RULES: Final = {
    "group": AppliedRule(
        id="graph.community",
        title="More edges among each other than with the rest",
        words="Communities of Louvain's method over dependencies and observed connections that "
        "nobody rejected; sure and often seen edges weigh more, those of hubs less. Assets that "
        f"need each other share a group unless they are more than {CIRCLE_TIMES} times the wanted "
        "size. The resolution is the one whose groups come closest to the wanted size.",
    ),
    "shared": AppliedRule(
        id="graph.shared_service",
        title="Serves the whole estate",
        words="Told by the ports of its clients' connections, its name and the number of its "
        "clients. It holds no group together.",
    ),
}
_MEMBERS: Final = text(
    "select a.id, a.name, m.why, m.confidence / 1000.0 as confidence"
    " from app.asset_group_members m join app.assets a on a.id = m.asset_id"
    " where m.group_id = :g order by a.name_key, a.id limit :limit"
)


def _group(session: TenantSession, engagement_id: UUID, group_id: UUID, of: str | None) -> Grounds:
    made = queries.grouping(session, engagement_id)
    if of is not None or made is None:
        raise NotFound
    group = queries.group(session, engagement_id, group_id)
    members = session.execute(_MEMBERS, {"g": group_id, "limit": MEMBERS_SHOWN})
    return Grounds(
        id=group_id,
        kind="group",
        engagement_id=engagement_id,
        title=f"Move group {group.name}",
        says=f"{group.size:,} assets belong together.",
        rule=RULES[group.kind],
        arithmetic=_share(group.inside, group.inside + group.outside),
        inputs=[
            Given(name="wanted size", value=made.wanted, words="Assets in a group, on average."),
            *(Given(name=r["code"], words=f"{r['text']}.") for r in group.reasons),
            *(
                Given(
                    name="member",
                    value=m.name,
                    words=m.why or f"{m.confidence:.0%} of its edges stay in the group.",
                    id=m.id,
                )
                for m in members
            ),
        ],
        date=made.made_at,
        dated="Worked out",
    )


def _share(inside: int, both: int) -> str | None:
    """Which part of its edges lies inside; None of a group without any."""
    return (
        f"{inside} of {both} edges with groups lie inside = {inside / both:.0%}" if both else None
    )


EXPLAINER: Final = Explainer("group", engagement_in("asset_groups"), _group)
