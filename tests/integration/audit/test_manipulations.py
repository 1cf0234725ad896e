"""Nine things that a PostgreSQL superuser can do to a log behind everybody's back. The chain
shows six of them by itself; the other three keep its arithmetic right and are shown by a signed
checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from landbridge.audit.chain import genesis, link_hash, root_of
from landbridge.audit.errors import AuditChainBroken
from landbridge.audit.verify import FaultKind
from tests.support.audit import (
    Connection,
    settings_in,
    signed,
    superuser,
    verified,
    write_history,
)

VICTIM = 7
"""A link in the middle, with two entries."""

OF_LINK = """
  e using app.audit_links l where e.client_account_id = l.client_account_id
    and e.began = l.began and e.xid = l.xid and l.client_account_id = %(client)s"""


def edit(db: Connection, client: UUID) -> None:
    db.execute(
        """update app.audit_entries e set entry = replace(entry::text, 'Wave', 'Nave')::json
             from app.audit_links l where e.client_account_id = l.client_account_id
              and e.began = l.began and e.xid = l.xid and l.client_account_id = %(client)s
              and l.seq = %(seq)s and e.n = 1""",
        {"client": client, "seq": VICTIM},
    )


def delete_entry(db: Connection, client: UUID) -> None:
    db.execute(
        f"delete from app.audit_entries {OF_LINK} and l.seq = %(seq)s and e.n = 2",
        {"client": client, "seq": VICTIM},
    )


def delete_transaction(db: Connection, client: UUID) -> None:
    db.execute(
        f"delete from app.audit_entries {OF_LINK} and l.seq = %(seq)s",
        {"client": client, "seq": VICTIM},
    )
    db.execute(
        "delete from app.audit_links where client_account_id = %s and seq = %s", [client, VICTIM]
    )


def forge_entry(db: Connection, client: UUID) -> None:
    """A transaction that never was, without a link."""
    db.execute(
        """insert into app.audit_entries (client_account_id, began, xid, n, at, entry)
           select client_account_id, began, xid + 1000000, 1, at, entry
             from app.audit_entries where client_account_id = %s limit 1""",
        [client],
    )


def swap(db: Connection, client: UUID) -> None:
    """Two transactions tell each other's story."""
    db.execute(
        """with two as (
             select e.*, lead(e.entry) over w as next, lag(e.entry) over w as previous
               from app.audit_entries e join app.audit_links l using (client_account_id, began, xid)
              where l.client_account_id = %(client)s and l.seq in (%(seq)s, %(seq)s + 1) and e.n = 1
             window w as (order by l.seq))
           update app.audit_entries e set entry = coalesce(two.next, two.previous) from two
            where (e.client_account_id, e.began, e.xid, e.n)
                = (two.client_account_id, two.began, two.xid, two.n)""",
        {"client": client, "seq": VICTIM},
    )


def move(db: Connection, client: UUID) -> None:
    """An entry goes over to another transaction."""
    db.execute(
        """update app.audit_entries e set began = t.began, xid = t.xid, n = 3
             from app.audit_links l, app.audit_links t
            where e.client_account_id = l.client_account_id and e.began = l.began
              and e.xid = l.xid and e.n = 2 and l.client_account_id = %(client)s
              and l.seq = %(seq)s and t.client_account_id = l.client_account_id
              and t.seq = l.seq + 2""",
        {"client": client, "seq": VICTIM},
    )


def truncate_tail(db: Connection, client: UUID) -> None:
    """The end is gone without a trace: entries, links, stored checkpoints and the head."""
    parameters = {"client": client, "seq": VICTIM}
    db.execute(f"delete from app.audit_entries {OF_LINK} and l.seq > %(seq)s", parameters)
    for table in ("links", "checkpoints"):
        db.execute(
            f"delete from app.audit_{table} where client_account_id = %(client)s and seq > %(seq)s",
            parameters,
        )
    _reset_head(db, client)


def rewrite_all(db: Connection, client: UUID) -> None:
    """A new history, every hash of it computed properly."""
    db.execute(
        """update app.audit_entries set entry = replace(entry::text, '@', '-at-')::json
            where client_account_id = %s""",
        [client],
    )
    _relink(db, client)


def forge_link(db: Connection, client: UUID) -> None:
    """A transaction that never was, with a link in the middle and all later links recomputed."""
    db.execute(
        """update app.audit_links set seq = -seq - 1
            where client_account_id = %(client)s and seq > %(seq)s""",
        {"client": client, "seq": VICTIM},
    )
    db.execute(
        "update app.audit_links set seq = -seq where client_account_id = %s and seq < 0", [client]
    )
    db.execute(
        """insert into app.audit_entries (client_account_id, began, xid, n, at, entry)
           select client_account_id, began, 4000000000, 1, at, entry
             from app.audit_entries where client_account_id = %s limit 1""",
        [client],
    )
    db.execute(
        """insert into app.audit_links (client_account_id, seq, began, xid, n, root, hash)
           select client_account_id, %(seq)s + 1, began, xid, 1, '', ''
             from app.audit_entries where client_account_id = %(client)s and xid = 4000000000""",
        {"client": client, "seq": VICTIM},
    )
    _relink(db, client)


