"""The proof over the database: every relation and verb, as each account and as nobody.

Everything happens in one transaction that is always rolled back, on two accounts that exist
only in it. Nothing of it is ever visible to others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.pq import TransactionStatus

from landbridge.database.urls import OWNER_ROLE
from landbridge.kit.ids import new_id
from landbridge.proving.contexts import LOGINS, Actor, Contexts
from landbridge.proving.findings import Findings
from landbridge.proving.forgeries import forge
from landbridge.proving.routines import prove_readable
from landbridge.proving.rows import ROWS_PER_TABLE, Filling
from landbridge.proving.schema import ACCOUNTS, Connection, Table, tenant_tables
from landbridge.proving.verbs import VERBS, Attempt, Leak

READING: Final = ("select", "copy", "count")
_NEW_ACCOUNT: Final = "insert into app.client_accounts (id, name) values (%s, %s)"


@dataclass(frozen=True, slots=True)
class Scene:
    """Two accounts with rows in every table, inside the proof's transaction."""

    connection: Connection
    contexts: Contexts
    tables: list[Table]
    pair: tuple[Filling, Filling]

    def actors(self) -> Iterator[tuple[Actor, Filling | None, Filling]]:
        """Who tries, with its own rows, and whose rows it is after."""
        first, second = self.pair
        for role in (*LOGINS, OWNER_ROLE):
            if self.contexts.may_act_as(role):
                yield Actor(role, first.account, "account A"), first, second
                yield Actor(role, second.account, "account B"), second, first
                yield Actor(role, None, "nobody"), None, second


def prove_relations(
    connection: Connection, found: Findings, *, wanted: Callable[[Table], bool] = lambda _: True
) -> None:
    """Try every verb on every relation.

    Args:
        connection: as a role that may become the owner.
        found: where violations and counts go.
        wanted: which tables are tried; all of them when left out.
    """
    if connection.info.transaction_status == TransactionStatus.IDLE:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ  # what others do is not seen
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("set local lock_timeout = '5s'")
            tables = [t for t in tenant_tables(connection) if wanted(t)]
            attack(set_scene(connection, tables, found), found)
    except psycopg.Error as error:
        told = f"the proof broke off: {error.sqlstate} {error.diag.message_primary}"
        found.add("VACUOUS", "every relation", OWNER_ROLE, told)
    finally:
        if connection.info.transaction_status == TransactionStatus.IDLE:
            connection.isolation_level = None


def set_scene(connection: Connection, tables: list[Table], found: Findings) -> Scene:
    """Two accounts with rows in every table."""
    for table in tables:
        if (kind := table.column(table.tenant).type) != "uuid":
            found.add("VACUOUS", table.name, OWNER_ROLE, f"its account is of the type {kind}")
    tables = [t for t in tables if t.column(t.tenant).type == "uuid"]
    accounts = (new_id(), new_id())
    contexts = Contexts.mint(connection, accounts)
    first, second = (Filling(a, f"canary-{a.hex}") for a in accounts)
    for filling in (first, second):
        with contexts.keeping(OWNER_ROLE, filling.account):
            connection.execute(_NEW_ACCOUNT, [filling.account, filling.taint])
            refused = dict(filling.fill(connection, [t for t in tables if t.name != ACCOUNTS]))
            filling.rows[ACCOUNTS] = filling.stored(connection, _accounts(tables))
        for name, refusal in refused.items():
            _fill_by_force(
                connection, filling, next(t for t in tables if t.name == name), refusal, found
            )
    usable = [t for t in tables if first.rows.get(t.name) and second.rows.get(t.name)]
    return Scene(connection, contexts, usable, (first, second))


