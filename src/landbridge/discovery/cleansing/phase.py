"""The phase: cleanse data."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar, Final
from uuid import UUID

from pydantic import BaseModel

from landbridge.discovery.cleansing import repository
from landbridge.discovery.cleansing.catalogue import RULES
from landbridge.discovery.cleansing.output import Cleansing, RuleUse
from landbridge.discovery.cleansing.table_work import RowProgress, TableWork
from landbridge.discovery.imports.repository import refresh_issue_counts, tables_of
from landbridge.flows.phases import PhaseContext
from landbridge.kit.collecting import seldom_collected

_TOP: Final = 20


class DataCleansing:
    """Turns the texts of mapped columns into typed values, each by a recorded rule."""

    key: ClassVar[str] = repository.PHASE
    title: ClassVar[str] = "Cleanse data"
    unit: ClassVar[str] = "rows"
    output: ClassVar[type[BaseModel]] = Cleansing

    def run(self, context: PhaseContext) -> Cleansing:
        """Cleanse every table of the import."""
        with seldom_collected():
            return self._run(context)

    def _run(self, context: PhaseContext) -> Cleansing:
        session = context.session
        tables = tables_of(session, context.inputs)
        repository.forget(session, [t.id for t in tables])
        work = [TableWork(context, table) for table in tables]
        work = [w for w in work if w.columns]
        progress = RowProgress(context, sum(w.table.rows_stored for w in work))
        output = Cleansing(tables=len(work))
        rules: Counter[str] = Counter()
        for table in work:
            table.run(progress)
            table.report(output, rules)
        refresh_issue_counts(session, UUID(str(context.inputs["import_id"])))
        output.rules_used = [
            RuleUse(rule=rule, title=RULES[rule].title, values=n)
            for rule, n in rules.most_common(_TOP)
        ]
        return output
