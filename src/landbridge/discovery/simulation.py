"""Simulating an import: cleansing and inventory do their work and it is taken back, but for the
account of what would change. Asset by asset and value by value.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.cleansing.phase import DataCleansing
from landbridge.discovery.flow import MAPPING_REVIEW, DiscoveryInputs, MappingReview
from landbridge.discovery.imports.phase import DataImport
from landbridge.discovery.imports.queries import require_import
from landbridge.discovery.inventory.phase import AssetInventory
from landbridge.discovery.mapping.phase import FieldMapping
from landbridge.flows.definitions import FlowDefinition, GateDefinition, PhaseDefinition
from landbridge.flows.phases import Phase, PhaseContext
from landbridge.flows.types import FlowType
from landbridge.kit import clock

SIMULATE_IMPORT: Final = "simulate_import"
LISTED: Final = 500
_ERRORS: Final = text("""
select count(*) from (select distinct r.import_table_id, r.row_number from app.row_issues r
  join app.import_tables t on t.id = r.import_table_id
  join app.import_files f on f.id = t.import_file_id
 where f.import_id = :i and r.severity = 'error' and r.row_number > 0) d""")
_CREATED: Final = text("""
select name from app.assets where engagement_id = :e and first_seen_flow_id = :f
 order by name_key, id limit :n""")
_CHANGED: Final = text("""
select id, name, attributes from app.assets
 where engagement_id = :e and first_seen_flow_id <> :f and updated_at >= :since
 order by name_key, id limit :n""")
_OPEN: Final = text("""
select c.asset_id, a.name, c.attribute, c.candidates from app.asset_conflicts c
  join app.assets a on a.id = c.asset_id
 where c.engagement_id = :e and c.status = 'open' and c.attribute <> 'identity'
 order by a.name_key, a.id, c.attribute limit :n""")


class ChangedValue(BaseModel):
    """A value of an asset that would change; None where there is none."""

    asset_id: UUID
    asset: str
    attribute: str
    before: Any
    after: Any


class NewConflict(BaseModel):
    """An attribute about which sources would disagree."""

    asset: str
    attribute: str
    values: list[Any]


class SimulationOutput(BaseModel):
    """What an import would do.

    Attributes:
        create, update, unchanged: assets that the import speaks of.
        conflict: attributes of these about which sources would disagree.
        skip: rows that name no asset, or could mean several.
        error: rows that cannot be used as they stand.
        created: names of the first new assets.
        values: the first values that would change.
        conflicts: the first new conflicts.
        listed: how many of each are listed at most.
    """

    create: int = 0
    update: int = 0
    unchanged: int = 0
    conflict: int = 0
    skip: int = 0
    error: int = 0
    created: list[str] = Field(default_factory=list)
    values: list[ChangedValue] = Field(default_factory=list)
    conflicts: list[NewConflict] = Field(default_factory=list)
    listed: int = LISTED


class ImportSimulation:
    """Does what Discovery would do with the inventory, and takes it back."""

    key: ClassVar[str] = "simulation"
    title: ClassVar[str] = "Simulate"
    unit: ClassVar[str] = "records"
    output: ClassVar[type[BaseModel]] = SimulationOutput

    def run(self, context: PhaseContext) -> SimulationOutput:
        """Cleanse, build the inventory, look at it, and roll both back."""
        session = context.session
        named = {"e": context.engagement_id, "f": context.flow_id, "n": LISTED}
        inner = replace(context, notes=[])
        began = clock.now()
        savepoint = session.begin_nested()
        try:
            DataCleansing().run(inner)
            done = AssetInventory().run(inner)
            result = SimulationOutput(
                create=done.assets_created,
                update=done.assets_updated,
                unchanged=done.assets_unchanged,
                conflict=done.conflicts,
                skip=done.unidentified,
                error=session.execute(_ERRORS, {"i": context.inputs["import_id"]}).scalar_one(),
                created=list(session.execute(_CREATED, named).scalars()),
            )
            after = _changed(session, named, began)
            disputed = session.execute(_OPEN, named).all()
        finally:
            savepoint.rollback()
            session.expire_all()
        result.values = _differences(session, after)
        known = {(c.asset_id, c.attribute) for c in session.execute(_OPEN, named)}
        result.conflicts = [
            NewConflict(
                asset=c.name, attribute=c.attribute, values=[x["value"] for x in c.candidates]
            )
            for c in disputed
            if (c.asset_id, c.attribute) not in known
        ]
        return result


def _changed(
    session: TenantSession, named: dict[str, Any], since: datetime
) -> dict[UUID, tuple[str, dict[str, Any]]]:
    rows = session.execute(_CHANGED, {**named, "since": since})
    return {row.id: (row.name, row.attributes) for row in rows}


def _differences(
    session: TenantSession, after: dict[UUID, tuple[str, dict[str, Any]]]
) -> list[ChangedValue]:
    rows = session.execute(
        text("select id, attributes from app.assets where id = any(:ids)"), {"ids": list(after)}
    )
    before = {row.id: row.attributes for row in rows}
    found: list[ChangedValue] = []
    for asset_id, (name, values) in after.items():
        old, new = _flat(before.get(asset_id, {})), _flat(values)
        for attribute in sorted(old.keys() | new.keys()):
            if old.get(attribute) != new.get(attribute):
                found.append(
                    ChangedValue(
                        asset_id=asset_id,
                        asset=name,
                        attribute=attribute,
                        before=old.get(attribute),
                        after=new.get(attribute),
                    )
                )
    return found[:LISTED]


def _flat(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes, those of one's own beside the others."""
    plain = {k: v for k, v in attributes.items() if k != "custom"}
    return plain | dict(attributes.get("custom") or {})


def simulate_import() -> FlowType:
    """The flow type with its executors: reading, mapping, and the simulation."""
    phases: list[tuple[Phase, int, GateDefinition | None]] = [
        (DataImport(), 25, None),
        (FieldMapping(), 5, GateDefinition(key=MAPPING_REVIEW, title="Review the mapping")),
        (ImportSimulation(), 70, None),
    ]
    definition = FlowDefinition(
        flow_type=SIMULATE_IMPORT,
        title="Simulate import",
        version=1,
        phases=tuple(
            PhaseDefinition(key=p.key, title=p.title, unit=p.unit, weight=weight, gate=gate)
            for p, weight, gate in phases
        ),
    )
    return FlowType(
        definition=definition,
        inputs=DiscoveryInputs,
        phases={phase.key: phase for phase, _, _ in phases},
        gates={MAPPING_REVIEW: MappingReview()},
        admit=lambda session, engagement_id, inputs: require_import(
            session, engagement_id, UUID(inputs["import_id"])
        ),
    )
