"""What the log says, about whom, from where – and that it cannot be talked into anything else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from landbridge.audit import listing, service
from landbridge.audit.recording import record, record_break_glass
from landbridge.database import bootstrap
from landbridge.database.errors import DatabasePermissionMissing
from landbridge.database.listing import Wanted
from landbridge.discovery.techdebt import service as findings
from landbridge.errors.catalogue import LandbridgeError
from landbridge.identity import api_keys, engagements, keys, users
from landbridge.identity.permissions import Role
from landbridge.kit.origin import Origin, set_origin
from landbridge.kit.tracing import set_trace_id
from tests.support.audit import log_of, settings_in, superuser, verified, write_history


def test_it_says_who_did_what_when_from_where_on_what_and_why(databases, account) -> None:
    def act() -> None:
        set_origin(Origin("http", "203.0.113.7"))
        set_trace_id("4bf92f3577b34da6a3ce929d0e0e4736")
        with databases.app.open(account.access) as session:
            service.because(session, "Agreed with the customer")
            engagements.ensure_engagement(session, "Wave two")

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
    entry = log_of(databases, account)[-1]
    assert entry.action == "engagement.created"
    assert entry.actor == {
        "kind": "user", "id": str(account.user_id), "email": account.email, "role": "admin",
    }  # fmt: skip
    assert entry.origin == {
        "via": "http",
        "address": "203.0.113.7",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "credential": "key " + account.api_key.split("_")[1],
    }
    assert (entry.object["type"], entry.object["name"]) == ("engagement", "Wave two")
    assert entry.reason == "Agreed with the customer"
    assert not entry.stated


def test_a_change_tells_before_and_after(databases, account, make_flow, worker_door) -> None:
    job = make_flow(account)
    with worker_door.open(job) as session:
        session.execute(text("update app.flows set status = 'running', last_event_seq = 9"))
        session.execute(text("update app.flows set last_event_seq = 10"))
    entry = log_of(databases, account)[-1]
    assert (entry.action, entry.actor) == ("flow.running", {"kind": "worker"})
    assert entry.changes == {"status": ["initialized", "running"]}
    assert entry.engagement_id == account.engagement_id
    assert entry.origin is not None
    assert entry.origin["via"] == "worker"


def test_members_and_keys_are_told_to_the_account_they_open(databases, account) -> None:
    owner = databases.owner
    user = users.ensure_user(owner, f"{uuid4().hex[:8]}@example.com")
    users.set_membership(owner, user, account.client_account_id, Role.VIEWER)
    users.set_membership(owner, user, account.client_account_id, Role.VIEWER)
    users.set_membership(owner, user, account.client_account_id, Role.APPROVER)
    key = keys.create_api_key(owner, user, account=account.client_account_id, label="nightly")
    everywhere = keys.create_api_key(owner, user, label="laptop")
    with databases.app.open(account.access) as session:
        api_keys.revoke(session, key.public_id)
    told = log_of(databases, account)[-5:]
    assert [e.action for e in told] == [
        "membership.created", "membership.changed", "api_key.created", "api_key.created",
        "api_key.revoked",
    ]  # fmt: skip
    assert told[1].changes == {"role": ["viewer", "approver"]}
    assert [told[2].object["id"], told[3].object["id"]] == [key.public_id, everywhere.public_id]
    assert [e.actor["kind"] for e in told] == ["operator"] * 4 + ["user"]
    assert all(secret not in str(told) for secret in (key.text, everywhere.text, key.hash.hex()))


def test_what_workers_write_in_bulk_is_left_out(databases, account, make_flow, worker_door) -> None:
    job = make_flow(account)
    before = len(log_of(databases, account))
    rows = {"engagement": account.engagement_id}
    with worker_door.open(job) as session:
        session.execute(
            text(
                "insert into app.findings (id, engagement_id, code, severity, title, detail, "
                "remedy, cache_key) select gen_random_uuid(), :engagement, 'X', 'low', 't', 'd', "
                "'r', i::text from generate_series(1, 500) i"
            ),
            rows,
        )
        session.execute(text("update app.findings set status = 'resolved'"))
        session.execute(text("update app.findings set status = 'open'"))
    assert len(log_of(databases, account)) == before
    with databases.app.open(account.access) as session:
        one = session.execute(text("select id from app.findings limit 1")).scalar_one()
        findings.accept(session, account.engagement_id, one, "Replaced next year anyway")
    entry = log_of(databases, account)[-1]
    assert (entry.action, entry.reason) == ("finding.accepted", "Replaced next year anyway")


def test_what_is_rolled_back_did_not_happen(databases, account, tmp_path: Path) -> None:
    before = len(log_of(databases, account))
    with databases.app.open(account.access) as session:
        engagements.ensure_engagement(session, "Never")
        session.rollback()
    with databases.app.open(account.access) as session:
        savepoint = session.begin_nested()
        engagements.ensure_engagement(session, "Never")
        savepoint.rollback()
        engagements.ensure_engagement(session, "After all")
    after = log_of(databases, account)
    assert [e.object["name"] for e in after[before:]] == ["After all"]
    assert verified(databases, account, settings_in(tmp_path)).intact


def test_parallel_transactions_of_one_account_make_one_straight_chain(
    databases, account, tmp_path: Path
) -> None:
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for turn in range(15):
            with databases.app.open(account.access) as session:
                engagements.ensure_engagement(session, f"E{number}-{turn}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    found = verified(databases, account, settings_in(tmp_path))
    assert found.intact
    assert found.links == len(log_of(databases, account)) >= 120


def test_each_account_has_its_own_log(databases, account, other_account, tmp_path: Path) -> None:
    write_history(databases, account, 3)
    others = {e.object["id"] for e in log_of(databases, other_account)}
    assert not others & {e.object["id"] for e in log_of(databases, account)}
    with databases.app.open(account.access) as session:
        everything = session.execute(
            text(
                "select client_account_id from app.audit_entries union select client_account_id "
                "from app.audit_links union select client_account_id from app.audit_checkpoints"
            )
        )
        assert set(everything.scalars()) == {account.client_account_id}
    assert verified(databases, account, settings_in(tmp_path)).intact
    assert verified(databases, other_account, settings_in(tmp_path)).intact


INJECTED = [
    "update app.audit_entries set n = 1",
    "delete from app.audit_entries",
    "truncate app.audit_links",
    "insert into app.audit_links (seq, began, xid, n, root, hash) values (99, now(), 1, 1, '', '')",
    "insert into app.audit_checkpoints (seq, note) values (1, 'x')",
    "select * from app_private.audit_heads",
    "select app_private.audit_append(app.tenant(), 'a.b', '{}', null, '{}')",
    "select app_private.audit_erase(app.tenant(), 'no trace')",
    "select app.audit_record('audit.erased', '{}', null, '{}')",
    "select app.audit_record('Not an action', '{}', null, '{}')",
    "select app.audit_due()",
    "select app.audit_hash_at(app.tenant(), 1)",
    "select app.audit_anchor(app.tenant(), 1, 'x')",
    "select app.audit_checkpoint(1, 'x')",
    "select app.stamp_job(current_setting('app.ctx'), 'x')",
    "select app.stamp('\\x00', current_setting('app.ctx'), 'a', 'b', 'c')",
    "alter table app.flows disable trigger audit_update",
    "set session_replication_role = replica",
]


@pytest.mark.parametrize("statement", INJECTED)
def test_injected_sql_cannot_touch_the_log(statement: str, databases, account) -> None:
    with pytest.raises((LandbridgeError, DBAPIError)), databases.app.open(account.access) as s:
        s.connection().exec_driver_sql(statement)


def test_a_forged_origin_is_marked_and_the_actor_stays(databases, account) -> None:
    with databases.app.open(account.access) as session:
        sealed = session.execute(text("select current_setting('app.origin')")).scalar_one()
        forged = sealed.replace("|", "|198.51.100.1|", 1)
        session.execute(text("select set_config('app.origin', :o, true)"), {"o": forged})
        engagements.ensure_engagement(session, "By somebody else")
    entry = log_of(databases, account)[-1]
    assert entry.origin == {"verified": False}
    assert entry.actor["id"] == str(account.user_id)


def test_a_sealed_origin_is_worth_nothing_in_another_context(
    databases, account, other_account
) -> None:
    with databases.app.open(account.access) as session:
        sealed = session.execute(text("select current_setting('app.origin')")).scalar_one()
    with databases.app.open(other_account.access) as session:
        session.execute(text("select set_config('app.origin', :o, true)"), {"o": sealed})
        engagements.ensure_engagement(session, "With a borrowed origin")
    assert log_of(databases, other_account)[-1].origin == {"verified": False}


def test_a_stamp_never_passes_for_a_context(databases, account, other_account) -> None:
    """The texts of both are under one key; a client's uuid in front must not help."""
    victim = other_account.client_account_id
    ctx = f"{victim}|{account.user_id}"
    with databases.app.open(account.access) as session:
        stamp = session.execute(
            text("select app.stamp(:hash, :ctx, 'admin', '99999999999', '1')"),
            {"hash": account.access.credential_hash, "ctx": ctx},
        ).scalar_one()

    def look_around(forged: str) -> None:
        with databases.app.open(account.access) as session:
            session.execute(text("select set_config('app.ctx', :c, true)"), {"c": forged})
            session.execute(text("select count(*) from app.assets"))

    for forged in (f"{ctx}|{stamp}", f"{victim}|{stamp}", f"origin|{ctx}|{stamp}"):
        with pytest.raises((LandbridgeError, DBAPIError)):
            look_around(forged)


