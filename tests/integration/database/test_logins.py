"""Nothing starts with a login that can pass row-level security."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from landbridge.database import bootstrap, engine, urls
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.logins import LoginTooPowerful
from landbridge.flows.engine import migrate_engine
from landbridge.kit.settings import Settings
from tests.support import server

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def admin() -> Iterator[URL]:
    """A server of its own: roles belong to a whole server, and these tests change them."""
    directory = server.run_directory() / f"logins-{os.getpid()}"
    directory.mkdir(mode=0o711)
    url = EmbeddedServer(directory).start()
    bootstrap.bootstrap(url, migrate_engine=migrate_engine)
    yield url
    server.remove(directory)


def settings(**urls_: URL) -> Settings:
    return Settings(
        **{f"{name}_database_url": SecretStr(urls.text(u)) for name, u in urls_.items()}
    )


def start(chosen: Settings) -> None:
    engine.connect(chosen, migrate_engine=migrate_engine).close()


def test_the_derived_logins_start(admin: URL) -> None:
    start(Settings(database_url=SecretStr(urls.text(admin))))


@pytest.mark.parametrize("login", ["app", "worker"])
def test_a_superuser_is_refused_with_the_remedy(admin: URL, login: str) -> None:
    app, worker = urls.login_url(admin, urls.APP_ROLE), urls.login_url(admin, urls.WORKER_ROLE)
    given = {"app": app, "worker": worker} | {login: admin}
    with pytest.raises(LoginTooPowerful) as caught:
        start(settings(**given))
    assert "'postgres'" in caught.value.detail
    assert 'alter role "postgres" nosuperuser nobypassrls' in caught.value.advice


def test_a_superuser_that_acts_as_our_login_is_refused(admin: URL) -> None:
    disguised = admin.update_query_dict({"options": f"-c role={urls.APP_ROLE}"})
    with pytest.raises(LoginTooPowerful):
        start(settings(app=disguised, worker=urls.login_url(admin, urls.WORKER_ROLE)))


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("alter role app_rw bypassrls", "alter role app_rw nobypassrls"),
        ("grant pg_read_all_data to app_rw", "revoke pg_read_all_data from app_rw"),
        ("grant app_owner to app_worker", "revoke app_owner from app_worker"),
        (
            "create role middle bypassrls; grant middle to app_rw",
            "revoke middle from app_rw; drop role middle",
        ),
    ],
)
def test_a_login_that_was_made_powerful_is_refused(admin: URL, given: str, taken: str) -> None:
    with bootstrap.connect(admin) as connection:
        connection.execute(given)
        try:
            with pytest.raises(LoginTooPowerful):
                start(Settings(database_url=SecretStr(urls.text(admin))))
        finally:
            connection.execute(taken)


def test_a_login_made_powerful_while_we_run_gets_no_new_connection(
    admin: URL, make_refusable: Callable[[URL], engine.Databases]
) -> None:
    databases = make_refusable(admin)
    with bootstrap.connect(admin) as connection:
        connection.execute("alter role app_rw bypassrls")
        try:
            with pytest.raises(LoginTooPowerful), databases.app.anonymous() as opened:
                opened.exec_driver_sql("select 1")
        finally:
            connection.execute("alter role app_rw nobypassrls")


@pytest.fixture
def make_refusable() -> Iterator[Callable[[URL], engine.Databases]]:
    made: list[engine.Databases] = []

    def make(admin: URL) -> engine.Databases:
        app, worker = urls.login_url(admin, urls.APP_ROLE), urls.login_url(admin, urls.WORKER_ROLE)
        made.append(engine.assemble(admin, app, worker))
        return made[-1]

    yield make
    for databases in made:
        databases.close()
