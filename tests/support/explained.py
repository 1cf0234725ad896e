"""The plans that PostgreSQL makes for the statements of an action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, event

from landbridge.database.session import Access, SessionDoor, TenantSession

Node = dict[str, Any]


def plans(
    door: SessionDoor, access: Access, action: Callable[[TenantSession], Any]
) -> list[tuple[str, Node]]:
    """Run `action` and explain what it read and wrote: (statement, root of its plan)."""
    seen: list[tuple[str, Any]] = []

    def note(
        _c: Connection, _cursor: Any, statement: str, parameters: Any, _x: Any, _m: bool
    ) -> None:
        seen.append((statement, parameters))

    with door.open(access) as session:
        session.connection()
        event.listen(door.engine, "before_cursor_execute", note)
        try:
            action(session)
        finally:
            event.remove(door.engine, "before_cursor_execute", note)
        return [
            (statement, _explained(session.connection(), statement, parameters))
            for statement, parameters in seen
            if " app." in statement
        ]


def nodes(root: Node) -> Iterator[Node]:
    """Every node of a plan."""
    yield root
    for child in root.get("Plans", ()):
        yield from nodes(child)


def faults(root: Node) -> Iterator[str]:
    """Where a plan reads more of a tenant's table than an index gives for one tenant."""
    for node in nodes(root):
        kind, table = node["Node Type"], node.get("Relation Name", "")
        if kind.endswith("Seq Scan") and node.get("Schema") == "app":
            yield f"{kind} on {table}"
        if kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}:
            condition = node.get("Index Cond", "")
            if "client_account_id" not in condition and table != "client_accounts":
                yield f"{kind} using {node['Index Name']} without the tenant: {condition}"


def _explained(connection: Connection, statement: str, parameters: Any) -> Node:
    row = connection.exec_driver_sql(f"explain (verbose, format json) {statement}", parameters)
    root: Node = row.scalar_one()[0]["Plan"]
    return root
