"""Reading and writing dependencies in bulk, in the transaction of the caller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.edges import (
    Edge,
    EdgeKey,
    confidence_of,
    observations_of,
    united,
)
from landbridge.discovery.dependencies.graph import BONDS
from landbridge.discovery.dependencies.own_rows import RowAssets
from landbridge.discovery.inventory.journal import Journal
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.kit.ids import new_id

BATCH: Final = 20_000
_KEY: Final = (
    *(("from_asset_id", "uuid"), ("to_asset_id", "uuid"), ("kind", "text")),
    *(("port", "int"), ("protocol", "text")),
)
_CONTENT: Final = (("confidence", "int"), ("observations", "bigint"), ("evidence", "jsonb"))


def assets_of_rows(session: TenantSession, table_id: UUID) -> RowAssets:
    """The assets that the rows of a table became."""
    with bulk.driver(session).cursor(binary=True) as cursor:
        cursor.execute(
            "select row_number, uuid_send(asset_id) from app.asset_sources"
            " where import_table_id = %s order by row_number",
            (table_id,),
        )
        return RowAssets(cursor)


def is_empty(session: TenantSession, engagement_id: UUID) -> bool:
    """Whether the engagement has no dependency yet."""
    return not session.execute(
        text("select exists (select from app.dependencies where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()


def save(
    session: TenantSession,
    engagement_id: UUID,
    edges: Mapping[EdgeKey, Edge],
    journal: Journal | None = None,
    *,
    all_new: bool = False,
) -> Counter[str]:
    """Insert new edges and complete known ones; what people decided about them stays.

    Args:
        session: the transaction.
        engagement_id: whose edges.
        edges: what was stated.
        journal: keeps what stood there before.
        all_new: none of them is stored.

    Returns:
        How many were `created`, `updated` and `unchanged`.
    """
    counts: Counter[str] = Counter()
    remaining = iter(edges.items())
    while batch := dict(islice(remaining, BATCH)):
        known = {} if all_new else _known(session, engagement_id, batch)
        counts += _save_batch(session, engagement_id, batch, known, journal)
    return counts


Known = dict[tuple[Any, ...], tuple[UUID, list[Any]]]


def _known(session: TenantSession, engagement_id: UUID, edges: Iterable[EdgeKey]) -> Known:
    """The stored id and evidence of those of some edges that are stored."""
    rows = ((*k[:2], k.kind.value, k.port, k.protocol) for k in edges)
    known: Known = {}
    with bulk.temporary(session, _KEY, rows) as temp:
        using = ", ".join(name for name, _ in _KEY)
        for row in session.execute(
            text(
                f"select {using}, d.id, d.evidence from app.dependencies d join {temp} w"
                f" using ({using}) where d.engagement_id = :e"
            ),
            {"e": engagement_id},
        ):
            known[tuple(row[:5])] = (row.id, row.evidence)
    return known


def _save_batch(
    session: TenantSession,
    engagement_id: UUID,
    edges: Mapping[EdgeKey, Edge],
    known: Known,
    journal: Journal | None,
) -> Counter[str]:
    created, updated = [], []
    for key, edge in edges.items():
        plain = (key.from_asset_id, key.to_asset_id, key.kind.value, key.port, key.protocol)
        held = known.get(plain)
        evidence = united(held[1] if held else (), edge.evidence)
        if evidence is None:
            continue
        if held is None:
            created.append((new_id(), engagement_id, *plain, *_content(evidence)))
        else:
            updated.append((held[0], *_content(evidence)))
    bulk.insert(
        session,
        "dependencies",
        (("id", "uuid"), ("engagement_id", "uuid"), *_KEY, *_CONTENT),
        created,
    )
    if journal is not None:
        journal.dependencies(row[0] for row in updated)
    _update(session, updated)
    unchanged = len(edges) - len(created) - len(updated)
    return Counter(created=len(created), updated=len(updated), unchanged=unchanged)


def _content(evidence: Sequence[Mapping[str, Any]]) -> tuple[int, int, str]:
    document = storable(packed(list(evidence)))
    return confidence_of(evidence), observations_of(evidence), document


def _update(session: TenantSession, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with bulk.temporary(session, (("id", "uuid"), *_CONTENT), rows) as temp:
        session.execute(
            text(
                "update app.dependencies d set confidence = n.confidence,"
                " observations = n.observations, evidence = n.evidence"
                f" from {temp} n where d.id = n.id"
            )
        )


def retire(
    session: TenantSession,
    engagement_id: UUID,
    spoken: Iterable[tuple[UUID, str, str]],
    edges: Mapping[EdgeKey, Edge],
    journal: Journal | None = None,
) -> int:
    """Take back what a source no longer says of an asset that it speaks of again: a VM that
    moved no longer runs on its old host. Edges left without evidence go, unless a person
    confirmed or rejected them.

    Args:
        session: the transaction.
        engagement_id: whose edges.
        spoken: (asset, kind, source) of columns that name one target per asset.
        edges: what was stated now.
        journal: keeps what stood there before.

    Returns:
        The number of edges removed.
    """
    columns = (("from_asset_id", "uuid"), ("kind", "text"), ("source", "text"))
    gone, reduced = [], []
    now = {(k.from_asset_id, k.to_asset_id, k.kind.value): e for k, e in edges.items()}
    with bulk.temporary(session, columns, spoken) as temp:
        rows = session.execute(
            text(
                "select distinct d.id, d.from_asset_id, d.to_asset_id, d.kind, d.evidence,"
                f" d.status, w.source from app.dependencies d join {temp} w"
                " using (from_asset_id, kind) where d.engagement_id = :e"
            ),
            {"e": engagement_id},
        ).all()
    for row in rows:
        stated = now.get((row.from_asset_id, row.to_asset_id, row.kind))
        if stated is not None and row.source in stated.evidence:
            continue
        left = [item for item in row.evidence if item["source"] != row.source]
        if len(left) == len(row.evidence):
            continue
        if left or row.status != "suggested":
            reduced.append((row.id, *_content(left or row.evidence)))
        else:
            gone.append(row.id)
    if journal is not None:
        journal.dependencies([*gone, *(row[0] for row in reduced)])
    _update(session, reduced)
    session.execute(text("delete from app.dependencies where id = any(:ids)"), {"ids": gone})
    return len(gone)


def bonds_of(session: TenantSession, engagement_id: UUID) -> Iterator[tuple[UUID, UUID, str]]:
    """The edges of an engagement by which assets need each other and that nobody rejected:
    from, to, kind.
    """
    rows = session.execute(
        text(
            "select from_asset_id, to_asset_id, kind from app.dependencies"
            " where engagement_id = :e and status <> 'rejected' and kind = any(:kinds)"
        ).execution_options(yield_per=BATCH),
        {"e": engagement_id, "kinds": sorted(BONDS)},
    )
    for row in rows:
        yield row.from_asset_id, row.to_asset_id, row.kind


def totals(session: TenantSession, engagement_id: UUID) -> tuple[dict[str, int], int]:
    """Edges by kind, and the sum of observations, of the whole engagement."""
    rows = session.execute(
        text(
            "select kind, count(*) as edges, sum(observations) as seen from app.dependencies"
            " where engagement_id = :e group by kind order by kind"
        ),
        {"e": engagement_id},
    ).all()
    return {row.kind: row.edges for row in rows}, int(sum(row.seen for row in rows))
