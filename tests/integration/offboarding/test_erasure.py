"""An account goes out whole, and then nothing of it is anywhere, and nobody else notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from landbridge.audit.notes import SigningKey
from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.database.refusals import AccountLeaving
from landbridge.database.session import TenantSession
from landbridge.discovery.imports import service as imports
from landbridge.errors.common import NotFound
from landbridge.identity import client_accounts, engagements
from landbridge.offboarding import due, erasure, schedule
from landbridge.offboarding.catalog import KEPT
from landbridge.offboarding.errors import (
    AccountExportDamaged,
    AccountInUse,
    AccountNameNotConfirmed,
    ErasureNotScheduled,
)
from landbridge.offboarding.export import LEFT_OUT, export_account
from landbridge.offboarding.manifest import check_export
from tests.support import taint, whole
from tests.support.accounts import Account, make_account
from tests.support.discovering import discover
from tests.support.estate import make_estate

ROWS = "hostname,ip address,os,memory\n{0}-1,10.1.1.1,Windows Server 2012,16 GB\n{0}-2,,,\n"


@dataclass(frozen=True, slots=True)
class Client:
    account: Account
    mark: str
    file: Path
    flow: UUID

    @property
    def traces(self) -> list[str]:
        """Texts that stand in rows of this client only."""
        a = self.account
        ids = [a.client_account_id, a.engagement_id, a.user_id, self.flow]
        return [*map(str, ids), self.mark, a.name, a.email]


@pytest.fixture
def clients(fresh_databases: Databases, tmp_path: Path) -> tuple[Client, Client]:
    made = []
    for mark in ("zebra", "quokka"):
        account = make_account(fresh_databases, name=f"{mark} limited")
        file = tmp_path / f"{mark}-servers.csv"
        file.write_text(ROWS.format(mark))
        _, flow = discover_approved(fresh_databases, account, file)
        made.append(Client(account, mark, file, flow))
    return made[0], made[1]


def discover_approved(databases: Databases, account: Account, file: Path) -> tuple[UUID, UUID]:
    import_id, flow = discover(databases, account, [file])
    return import_id, flow.id


@pytest.fixture
def admin(fresh_databases: Databases) -> Iterator[psycopg.Connection]:
    assert fresh_databases.admin_url is not None
    with bootstrap.connect(fresh_databases.admin_url) as connection:
        yield connection


def test_after_erasure_nothing_of_the_account_is_anywhere(
    fresh_databases: Databases, clients: tuple[Client, Client], admin: psycopg.Connection
) -> None:
    gone, stays = clients
    account = gone.account.client_account_id
    before = whole.digests(admin, stays.account.client_account_id)
    there = whole.naming(admin, gone.traces)
    assert {"app.assets", "app.source_rows", "app_private.users"} <= set(there)
    assert any(table.startswith("dbos.") for table in there)

    erased = erasure.erase(fresh_databases.owner, account, reason="The contract has ended")

    assert erased.rows["app.assets"] == 2
    assert erased.total == sum(erased.rows.values())
    left = whole.naming(admin, gone.traces)
    assert set(left) <= set(KEPT)
    assert {t for found in left.values() for t in found} == {str(account)}
    assert whole.large_objects(admin) == 0
    assert whole.digests(admin, stays.account.client_account_id) == before
    told = admin.execute(
        "select entry ->> 'action', entry ->> 'reason' from app.audit_entries"
        " where client_account_id = %s", [account]
    ).fetchall()  # fmt: skip
    assert told == [("audit.erased", "The contract has ended")]
    with pytest.raises(NotFound), fresh_databases.app.open(gone.account.access) as session:
        session.connection()


def test_every_table_that_there_is_loses_its_rows(
    fresh_databases: Databases, admin: psycopg.Connection
) -> None:
    """One row in every table, made from the catalog: a table of tomorrow is covered today."""
    gone, stays = (make_account(fresh_databases).client_account_id for _ in "ab")
    admin.execute("set session_replication_role = replica")
    for table in KEPT:
        admin.execute(f"delete from {table}")
    seeded = taint.seed(admin, (gone, stays))
    for table in KEPT:
        admin.execute(f"delete from {table}")
    admin.execute("reset session_replication_role")
    before = whole.digests(admin, stays)

    erasure.erase(fresh_databases.owner, gone, reason="Test")

    for table in set(seeded.tables) - set(KEPT):
        row = admin.execute(
            f"select count(*) from {table} where client_account_id = %s", [gone]
        ).fetchone()
        assert row == (0,), table
    assert taint.taint(gone) not in str(whole.naming(admin, [taint.taint(gone)]).get("app.assets"))
    assert whole.digests(admin, stays) == before


def test_an_account_in_use_is_not_erased_and_its_flows_are_named(
    databases: Databases, account: Account
) -> None:
    estate = make_estate(databases, account)
    with pytest.raises(AccountInUse) as refused:
        erasure.erase(databases.owner, account.client_account_id, reason="Test")
    assert refused.value.fields["flow_ids"] == [str(estate.flow_id)]
    assert str(estate.flow_id) in refused.value.detail
    with databases.app.open(account.access) as session:
        assert session.execute(text("select count(*) from app.assets")).scalar_one() == 2


def _erase_meanwhile(databases: Databases, session: TenantSession) -> None:
    assert session.role == "admin"
    erasure.erase(databases.owner, session.client_account_id, reason="Test")


def test_a_session_that_was_open_before_leaves_no_row_behind(
    databases: Databases, account: Account
) -> None:
    with pytest.raises(NotFound), databases.app.open(account.access) as session:  # noqa: PT012
        _erase_meanwhile(databases, session)
        engagements.ensure_engagement(session, "Too late")
    with databases.owner.begin() as connection:
        client_accounts.act_in(connection, account.client_account_id)
        assert erasure.left(connection, account.client_account_id, []) == []


def test_nothing_begins_while_an_erasure_is_scheduled_and_it_can_be_taken_back(
    databases: Databases, account: Account
) -> None:
    door = databases.app
    with pytest.raises(AccountNameNotConfirmed), door.open(account.access) as session:
        schedule.request(session, by=account.user_id, name=account.name[1:], reason="Test")
    with door.open(account.access) as session:
        schedule.request(session, by=account.user_id, name=account.name, reason="Test", days=1)
    with pytest.raises(AccountLeaving, match="nothing new"), door.open(account.access) as session:
        imports.create_import(session, account.engagement_id)
    assert due.erase_due(databases.owner) == []
    with door.open(account.access) as session:
        schedule.undo(session)
    with door.open(account.access) as session:
        imports.create_import(session, account.engagement_id)
    with pytest.raises(ErasureNotScheduled), door.open(account.access) as session:
        schedule.undo(session)


def test_what_is_due_is_erased_and_nothing_else(
    databases: Databases, account: Account, other_account: Account
) -> None:
    for who, days in ((account, 0), (other_account, 2)):
        with databases.app.open(who.access) as session:
            schedule.request(session, by=who.user_id, name=who.name, reason="Over", days=days)
    assert due.erase_due(databases.owner) == [account.client_account_id]
    with databases.app.open(other_account.access) as session:
        assert schedule.scheduled(session).reason == "Over"
        schedule.undo(session)


def test_an_export_holds_every_table_and_file_and_says_so(
    fresh_databases: Databases,
    clients: tuple[Client, Client],
    admin: psycopg.Connection,
    tmp_path: Path,
) -> None:
    client, other = clients
    account = client.account.client_account_id
    key = SigningKey.generate("test")
    path = tmp_path / "zebra.zip"

    done = export_account(fresh_databases.app, client.account.access, path, key=key)

    checked = check_export(path, [key.verifier])
    assert checked.signed_by_trusted_key
    assert checked.manifest_sha256 == done.manifest_sha256
    assert check_export(path, [SigningKey.generate("test").verifier]).signed_by_trusted_key is False
    names, content = _contents(path)
    assert other.mark not in content
    assert client.file.read_bytes() in [v for k, v in names.items() if k.startswith("files/")]
    tables = [t for t, owned in admin.execute(whole.TABLES).fetchall() if owned]
    for table in tables:
        file = table.removeprefix("app.") + ".ndjson"
        remains = table == "app_private.erased_accounts"
        assert remains or (file in names) != (table in LEFT_OUT), table
        if file in names and not table.startswith("app.audit"):
            (rows,) = admin.execute(
                f"select count(*) from {table} where client_account_id = %s", [account]
            ).fetchone()
            assert names[file].count(b"\n") == rows, table
    told = admin.execute(
        "select entry #>> '{detail,manifest_sha256}' from app.audit_entries"
        " where entry ->> 'action' = 'account.exported'"
    ).fetchall()
    assert told == [(done.manifest_sha256,)]


def _contents(path: Path) -> tuple[dict[str, bytes], str]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        names = {name: archive.read(name) for name in archive.namelist()}
    return names, b"".join(names.values()).decode("utf-8", "replace")


def test_a_changed_export_is_found_out(
    databases: Databases, account: Account, tmp_path: Path
) -> None:
    import zipfile

    path, other = tmp_path / "a.zip", tmp_path / "b.zip"
    export_account(databases.app, account.access, path, key=None)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"Data centre", b"Data center"))
    with pytest.raises(AccountExportDamaged, match=r"[a-z_]+\.ndjson"):
        check_export(other)
    other.write_bytes(b"nothing of the kind")
    with pytest.raises(AccountExportDamaged):
        check_export(other)
