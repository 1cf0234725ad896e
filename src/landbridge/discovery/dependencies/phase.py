"""The phase dependency_analysis: what rows say about dependencies becomes typed edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from pydantic import BaseModel, Field

from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.analysis import DependencyBuilder
from landbridge.discovery.inventory.phase import Records, Tables
from landbridge.discovery.inventory.repository import alone
from landbridge.discovery.inventory.sources import records_of, tables_of
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record
from landbridge.discovery.vocabulary import TableRole
from landbridge.flows.phases import PhaseContext
from landbridge.kit.collecting import seldom_collected


class DependencyOutput(BaseModel):
    """What the phase did.

    Attributes:
        edges: edges that the import speaks of; `created`, `updated` and `removed` say what
            changed.
        by_kind, observations: of all edges of the engagement.
        filtered: reason → rows that state no dependency of an application.
        unresolved: names and addresses in no inventory; each is a row issue.
        ambiguous: names that could mean several assets; each is a row issue.
        incomplete: rows that lack an end; each is a row issue.
        cycles: sets of assets that need each other.
        assets_added: systems that only relation or connection tables name.
        application_links: assets newly linked to applications.
        application_edges: dependencies stated between whole applications.
    """

    edges: int = 0
    created: int = 0
    updated: int = 0
    removed: int = 0
    by_kind: dict[str, int] = Field(default_factory=dict)
    observations: int = 0
    filtered: dict[str, int] = Field(default_factory=dict)
    unresolved: int = 0
    ambiguous: int = 0
    incomplete: int = 0
    cycles: int = 0
    assets_added: int = 0
    application_links: int = 0
    application_edges: int = 0


_STATING: Final = frozenset(("depends_on", "host_system", "cluster", "datacenter"))
_STATING_DATABASES: Final = _STATING | {"db_instance", "hostname", "fqdn"}


def stating(session: TenantSession, table: TableFacts) -> Iterator[Record]:
    """The records of a table; of assets and their details only what states dependencies."""
    if table.role not in {TableRole.ASSETS, TableRole.DETAILS}:
        return records_of(session, table)
    databases = "db_instance" in table.attributes
    return records_of(session, table, _STATING_DATABASES if databases else _STATING)


class DependencyAnalysis:
    """Finds out which asset needs which, from columns, relations and connections."""

    key: ClassVar[str] = "dependency_analysis"
    title: ClassVar[str] = "Analyse dependencies"
    unit: ClassVar[str] = "rows"
    output: ClassVar[type[BaseModel]] = DependencyOutput

    def __init__(self, records: Records = stating, tables: Tables = tables_of) -> None:
        self._tables = tables
        self._records = records

    def run(self, context: PhaseContext) -> DependencyOutput:
        """Collect statements, resolve their ends, write edges."""
        with seldom_collected():
            return self._run(context)

    def _run(self, context: PhaseContext) -> DependencyOutput:
        tables = self._tables(context.session, context.inputs)
        builder = DependencyBuilder(context, self.key, tables)
        builder.collect(lambda table: self._records(context.session, table))
        alone(context.session, context.engagement_id)
        builder.resolve()
        builder.write()
        return DependencyOutput(**builder.outcome())
