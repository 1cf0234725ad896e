"""What the database knows about a canary account: its keys, its words, and a digest of it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from landbridge.database.urls import OWNER_ROLE
from landbridge.kit.ids import new_id
from landbridge.proving.canaries import Side, is_uuid
from landbridge.proving.contexts import Contexts
from landbridge.proving.findings import Findings
from landbridge.proving.rows import Filling
from landbridge.proving.schema import ACCOUNTS, Connection, Table, tenant_tables
from landbridge.proving.search import Row

MOST_KEYS: Final = 12
PEOPLE: Final = "app_private.users"
BY_WORKERS: Final = frozenset({"app.audit_checkpoints"})
"""Workers sign the audit log here from time to time; its entries are compared themselves."""
DISTURBED: Final = " disturbed"
_LOGS: Final = """
  select c.oid::regclass::text from pg_class c
   where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
     and not has_table_privilege('app_rw', c.oid, 'update')
     and not has_table_privilege('app_rw', c.oid, 'delete')
     and c.oid <> 'app.client_accounts'::regclass"""
_WORD: Final = re.compile(r"[a-z][a-z_]{1,40}|[A-Z][A-Z0-9_]{2,62}")
_STILL: Final = 1.0
_LOOKS: Final = 20


class Knowledge:
    """Looks at accounts with the operator's administrative access."""

    def __init__(self, connection: Connection) -> None:
        """
        Args:
            connection: outside a transaction, as a role that may become the owner.

        `logs` are tables in which no login may change what is there.
        """
        self.connection = connection
        self.tables = tenant_tables(connection, ("app", "app_private"))
        self.logs = {row[0] for row in connection.execute(_LOGS).fetchall()}
        self._pause = threading.Event()
        self._added: list[tuple[Table, Row]] = []

    def complete(self, side: Side, found: Findings, *, states: bool = True) -> None:
        """Give every table that is still empty a row of this account, as its readers expect it.

        Args:
            side: whose tables.
            found: where a refusal is noted.
            states: also tables with one row for each account: these are states of the account
                itself, and a made-up one, such as being about to be erased, closes it for more.
        """
        filling = Filling(side.account, side.taint, documents=False)
        with self._in(side.account):
            tables = [t for t in self._own_tables() if states or t.key != (t.tenant,)]
            for name, refusal in filling.fill(self.connection, tables, wanted=1):
                found.note(f"{name} took no row: {refusal.diag.message_primary}")

    def learn(self, side: Side) -> None:
        """Read the keys and words of the account's rows."""
        words: set[str] = set()
        with self._in(side.account):
            for table in self.tables:
                rows = self._rows(table, side.account)
                names = [n for n in table.key if n != table.tenant or table.name == ACCOUNTS]
                names += [c.name for c in table.columns if c.name.endswith(("_id", "public_id"))]
                names = [n for n in dict.fromkeys(names) if n != "client_account_id"]
                side.keys[table.name] = [
                    {n: str(row[n]) for n in names if row.get(n) is not None} for row in rows
                ]
                for name, value in (pair for row in rows for pair in row.items()):
                    found = _words(value)
                    words |= found
                    side.spoken.setdefault(name, set()).update(found)
        side.words = tuple(sorted(words, key=str.swapcase))

    def settled(self, side: Side) -> dict[str, str]:
        """The digest, once it no longer changes: logs are written a moment later."""
        before = self.digest(side)
        for _ in range(_LOOKS):
            self._pause.wait(_STILL)
            now = self.digest(side)
            if now == before:
                break
            before = now
        return before

    def digest(self, side: Side) -> dict[str, str]:
        """Table → hash of everything the account has in it. The books that workers keep beside
        it are left out: they change by themselves.
        """
        kept = [
            t
            for t in self.tables
            if (t.name.startswith("app.") or any(k.target == PEOPLE for k in t.foreign_keys))
            and t.name not in BY_WORKERS
        ]
        parts = [
            sql.SQL(
                "select {}::text, md5(coalesce(string_agg(h, '' order by h), '')) from"
                " (select md5(t::text) as h from {} t where {} = %s) x"
            ).format(sql.Literal(t.name), sql.SQL(t.name), sql.Identifier(t.tenant))
            for t in kept
        ]
        with self._in(side.account):
            rows = self.connection.execute(
                sql.SQL(" union all ").join(parts), [side.account] * len(parts)
            )
            return {str(name): str(value) for name, value in rows.fetchall()}

    def mentions(self, side: Side, needles: Sequence[str]) -> list[str]:
        """Tables in which this account's rows hold one of these texts; logs are left out, which
        rightly keep what was asked for.
        """
        pattern = "|".join(map(re.escape, needles))
        named = []
        with self._in(side.account):
            for table in self.tables:
                if table.name in self.logs:
                    continue
                statement = sql.SQL(
                    "select 1 from {} t where {} = %s and t::text ~ %s limit 1"
                ).format(sql.SQL(table.name), sql.Identifier(table.tenant))
                if self.connection.execute(statement, [side.account, pattern]).fetchone():
                    named.append(table.name)
        return named

    def disturb(self, side: Side) -> int:
        """Change texts and add a row in every table of the account; returns how much."""
        return sum(
            self._change(table, side, "{0} || {1}") + self._add(table, side)
            for table in self._own_tables()
        )

    def calm(self, side: Side) -> None:
        """Take back what `disturb` has done."""
        for table, row in reversed(self._added):
            keys = [n for n in table.key if n != table.tenant]
            named = [sql.SQL("{}::text = %s").format(sql.Identifier(n)) for n in keys]
            statement = sql.SQL("delete from {} where {}").format(
                sql.SQL(table.name), sql.SQL(" and ").join(named)
            )
            self._try(side, statement, [row[n] for n in keys])
        self._added.clear()
        for table in self._own_tables():
            self._change(table, side, "regexp_replace({0}, {1} || '$', '')")

    def _own_tables(self) -> list[Table]:
        return [t for t in self.tables if t.name.startswith("app.") and t.name != ACCOUNTS]

    def _change(self, table: Table, side: Side, change: str) -> int:
        bound = {c for unique in table.uniques for c in unique}
        bound |= {c for key in table.foreign_keys for c in key.columns}
        bound |= {c for check in table.checks for c in check.columns}
        texts = [c for c in table.columns if c.type == "text" and not c.filled]
        free = [c for c in texts if c.name not in bound]
        if not free:
            return 0
        mark = sql.Literal(DISTURBED)
        assigned = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(
                sql.Identifier(c.name), sql.SQL(change).format(sql.Identifier(c.name), mark)
            )
            for c in free
        )
        statement = sql.SQL("update {} set {} where {} = %s").format(
            sql.SQL(table.name), assigned, sql.Identifier(table.tenant)
        )
        return self._try(side, statement, [side.account])

    def _add(self, table: Table, side: Side) -> int:
        filling = Filling(side.account, f"{side.taint}-{new_id().hex[-8:]}", documents=False)
        try:
            with self._in(side.account):
                for row in filling.stored(self.connection, table, 1):
                    made = filling.another(table, row)
                    filling.put(self.connection, table, made)
                    self._added.append((table, made))
                    return 1
        except psycopg.Error:
            return 0
        return 0

    def _try(self, side: Side, statement: sql.Composed, values: list[Any]) -> int:
        try:
            with self._in(side.account):
                return max(self.connection.execute(statement, values).rowcount, 0)
        except psycopg.Error:
            return 0

    def _rows(self, table: Table, account: UUID) -> list[dict[str, str | None]]:
        return Filling(account, "").stored(self.connection, table, MOST_KEYS)

    def _in(self, account: UUID) -> Any:
        return Contexts.mint(self.connection, (account,)).keeping(OWNER_ROLE, account)


def _words(value: str | None) -> set[str]:
    """Short words that a text slot may take: the value itself, and the keys of documents."""
    if value is None or is_uuid(value):
        return set()
    if value[:1] == "{":
        try:
            return set(_keys(json.loads(value)))
        except ValueError:
            return set()
    return {value} if _WORD.fullmatch(value) else set()


def _keys(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return []
    deeper = [k for part in document.values() for k in _keys(part)]
    return [k for k in (*document, *deeper) if _WORD.fullmatch(k)]
