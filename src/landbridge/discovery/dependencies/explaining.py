"""Why one asset is said to need another."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.edges import shares_of
from landbridge.discovery.dependencies.queries import DEPENDENCIES, DependencyRow
from landbridge.discovery.dependencies.rule_words import of_edge, of_evidence
from landbridge.discovery.grounds import Explainer, Given, Grounds, StatedRow, engagement_in
from landbridge.discovery.imports.places import TablePlace, places
from landbridge.errors.common import NotFound
from landbridge.kit import clock

_EDGE: Final = text(f"select {DEPENDENCIES.columns} from {DEPENDENCIES.source} and x.id = :id")


def _edge(session: TenantSession, engagement_id: UUID, edge_id: UUID, of: str | None) -> Grounds:
    named = {"engagement_id": engagement_id, "id": edge_id}
    row = session.execute(_EDGE, named).mappings().one_or_none()
    if row is None or of is not None:
        raise NotFound
    edge = DependencyRow(**row)
    evidence = [e for e in edge.evidence if isinstance(e, dict)]
    known = places(session, (e.get("import_table_id") for e in evidence))
    port = f" at {edge.protocol} {edge.port}".replace("  ", " ") if edge.port else ""
    received = max((p.received_at for p in known.values()), default=None)
    return Grounds(
        id=edge_id,
        kind="dependency",
        engagement_id=engagement_id,
        title=f"{edge.from_name} {edge.kind} {edge.to_name}",
        says=f"{edge.from_name} needs {edge.to_name}{port}; {edge.status}.",
        rule=of_edge(edge.kind),
        arithmetic=arithmetic(evidence, edge.confidence),
        confidence=edge.confidence,
        inputs=[
            *(_given(e, known) for e in evidence),
            Given(name="from", value=edge.from_name, id=edge.from_asset_id),
            Given(name="to", value=edge.to_name, id=edge.to_asset_id),
        ],
        date=received or clock.now(),
        dated="The newest of these files came" if received else "Looked up",
    )


def _given(item: dict[str, Any], known: dict[str, TablePlace]) -> Given:
    place = known.get(str(item.get("import_table_id")))
    rule, words = of_evidence(item, place.role if place else None)
    told = place.model_dump(include={"import_id", "file", "table", "received_at"}) if place else {}
    rows = item.get("rows") or ([item["row"]] if item.get("row") else [])
    count = item.get("count") or len(rows)
    return Given(
        name=rule,
        value=item.get("text"),
        words=f"{words} Stated {count} times." if count > 1 else words,
        rows=[StatedRow(row=row, **told) for row in rows],
    )


def arithmetic(evidence: list[dict[str, Any]], confidence: float) -> str | None:
    """The calculation of the confidence of an edge; None where a source did not say its own."""
    if not evidence or any("confidence" not in e or "count" not in e for e in evidence):
        return None
    doubts = " x ".join(f"(1 - {share:.2f})" for share in shares_of(evidence))
    return f"1 - {doubts} = {confidence:.3f}, at most 0.995"


EXPLAINER: Final = Explainer("dependency", engagement_in("dependencies"), _edge)