def test_a_sealed_transaction_takes_no_more_entries(databases, account, tmp_path: Path) -> None:
    def act() -> None:
        with databases.app.open(account.access) as session:
            engagements.ensure_engagement(session, "First")
            session.execute(text("set constraints all immediate"))
            engagements.ensure_engagement(session, "Second")

    with pytest.raises(DatabasePermissionMissing):
        act()
    assert verified(databases, account, settings_in(tmp_path)).intact


def test_what_the_program_states_is_marked(databases, account) -> None:
    with databases.app.open(account.access) as session:
        record(session, "export.read", "export", "exports/inventory.csv", reason="Quarterly report")
    entry = log_of(databases, account)[-1]
    assert (entry.action, entry.stated, entry.reason) == ("export.read", True, "Quarterly report")


def test_break_glass_is_in_the_clients_own_log(databases, account) -> None:
    with databases.owner.begin() as connection:
        record_break_glass(
            connection, account.client_account_id, uuid4(), "op@example.com", reason="Incident 12"
        )
    entry = log_of(databases, account)[-1]
    assert (entry.action, entry.actor["kind"]) == ("break_glass.opened", "operator")
    assert (entry.object["name"], entry.reason) == ("op@example.com", "Incident 12")
    assert "@" in entry.actor["name"]


