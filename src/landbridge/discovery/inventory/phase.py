"""The phase asset_inventory: records to deduplicated assets, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.building import InventoryBuilder
from landbridge.discovery.inventory.repository import alone
from landbridge.discovery.inventory.sources import batches_of, tables_of
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record, RecordBatch
from landbridge.flows.phases import PhaseContext
from landbridge.kit.collecting import seldom_collected

Tables = Callable[[TenantSession, dict[str, Any]], list[TableFacts]]
Records = Callable[[TenantSession, TableFacts], Iterator[Record]]
Batches = Callable[[TenantSession, TableFacts], Iterator[RecordBatch]]


class InventoryOutput(BaseModel):
    """What the phase did.

    Attributes:
        records: rows of asset-describing tables.
        assets_created, assets_updated, assets_unchanged: assets that the import speaks of.
        duplicates_merged: asset-describing rows beyond the first of each asset.
        conflicts: attributes of these assets whose sources disagree, for a person to decide.
        possible_duplicates: pairs of assets that may be one, for a person to decide.
        unidentified: rows that name no asset, or could mean several; each is a row issue.
        applications: applications that the import speaks of.
        by_type, by_environment: all assets of the engagement.
    """

    records: int = 0
    assets_created: int = 0
    assets_updated: int = 0
    assets_unchanged: int = 0
    duplicates_merged: int = 0
    conflicts: int = 0
    possible_duplicates: int = 0
    unidentified: int = 0
    applications: int = 0
    by_type: dict[str, int] = Field(default_factory=dict)
    by_environment: dict[str, int] = Field(default_factory=dict)


class AssetInventory:
    """Builds the inventory from the cleansed records of an import."""

    key: ClassVar[str] = "asset_inventory"
    title: ClassVar[str] = "Build inventory"
    unit: ClassVar[str] = "records"
    output: ClassVar[type[BaseModel]] = InventoryOutput

    def __init__(self, batches: Batches = batches_of, tables: Tables = tables_of) -> None:
        self._tables = tables
        self._batches = batches

    def run(self, context: PhaseContext) -> InventoryOutput:
        """Gather, resolve identity, merge, write."""
        with seldom_collected():
            return self._run(context)

    def _run(self, context: PhaseContext) -> InventoryOutput:
        tables = self._tables(context.session, context.inputs)
        builder = InventoryBuilder(context, self.key, tables, self._decider(context))
        builder.gather(lambda table: self._batches(context.session, table))
        alone(context.session, context.engagement_id)
        builder.resolve()
        builder.note_issues()
        builder.write()
        _note_applied(context)
        return InventoryOutput(**builder.outcome())

    @staticmethod
    def _decider(context: PhaseContext) -> UUID | None:
        return context.session.execute(
            text("select created_by from app.flows where id = :id"), {"id": context.flow_id}
        ).scalar_one_or_none()


def _note_applied(context: PhaseContext) -> None:
    """The import is the last one that changed the inventory, and may be undone."""
    context.session.execute(
        text(
            "update app.imports set applied_at = clock_timestamp(), withdrawn_at = null,"
            " withdrawn_by = null where id = cast(:i as uuid)"
        ),
        {"i": context.inputs.get("import_id")},
    )
