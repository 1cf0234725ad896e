"""Rows that a table accepts, whatever its constraints: the database itself finds the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from landbridge.kit import jsonio
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id
from landbridge.proving.schema import ACCOUNTS, Check, Column, Connection, Table
from landbridge.proving.search import Row, groups, search

ROWS_PER_TABLE: Final = 2
_TEXT: Final = re.compile(r"'((?:[^']|'')*)'::")
_CAPITALS: Final = re.compile(r"[^A-Z0-9_]")
_NUMBER: Final = re.compile(r"(?<![\w'.])-?\d+(?![\w'.])")
_PLAIN: Final = {
    "boolean": "false",
    "date": "2026-01-01",
    "interval": "1 day",
    "inet": "192.0.2.1",
}
AMPLE: Final = 1_000_000
"""A made-up limit of so much does not keep an account from working."""
_NUMERIC: Final = frozenset(
    {"smallint", "integer", "bigint", "numeric", "real", "double precision"}
)


@dataclass(slots=True)
class Filling:
    """Puts rows of one client account into every table.

    Attributes:
        account: the client account.
        taint: text that appears nowhere but in this account's rows.
        documents: whether JSON columns carry the taint too; without it they keep their
            defaults, which every reader understands.
        rows: table → rows the account has there now.
    """

    account: UUID
    taint: str
    documents: bool = True
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def fill(
        self, connection: Connection, tables: Sequence[Table], wanted: int = ROWS_PER_TABLE
    ) -> Iterator[tuple[str, psycopg.Error]]:
        """Make sure that every table has rows of the account; yields what a table refused.

        Must run in the account's context, as a role that may insert.
        """
        for table in tables:
            have = self.rows.setdefault(table.name, [])
            try:
                with connection.transaction():
                    have[:] = self.stored(connection, table)
                while len(have) < wanted:
                    with connection.transaction():
                        row = self.row(connection, table, len(have) + 1)
                        have.append(self.insert(connection, table, row))
            except psycopg.Error as refusal:
                yield table.name, refusal

    def stored(
        self, connection: Connection, table: Table, limit: int = ROWS_PER_TABLE
    ) -> list[Row]:
        """Some of the account's rows in a table."""
        statement = sql.SQL("select {} from {} where {} = %s limit %s").format(
            sql.SQL(", ").join(
                sql.SQL("{}::text").format(sql.Identifier(c.name)) for c in table.columns
            ),
            sql.SQL(table.name),
            sql.Identifier(table.tenant),
        )
        names = [c.name for c in table.columns]
        found = connection.execute(statement, [self.account, limit]).fetchall()
        return [dict(zip(names, row, strict=True)) for row in found]

    @classmethod
    def insert(cls, connection: Connection, table: Table, row: Mapping[str, Any]) -> Row:
        """Insert a row; returns it as text, as it was stored."""
        returned = [sql.SQL("{}::text").format(sql.Identifier(c.name)) for c in table.columns]
        back = sql.SQL(" returning {}").format(sql.SQL(", ").join(returned))
        stored = cls._insert(connection, table, row, back).fetchone()
        return dict(zip((c.name for c in table.columns), stored or (), strict=True))

    @classmethod
    def put(cls, connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row without asking for it: what may not be read may still be written."""
        cls._insert(connection, table, row, sql.SQL(""))

    @staticmethod
    def _insert(
        connection: Connection, table: Table, row: Mapping[str, Any], back: sql.Composable
    ) -> psycopg.Cursor[Any]:
        types = {c.name: c.type for c in table.columns}
        marks = [sql.SQL("%s::text::{}").format(sql.SQL(types[name])) for name in row]
        statement = sql.SQL("insert into {} ({}) values ({}){}").format(
            sql.SQL(table.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(marks),
            back,
        )
        return connection.execute(statement, list(row.values()))

    def row(self, connection: Connection, table: Table, number: int) -> Row:
        """A row that satisfies every constraint of the table, if the search finds one."""
        fixed: Row = {table.tenant: str(self.account)}
        met: dict[str, int] = {}
        for key in table.foreign_keys:
            targets = self.rows.get(key.target, [])
            if not targets or key.target == ACCOUNTS:
                continue
            turn = met.get(key.target, 0)
            met[key.target] = turn + 1
            target = targets[(number - 1 + turn) % len(targets)]
            for mine, theirs in zip(key.columns, key.target_columns, strict=True):
                fixed.setdefault(mine, target[theirs])
        free = [c for c in table.columns if c.name not in fixed and not c.filled]
        row = fixed | {c.name: self.value(c, number) for c in free}
        for checks in groups(table.checks):
            names = {name for check in checks for name in check.columns}
            domains = {
                c.name: self._domain(c, row[c.name], checks, fixed)
                for c in table.columns
                if c.name in names and c.name in row
            }
            row |= search(connection, table, checks, domains)
        return row

    def another(self, table: Table, row: Mapping[str, Any]) -> Row:
        """The row again under a new key; what it points to stays."""
        referring = {c for k in table.foreign_keys for c in k.columns}
        changed = {c for unique in table.uniques for c in unique} - referring - {table.tenant}
        made = {c.name: row[c.name] for c in table.columns if not c.filled}
        for name in changed & made.keys():
            value = self.value(table.column(name), 7)
            made[name] = made[name] if value is None else value
        made[table.tenant] = str(self.account)
        return made

    def value(self, column: Column, number: int) -> str | None:
        """The text of a value of this column's type that names its account where it can."""
        mark = f"{self.taint}-{number}"
        kind = column.type
        if kind.endswith("[]"):
            return "{}"
        if kind == "uuid":
            return str(new_id())
        if kind in ("text", "character varying"):
            return mark
        if kind in ("jsonb", "json"):
            return jsonio.dumps({"note": mark}) if self.documents else self._document(column)
        if kind == "bytea":
            return "\\x" + (self.account.hex + f"{number:032x}")
        if kind in _NUMERIC:
            return str(number if self.documents or kind != "bigint" else AMPLE + number)
        if kind.startswith("timestamp"):
            return _moment()
        return _PLAIN.get(kind)

    @staticmethod
    def _document(column: Column) -> str | None:
        """An empty document of the column's own kind."""
        if column.default and (found := _TEXT.match(column.default)):
            return found[1]
        return "{}" if column.not_null else None

    def _domain(
        self, column: Column, first: str | None, checks: Sequence[Check], fixed: Mapping[str, Any]
    ) -> list[str | None]:
        """Values to try, the likeliest first: the given one, those its conditions name, none.
        A reference stays, unless it may be missing.
        """
        if column.name in fixed:
            return [first] if column.not_null else [first, None]
        texts = [c.condition for c in checks if column.name in c.columns]
        named = [m.replace("''", "'") for text in texts for m in _TEXT.findall(text)]
        numbers = [m for text in texts for m in _NUMBER.findall(text)]
        extra: list[str] = []
        if column.type == "boolean":
            named, extra = [], ["false", "true"]
        elif column.type in _NUMERIC:
            named, extra = [], [*numbers, "0", "1"]
        elif column.type.endswith("[]"):
            element = self.taint if column.type.startswith("text") else "1"
            named, extra = [], [f'{{"{word}"}}' for word in (*named, element)]
        elif column.type.startswith("timestamp"):
            named, extra = [], [_moment(hours=1)]
        elif column.type == "bytea":
            named = []
            extra = ["\\x" + self.account.hex * (int(n) // 16) for n in numbers if int(n) % 16 == 0]
        elif column.type in ("text", "character varying"):
            lengths = [self.account.hex * 4][:1]
            extra = [value[: int(n)] for n in numbers for value in lengths if 0 < int(n) <= 128]
            extra.append(_CAPITALS.sub("_", f"C_{first}".upper())[:60])
        elif column.type not in ("jsonb", "json"):
            named = []
        values: list[str | None] = [first, *named, *extra]
        if not column.not_null:
            values.append(None)
        return list(dict.fromkeys(values))[:24]


def _moment(hours: int = 0) -> str:
    """Tomorrow: nothing that workers do when its time has come may touch a made row."""
    return (now() + timedelta(days=1, hours=hours)).replace(microsecond=0).isoformat()
