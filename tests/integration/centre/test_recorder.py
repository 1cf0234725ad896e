"""Writing down: every count once, a bounded number of traces, through an outage of the database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from landbridge.database.session import SessionDoor
from landbridge.kit.clock import now
from landbridge.kit.settings import Settings
from landbridge.occurrences.buffer import Buffer
from landbridge.occurrences.occurrence import Occurrence
from landbridge.occurrences.recorder import Recorder, forget
from tests.support.toy import ToyFailure


def occurrence(**known: object) -> Occurrence:
    return Occurrence.of(ToyFailure(phase="x"), f"place {threading.get_ident()}", **known)


def counted(databases, place: str) -> tuple[int, int]:
    with databases.owner.connect() as connection:
        asked = text(
            "select coalesce(sum(times), 0), coalesce(sum(kept), 0)"
            " from app_private.error_counts where place = :place"
        )
        times, kept = connection.execute(asked, {"place": place}).one()
    return int(times), int(kept)


def test_a_full_buffer_loses_old_traces_and_no_count() -> None:
    buffer = Buffer(most_traces=5)
    for _ in range(12):
        buffer.add(occurrence())
    batch = buffer.take()
    assert batch
    assert batch.dropped == 7
    assert sum(g["times"] for g in batch.groups) == 12
    assert sum(len(g["examples"]) for g in batch.groups) == 5
    assert buffer.take() is None
    assert sum(buffer.totals().values()) == 12


def test_many_threads_lose_nothing(databases) -> None:
    buffer = Buffer(most_traces=100)
    recorder = Recorder(databases.app, Settings(), buffer=buffer)
    recorder.start()

    def work() -> None:
        for _ in range(500):
            buffer.add(Occurrence.of(ToyFailure(phase="x"), "many threads"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.stop()
    assert counted(databases, "many threads")[0] == 2000


def test_a_batch_sent_twice_counts_once(databases, monkeypatch) -> None:
    """The answer to a commit may be lost: the batch is sent again, and was written before."""
    buffer = Buffer()
    recorder = Recorder(databases.app, Settings(), buffer=buffer)
    buffer.add(Occurrence.of(ToyFailure(phase="x"), "sent twice"))
    batch = buffer.take()
    assert batch
    recorder._write(batch)
    recorder._write(batch)
    assert counted(databases, "sent twice") == (1, 1)


def test_while_the_database_is_away_it_is_kept(databases) -> None:
    nowhere = SessionDoor(create_engine(databases.app_url.set(port=1)))
    buffer = Buffer()
    recorder = Recorder(nowhere, Settings(), buffer=buffer)
    buffer.add(Occurrence.of(ToyFailure(phase="x"), "an outage"))
    assert not recorder.flush()
    buffer.add(Occurrence.of(ToyFailure(phase="x"), "an outage"))
    assert not recorder.flush()
    recorder._door = databases.app
    assert recorder.flush()
    assert recorder.flush()
    assert counted(databases, "an outage") == (2, 2)


def test_an_hour_keeps_a_limited_number_of_traces(databases) -> None:
    buffer = Buffer()
    recorder = Recorder(databases.app, Settings(error_traces_per_hour=3), buffer=buffer)
    moment = (now() - timedelta(hours=1)).replace(minute=30)
    for _ in range(2):
        for _ in range(5):
            buffer.add(Occurrence.of(ToyFailure(phase="x"), "a flood", at=moment))
        assert recorder.flush()
    assert counted(databases, "a flood") == (10, 3)


def test_old_traces_are_forgotten_and_counts_stay(databases, account, make_flow, desk) -> None:
    buffer = Buffer()
    recorder = Recorder(databases.app, Settings(), buffer=buffer)
    long_ago, flow = now() - timedelta(days=20), make_flow(account).flow_id
    for known in ({}, {"client_account_id": account.client_account_id, "flow_id": flow}):
        buffer.add(
            Occurrence.of(ToyFailure(phase="x"), "ago", at=long_ago, trace_id="c" * 32, **known)
        )
    assert recorder.flush()
    assert len([m for m in desk.ask("trace", "c" * 32) if m["kind"] == "error"]) == 2
    assert forget(databases.worker, Settings(error_trace_days=30)) == 0
    assert forget(databases.worker, Settings(error_trace_days=14)) == 2
    assert not desk.ask("trace", "c" * 32)
    assert counted(databases, "ago")[0] == 2


def test_an_erased_account_is_nobodys(databases, make_account) -> None:
    from landbridge.offboarding.erasure import erase

    gone = make_account()
    buffer = Buffer()
    recorder = Recorder(databases.app, Settings(), buffer=buffer)
    buffer.add(
        Occurrence.of(
            ToyFailure(phase="x"),
            "an erased account",
            client_account_id=gone.client_account_id,
            credential_hash=gone.access.credential_hash,
        )
    )
    erase(databases.owner, gone.client_account_id, reason="They asked for it.")
    assert recorder.flush()
    assert counted(databases, "an erased account") == (1, 1)


@pytest.mark.parametrize("login", ["app", "worker"])
def test_no_login_reads_or_changes_what_was_written(databases, login) -> None:
    door = getattr(databases, login)
    for statement in (
        "select * from app_private.loose_errors",
        "select * from app_private.error_counts",
        "delete from app.error_occurrences",
        "update app_private.error_decisions set note = 'x'",
    ):
        with pytest.raises(Exception, match="not allowed to do this"):
            with door.anonymous() as connection:
                connection.execute(text(statement))
