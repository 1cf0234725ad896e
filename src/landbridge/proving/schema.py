"""The relations of a database and what holds between them, read from its catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[Any]

ACCOUNTS: Final = "app.client_accounts"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `filled` when the database computes it."""

    name: str
    type: str
    not_null: bool
    filled: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: own columns and those they point to, in the same order."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check constraint: its condition as SQL, and the columns it reads."""

    condition: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows belong to client accounts.

    Attributes:
        name: qualified.
        tenant: the column that names the client account.
        key: the columns of the primary key.
        uniques: the columns of every unique index, the primary key included.
    """

    name: str
    tenant: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    uniques: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    checks: tuple[Check, ...]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(c for c in self.columns if c.name == name)


_TABLES: Final = """
  select c.oid, c.oid::regclass::text,
         case when c.oid = 'app.client_accounts'::regclass then 'id' else 'client_account_id' end
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any(%s)
     and exists (select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
                  and a.attname = case when c.oid = 'app.client_accounts'::regclass
                                       then 'id' else 'client_account_id' end)
   order by 2"""
_COLUMNS: Final = """
  select a.attname, format_type(a.atttypid, null), a.attnotnull,
         a.attgenerated <> '' or a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = %s and a.attnum > 0 and not a.attisdropped order by a.attnum"""
_NAMES: Final = """
  (select coalesce(array_agg(a.attname::text order by k.n), '{{}}')
     from unnest({keys}) with ordinality k (attnum, n)
     join pg_attribute a on a.attrelid = {relation} and a.attnum = k.attnum)"""
_CONSTRAINTS: Final = f"""
  select contype::text, {_NAMES.format(keys="conkey", relation="conrelid")},
         nullif(confrelid, 0)::regclass::text,
         {_NAMES.format(keys="confkey", relation="confrelid")}, pg_get_expr(conbin, conrelid)
    from pg_constraint where conrelid = %s order by conname"""
_UNIQUES: Final = f"""
  select {_NAMES.format(keys="(i.indkey::int2[])[0:i.indnkeyatts - 1]", relation="i.indrelid")}
    from pg_index i where i.indrelid = %s and i.indisunique and i.indexprs is null
     and i.indpred is null"""


# Columns that a trigger checks after each statement, as a foreign key to assets would be checked.
_CHECKED: Final = r"""
  select distinct a.attname::text
    from pg_trigger g join pg_proc p on p.oid = g.tgfoid
    join pg_attribute a on a.attrelid = g.tgrelid
     and a.attname = any(string_to_array(encode(g.tgargs, 'escape'), '\000'))
   where g.tgrelid = %s and p.pronamespace = 'app_private'::regnamespace
     and p.proname = 'know_assets' order by 1"""


def tenant_tables(connection: Connection, schemas: Iterable[str] = ("app",)) -> list[Table]:
    """Every table of these schemas that carries a client account, referenced ones first."""
    rows = connection.execute(_TABLES, [list(schemas)]).fetchall()
    return _in_order([_table(connection, *row) for row in rows])


def _table(connection: Connection, oid: int, name: str, tenant: str) -> Table:
    columns = tuple(Column(*row) for row in connection.execute(_COLUMNS, [oid]))
    found = connection.execute(_CONSTRAINTS, [oid]).fetchall()
    checked = [name for (name,) in connection.execute(_CHECKED, [oid])]
    return Table(
        name,
        tenant,
        columns,
        key=next((tuple(mine) for kind, mine, *_ in found if kind == "p"), ()),
        uniques=tuple(tuple(row[0]) for row in connection.execute(_UNIQUES, [oid])),
        foreign_keys=(
            *(
                ForeignKey(tuple(mine), target, tuple(theirs))
                for kind, mine, target, theirs, _ in found
                if kind == "f"
            ),
            *(ForeignKey((tenant, column), "app.assets", (tenant, "id")) for column in checked),
        ),
        checks=tuple(Check(text, tuple(mine)) for kind, mine, _, _, text in found if kind == "c"),
    )


def _in_order(tables: list[Table]) -> list[Table]:
    """Referenced tables first; those of a cycle by name."""
    ordered: list[Table] = []
    placed: set[str] = set()
    known = {t.name for t in tables}
    waiting = list(tables)
    while waiting:
        ready = [
            t
            for t in waiting
            if all(k.target in placed | {t.name} or k.target not in known for k in t.foreign_keys)
        ]
        for table in ready or waiting[:1]:
            ordered.append(table)
            placed.add(table.name)
            waiting.remove(table)
    return ordered
