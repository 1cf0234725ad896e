"""Finding values that satisfy check constraints: the database itself is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import sql

from landbridge.proving.schema import Check, Connection, Table

Row = dict[str, Any]

MOST_COMBINATIONS: Final = 20_000


def groups(checks: Sequence[Check]) -> list[list[Check]]:
    """Conditions that share columns, together."""
    groups: list[tuple[set[str], list[Check]]] = []
    for check in checks:
        columns, members = set(check.columns), [check]
        apart = []
        for names, others in groups:
            if names & columns:
                columns |= names
                members = [*others, *members]
            else:
                apart.append((names, others))
        groups = [*apart, (columns, members)]
    return [members for _, members in groups]


def search(
    connection: Connection,
    table: Table,
    checks: Sequence[Check],
    domains: Mapping[str, Sequence[str | None]],
) -> Row:
    """The first combination of values that meets every condition; nothing when there is none."""
    others = {c.name: c.type for c in table.columns}
    sources, values, rank = [], [], []
    most = max((len(d) for d in domains.values()), default=0)
    while math.prod(min(len(d), most) for d in domains.values()) > MOST_COMBINATIONS:
        most -= 1
    domains = {name: domain[:most] for name, domain in domains.items()}
    for n, (name, domain) in enumerate(domains.items()):
        tuples = [
            sql.SQL("(%s::text::{}, {})").format(sql.SQL(others[name]), sql.Literal(i))
            for i in range(len(domain))
        ]
        sources.append(
            sql.SQL("(values {}) as {} ({}, {})").format(
                sql.SQL(", ").join(tuples),
                sql.Identifier(f"d{n}"),
                sql.Identifier(name),
                sql.Identifier(f"rank_{n}"),
            )
        )
        rank.append(sql.Identifier(f"rank_{n}"))
        values += list(domain)
    if not sources:
        return {}
    statement = sql.SQL("select {} from {} where {} order by {} limit 1").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(n)) for n in domains),
        sql.SQL(" cross join ").join(sources),
        sql.SQL(" and ").join(
            sql.SQL("({}) is not false").format(sql.SQL(_escaped(c.condition))) for c in checks
        ),
        sql.SQL(" + ").join(rank),
    )
    found = connection.execute(statement, values).fetchone()
    return dict(zip(domains, found, strict=True)) if found else {}


def _escaped(condition: str) -> str:
    return condition.replace("%", "%%")
