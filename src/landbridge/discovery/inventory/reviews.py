"""Possible duplicates: pairs of assets with too little evidence to merge are a person's
question, kept as a conflict about the attribute `identity`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.repository import InventoryWriter

IDENTITY: Final = "identity"
Pair = tuple[UUID, UUID, float, tuple[str, ...]]
"""Two assets, the evidence that they are one, and the reasons in words."""


def write(session: TenantSession, writer: InventoryWriter, pairs: Iterable[Pair]) -> None:
    """Open a question for each pair that was not asked before.

    A question that a person answered is asked again only when a new candidate appears.
    """
    found: dict[UUID, dict[str, dict[str, Any]]] = defaultdict(dict)
    for left, right, score, reasons in pairs:
        asset, other = sorted((left, right))
        found[asset][str(other)] = {
            "asset_id": str(other),
            "score": score,
            "reasons": list(reasons),
        }
    asked: dict[UUID, list[dict[str, Any]]] = {
        row.asset_id: row.candidates
        for row in session.execute(
            text(
                "select asset_id, candidates from app.asset_conflicts"
                " where attribute = :a and asset_id = any(:ids)"
            ),
            {"a": IDENTITY, "ids": list(found)},
        )
    }
    rows = []
    for asset_id, candidates in found.items():
        before = {c["asset_id"]: c for c in asked.get(asset_id, ())}
        if candidates.keys() - before.keys():
            listed = sorted((before | candidates).values(), key=lambda c: -c["score"])
            rows.append((asset_id, IDENTITY, listed, None, "open"))
    writer.conflicts(rows)
