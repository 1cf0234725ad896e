"""Suggest an attribute for each column of a table: what was decided before, what the source is
known to mean, then names, values and neighbours together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from landbridge.discovery.imports.guard import ANNOTATIONS
from landbridge.discovery.mapping import fingerprints
from landbridge.discovery.mapping.clientserver import with_ends
from landbridge.discovery.mapping.context import reading_in_context
from landbridge.discovery.mapping.decide import REVIEW_CAP, Choice, choose
from landbridge.discovery.mapping.fingerprints import KnownTable
from landbridge.discovery.mapping.lexicon import languages_of
from landbridge.discovery.mapping.names import name_concepts, part_concepts
from landbridge.discovery.mapping.normalise import ColumnName, column_key, common_prefix, parse
from landbridge.discovery.mapping.roles import role_of
from landbridge.discovery.mapping.tablefacts import (
    TableFacts,
    in_a_plain_table,
    table_facts,
    without_sides,
)
from landbridge.discovery.mapping.values import EMPTY, Profile, profile
from landbridge.discovery.mapping.votes import REFUSES, vote
from landbridge.discovery.vocabulary import TableRole

ATTRIBUTE, CUSTOM, IGNORE = "attribute", "custom", "ignore"
_KNOWN_SOURCE = 0.98
_KNOWN_LATER_RANK = 0.02
_KNOWN_BUT_VALUES_DIFFER = 0.6
_LEARNED = 0.99
_SEVERAL = frozenset({"ip_address", "mac_address", "application_name", "depends_on"})
_ALSO = "“{}” seems to hold the same: please check."


@dataclass(frozen=True, slots=True)
class Learned:
    """What people of this account decided for a column of this name."""

    target: str
    attribute: str | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another attribute that the column might hold; `by` names the agent that says so."""

    attribute: str
    confidence: float
    by: str = ""


@dataclass(frozen=True, slots=True)
class ColumnSuggestion:
    """What one column should become.

    Attributes:
        column: its name as in the file.
        target: `attribute`, `custom` or `ignore`.
        attribute: the canonical attribute, for target `attribute`.
        confidence: the probability that this is right, 0–1.
        evidence: the reasons, in words.
        alternatives: up to three further attributes, the likeliest first.
    """

    column: str
    target: str
    attribute: str | None
    confidence: float
    evidence: list[str]
    alternatives: list[Alternative]


@dataclass(frozen=True, slots=True)
class TableSuggestion:
    """What a table is and what its columns should become."""

    source: str | None
    role: TableRole
    columns: list[ColumnSuggestion]


def suggest_table(
    columns: Sequence[str],
    samples: Sequence[Sequence[str]],
    table_name: str = "",
    learned: Mapping[str, Learned] | None = None,
    *,
    without: Collection[str] = (),
) -> TableSuggestion:
    """Suggest a mapping for a table.

    Args:
        columns: the header row, as read.
        samples: for each column, some of its values; an empty list means names only.
        table_name: sheet or file name.
        learned: decisions of this account, by column key (`normalise.column_key`).
        without: vendors whose fingerprints are left out.
    """
    names, facts, parts = _read(columns, table_name)
    profiles = [profile(s) if s else EMPTY for s in _padded(samples, len(columns))]
    known = fingerprints.find(columns, table_name, without=without)
    found = [
        _suggest(i, column, names[i], parts[i], profiles[i], facts, known, learned or {})
        for i, column in enumerate(columns)
    ]
    if known is None:
        found = _one_of_each(found)
    role = known.role if known else role_of(facts, found_attributes(found))
    return TableSuggestion(known.name if known else None, role, found)


def _one_of_each(found: list[ColumnSuggestion]) -> list[ColumnSuggestion]:
    """Of columns that share an attribute of one value, all but the surest go to a person."""
    best: dict[str, ColumnSuggestion] = {}
    for c in found:
        if c.attribute and (c.attribute not in best or c.confidence > best[c.attribute].confidence):
            best[c.attribute] = c
    return [c if _alone(c, best) else _doubted(c, best) for c in found]


def _alone(column: ColumnSuggestion, best: Mapping[str, ColumnSuggestion]) -> bool:
    if column.attribute is None or column.attribute in _SEVERAL:
        return True
    sure = REVIEW_CAP < column.confidence < _LEARNED
    return not sure or column is best[column.attribute]