def _relink(db: Connection, client: UUID) -> None:
    """What a patient forger does: the whole chain anew, and no stored checkpoint left."""
    links = db.execute(
        """select l.seq, array_agg(e.entry::text order by e.n) from app.audit_links l
             join app.audit_entries e using (client_account_id, began, xid)
            where client_account_id = %s group by l.seq order by l.seq""",
        [client],
    ).fetchall()
    before = genesis(client)
    for seq, entries in links:
        assert isinstance(entries, list)
        root = root_of(entries)
        before = link_hash(before, int(str(seq)), len(entries), root)
        db.execute(
            "update app.audit_links set n = %s, root = %s, hash = %s"
            " where client_account_id = %s and seq = %s",
            [len(entries), root, before, client, seq],
        )
    db.execute("delete from app.audit_checkpoints where client_account_id = %s", [client])
    _reset_head(db, client)


def _reset_head(db: Connection, client: UUID) -> None:
    db.execute(
        """update app_private.audit_heads h set seq = l.seq, hash = l.hash, checkpointed = 0
             from (select * from app.audit_links where client_account_id = %(client)s
                    order by seq desc limit 1) l
            where h.client_account_id = l.client_account_id""",
        {"client": client},
    )


BY_CHAIN: dict[str, tuple[Callable[[Connection, UUID], None], set[FaultKind]]] = {
    "edit": (edit, {FaultKind.ENTRY_CHANGED}),
    "delete an entry": (delete_entry, {FaultKind.ENTRY_MISSING}),
    "delete a transaction": (delete_transaction, {FaultKind.LINK_MISSING}),
    "forge an entry": (forge_entry, {FaultKind.TRANSACTION_UNSEALED}),
    "swap": (swap, {FaultKind.ENTRY_CHANGED}),
    "move": (move, {FaultKind.ENTRY_MISSING, FaultKind.ENTRY_ADDED}),
}
BY_CHECKPOINT: dict[str, tuple[Callable[[Connection, UUID], None], set[FaultKind]]] = {
    "truncate the tail": (truncate_tail, {FaultKind.CHECKPOINT_BEYOND_END}),
    "rewrite all": (rewrite_all, {FaultKind.CHECKPOINT_DIFFERS}),
    "forge a link": (forge_link, {FaultKind.CHECKPOINT_DIFFERS}),
}


@pytest.mark.parametrize("name", BY_CHAIN)
def test_the_chain_shows(name: str, databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account)
    assert verified(databases, account, settings).intact
    tamper, expected = BY_CHAIN[name]
    with superuser(databases) as db:
        tamper(db, account.client_account_id)
    found = verified(databases, account, settings)
    assert not found.intact
    assert {fault.kind for fault in found.faults} == expected


@pytest.mark.parametrize("name", BY_CHECKPOINT)
def test_a_signed_checkpoint_shows(name: str, databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account)
    signed(databases, account, settings)
    assert verified(databases, account, settings).checkpoints == 1
    tamper, expected = BY_CHECKPOINT[name]
    with superuser(databases) as db:
        tamper(db, account.client_account_id)
    found = verified(databases, account, settings)
    assert {fault.kind for fault in found.faults} == expected
    blind = verified(databases, account, settings_in(tmp_path / "without what was kept"))
    assert blind.intact, "only what is kept outside the database can show this"


@pytest.mark.parametrize("name", BY_CHECKPOINT)
def test_nothing_is_signed_on_top_of(name: str, databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account)
    signed(databases, account, settings)
    with superuser(databases) as db:
        BY_CHECKPOINT[name][0](db, account.client_account_id)
    with pytest.raises(AuditChainBroken):
        signed(databases, account, settings)


def test_an_edited_column_is_found(databases, account, tmp_path: Path) -> None:
    """Lists show columns beside the sealed text: they have to say the same."""
    settings = settings_in(tmp_path)
    write_history(databases, account)
    with superuser(databases) as db:
        db.execute(
            "update app.audit_entries set at = at - interval '1 day' where client_account_id = %s "
            "and object_id = %s",
            [account.client_account_id, str(account.engagement_id)],
        )
    found = verified(databases, account, settings)
    assert {fault.kind for fault in found.faults} == {FaultKind.COLUMN_CHANGED}


def test_a_link_with_an_edited_hash_is_found(databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account)
    with superuser(databases) as db:
        db.execute(
            "update app.audit_links set hash = %s where client_account_id = %s and seq = %s",
            [hashlib.sha256(b"forged").digest(), account.client_account_id, VICTIM],
        )
    found = verified(databases, account, settings)
    assert [(f.kind, f.seq) for f in found.faults] == [
        (FaultKind.LINK_CHANGED, VICTIM),
        (FaultKind.LINK_CHANGED, VICTIM + 1),
    ]
