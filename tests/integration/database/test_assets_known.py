"""What refers to assets is checked as a foreign key would check it, a statement at a time."""

from __future__ import annotations

import threading
from uuid import UUID

import psycopg
import pytest
import sqlalchemy.exc
from sqlalchemy import text

from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.ids import new_id

CHILDREN = {
    "asset_keys": "(asset_id, engagement_id, kind, value) values (:a, :e, 'ip', '10.0.0.1')",
    "asset_observations": (
        "(asset_id, source, digest, import_id, import_table_id, row_number, body)"
        " values (:a, 's', decode(repeat('00', 16), 'hex'), :e, :e, 1, '{}')"
    ),
    "dependencies": (
        "(id, engagement_id, from_asset_id, to_asset_id, kind, confidence)"
        " values (:id, :e, :a, :b, 'runs_on', 900)"
    ),
    "findings": (
        "(id, engagement_id, asset_id, code, severity, title, detail, remedy, cache_key)"
        " values (:id, :e, :a, 'X', 'low', 't', 'd', 'r', cast(:id as text))"
    ),
}


@pytest.fixture
def add_asset(account, door, make_flow):
    flow = make_flow(account)

    def add():
        asset_id = new_id()
        with door.open(account.access) as session:
            session.execute(
                text(
                    "insert into app.assets (id, engagement_id, asset_type, name, content_hash,"
                    " first_seen_flow_id) values (:a, :e, 'server', 'srv', '', :f)"
                ),
                {"a": asset_id, "e": account.engagement_id, "f": flow.flow_id},
            )
        return asset_id

    return add


def refer(session, table, asset_id, account, other=None):
    session.execute(
        text(f"insert into app.{table} {CHILDREN[table]}"),
        {"a": asset_id, "b": other, "e": account.engagement_id, "id": new_id()},
    )


def count(door, account, table):
    with door.open(account.access) as session:
        return session.execute(text(f"select count(*) from app.{table}")).scalar_one()


def refused(statement):
    with pytest.raises(sqlalchemy.exc.IntegrityError) as caught:
        statement()
    assert isinstance(caught.value.orig, psycopg.errors.ForeignKeyViolation)


@pytest.mark.parametrize("table", CHILDREN)
def test_rows_of_assets_that_are_not_there_are_refused(table, account, door, add_asset):
    there = add_asset()
    with door.open(account.access) as session:
        refused(lambda: refer(session, table, new_id(), account, there))
        session.rollback()


def test_both_ends_of_a_dependency_are_checked(account, door, add_asset):
    there = add_asset()
    with door.open(account.access) as session:
        refused(lambda: refer(session, "dependencies", there, account, new_id()))
        session.rollback()


def test_the_asset_of_another_account_is_not_there(account, make_account, door, add_asset):
    theirs, other = add_asset(), make_account()
    with door.open(other.access) as session:
        refused(lambda: refer(session, "asset_keys", theirs, other))
        session.rollback()


@pytest.mark.parametrize("every", [1, 9], ids=["most of a range", "few of a range"])
def test_one_missing_among_many_is_found(every, account, door, add_asset):
    there = [add_asset() for _ in range(30)][::every]
    insert = text(
        "insert into app.asset_keys (client_account_id, engagement_id, kind, value, asset_id)"
        " select app.tenant(), :e, 'ip', :value, unnest(cast(:ids as uuid[]))"
    )
    given = {"e": account.engagement_id}
    with door.open(account.access) as session:
        session.execute(insert, given | {"value": "10.0.0.1", "ids": there})
    assert count(door, account, "asset_keys") == len(there)
    almost = UUID(int=there[1].int + 1)
    with door.open(account.access) as session:
        refused(
            lambda: session.execute(
                insert, given | {"value": "10.0.0.2", "ids": [there[0], almost, there[-1]]}
            )
        )
        session.rollback()


def test_rows_cannot_move_to_an_asset_that_is_not_there(account, door, add_asset):
    with door.open(account.access) as session:
        refer(session, "findings", add_asset(), account)
        session.execute(text("update app.findings set severity = 'high'"))
        move = text("update app.findings set asset_id = :a")
        refused(lambda: session.execute(move, {"a": new_id()}))
        session.rollback()


def test_an_asset_keeps_its_id(account, door, add_asset):
    there = add_asset()
    with door.open(account.access) as session:
        move = text("update app.assets set id = :n where id = :a")
        refused(lambda: session.execute(move, {"n": new_id(), "a": there}))
        session.rollback()


@pytest.mark.parametrize("table", CHILDREN)
def test_rows_go_with_their_asset(table, account, door, add_asset):
    gone, stays = add_asset(), add_asset()
    with door.open(account.access) as session:
        refer(session, table, gone, account, stays)
        refer(session, table, stays, account, add_asset())
    with door.open(account.access) as session:
        session.execute(text("delete from app.assets where id = :a"), {"a": gone})
    assert count(door, account, table) == 1


def test_who_deletes_waits_for_who_refers_and_takes_the_row_along(account, door, add_asset):
    asset_id = add_asset()
    begun = threading.Event()

    def delete():
        with door.open(account.access) as session:
            begun.set()
            session.execute(text("delete from app.assets where id = :a"), {"a": asset_id})

    thread = threading.Thread(target=delete)
    with door.open(account.access) as session:
        refer(session, "asset_keys", asset_id, account)
        thread.start()
        begun.wait()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)
    assert (count(door, account, "assets"), count(door, account, "asset_keys")) == (0, 0)


def test_who_refers_waits_for_who_deletes_and_is_refused(account, door, add_asset):
    asset_id = add_asset()
    outcome = []

    def insert():
        try:
            with door.open(account.access) as session:
                refer(session, "asset_keys", asset_id, account)
        except (LandbridgeError, sqlalchemy.exc.IntegrityError) as error:
            outcome.append(error)

    thread = threading.Thread(target=insert)
    with door.open(account.access) as session:
        session.execute(text("delete from app.assets where id = :a"), {"a": asset_id})
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)
    assert len(outcome) == 1
    assert count(door, account, "asset_keys") == 0
