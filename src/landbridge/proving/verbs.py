"""What one login can try with one table of another client account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from landbridge.proving.rows import Filling
from landbridge.proving.schema import ACCOUNTS, Connection, Table
from landbridge.proving.search import Row


@dataclass(frozen=True, slots=True)
class Attempt:
    """The scene of one attempt: inside the attacker's context, on one table.

    Attributes:
        own: rows of the attacker; empty without a context.
        victim: rows of the other account.
        tables: every table, referenced ones first.
    """

    connection: Connection
    table: Table
    tables: Sequence[Table]
    attacker: Filling | None
    victim: Filling

    @property
    def name(self) -> sql.SQL:
        """The table in a statement."""
        return sql.SQL(self.table.name)

    @property
    def tenant(self) -> sql.Identifier:
        """The tenant column in a statement."""
        return sql.Identifier(self.table.tenant)

    @property
    def theirs(self) -> list[Row]:
        """Rows of the victim in this table."""
        return self.victim.rows[self.table.name]

    def run(self, statement: str, *values: Any, **parts: sql.Composable) -> psycopg.Cursor[Any]:
        """Run a statement over the table; `{t}` and `{tenant}` stand for its names."""
        text = sql.SQL(statement).format(t=self.name, tenant=self.tenant, **parts)
        return self.connection.execute(text, values)


class Leak(Exception):
    """An attempt reached what it must not reach; the text is the evidence."""


def read(a: Attempt) -> None:
    """Select whole rows."""
    _only_own(
        a, [(str(row[0]), str(row[1])) for row in a.run("select {tenant}, t::text from {t} t")]
    )


def copy(a: Attempt) -> None:
    """Copy the rows out."""
    text = sql.SQL("copy (select {}, t::text from {} t) to stdout").format(a.tenant, a.name)
    with a.connection.cursor().copy(text) as out:
        _only_own(a, [(str(row[0]), str(row[1])) for row in out.rows()])


def count(a: Attempt) -> None:
    """Count without looking."""
    row = a.run(
        "select count(*), count(*) filter (where {tenant} = %s) from {t}", _id(a)
    ).fetchone()
    if row and row[0] != row[1]:
        raise Leak(f"an aggregate counts {row[0]} rows, of which {row[1]} are the own")


def lock(a: Attempt) -> None:
    """Lock rows against others."""
    _only_own(a, [(str(row[0]), "") for row in a.run("select {tenant} from {t} for update")])


def insert(a: Attempt) -> None:
    """Add a row to the other account."""
    fresh = Filling(a.victim.account, f"{a.victim.taint}-added", rows=a.victim.rows)
    row = fresh.another(a.table, a.theirs[-1])
    Filling.put(a.connection, a.table, row)
    raise Leak("a row was added to the other account")


def move(a: Attempt) -> None:
    """Give an own row to the other account."""
    if a.table.name == ACCOUNTS:
        return
    moved = a.run("update {t} set {tenant} = %s", a.victim.account).rowcount
    if moved:
        raise Leak(f"{moved} rows were moved to the other account")


def update(a: Attempt) -> None:
    """Change rows of the other account, by name and all at once."""
    changed = a.run("update {t} set {tenant} = {tenant} where {tenant} = %s", a.victim.account)
    if changed.rowcount:
        raise Leak(f"{changed.rowcount} rows of the other account were changed")
    own = a.run("update {t} set {tenant} = {tenant}").rowcount
    if own > _own_count(a):
        raise Leak(f"an update without a filter changed {own} rows")


def delete(a: Attempt) -> None:
    """Delete rows of the other account."""
    gone = a.run("delete from {t} where {tenant} = %s", a.victim.account).rowcount
    if gone:
        raise Leak(f"{gone} rows of the other account were deleted")


def truncate(a: Attempt) -> None:
    """Empty the table for everybody."""
    a.run("truncate {t} cascade")
    raise Leak("the table was emptied for every account")


def probe(a: Attempt) -> None:
    """Learn from a uniqueness error that the other account has a value."""
    if a.attacker is None or a.table.name == ACCOUNTS:
        return
    own = Filling(a.attacker.account, f"{a.attacker.taint}-probe", rows=a.attacker.rows)
    referring = {c for k in a.table.foreign_keys for c in k.columns}
    for unique in a.table.uniques:
        row = own.another(a.table, a.attacker.rows[a.table.name][-1])
        taken = [c for c in unique if c not in referring and c != a.table.tenant]
        if not taken:
            continue
        row |= {c: a.theirs[0][c] for c in taken if not a.table.column(c).filled}
        try:
            with a.connection.transaction(force_rollback=True):
                Filling.put(a.connection, a.table, row)
        except psycopg.errors.UniqueViolation as clash:
            if not set(unique) <= {*referring, a.table.tenant} and a.table.tenant not in unique:
                told = clash.diag.constraint_name
                raise Leak(f"unique {told} tells that the other account has a value") from None
        except psycopg.Error:
            continue


def reference(a: Attempt) -> None:
    """Point an own row at a row of the other account."""
    if a.attacker is None or a.table.name == ACCOUNTS:
        return
    own = Filling(a.attacker.account, f"{a.attacker.taint}-pointer", rows=a.attacker.rows)
    for key in a.table.foreign_keys:
        targets = a.victim.rows.get(key.target)
        pointing = [c for c in key.columns if c != a.table.tenant]
        if key.target == ACCOUNTS or not targets or not pointing:
            continue
        row = own.another(a.table, a.attacker.rows[a.table.name][-1])
        row |= dict(zip(key.columns, (targets[0][c] for c in key.target_columns), strict=True))
        row[a.table.tenant] = str(a.attacker.account)
        try:
            with a.connection.transaction(force_rollback=True):
                Filling.put(a.connection, a.table, row)
        except psycopg.Error:
            continue
        raise Leak(f"a row of the own account points into {key.target} of the other one")


Verb = Callable[[Attempt], None]
VERBS: Final[dict[str, Verb]] = {
    "select": read,
    "copy": copy,
    "count": count,
    "lock": lock,
    "insert": insert,
    "move": move,
    "update": update,
    "delete": delete,
    "truncate": truncate,
    "probe": probe,
    "reference": reference,
}


def _id(a: Attempt) -> UUID | None:
    return a.attacker.account if a.attacker else None


def _own_count(a: Attempt) -> int:
    row = a.run("select count(*) from {t} where {tenant} = %s", _id(a)).fetchone()
    return int(row[0]) if row else 0


def _only_own(a: Attempt, rows: list[tuple[str, str]]) -> None:
    foreign = [tenant for tenant, _ in rows if tenant != str(_id(a))]
    if foreign:
        raise Leak(f"{len(foreign)} rows of other accounts are visible")
    if any(a.victim.taint in text for _, text in rows):
        raise Leak("an own row carries the other account's text")
    if a.attacker and a.attacker.rows[a.table.name] and not rows:
        raise Leak("the own rows are not visible, so nothing is proved here")
