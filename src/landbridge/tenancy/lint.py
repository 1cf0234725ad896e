"""Check a database for every isolation rule: one row per violation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from landbridge.database.engine import Databases
from landbridge.database.errors import catalogued_errors
from landbridge.tenancy.allowlist import ALLOWED, Allowed
from landbridge.tenancy.rules import RULES, Rule

STALE = "ALLOWANCE_WITHOUT_OBJECT"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One place where a rule does not hold."""

    code: str
    object: str
    detail: str
    promise: str
    remedy: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def lint(
    connection: Connection,
    *,
    rules: tuple[Rule, ...] = RULES,
    allowed: tuple[Allowed, ...] = ALLOWED,
) -> list[Violation]:
    """Every violation, sorted; empty when the database keeps all promises.

    Reads the catalog only. Names come out fully qualified, whatever the search path is.
    """
    connection = connection.execution_options(no_parameters=True)
    connection.exec_driver_sql("set local search_path = pg_catalog")
    exempt = {(entry.code, entry.object) for entry in allowed}
    found: set[Violation] = set()
    seen: set[tuple[str, str]] = set()
    for rule in rules:
        for name, detail in connection.exec_driver_sql(rule.sql):
            if (rule.code, name) in exempt:
                seen.add((rule.code, name))
            else:
                found.add(Violation(rule.code, name, str(detail), rule.promise, rule.remedy))
    found.update(_stale(code, name) for code, name in exempt - seen)
    return sorted(found)


def lint_database(databases: Databases) -> list[Violation]:
    """Every violation, seen with the owner's rights where this process has them."""
    engine = databases.owner or databases.app.engine
    with catalogued_errors(), engine.begin() as connection:
        return lint(connection)


def _stale(code: str, name: str) -> Violation:
    return Violation(
        STALE,
        name,
        f"{code} finds nothing here",
        "Every entry of the allow-list matches something.",
        "Remove the entry from the allow-list.",
    )
