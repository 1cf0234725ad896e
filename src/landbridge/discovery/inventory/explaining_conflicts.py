"""Why sources are said to disagree, and why assets belong to an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import (
    Explainer,
    Given,
    Grounds,
    StatedRow,
    decided,
    engagement_in,
)
from landbridge.discovery.imports.places import TablePlace, places
from landbridge.discovery.inventory.models import Asset, AssetConflict
from landbridge.discovery.inventory.reviews import IDENTITY as OF_IDENTITY
from landbridge.discovery.inventory.rule_words import CONFLICT, IDENTITY, MEMBERSHIP, value_rule
from landbridge.errors.common import NotFound

MEMBERS_SHOWN: Final = 100
_APPLICATION: Final = text(
    "select p.name, p.attributes, e.created_at,"
    " (select count(*) from app.application_assets l where l.application_id = p.id) as members"
    " from app.applications p join app.engagements e on e.id = p.engagement_id where p.id = :id"
)
_MEMBERS: Final = text(
    "select a.id, a.name, l.evidence from app.application_assets l"
    " join app.assets a on a.id = l.asset_id where l.application_id = :id"
    " order by a.name_key, a.id limit :limit"
)


def _conflict(
    session: TenantSession, engagement_id: UUID, conflict_id: UUID, of: str | None
) -> Grounds:
    found = session.execute(
        select(AssetConflict, Asset)
        .join(Asset, Asset.id == AssetConflict.asset_id)
        .where(AssetConflict.id == conflict_id)
    ).one_or_none()
    if found is None or of is not None:
        raise NotFound
    conflict, asset = found
    known = places(session, (c.get("import_table_id") for c in conflict.candidates))
    identity = conflict.attribute == OF_IDENTITY
    first = "Possible duplicate of" if identity else f"{conflict.attribute} of"
    decision = None
    if conflict.decided_at is not None and conflict.chosen is not None:
        chosen = conflict.chosen.get("value", conflict.chosen.get("keep"))
        decision = decided(session, conflict.decided_by, conflict.decided_at, chosen, None)
    return Grounds(
        id=conflict_id,
        kind="conflict",
        engagement_id=engagement_id,
        title=f"{first} {asset.name}",
        says=f"{len(conflict.candidates)} candidates; {conflict.status}.",
        rule=IDENTITY if identity else CONFLICT,
        inputs=[_candidate(c, conflict.attribute, known) for c in conflict.candidates],
        date=conflict.decided_at or _newest(known, asset.updated_at),
        dated="Decided" if conflict.decided_at else "The newest of these files came",
        decision=decision,
    )


def _candidate(candidate: dict[str, Any], attribute: str, known: dict[str, TablePlace]) -> Given:
    if "asset_id" in candidate:
        return Given(
            name="asset",
            value=candidate.get("score"),
            words="; ".join(candidate.get("reasons", ())),
            id=UUID(candidate["asset_id"]),
        )
    rule = candidate.get("rule")
    return Given(
        name=attribute,
        value=candidate.get("value"),
        words=f"{value_rule(rule).title}." if rule else "",
        rows=[row_of(candidate, known, source=candidate.get("source"))],
    )


def row_of(
    item: dict[str, Any], known: dict[str, TablePlace], source: str | None = None
) -> StatedRow:
    """The row that a piece of evidence names."""
    place = known.get(str(item.get("import_table_id")))
    told = place.model_dump(include={"import_id", "file", "table", "received_at"}) if place else {}
    return StatedRow(source=source, row=item.get("row") or None, **told)


def _application(
    session: TenantSession, engagement_id: UUID, application_id: UUID, of: str | None
) -> Grounds:
    found = session.execute(_APPLICATION, {"id": application_id}).one_or_none()
    if found is None or of is not None:
        raise NotFound
    rows = session.execute(_MEMBERS, {"id": application_id, "limit": MEMBERS_SHOWN}).all()
    every = [e for r in rows for e in r.evidence if isinstance(e, dict)]
    known = places(session, (e.get("import_table_id") for e in every))
    more = f"; the first {MEMBERS_SHOWN} are listed" if found.members > len(rows) else ""
    return Grounds(
        id=application_id,
        kind="application",
        engagement_id=engagement_id,
        title=found.name,
        says=f"{found.members} assets belong to it{more}.",
        rule=MEMBERSHIP,
        inputs=[_member(r.id, r.name, r.evidence, known) for r in rows],
        date=_newest(known, found.created_at),
        dated="The newest of these files came" if known else "The engagement was created",
    )


def _member(
    asset_id: UUID, name: str, evidence: Sequence[Any], known: dict[str, TablePlace]
) -> Given:
    items = [e for e in evidence if isinstance(e, dict)]
    told = sorted({str(e["text"]) for e in items if e.get("text")})
    return Given(
        name="asset",
        value=name,
        words=f"The source says {', '.join(told)}." if told else "",
        rows=[row_of(e, known) for e in items],
        id=asset_id,
    )


def _newest(known: dict[str, TablePlace], otherwise: datetime) -> datetime:
    return max((p.received_at for p in known.values()), default=otherwise)


CONFLICTS: Final = Explainer("conflict", engagement_in("asset_conflicts"), _conflict)
APPLICATIONS: Final = Explainer("application", engagement_in("applications"), _application)
