"""A PostgreSQL that others run is made ready with the rights we are given."""

from __future__ import annotations

import concurrent.futures
import os
from collections.abc import Iterator

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import URL, text

from landbridge.database import bootstrap, engine, migrate, urls
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.errors import (
    DatabaseAuthenticationFailed,
    DatabasePasswordMissing,
    DatabaseVersionTooOld,
    SchemaNewerThanRelease,
    SchemaNotMigrated,
)
from landbridge.database.logins import LoginTooPowerful
from landbridge.flows.engine import migrate_engine
from landbridge.identity.models import Engagement
from landbridge.kit.settings import Settings
from landbridge.tenancy.lint import lint_database
from tests.support import accounts, older, server

POSTGRES_15 = pytest.param(
    "older", marks=pytest.mark.skipif(not older.installed(), reason="PostgreSQL 15 is missing")
)


@pytest.fixture(scope="module")
def older_server() -> Iterator[URL]:
    with older.running() as admin:
        yield admin


@pytest.fixture(scope="module")
def embedded_server() -> Iterator[URL]:
    """A server of its own: roles belong to a whole server, and these tests change them."""
    directory = server.run_directory() / f"bootstrap-{os.getpid()}"
    directory.mkdir(mode=0o711)
    yield EmbeddedServer(directory).start()
    server.remove(directory)


@pytest.fixture(params=["embedded", POSTGRES_15])
def superuser(request: pytest.FixtureRequest) -> Iterator[URL]:
    """The superuser's URL of a database that does not exist yet."""
    base: URL = request.getfixturevalue(f"{request.param}_server")
    admin = base.set(database="someone's")
    yield admin
    with bootstrap.connect(admin.set(database="postgres")) as connection:
        connection.execute('drop database if exists "someone\'s" with (force)')


@pytest.fixture
def limited(superuser: URL) -> Iterator[URL]:
    """An administrator as managed services give one: creates roles and databases, no more."""
    bootstrap.prepare_server(superuser.set(database="postgres"))
    with bootstrap.connect(superuser.set(database="postgres")) as connection:
        connection.execute("create role manager login createrole createdb password 'secret'")
        connection.execute("grant app_rw, app_worker, app_owner to manager with admin option")
    yield superuser.set(username="manager", password="secret")
    with bootstrap.connect(superuser.set(database="postgres")) as connection:
        connection.execute('drop database if exists "someone\'s" with (force)')
        connection.execute("drop owned by manager cascade")
        connection.execute("drop role manager")


def settings_for(admin: URL) -> Settings:
    return Settings(database_url=SecretStr(urls.text(admin)))


def test_an_empty_server_is_made_ready_and_keeps_every_isolation_rule(superuser: URL) -> None:
    opened = engine.connect(settings_for(superuser), migrate_engine=migrate_engine)
    mine, other = accounts.make_account(opened), accounts.make_account(opened)
    with opened.app.open(mine.access) as session:
        found = session.query(Engagement).all()
        assert [e.client_account_id for e in found] == [mine.client_account_id]
    with opened.worker.open(accounts.make_flow(opened, other)) as session:
        assert session.client_account_id == other.client_account_id
    assert lint_database(opened) == []
    opened.close()


def test_making_ready_may_be_repeated_and_run_at_once(superuser: URL) -> None:
    def make_ready(_: int) -> None:
        bootstrap.bootstrap(superuser, migrate_engine=migrate_engine)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(make_ready, range(4)))
    make_ready(0)
    assert engine.release_of(urls.login_url(superuser, urls.APP_ROLE)) == migrate.release_mark()


def test_an_administrator_without_superuser_is_enough(superuser: URL, limited: URL) -> None:
    opened = engine.connect(settings_for(limited), migrate_engine=migrate_engine)
    account = accounts.make_account(opened)
    with opened.app.open(account.access) as session:
        assert session.role == "admin"
    found = {violation.code for violation in lint_database(opened)}
    assert found <= {"OTHER_BYPASS_LOGIN"}
    opened.close()


def test_a_changed_administrative_password_changes_the_logins(superuser: URL) -> None:
    bootstrap.bootstrap(superuser)
    before = urls.login_url(superuser, urls.APP_ROLE)
    with bootstrap.connect(superuser.set(database="postgres")) as connection:
        connection.execute("create role second login superuser password 'another'")
    try:
        second = superuser.set(username="second", password="another")
        bootstrap.bootstrap(second)
        with bootstrap.connect(urls.login_url(second, urls.APP_ROLE)):
            pass
        with pytest.raises(psycopg.OperationalError), bootstrap.connect(before):
            pass
    finally:
        bootstrap.bootstrap(superuser)
        with bootstrap.connect(superuser.set(database="postgres")) as connection:
            connection.execute("drop role second")


def test_a_role_that_can_bypass_is_not_used(superuser: URL) -> None:
    with bootstrap.connect(superuser.set(database="postgres")) as connection:
        connection.execute("alter role app_worker bypassrls")
    try:
        with pytest.raises(LoginTooPowerful):
            bootstrap.bootstrap(superuser)
    finally:
        with bootstrap.connect(superuser.set(database="postgres")) as connection:
            connection.execute("alter role app_worker nobypassrls")


def test_least_privilege_logins_alone_need_a_ready_database(superuser: URL) -> None:
    bootstrap.bootstrap(superuser)
    alone = Settings(
        app_database_url=SecretStr(urls.text(urls.login_url(superuser, urls.APP_ROLE))),
        worker_database_url=SecretStr(urls.text(urls.login_url(superuser, urls.WORKER_ROLE))),
    )
    with pytest.raises(SchemaNotMigrated):
        engine.connect(alone)
    bootstrap.bootstrap(superuser, migrate_engine=migrate_engine)
    opened = engine.connect(alone)
    assert opened.owner is None
    opened.close()


def test_a_database_of_a_newer_release_is_left_alone(superuser: URL) -> None:
    bootstrap.bootstrap(superuser)
    with bootstrap.connect(superuser) as connection:
        connection.execute("update app_private.alembic_version set version_num = '9999'")
    with pytest.raises(SchemaNewerThanRelease) as caught:
        bootstrap.bootstrap(superuser)
    assert caught.value.fields["found"] == "9999"


def test_an_old_server_is_refused(superuser: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM_VERSION", 990000)
    with pytest.raises(DatabaseVersionTooOld):
        bootstrap.bootstrap(superuser)


def test_a_url_without_a_password_cannot_derive_logins(superuser: URL) -> None:
    with pytest.raises(DatabasePasswordMissing):
        engine.resolve(settings_for(superuser._replace(password=None)))


def test_a_wrong_password_is_named(superuser: URL) -> None:
    with pytest.raises(DatabaseAuthenticationFailed):
        engine.connect(settings_for(superuser.set(password="wrong", database="postgres")))


def test_the_head_in_the_file_names_is_the_head_of_the_chain() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [migrate.head()]


def test_statements_cannot_wait_for_ever(door) -> None:
    with door.anonymous() as connection:
        limits = {
            name: connection.execute(text(f"show {name}")).scalar_one()
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert limits == {
        "statement_timeout": "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "5min",
    }