def _doubted(column: ColumnSuggestion, best: Mapping[str, ColumnSuggestion]) -> ColumnSuggestion:
    other = best[column.attribute or ""].column
    evidence = [*column.evidence, _ALSO.format(other)]
    return replace(column, confidence=REVIEW_CAP, evidence=evidence)


def role_for(columns: Sequence[str], table_name: str, attributes: Collection[str]) -> TableRole:
    """What the rows of a table of no known source are, once its columns have attributes."""
    return role_of(_read(columns, table_name)[1], attributes)


def _read(
    columns: Sequence[str], table_name: str
) -> tuple[list[ColumnName], TableFacts, list[list[tuple[str, ...]]]]:
    """Names taken apart, what they tell of the table, and the parts of those with a choice."""
    names = _without_prefix([parse(c) for c in columns])
    languages = languages_of(names)
    first_words = frozenset(t for n in names[:3] for t in n.tokens)
    concepts = with_ends(
        names,
        [name_concepts(n, languages) for n in names],
        lambda name: name_concepts(name, languages),
    )
    facts = in_a_plain_table(table_facts(concepts, table_name, first_words))
    parts = [part_concepts(n, languages) for n in names]
    if not facts.relations:
        parts = [[without_sides(p) for p in of_name] for of_name in parts]
    return names, facts, parts


def found_attributes(columns: Sequence[ColumnSuggestion]) -> list[str]:
    """The attributes of the columns mapped to one."""
    return [c.attribute for c in columns if c.attribute is not None]


def _padded(samples: Sequence[Sequence[str]], length: int) -> list[Sequence[str]]:
    return [samples[i] if i < len(samples) else () for i in range(length)]


def _without_prefix(names: list[ColumnName]) -> list[ColumnName]:
    prefix = common_prefix(names)
    if prefix is None:
        return names
    return [
        replace(n, tokens=n.tokens[1:]) if len(n.tokens) > 1 and n.tokens[0] == prefix else n
        for n in names
    ]


def _suggest(
    ordinal: int,
    column: str,
    name: ColumnName,
    parts: list[tuple[str, ...]],
    values: Profile,
    facts: TableFacts,
    known: KnownTable | None,
    learned: Mapping[str, Learned],
) -> ColumnSuggestion:
    before = learned.get(name.key)
    if before is not None:
        return ColumnSuggestion(
            column,
            before.target,
            before.attribute,
            _LEARNED,
            ["Decided before in this client account for a column of this name."],
            [],
        )
    if known is not None:
        fact = known.columns.get(column_key(column))
        if fact is not None:
            return _from_source(column, known, fact, values)
        if known.is_ours:
            evidence = [f"The header is that of {known.title}."]
            return ColumnSuggestion(column, CUSTOM, None, _KNOWN_SOURCE, evidence, [])
    if column in ANNOTATIONS:
        why = "Written beside the rows of a file of failed rows; it describes no asset."
        return ColumnSuggestion(column, IGNORE, None, _LEARNED, [why], [])
    if not name.key and not values.count:
        return ColumnSuggestion(column, IGNORE, None, 0.97, ["No name and no values."], [])
    hint = reading_in_context(ordinal, name, facts, values)
    return _from_choice(column, choose(name, facts.names[ordinal], parts, values, facts, hint))


def _from_source(
    column: str, known: KnownTable, fact: tuple[str, int], values: Profile
) -> ColumnSuggestion:
    label, rank = fact
    reason = f"A column of {known.title}, a known source."
    if label == fingerprints.CUSTOM:
        return ColumnSuggestion(column, CUSTOM, None, _KNOWN_SOURCE, [reason], [])
    verdict = vote(label, values)
    confidence = max(0.91, _KNOWN_SOURCE - _KNOWN_LATER_RANK * rank)
    evidence = [reason]
    if verdict.verdict == REFUSES:
        confidence = _KNOWN_BUT_VALUES_DIFFER
        evidence.append(f"But its values are {verdict.kind}.")
    return ColumnSuggestion(column, ATTRIBUTE, label, confidence, evidence, [])


def _from_choice(column: str, choice: Choice) -> ColumnSuggestion:
    others = [Alternative(a, round(c, 3)) for a, c in choice.alternatives]
    if choice.label == CUSTOM:
        return ColumnSuggestion(
            column, CUSTOM, None, round(choice.confidence, 3), choice.evidence, others
        )
    return ColumnSuggestion(
        column, ATTRIBUTE, choice.label, round(choice.confidence, 3), choice.evidence, others
    )
