"""Nothing of another client account can be read, changed, removed or added: every table and
verb that the catalog lists, with every context that one could try.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest

from landbridge.database import bootstrap, urls
from landbridge.database.engine import Databases
from landbridge.database.errors import DatabasePermissionMissing
from tests.support import accounts, server, taint
from tests.support.accounts import Account
from tests.support.taint import Seeded

Connection = psycopg.Connection[tuple[object, ...]]
LEFT_BY_ERASURE = {"audit_checkpoints", "audit_entries", "audit_links"}


@dataclass(frozen=True, slots=True)
class House:
    """A database with two accounts that have rows in every table."""

    databases: Databases
    mine: Account
    other: Account
    seeded: Seeded

    @property
    def append_only(self) -> set[str]:
        """Tables that our logins may only read: the database itself writes them."""
        with self.as_superuser() as connection:
            rows = connection.execute(
                "select t from unnest(%s::text[]) t "
                "where not has_table_privilege('app_rw', t, 'delete')",
                [list(self.seeded.tables)],
            )
            return {str(row[0]) for row in rows}

    @contextlib.contextmanager
    def as_superuser(self) -> Iterator[Connection]:
        assert self.databases.admin_url is not None
        with bootstrap.connect(self.databases.admin_url) as connection:
            yield connection

    @contextlib.contextmanager
    def raw(self, role: str = urls.APP_ROLE) -> Iterator[Connection]:
        """A transaction of one of our logins, without any context; rolled back at the end."""
        url = self.databases.app_url if role == urls.APP_ROLE else self.databases.worker_url
        with bootstrap.connect(url) as connection, connection.transaction(force_rollback=True):
            yield connection

    @contextlib.contextmanager
    def opened(self) -> Iterator[Connection]:
        """A transaction in the context of `mine`; rolled back at the end."""
        with self.raw() as connection:
            connection.execute(
                "select set_config('app.ctx', app.open(%s, %s), true)",
                [self.mine.access.credential_hash, self.mine.client_account_id],
            )
            yield connection

    def digest(self, account: UUID) -> list[tuple[object, ...]]:
        """Everything stored for an account."""
        with self.as_superuser() as connection:
            return [
                row
                for table in self.seeded.tables
                for row in connection.execute(
                    f"select '{table}', t::text from {table} t where client_account_id = %s",
                    [account],
                )
            ]


@pytest.fixture(scope="module")
def house(worker_id: str) -> Iterator[House]:
    databases = server.create_database(f"landbridge_{worker_id}_isolation")
    try:
        mine, other = accounts.make_account(databases), accounts.make_account(databases)
        assert databases.admin_url is not None
        with bootstrap.connect(databases.admin_url) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute("delete from app.engagements")
            for table in ("entries", "links", "checkpoints"):
                connection.execute(f"delete from app.audit_{table}")
            connection.execute("delete from app_private.audit_heads")
            pair = (mine.client_account_id, other.client_account_id)
            seeded = taint.seed(connection, pair)
        yield House(databases, mine, other, seeded)
    finally:
        server.drop_database(databases)


def each_table(house: House, check: Callable[[str], None]) -> None:
    assert len(house.seeded.tables) > 20
    for table in house.seeded.tables:
        check(table)


def refused(connection: Connection, statement: str, *arguments: object) -> str:
    """The SQLSTATE with which the statement is refused."""
    with pytest.raises(psycopg.Error) as caught, connection.transaction():
        connection.execute(statement, arguments)
    return caught.value.sqlstate or ""


def test_every_table_shows_exactly_the_own_rows(house: House) -> None:
    def check(table: str) -> None:
        with house.opened() as connection:
            rows = connection.execute(f"select client_account_id, t::text from {table} t")
            found = rows.fetchall()
        assert [row[0] for row in found] == [house.mine.client_account_id], table
        assert taint.taint(house.other.client_account_id) not in str(found)

    each_table(house, check)


def test_no_row_can_belong_to_an_account_that_does_not_exist(house: House) -> None:
    """Every table of the schema app leads to its account by foreign keys that carry it, or by
    an asset that is checked as one.
    """
    with house.as_superuser() as connection:
        rows = connection.execute(
            """
            with recursive reached (t) as (
              select 'app.client_accounts'::regclass::oid
              union
              select k.conrelid from pg_constraint k join reached r on r.t = k.confrelid
                join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
               where k.contype = 'f' and a.attname = 'client_account_id' and a.attnotnull
                 and not exists (
                   select from pg_attribute o where o.attrelid = k.conrelid
                      and o.attnum = any(k.conkey) and not o.attnotnull))
            select c.relname from pg_class c
             where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
               and c.oid not in (select t from reached) and not exists (
                 select from pg_trigger g join pg_attribute a on a.attrelid = c.oid
                  where g.tgrelid = c.oid and g.tgfoid = 'app_private.know_assets'::regproc
                    and g.tgargs = convert_to(a.attname, 'utf8') || '\\x00' and a.attnotnull)"""
        ).fetchall()
    assert {name for (name,) in rows} == LEFT_BY_ERASURE


def test_no_update_or_delete_reaches_another_account(house: House) -> None:
    before = house.digest(house.other.client_account_id)

    def check(table: str) -> None:
        with house.opened() as connection:
            theirs = [house.other.client_account_id]
            where = "where client_account_id = %s"
            if table in house.append_only:
                assert refused(connection, f"delete from {table}") == "42501", table
                assert refused(connection, f"update {table} set client_account_id = %s", *theirs)
                return
            assert connection.execute(f"delete from {table} {where}", theirs).rowcount == 0
            update = f"update {table} set client_account_id = client_account_id {where}"
            assert connection.execute(update, theirs).rowcount == 0
            everything = f"update {table} set client_account_id = client_account_id"
            assert connection.execute(everything).rowcount == 1, table

    each_table(house, check)
    assert house.digest(house.other.client_account_id) == before


def test_no_row_can_be_added_or_moved_to_another_account(house: House) -> None:
    def check(table: str) -> None:
        with house.opened() as connection:
            theirs = house.other.client_account_id
            move = f"update {table} set client_account_id = %s"
            assert refused(connection, move, theirs) == "42501", table
            columns = connection.execute(taint.COLUMNS, [table]).fetchall()
            names = [str(name) for name, _, _ in columns]
            values = [
                theirs if name == "client_account_id" else taint.value_of(str(kind), theirs)
                for name, kind, _ in columns
            ]
            marks = ", ".join(["%s"] * len(names))
            add = f"insert into {table} ({', '.join(names)}) values ({marks})"
            assert refused(connection, add, *values) == "42501", table

    each_table(house, check)


@pytest.mark.parametrize("role", [urls.APP_ROLE, urls.WORKER_ROLE])
def test_without_a_context_every_verb_is_refused(house: House, role: str) -> None:
    def check(table: str) -> None:
        with house.raw(role) as connection:
            for statement in (
                f"select count(*) from {table}",
                f"delete from {table}",
                f"update {table} set client_account_id = client_account_id",
                f"insert into {table} default values",
            ):
                assert refused(connection, statement) in {"42704", "42501", "22P02"}, statement

    each_table(house, check)


def test_copying_a_table_out_shows_the_own_rows_or_nothing(house: House) -> None:
    def copied(connection: Connection, table: str) -> list[str]:
        with connection.cursor().copy(
            f"copy (select client_account_id from {table}) to stdout"
        ) as copy:
            return [str(row[0]) for row in copy.rows()]

    def check(table: str) -> None:
        with house.opened() as connection:
            assert copied(connection, table) == [str(house.mine.client_account_id)]
        with house.raw() as connection, pytest.raises(psycopg.Error):
            with connection.transaction():
                copied(connection, table)

    each_table(house, check)


FORGERIES: dict[str, Callable[[list[str]], str]] = {
    "the bare account": lambda p: p[0],
    "nothing": lambda p: "",
    "another account under the same seal": lambda p: "|".join([str(uuid4()), *p[1:]]),
    "a higher role under the same seal": lambda p: "|".join([*p[:2], "admin|", *p[3:]]),
    "a later end under the same seal": lambda p: "|".join([*p[:3], "99999999999", *p[4:]]),
    "another key": lambda p: "|".join([*p[:4], "2", p[5]]),
    "no seal": lambda p: "|".join(p[:5]),
    "an empty seal": lambda p: "|".join([*p[:5], ""]),
    "a seal of the right length": lambda p: "|".join([*p[:5], "0" * 64]),
    "one field more": lambda p: "|".join([*p, "x"]),
    "an account hidden before the sealed text": lambda p: f"{uuid4()}|" + "|".join(p),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_context_is_refused(house: House, forgery: str) -> None:
    with house.opened() as connection:
        row = connection.execute("select current_setting('app.ctx')").fetchone()
        assert row is not None
        forged = FORGERIES[forgery](str(row[0]).split("|"))
        connection.execute("select set_config('app.ctx', %s, true)", [forged])
        assert refused(connection, "select * from app.assets") in {"42501", "22P02", "22003"}


def test_a_context_that_has_ended_is_refused(house: House) -> None:
    mint = """
      select b || '|' || app_private.mac(b, 1) from (select %s::text || '|' || %s || '|admin|'
        || extract(epoch from now() - interval '1 second')::bigint || '|1' as b) x"""
    with house.as_superuser() as connection:
        row = connection.execute(
            mint, [house.mine.client_account_id, house.mine.user_id]
        ).fetchone()
    assert row is not None
    with house.raw() as connection:
        connection.execute("select set_config('app.ctx', %s, true)", [row[0]])
        assert refused(connection, "select * from app.assets") == "42501"


def test_no_credential_opens_an_account_it_is_no_member_of(house: House) -> None:
    mine, theirs = house.mine, house.other
    attempts = [
        (mine.access.credential_hash, theirs.client_account_id),
        (mine.access.credential_hash, uuid4()),
        (b"\0" * 32, mine.client_account_id),
        (b"", mine.client_account_id),
    ]
    with house.raw() as connection:
        answers = set()
        for attempt in attempts:
            with pytest.raises(psycopg.Error) as caught, connection.transaction():
                connection.execute("select app.open(%s, %s)", attempt)
            answers.add((caught.value.sqlstate, caught.value.diag.message_primary))
    assert answers == {("42501", "not found")}


INJECTIONS = [
    "set role app_owner",
    "set role postgres",
    "set session authorization postgres",
    "set session_replication_role = replica",
    "alter table app.assets disable row level security",
    "alter table app.assets no force row level security",
    "create policy mine on app.assets using (true)",
    "drop policy tenant_floor on app.assets",
    "create function app.tenant2() returns int language sql return 1",
    "create table app.copies (id int)",
    "create table public.copies (id int)",
    "create view app.peek as select * from app.assets",
    "truncate app.assets",
    "insert into app.client_accounts (id, name) values (gen_random_uuid(), 'x')",
    "select * from app_private.seal",
    "select * from app_private.credentials",
    "select * from app_private.users",
    "select * from app_private.memberships",
    "select * from app_private.account_names",
    "select app_private.mac('x', 1)",
    "select app_private.mint(gen_random_uuid(), gen_random_uuid(), 'admin')",
    "select app_private.protect('app.assets')",
    "select app.open_job(gen_random_uuid(), gen_random_uuid())",
    "select * from pg_stat_activity",
    "select * from pg_locks",
    "select pg_terminate_backend(1)",
    "select pg_export_snapshot()",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select pg_read_file('postgresql.conf')",
    "copy app.assets to program 'cat'",
    "copy app.assets from stdin",
    "create extension dblink",
    "create publication p for all tables",
    "alter role app_rw set app.ctx = 'x'",
    "alter role app_rw bypassrls",
    "insert into app_private.executor_leases (id, host, pid, lease_until) "
    "values ('x', 'x', 1, now())",
]


@pytest.mark.parametrize("statement", INJECTIONS)
def test_injected_sql_gains_nothing(house: House, statement: str) -> None:
    with house.opened() as connection:
        assert refused(connection, statement)


@pytest.mark.parametrize(
    "trick",
    [
        "set local row_security = off",
        "set local search_path = pg_temp, app, pg_catalog",
        "create temp table assets as select * from app.assets",
        "create function pg_temp.tenant() returns uuid language sql return gen_random_uuid()",
        "set local plan_cache_mode = force_generic_plan",
        "prepare p as select client_account_id from app.assets",
    ],
)
def test_tricks_that_are_allowed_still_show_only_the_own_rows(house: House, trick: str) -> None:
    with house.opened() as connection:
        connection.execute(trick)
        try:
            with connection.transaction():
                found = connection.execute("select client_account_id from app.assets").fetchall()
        except psycopg.errors.InsufficientPrivilege:
            return
        assert {row[0] for row in found} == {house.mine.client_account_id}


def test_a_prepared_plan_follows_the_context_it_is_run_in(house: House) -> None:
    with bootstrap.connect(house.databases.app_url) as connection:
        for account in (house.mine, house.other) * 6:
            with connection.transaction():
                connection.execute(
                    "select set_config('app.ctx', app.open(%s, %s), true)",
                    [account.access.credential_hash, account.client_account_id],
                )
                found = connection.execute(
                    "select client_account_id from app.assets", prepare=True
                ).fetchall()
                assert found == [(account.client_account_id,)]


def test_members_and_accounts_show_only_the_own(house: House) -> None:
    with house.opened() as connection:
        members = connection.execute("select user_id from app.members()").fetchall()
        known = connection.execute(
            "select client_account_id from app.accounts(%s)", [house.mine.access.credential_hash]
        ).fetchall()
        names = connection.execute("select id from app.client_accounts").fetchall()
    assert members == [(house.mine.user_id,)]
    assert known == names == [(house.mine.client_account_id,)]


def test_a_pooled_connection_keeps_nothing_of_the_last_context(house: House) -> None:
    door = house.databases.app
    with door.open(house.mine.access) as session:
        session.connection()
    with pytest.raises(DatabasePermissionMissing), door.anonymous() as connection:
        connection.exec_driver_sql("select count(*) from app.assets")
