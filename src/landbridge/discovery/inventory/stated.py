"""Attributes as inputs of rules: their value, and the rows and cells that state it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.cleansing.service import lineage
from landbridge.discovery.grounds import CellReading, Given, StatedRow
from landbridge.discovery.imports.places import places
from landbridge.discovery.inventory import queries
from landbridge.discovery.inventory.rule_words import value_rule
from landbridge.discovery.inventory.service import Source, provenance
from landbridge.errors.common import NotFound

CELLS_SHOWN: Final = 3
"""Of so many rows that state one value the cells are shown; each is read from the file's rows."""


def stated(
    session: TenantSession, engagement_id: UUID, asset_id: UUID, attributes: Collection[str]
) -> list[Given]:
    """Some attributes of an asset as inputs; one that no source states has no value.

    Raises:
        NotFound: the engagement has no such asset.
    """
    asset = queries.asset(session, engagement_id, asset_id)
    origins = {p.attribute: p for p in provenance(session, engagement_id, asset_id)}
    given = []
    for attribute in attributes:
        value = asset.attributes.get(attribute, getattr(asset, attribute, None))
        origin = origins.get(attribute)
        words = "No source states it." if value is None else ""
        rows: list[StatedRow] = []
        if origin is not None:
            words = value_rule(origin.rule).title + "."
            rows = stated_rows(session, attribute, origin.sources)
        side = attribute if origin is not None else None
        given.append(
            Given(name=attribute, value=value, words=words, rows=rows, id=asset_id, of=side)
        )
    return given


def stated_rows(
    session: TenantSession, attribute: str, sources: Collection[Source]
) -> list[StatedRow]:
    """The rows of some sources, the first ones with what their cells say."""
    known = places(session, [s.import_table_id for s in sources])
    rows = []
    for number, s in enumerate(sources):
        place = known.get(str(s.import_table_id))
        rows.append(
            StatedRow(
                source=s.source,
                import_id=s.import_id,
                file=s.file,
                table=s.table,
                row=s.row or None,
                columns=s.columns,
                received_at=place.received_at if place else None,
                cells=_cells(session, s, attribute) if place and number < CELLS_SHOWN else [],
            )
        )
    return rows


def _cells(session: TenantSession, source: Source, attribute: str) -> list[CellReading]:
    try:
        steps = lineage(session, source.import_table_id, source.row, attribute)
    except NotFound:  # the row names the asset in passing, or is not kept any more
        return []
    return [
        CellReading(column=s.column, text=s.raw, values=s.values, rule=s.rule, words=s.explanation)
        for s in steps
    ]
