"""The phase: map fields."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from landbridge.agents.desk import advisor
from landbridge.discovery.imports.repository import tables_of
from landbridge.discovery.mapping import repository
from landbridge.discovery.mapping.advising import Advised
from landbridge.discovery.mapping.fingerprints import recognise
from landbridge.discovery.mapping.needed import with_needed
from landbridge.discovery.mapping.normalise import column_key
from landbridge.discovery.mapping.sampling import samples_of
from landbridge.discovery.mapping.suggest import ATTRIBUTE, CUSTOM, IGNORE, suggest_table
from landbridge.flows.phases import PhaseContext
from landbridge.kit.clock import now

AUTOMATIC = "auto"
THRESHOLD = 0.9


class FieldMappingOutput(BaseModel):
    """What mapping found.

    Attributes:
        tables: tables of the import.
        columns: their columns.
        mapped: columns mapped, or suggested to be mapped, to an attribute.
        custom: columns kept as custom attributes, or suggested to be.
        ignored: columns left out.
        auto_approved: columns decided without a person.
        to_review: columns that are still a suggestion; their values are kept as custom.
        sources: recognised sources, with the number of their tables.
        agent: the model that was asked about open columns; None where agents are off.
        advised: columns that it said something of.
        withheld: columns of which something was not sent, as it reads like an order to a model.
        agent_refused: the code of its last refusal; the rules' suggestions stand.
    """

    tables: int = 0
    columns: int = 0
    mapped: int = 0
    custom: int = 0
    ignored: int = 0
    auto_approved: int = 0
    to_review: int = 0
    sources: dict[str, int] = {}
    agent: str | None = None
    advised: int = 0
    withheld: int = 0
    agent_refused: str | None = None


class FieldMapping:
    """Maps the columns of every table to canonical attributes, and tells what its rows are."""

    key: ClassVar[str] = "field_mapping"
    title: ClassVar[str] = "Map fields"
    unit: ClassVar[str] = "columns"
    output: ClassVar[type[BaseModel]] = FieldMappingOutput

    def run(self, context: PhaseContext) -> FieldMappingOutput:
        """Suggest for every table of the import; approve what is sure enough, if allowed to."""
        session, inputs = context.session, context.inputs
        automatic = inputs.get("approve", AUTOMATIC) == AUTOMATIC
        threshold = float(inputs.get("threshold", THRESHOLD))
        tables = tables_of(session, inputs)
        total = sum(len(t.columns) for t in tables)
        done = 0
        sources: Counter[str] = Counter()
        context.progress(0, total)
        asked = advisor(session, context.engagement_id, context.flow_id, self.key)
        advised = Advised()
        for table in tables:
            source = recognise(table.columns, table.name)
            keys = [column_key(c) for c in table.columns]
            samples = samples_of(session, table)
            suggestion = suggest_table(
                table.columns,
                samples,
                table.name,
                repository.learned_for(session, keys, source),
            )
            if asked is not None:
                suggestion = advised.advise(asked, suggestion, samples, table.name, threshold)
            forced: set[int] = set()
            if automatic:
                suggestion, forced = with_needed(suggestion, threshold)
            repository.store_suggestion(
                session,
                table,
                suggestion,
                samples,
                approve_from=threshold if automatic else None,
                now=now(),
                also=forced,
            )
            repository.set_kind(session, table.id, suggestion.source, suggestion.role.value)
            if suggestion.source:
                sources[suggestion.source] += 1
            done += len(table.columns)
            context.progress(done, total)
        return _output(context, len(tables), sources, advised)


def _output(
    context: PhaseContext, tables: int, sources: Counter[str], advised: Advised
) -> FieldMappingOutput:
    import_id = UUID(str(context.inputs["import_id"]))
    mappings = repository.mappings_of_import(context.session, import_id)
    targets = Counter(m.target for m in mappings)
    return FieldMappingOutput(
        tables=tables,
        columns=len(mappings),
        mapped=targets[ATTRIBUTE],
        custom=targets[CUSTOM],
        ignored=targets[IGNORE],
        auto_approved=sum(m.decided_automatically for m in mappings),
        to_review=sum(m.status == repository.SUGGESTED for m in mappings),
        sources=dict(sources),
        agent=advised.model,
        advised=advised.columns,
        withheld=advised.withheld,
        agent_refused=advised.refused,
    )