def attack(scene: Scene, found: Findings) -> None:
    """Every verb on every table as every actor, then all that is readable beside tables."""
    found.counts["relations"] = len(scene.tables)
    found.counts["verbs"] = len(VERBS) + 1
    for actor, own, victim in scene.actors():
        for table in scene.tables:
            _attempts(scene, table, actor, own, victim, found)
    for actor, own, victim in scene.actors():
        if own is not None:
            _cascade(scene, actor, victim, found)
    forge(scene.contexts, scene.pair[0].account, scene.tables[-1].name, found)
    prove_readable(scene.connection, scene.contexts, scene.tables, scene.pair, found)


def _attempts(
    scene: Scene, table: Table, actor: Actor, own: Filling | None, victim: Filling, found: Findings
) -> None:
    attempt = Attempt(scene.connection, table, scene.tables, own, victim)
    for verb, run in VERBS.items():
        if actor.role == OWNER_ROLE and verb == "truncate":
            continue  # the owner of a table may always empty it; it is no login
        found.counts["statements"] += 1
        where = f"{verb} {table.name}"
        try:
            with scene.contexts.acting(actor.role, actor.account):
                run(attempt)
        except Leak as leak:
            found.add("ROW_OF_ANOTHER_ACCOUNT", where, str(actor), str(leak))
        except psycopg.Error as refusal:
            if verb in READING and own is not None and _granted(scene, table, actor):
                found.add("VACUOUS", where, str(actor), f"own rows are refused: {refusal.sqlstate}")
        else:
            if own is None and verb in (*READING, "lock"):
                found.add("OPEN_WITHOUT_CONTEXT", where, str(actor), "the statement was answered")


def _cascade(scene: Scene, actor: Actor, victim: Filling, found: Findings) -> None:
    """Delete all own rows of each table; nothing of the other account may go with them."""
    before = digest(scene, victim.account)
    for table in scene.tables:
        found.counts["statements"] += 1
        with scene.connection.transaction(force_rollback=True):
            try:
                with scene.contexts.keeping(actor.role, actor.account):
                    scene.connection.execute(sql.SQL("delete from {}").format(sql.SQL(table.name)))
            except psycopg.Error:
                continue
            after = digest(scene, victim.account)
        changed = sorted(name for name in before if before[name] != after[name])
        if changed:
            found.add(
                "CASCADE_INTO_ANOTHER_ACCOUNT",
                f"delete {table.name}",
                str(actor),
                f"deleting own rows changed rows of the other account in {', '.join(changed)}",
            )


def digest(scene: Scene, account: UUID) -> dict[str, str]:
    """Table → hash of everything the account has in it."""
    parts = [
        sql.SQL("select {}::text, md5(coalesce(string_agg(t::text, '|' order by t::text), ''))"
                " from {} t where {} = %s").format(
            sql.Literal(t.name), sql.SQL(t.name), sql.Identifier(t.tenant))
        for t in scene.tables
    ]  # fmt: skip
    with scene.contexts.acting("", account):
        rows = scene.connection.execute(sql.SQL(" union all ").join(parts), [account] * len(parts))
        return {str(name): str(value) for name, value in rows.fetchall()}


def _granted(scene: Scene, table: Table, actor: Actor) -> bool:
    row = scene.connection.execute(
        "select has_table_privilege(%s, %s, 'select')", [actor.role, table.name]
    ).fetchone()
    return bool(row and row[0])


def _accounts(tables: list[Table]) -> Table:
    return next(t for t in tables if t.name == ACCOUNTS)


def _fill_by_force(
    connection: Connection, filling: Filling, table: Table, refusal: psycopg.Error, found: Findings
) -> None:
    """A table that takes no rows by itself: a superuser may write past its triggers."""
    have = filling.rows[table.name]
    try:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            while len(have) < ROWS_PER_TABLE:
                row = filling.row(connection, table, len(have) + 1)
                have.append(filling.insert(connection, table, row))
            connection.execute("set local session_replication_role = origin")
    except psycopg.Error as again:
        if not have:
            told = f"{refusal.diag.message_primary}; {again.diag.message_primary}"
            found.add(
                "VACUOUS", f"insert {table.name}", OWNER_ROLE, f"no row could be made: {told}"
            )