def test_an_erased_account_keeps_what_remains_of_its_log(
    databases, account, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account, 5)
    before = verified(databases, account, settings)
    with databases.owner.begin() as connection:
        gone = connection.execute(
            text("select app_private.audit_erase(:client, 'Contract ended')"),
            {"client": account.client_account_id},
        ).scalar_one()
    assert gone == before.entries
    after = verified(databases, account, settings)
    assert after.intact
    assert (after.links, after.entries) == (before.links + 1, 1)
    assert after.erased_through == before.links
    [entry] = log_of(databases, account)
    assert (entry.action, entry.reason) == ("audit.erased", "Contract ended")
    assert entry.detail == {"through": before.links, "entries": before.entries}
    write_history(databases, account, 1, "Epilogue")
    with superuser(databases) as db:
        db.execute(
            "delete from app.audit_entries where client_account_id = %s and action = "
            "'engagement.changed'",
            [account.client_account_id],
        )
    assert not verified(databases, account, settings).intact


def test_not_even_the_owner_changes_the_log(databases, account) -> None:
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        connection.execute("set row_security = off")
        for statement in (
            "update app.audit_entries set n = n",
            "delete from app.audit_links",
            "truncate app.audit_checkpoints",
        ):
            with pytest.raises(Exception, match="append-only"):
                connection.execute(statement)


def test_pages_follow_each_other_and_filters_narrow(databases, account) -> None:
    write_history(databases, account, 6)
    everything = log_of(databases, account)
    seen, cursor = [], None
    with databases.app.open(account.access) as session:
        while True:
            page = listing.entries(session, Wanted({}, limit=4, cursor=cursor))
            seen += page.items
            if (cursor := page.next) is None:
                break
    assert seen == everything[::-1]
    renamed = log_of(databases, account, action="engagement.changed")
    assert len(renamed) == 6
    assert log_of(databases, account, object=renamed[0].object["id"])[-1] == renamed[0]
    assert not log_of(databases, account, actor="nobody@example.com")
    assert log_of(databases, account, q="wave 3 (renamed)") == [renamed[3]]
    today = everything[-1].at.date().isoformat()
    assert log_of(databases, account, since=today, until=today) == everything
    assert not log_of(databases, account, until="2020-01-01")
    with pytest.raises(LandbridgeError, match="since"):
        log_of(databases, account, since="yesterday")
