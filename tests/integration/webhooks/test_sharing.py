"""Several workers share the work; one that dies loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from landbridge.database import urls
from landbridge.database.session import DeliveryAccess
from landbridge.flows.states import FlowStatus
from landbridge.webhooks import retries
from landbridge.webhooks.sending import attempts
from landbridge.webhooks.sending.sender import running_sender
from tests.integration.webhooks.conftest import Desk
from tests.support.accounts import make_account
from tests.support.receiver import Answer
from tests.support.sending import loopback


@pytest.fixture
def spawn(databases, tmp_path):
    started = []

    def start():
        ready = tmp_path / f"ready-{len(started)}"
        command = [sys.executable, "-m", "tests.support.sending"]
        command += [urls.text(u) for u in (databases.app_url, databases.worker_url)]
        process = subprocess.Popen(
            [*command, str(ready)], env=os.environ, cwd=Path(__file__).parents[3]
        )
        started.append(process)
        deadline = time.monotonic() + 30
        while not ready.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_message_whose_worker_was_killed_is_sent_again_with_the_same_id(desk, receiver, spawn):
    receiver.answers = [Answer(204, pause=60)]
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    victim = spawn()
    desk.flow()
    receiver.wait(1)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    spawn()
    first, second = receiver.wait(2, seconds=30)
    assert first.id == second.id
    assert first.body == second.body
    deadline = time.monotonic() + 20
    while desk.only(webhook).delivery.status != "delivered":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    interrupted, done = desk.only(webhook).attempts
    assert interrupted.error["code"] == "WEBHOOK_INTERRUPTED"
    assert (done.status_code, done.error) == (204, None)


def test_three_senders_send_each_message_once(databases, desk, receiver, quick):
    webhook, _ = desk.subscribe(receiver.url)
    flow = desk.flow()
    flow.move(FlowStatus.RUNNING)
    for _ in range(40):
        flow.happen("phase.completed", "one")
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(running_sender(databases.worker, loopback()))
        receiver.wait(42)
        deadline = time.monotonic() + 20
        while {t.delivery.status for t in desk.deliveries(webhook)} != {"delivered"}:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert set(Counter(m.id for m in receiver.received).values()) == {1}
    assert all(len(t.attempts) == 1 for t in desk.deliveries(webhook))


def test_a_long_queue_leaves_room_for_others(fresh_databases, receiver):
    busy, quiet = (Desk(fresh_databases, make_account(fresh_databases)) for _ in range(2))
    busy.subscribe(receiver.url)
    quiet.subscribe(receiver.url)
    flow = busy.flow()
    for _ in range(60):
        flow.happen("phase.completed", "one")
    quiet.flow()
    taken = Counter(
        access.client_account_id for access in attempts.claim(fresh_databases.worker, 32)
    )
    assert taken == {busy.account.client_account_id: 4, quiet.account.client_account_id: 1}
    assert attempts.claim(fresh_databases.worker, 32) == []


def test_an_attempt_that_was_overtaken_decides_nothing(databases, desk, receiver):
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    (access,) = [
        a
        for a in attempts.claim(databases.worker, 500)
        if a.client_account_id == desk.account.client_account_id
    ]

    def begin():
        with databases.worker.open(access) as session:
            return attempts.begin(session, access.delivery_id, "https://x")

    slow, quick = begin(), begin()
    for message, outcome in (
        (slow, attempts.Outcome(204)),
        (quick, attempts.Outcome(500, error=attempts.WebhookInterrupted())),
    ):
        with databases.worker.open(access) as session:
            attempts.finish(session, message, outcome)
    told = desk.only(webhook)
    assert told.delivery.status == "pending"
    assert [a.status_code for a in told.attempts] == [204, 500]


def test_a_message_whose_workers_all_die_ends_as_failed(databases, desk, receiver):
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    access = DeliveryAccess(desk.account.client_account_id, desk.only(webhook).delivery.id)
    for _ in range(len(retries.PAUSES) + 2):
        with databases.worker.open(access) as session:
            last = attempts.begin(session, access.delivery_id, "https://x")
    assert last is None
    told = desk.only(webhook)
    assert (told.delivery.status, len(told.attempts)) == ("failed", len(retries.PAUSES) + 1)
    assert {a.error["code"] for a in told.attempts} == {"WEBHOOK_INTERRUPTED"}


def test_the_queue_holds_references_only(databases):
    assert databases.owner is not None
    with databases.owner.connect() as connection:
        columns = connection.execute(
            text(
                "select attname from pg_attribute where attnum > 0 and not attisdropped"
                " and attrelid = 'app_private.webhook_queue'::regclass"
            )
        ).scalars()
        assert set(columns) == {
            "client_account_id", "webhook_id", "delivery_id", "due_at", "leased_until",
        }  # fmt: skip
