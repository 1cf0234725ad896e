"""Asking an agent about the columns that the rules leave open.

Its answer is added beside the rules' suggestion, as an alternative and as evidence that names it.
It changes neither the suggestion nor its confidence, so nothing is approved because of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from landbridge.agents.desk import Advisor
from landbridge.agents.sharing import name_to_send, orders_a_model, values_to_send
from landbridge.discovery.mapping.advice import (
    MAP_COLUMNS,
    MOST_COLUMNS,
    MOST_VALUES,
    ColumnAdvice,
    OpenColumn,
    OpenColumns,
)
from landbridge.discovery.mapping.decide import REVIEW_CAP
from landbridge.discovery.mapping.suggest import (
    IGNORE,
    Alternative,
    ColumnSuggestion,
    TableSuggestion,
)

_WITHHELD = "A name or value here reads like an order to a model; an agent was not told of it."
_KEPT_BACK = "its reason is not shown, as it reads like an order"


@dataclass(slots=True)
class Advised:
    """What agents added to an import.

    Attributes:
        columns: that an agent said something of.
        withheld: columns of which something was not sent.
        model: who was asked; None for nobody.
        refused: the code of the last refusal.
    """

    columns: int = 0
    withheld: int = 0
    model: str | None = None
    refused: str | None = None

    def advise(
        self,
        advisor: Advisor,
        suggestion: TableSuggestion,
        samples: Sequence[Sequence[str]],
        table_name: str,
        threshold: float,
    ) -> TableSuggestion:
        """The suggestion with what an agent says of its columns below the threshold."""
        hostile = {n for n, c in enumerate(suggestion.columns) if _orders(c.column, samples[n])}
        asked = _open(suggestion, samples, advisor, threshold)
        if not asked:
            return suggestion
        flagged = hostile & {
            n for n, c in enumerate(suggestion.columns) if _undecided(c, threshold)
        }
        self.withheld += len(flagged)
        self.model = advisor.agent.model
        ordinals = {c.ordinal for c in asked}
        given = OpenColumns(
            table=name_to_send(table_name),
            columns=asked,
            others={
                name_to_send(c.column): c.attribute or ""
                for n, c in enumerate(suggestion.columns)
                if n not in ordinals
            },
        )
        consulted = advisor.ask(MAP_COLUMNS, given, len(flagged))
        columns = list(suggestion.columns)
        for n in flagged:
            columns[n] = replace(columns[n], evidence=[*columns[n].evidence, _WITHHELD])
        if consulted.refusal is not None:
            self.refused = consulted.refusal.code
        else:
            for said in consulted.suggestion.output.columns:
                columns[said.ordinal] = _with(columns[said.ordinal], said, self.model)
                self.columns += 1
        return replace(suggestion, columns=columns)


def _undecided(column: ColumnSuggestion, threshold: float) -> bool:
    return column.target != IGNORE and column.confidence < threshold


def _orders(name: str, values: Sequence[str]) -> bool:
    return orders_a_model(name) or any(orders_a_model(v) for v in values)


def _open(
    suggestion: TableSuggestion,
    samples: Sequence[Sequence[str]],
    advisor: Advisor,
    threshold: float,
) -> list[OpenColumn]:
    """The columns to ask about: those the rules are least sure of, in the table's order."""
    undecided = [
        n
        for n, c in enumerate(suggestion.columns)
        if _undecided(c, threshold) and c.column.strip() and not orders_a_model(c.column)
    ]
    undecided.sort(key=lambda n: suggestion.columns[n].confidence)
    return [
        OpenColumn(
            ordinal=n,
            name=name_to_send(suggestion.columns[n].column),
            values=values_to_send(samples[n], advisor.policy.share, MOST_VALUES),
            likely=suggestion.columns[n].attribute,
            likelihood=suggestion.columns[n].confidence,
        )
        for n in sorted(undecided[:MOST_COLUMNS])
    ]


def _with(column: ColumnSuggestion, said: ColumnAdvice, model: str) -> ColumnSuggestion:
    """The column with what an agent said of it, flagged as such."""
    reason = _KEPT_BACK if orders_a_model(said.reason) else said.reason
    likely = round(min(said.confidence, REVIEW_CAP), 3)
    alternatives = column.alternatives
    if said.attribute == column.attribute:
        words = f"Agent {model} agrees: {reason}"
    elif said.attribute is None:
        words = f"Agent {model} would keep it under its own name: {reason}"
    else:
        words = f"Agent {model} suggests {said.attribute}: {reason}"
        others = [a for a in alternatives if a.attribute != said.attribute]
        alternatives = [Alternative(said.attribute, likely, model), *others]
    return replace(column, evidence=[*column.evidence, words], alternatives=alternatives)
