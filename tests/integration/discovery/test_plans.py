"""Lists and look-ups use their index under row-level security, at 20,000 assets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from psycopg import sql
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from landbridge.database import bootstrap, bulk
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies import queries as dependencies
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.inventory import stored
from landbridge.discovery.inventory.resolve import resolve
from landbridge.kit.ids import new_id
from tests.support import server
from tests.support.accounts import Account, make_account, make_flow

ASSETS = 20_000
TABLES = ("assets", "asset_keys", "asset_conflicts", "asset_observations", "dependencies")


def fill(databases: Databases, account: Account, size: int = ASSETS) -> list[UUID]:
    rng = random.Random(1)
    ids = [new_id() for _ in range(size)]
    engagement = account.engagement_id
    kinds, places = ("server", "virtual_machine"), ("production", "test")
    with databases.worker.open(make_flow(databases, account)) as session:
        bulk.insert(
            session,
            "assets",
            [("id", "uuid"), ("engagement_id", "uuid"), ("asset_type", "text"), ("name", "text"),
             ("environment", "text"), ("content_hash", "bytea"), ("first_seen_flow_id", "uuid")],
            ((i, engagement, rng.choice(kinds), f"srv{n:06d}", rng.choice(places), b"x" * 16, i)
             for n, i in enumerate(ids)),
        )  # fmt: skip
        bulk.insert(
            session,
            "asset_keys",
            [("engagement_id", "uuid"), ("kind", "text"), ("value", "text"), ("asset_id", "uuid")],
            ((engagement, "hostname", f"srv{n:06d}", i) for n, i in enumerate(ids)),
        )
        bulk.insert(
            session,
            "asset_observations",
            [("asset_id", "uuid"), ("source", "text"), ("digest", "bytea"), ("import_id", "uuid"),
             ("import_table_id", "uuid"), ("row_number", "bigint"), ("body", "json")],
            ((i, "cmdb", i.bytes, i, i, n, "{}") for n, i in enumerate(ids)),
        )  # fmt: skip
        bulk.insert(
            session,
            "asset_conflicts",
            [("id", "uuid"), ("engagement_id", "uuid"), ("asset_id", "uuid"),
             ("attribute", "text"), ("candidates", "jsonb")],
            ((new_id(), engagement, i, "cpu_cores", "[]") for i in ids[::4]),
        )  # fmt: skip
        bulk.insert(
            session,
            "dependencies",
            [("id", "uuid"), ("engagement_id", "uuid"), ("from_asset_id", "uuid"),
             ("to_asset_id", "uuid"), ("kind", "text"), ("confidence", "int")],
            ((new_id(), engagement, i, ids[(n + 7) % size], "depends_on", 800)
             for n, i in enumerate(ids)),
        )  # fmt: skip
    return ids


class Plans:
    """Runs statements and gives the plans that PostgreSQL made for them."""

    def __init__(self, databases: Databases, account: Account, ids: list[UUID]) -> None:
        self.databases, self.account, self.ids = databases, account, ids

    def of(self, action: Callable[[TenantSession, UUID], Any]) -> str:
        seen: list[tuple[str, Any]] = []

        def note(
            _c: Connection, _cursor: Any, statement: str, parameters: Any, _x: Any, _m: bool
        ) -> None:
            seen.append((statement, parameters))

        engine: Engine = self.databases.app.engine
        plans: list[str] = []
        with self.databases.app.open(self.account.access) as session:
            session.connection()
            event.listen(engine, "before_cursor_execute", note)
            try:
                action(session, self.account.engagement_id)
            finally:
                event.remove(engine, "before_cursor_execute", note)
            for statement, parameters in seen:
                if statement.startswith(("select", "with")) and "bulk_" not in statement:
                    rows = session.connection().exec_driver_sql(f"explain {statement}", parameters)
                    plans += [row[0] for row in rows]
        return "\n".join(plans)


@pytest.fixture(scope="module")
def plans(worker_id: str) -> Iterator[Plans]:
    """A database of its own: the planner judges by what the tables hold."""
    databases = server.create_database(f"landbridge_{worker_id}_plans")
    account, other = make_account(databases), make_account(databases)
    ids = fill(databases, account)
    fill(databases, other, 5_000)
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        connection.autocommit = True
        for table in TABLES:
            connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier("app", table)))
    yield Plans(databases, account, ids)
    server.drop_database(databases)


def scans_no_table(plan: str) -> bool:
    return not any(f"Seq Scan on {table}" in plan for table in TABLES)


def test_the_first_page_reads_its_rows_in_index_order(plans: Plans) -> None:
    plan = plans.of(lambda s, e: inventory.assets(s, e, Wanted()))
    assert "Index Scan using assets_name" in plan
    assert scans_no_table(plan)


def test_a_deep_page_starts_in_the_index_where_the_last_one_ended(plans: Plans) -> None:
    with plans.databases.app.open(plans.account.access) as session:
        page = inventory.assets(session, plans.account.engagement_id, Wanted(limit=500))
    plan = plans.of(lambda s, e: inventory.assets(s, e, Wanted(cursor=page.next)))
    line = next(x for x in plan.splitlines() if "Index Cond" in x and "name_key" in x)
    assert "ROW(name_key, id) > ROW(" in line


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"asset_type": "server"}, "assets_type"),
        ({"environment": "test"}, "assets_environment"),
    ],
)
def test_filtered_pages_use_the_index_of_their_filter(
    plans: Plans, filters: dict[str, str], index: str
) -> None:
    plan = plans.of(lambda s, e: inventory.assets(s, e, Wanted(filters=filters)))
    assert f"Index Scan using {index}" in plan
    assert scans_no_table(plan)


def test_search_stays_inside_the_engagement(plans: Plans) -> None:
    plan = plans.of(lambda s, e: inventory.assets(s, e, Wanted(filters={"q": "srv0123"})))
    assert scans_no_table(plan)


def test_counting_reads_an_index_only(plans: Plans) -> None:
    plan = plans.of(lambda s, e: inventory.count_assets(s, e, Wanted()))
    assert "Index Only Scan" in plan


def test_an_asset_is_found_by_its_key(plans: Plans) -> None:
    plan = plans.of(lambda s, e: inventory.asset(s, e, plans.ids[7]))
    assert "Index Scan using assets_pkey" in plan
    assert scans_no_table(plan)


def test_conflicts_and_dependencies_are_listed_without_sorting_them_all(plans: Plans) -> None:
    for action in (inventory.conflicts, dependencies.dependencies):
        plan = plans.of(lambda s, e, action=action: action(s, e, Wanted()))
        assert "Incremental Sort" in plan, plan
        assert "Index Scan using assets_name" in plan
        assert scans_no_table(plan)


def test_neighbours_are_found_from_both_sides(plans: Plans) -> None:
    plan = plans.of(lambda s, e: dependencies.around(s, e, plans.ids[7]))
    assert "dependencies_from" in plan
    assert "dependencies_to" in plan
    assert scans_no_table(plan)


def test_names_are_resolved_and_known_rows_recognised_in_bulk(
    plans: Plans,
) -> None:
    names = [f"SRV{n:06d}" for n in range(0, ASSETS, 10)]
    flow = make_flow(plans.databases, plans.account)
    with plans.databases.worker.open(flow) as session:
        engagement = plans.account.engagement_id
        found = resolve(session, engagement, names)
        told = stored.told_before(
            session, engagement, ((n, "cmdb", i.bytes) for n, i in enumerate(plans.ids[:500]))
        )
    assert [found[n].asset_id for n in names] == plans.ids[::10]
    assert told == dict(enumerate(plans.ids[:500]))
