"""Scores what Discovery found against the truth of the sample estate. Pure: no database here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from landbridge.samples.truth import ColumnTruth, TableTruth, Truth

TableKey = tuple[str, str]
RowKey = tuple[str, str, int]
FAMILIES = {"runs_on": "hosting", "connects_to": "use", "depends_on": "use"}
"""Whether people stated a use or the network showed it, it is one dependency."""


@dataclass(slots=True)
class Score:
    """Right answers, given answers and true answers, with examples of what went wrong."""

    right: int
    given: int
    true: int
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the given answers that are right."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of the true answers that were given."""
        return self.right / self.true if self.true else 1.0

    def __str__(self) -> str:
        head = f"precision {self.precision:.4f}, recall {self.recall:.4f}"
        return "\n  ".join([f"{head} ({self.right} of {self.true})", *self.wrong[:40]])


def score_mapping(truth: Truth, found: Mapping[TableKey, list[str | None]]) -> Score:
    """Columns whose suggested attribute is right; `found` holds one answer per column."""
    score = Score(0, 0, 0)
    for table in truth.tables:
        answers = found.get((table.file, table.table), [])
        score.true += len(table.columns)
        score.given += len(answers)
        for column, answer in zip(table.columns, answers, strict=False):
            if column.accepts(answer):
                score.right += 1
            else:
                score.wrong.append(_wrong_column(table, column, answer))
    return score


def _wrong_column(table: TableTruth, column: ColumnTruth, answer: str | None) -> str:
    return f"{table.table}.{column.name}: {answer} instead of {column.attribute}"


def true_rows(truth: Truth, roles: Iterable[str] = ("assets",)) -> dict[RowKey, str]:
    """The true thing of every row that describes one, in tables of some roles."""
    wanted = set(roles)
    return {
        (table.file, table.table, number): key
        for table in truth.tables
        if table.role in wanted
        for number, key in enumerate(table.entities, start=table.header_row + 1)
        if key is not None
    }


def score_identity(rows: Mapping[RowKey, str], found: Mapping[RowKey, str]) -> Score:
    """Pairs of rows of the same thing. A row that belongs to no asset joins with nothing."""
    true_pairs = _pairs(Counter(rows.values()))
    given = {row: asset for row, asset in found.items() if row in rows}
    given_pairs = _pairs(Counter(given.values()))
    both = Counter((asset, rows[row]) for row, asset in given.items())
    score = Score(_pairs(both), given_pairs, true_pairs)
    things = defaultdict(set)
    assets = defaultdict(set)
    for row, key in rows.items():
        things[found.get(row, f"no asset: {row}")].add(key)
        assets[key].add(found.get(row, f"no asset: {row}"))
    score.wrong = [f"merged: {sorted(keys)}" for keys in things.values() if len(keys) > 1]
    score.wrong += [f"split: {key} into {len(ids)}" for key, ids in assets.items() if len(ids) > 1]
    return score


def _pairs(counts: Counter[object] | Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def things_of_assets(
    truth: Truth, rows: Mapping[RowKey, str], found: Mapping[RowKey, str], names: Mapping[str, str]
) -> dict[str, str]:
    """Which true thing each asset stands for: most of its rows decide, and where it has no row
    of an inventory, its name.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for row, asset in found.items():
        if row in rows:
            votes[asset][rows[row]] += 1
    by_name = {thing.name.lower(): key for key, thing in truth.things.items()}
    result = {asset: counts.most_common(1)[0][0] for asset, counts in votes.items()}
    for asset, name in names.items():
        key = by_name.get(name.lower().split(".", 1)[0]) or by_name.get(name.lower())
        if asset not in result and key:
            result[asset] = key
    return result


def score_edges(
    truth: Truth, found: Iterable[tuple[str, str, str]], things: Mapping[str, str]
) -> Score:
    """Dependencies between true things; `found` holds source asset, target asset, kind. Kinds
    outside the truth, such as membership of a cluster, are not judged.
    """
    true = {(edge.source, edge.target, FAMILIES[edge.kind]) for edge in truth.edges}
    given = {
        (
            things.get(source, f"unknown asset {source}"),
            things.get(target, f"unknown asset {target}"),
            FAMILIES[kind],
        )
        for source, target, kind in found
        if kind in FAMILIES
    }
    score = Score(len(true & given), len(given), len(true))
    score.wrong = [f"missing: {_edge(truth, edge)}" for edge in sorted(true - given)]
    score.wrong += [f"not true: {_edge(truth, edge)}" for edge in sorted(given - true)]
    return score


def _edge(truth: Truth, edge: tuple[str, str, str]) -> str:
    source, target, family = edge
    named = [truth.things[key].name if key in truth.things else key for key in (source, target)]
    return f"{named[0]} -> {named[1]} ({family})"


def score_releases(
    truth: Truth,
    found: Iterable[tuple[str, str]],
    ended: Callable[[str, str, date], bool | None],
    today: date,
) -> Score:
    """Releases past their end that were reported. `found` holds thing and product; `ended` says
    of product, cycle and day whether its life had ended, None when the data is silent. Where
    the files leave several cycles open, either answer is right unless all agree.
    """
    required: set[tuple[str, str]] = set()
    allowed: set[tuple[str, str]] = set()
    stated = {(release.entity, release.product) for release in truth.releases}
    for release in truth.releases:
        answers = [ended(release.product, cycle, today) for cycle in release.cycles]
        if any(answers):
            allowed.add((release.entity, release.product))
        if any(answers) and not any(answer is False for answer in answers):
            required.add((release.entity, release.product))
    given = {pair for pair in found if pair in stated}
    right = len(given & required)
    score = Score(right, right + len(given - allowed), len(required))
    score.wrong = [f"missing: {pair}" for pair in sorted(required - given)]
    score.wrong += [f"not true: {pair}" for pair in sorted(given - allowed)]
    return score


def missing_issues(truth: Truth, found: Iterable[RowKey]) -> list[str]:
    """Seeded faults on whose row nothing was reported."""
    reported = set(found)
    return [
        f"{issue.table} row {issue.row}: {issue.kind} {issue.value!r}"
        for issue in truth.issues
        if (issue.file, issue.table, issue.row) not in reported
    ]


def missing_conflicts(
    truth: Truth, found: Iterable[tuple[str, str]], things: Mapping[str, str]
) -> list[str]:
    """Seeded conflicts that were not reported; `found` holds asset and attribute. Cleansing takes
    the text of an operating system apart, so its release is a right answer too.
    """
    reported = {(things.get(asset), attribute) for asset, attribute in found}
    reported |= {(thing, "os_name") for thing, attribute in reported if attribute == "os_version"}
    return [
        f"{truth.things[conflict.entity].name} {conflict.attribute}: {conflict.values}"
        for conflict in truth.conflicts
        if (conflict.entity, conflict.attribute) not in reported
    ]
