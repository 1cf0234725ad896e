"""The platform: one database, the orchestrator over it, and the flow types it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from landbridge.assembly.flow_types import flow_types
from landbridge.database.engine import Databases, connect
from landbridge.flows.engine import FlowClient, migrate_engine
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.types import FlowTypes
from landbridge.kit.settings import Settings, settings
from landbridge.occurrences.noting import note_escaping
from landbridge.occurrences.recorder import recording


@dataclass(frozen=True, slots=True)
class Platform:
    """What every face of the product works with."""

    databases: Databases
    orchestrator: MasterFlowOrchestrator
    types: FlowTypes


def assemble(databases: Databases) -> Platform:
    """The platform over a database that is ready."""
    types = flow_types()
    return Platform(databases, MasterFlowOrchestrator(FlowClient(databases.app), types), types)


@contextmanager
def opened(chosen: Settings | None = None) -> Iterator[Platform]:
    """Open the platform of these settings: the database is found or started and migrated.

    Raises:
        LandbridgeError: the database cannot be reached, started or migrated.
    """
    known = chosen or settings()
    databases = connect(known, migrate_engine=migrate_engine)
    try:
        with recording(databases.app, known):
            yield from _noted(assemble(databases))
    finally:
        databases.close()


def _noted(platform: Platform) -> Iterator[Platform]:
    """Record what escapes while the database is still open."""
    try:
        yield platform
    except Exception as error:
        note_escaping(error)
        raise
