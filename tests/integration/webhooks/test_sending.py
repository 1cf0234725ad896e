"""From an event to a receiver, and what happens when the receiver does not take it."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from landbridge.flows.states import FlowStatus
from landbridge.flows.transitions import move
from landbridge.kit.clock import now
from landbridge.webhooks import again, subscriptions
from landbridge.webhooks.errors import WebhookSwitchedOff
from landbridge.webhooks.sending import sender, transport
from landbridge.webhooks.sending.sender import running_sender
from tests.support.receiver import Answer
from tests.support.sending import loopback, vault


def until(check, seconds=20):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ended(desk, webhook, status):
    until(lambda: desk.only(webhook).delivery.status == status)
    return desk.only(webhook)


def test_a_message_is_signed_small_and_leads_to_the_flow(desk, receiver, sending):
    webhook, secret = desk.subscribe(receiver.url + "?a=b", "flow.failed")
    flow = desk.flow()
    flow.move(FlowStatus.RUNNING)
    flow.move(FlowStatus.FAILED, data={"code": "TOY_FAILURE", "detail": "a client's text"})
    (got,) = receiver.wait(1)
    told = ended(desk, webhook, "delivered")
    said = Webhook(secret).verify(got.body, got.headers)
    account, engagement = desk.account.client_account_id, desk.account.engagement_id
    inside = f"{account}/engagements/{engagement}/flows/{flow.id}"
    site = "https://landbridge.example.com"
    assert got.path == "/hook?a=b"
    assert said.pop("timestamp").endswith("Z")
    assert len(said["data"].pop("trace_id")) == 32
    assert said == {
        "id": str(told.delivery.id),
        "type": "flow.failed",
        "data": {
            "client_account_id": str(account),
            "engagement_id": str(engagement),
            "flow_id": str(flow.id),
            "flow_type": "toy",
            "status": "failed",
            "seq": 3,
            "phase": None,
            "error_code": "TOY_FAILURE",
            "links": {
                "flow": f"{site}/accounts/{inside}",
                "api": f"{site}/api/v1/client-accounts/{inside}",
                "events": f"{site}/api/v1/client-accounts/{inside}/events",
            },
        },
    }
    assert got.id == str(told.delivery.id)
    assert b"client's text" not in got.body
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"].startswith("Landbridge/")
    assert told.delivery.id.version == 7


def test_a_delivery_is_born_with_its_event_or_not_at_all(databases, desk, receiver):
    webhook, _ = desk.subscribe(receiver.url)
    flow = desk.flow()
    with databases.worker.open(flow.access) as session:
        move(session, flow.id, FlowStatus.RUNNING)
        session.rollback()
    flow.happen("note", "one", file="a.csv")
    assert [t.delivery.kind for t in desk.deliveries(webhook)] == ["flow.created"]
    flow.move(FlowStatus.RUNNING)
    flow.happen("phase.completed", "one")
    found = [t.delivery for t in desk.deliveries(webhook)]
    assert [d.kind for d in found] == ["flow.created", "flow.running", "phase.completed"]
    assert [(d.seq, d.flow_status) for d in found] == [
        (1, "initialized"), (3, "running"), (4, "running"),
    ]  # fmt: skip


def test_a_sender_is_woken_and_does_not_wait_for_its_next_look(
    databases, desk, receiver, monkeypatch
):
    monkeypatch.setattr(sender, "RECHECK_SECONDS", 60.0)
    desk.subscribe(receiver.url, "flow.running")
    flow = desk.flow()
    with running_sender(databases.worker, loopback()):
        time.sleep(1)
        began = time.monotonic()
        flow.move(FlowStatus.RUNNING)
        receiver.wait(1, seconds=10)
    assert time.monotonic() - began < 10


def test_what_was_not_taken_is_sent_again_with_the_same_id_and_body(desk, receiver, sending):
    receiver.answers = [Answer(500, b"broken\x00\x1b[2J"), Answer(404), Answer(200, b"ok")]
    webhook, secret = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    got = receiver.wait(3)
    told = ended(desk, webhook, "delivered")
    assert {m.id for m in got} == {str(told.delivery.id)}
    assert len({m.body for m in got}) == 1
    for message in got:
        Webhook(secret).verify(message.body, message.headers)
    assert [(a.number, a.status_code) for a in told.attempts] == [(1, 500), (2, 404), (3, 200)]
    assert told.attempts[0].response == "broken��[2J"
    assert told.attempts[0].error["code"] == "WEBHOOK_NOT_ACCEPTED"
    assert told.attempts[2].error is None
    assert desk.webhook(webhook).failing_since is None


def test_after_the_last_try_it_has_failed_and_can_be_sent_again_by_hand(
    databases, desk, receiver, sending
):
    receiver.otherwise = Answer(503)
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    told = ended(desk, webhook, "failed")
    assert len(told.attempts) == told.delivery.attempts == 4
    assert desk.webhook(webhook).failing_since is not None
    receiver.otherwise = Answer(204)
    with databases.app.open(desk.account.access) as session:
        again.send_again(session, told.delivery.id)
    told = ended(desk, webhook, "delivered")
    assert [a.number for a in told.attempts] == [1, 2, 3, 4, 5]
    assert {m.id for m in receiver.received} == {str(told.delivery.id)}


def test_the_pause_a_receiver_asks_for_is_kept(desk, receiver, sending):
    receiver.otherwise = Answer(429, headers={"Retry-After": "3600"})
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    receiver.wait(1)
    until(lambda: desk.only(webhook).attempts[0].finished_at is not None)
    told = desk.only(webhook)
    assert told.delivery.status == "pending"
    wait = told.delivery.next_attempt_at - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


def test_gone_switches_off_and_tells_the_other_webhooks(desk, receiver, sending):
    receiver.answers = [Answer(410)]
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    watcher, _ = desk.subscribe(receiver.url + "/watch", "webhook.disabled")
    desk.flow()
    _, notice = receiver.wait(2)
    until(lambda: not desk.webhook(webhook).enabled)
    assert desk.webhook(webhook).disabled_reason == "gone"
    assert desk.only(webhook).delivery.status == "failed"
    said = json.loads(notice.body)
    assert notice.path.endswith("/watch")
    assert said["type"] == "webhook.disabled"
    assert said["data"]["webhook_id"] == str(webhook)
    assert said["data"]["reason"] == "gone"
    desk.flow()
    assert len(desk.deliveries(webhook)) == 1
    assert desk.webhook(watcher).enabled


def test_days_of_failures_switch_off_and_drop_what_waits(databases, desk, receiver, sending):
    receiver.otherwise = Answer(429, headers={"Retry-After": "3600"})
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    receiver.wait(1)
    until(lambda: desk.webhook(webhook).failing_since is not None)
    assert desk.webhook(webhook).enabled
    desk.do("update app.webhooks set failing_since = now() - interval '73 hours'")
    desk.flow()
    until(lambda: not desk.webhook(webhook).enabled)
    assert desk.webhook(webhook).disabled_reason == "failing"
    assert [t.delivery.status for t in desk.deliveries(webhook)] == ["dropped", "dropped"]
    with (
        pytest.raises(WebhookSwitchedOff),
        databases.app.open(desk.account.access) as session,
    ):
        again.send_again(session, desk.deliveries(webhook)[0].delivery.id)
    with databases.app.open(desk.account.access) as session:
        on = subscriptions.change(session, webhook, enabled=True)
        assert (on.disabled_reason, on.failing_since) == (None, None)


def test_a_redirect_is_not_followed(desk, receiver, sending):
    receiver.answers = [Answer(302, headers={"Location": receiver.url + "/elsewhere"})]
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    told = ended(desk, webhook, "delivered")
    assert [m.path for m in receiver.received] == ["/hook", "/hook"]
    assert told.attempts[0].error["code"] == "WEBHOOK_REDIRECTED"


def test_a_slow_receiver_is_given_up_and_a_dripping_one_too(
    desk, receiver, quick, monkeypatch, databases
):
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 0.6)
    receiver.answers = [Answer(200, pause=3), Answer(200, b"x" * 100, drip=0.2), Answer(204)]
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    with running_sender(databases.worker, loopback()):
        desk.flow()
        told = ended(desk, webhook, "delivered")
    codes = [a.error and a.error["code"] for a in told.attempts]
    assert codes == ["WEBHOOK_TIMED_OUT", "WEBHOOK_TIMED_OUT", None]


def test_an_endless_answer_is_cut(desk, receiver, sending):
    receiver.answers = [Answer(200, "ä".encode() * 500_000)]
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    told = ended(desk, webhook, "delivered")
    assert told.attempts[0].response == "ä" * 512


def test_a_test_message_is_sent_whatever_the_kinds_are(databases, desk, receiver, sending):
    webhook, secret = desk.subscribe(receiver.url, "flow.failed")
    with databases.app.open(desk.account.access) as session:
        again.send_test(session, webhook)
    (got,) = receiver.wait(1)
    said = Webhook(secret).verify(got.body, got.headers)
    assert said["type"] == "webhook.test"
    assert said["data"]["webhook_id"] == str(webhook)
    told = ended(desk, webhook, "delivered")
    with databases.app.open(desk.account.access) as session:
        again.send_again(session, told.delivery.id)
    assert receiver.wait(2)[1].id == got.id


def test_during_a_rotation_both_secrets_verify_and_then_the_new_one(
    databases, desk, receiver, sending
):
    webhook, old = desk.subscribe(receiver.url, "flow.created")
    with databases.app.open(desk.account.access) as session:
        new = subscriptions.rotate(session, webhook, timedelta(hours=1), vault=vault())
    desk.flow()
    (got,) = receiver.wait(1)
    for secret in (old, new):
        Webhook(secret).verify(got.body, got.headers)
    with databases.app.open(desk.account.access) as session:
        newest = subscriptions.rotate(session, webhook, timedelta(), vault=vault())
    desk.flow()
    got = receiver.wait(2)[1]
    assert len(got.headers["webhook-signature"].split()) == 1
    Webhook(newest).verify(got.body, got.headers)


def test_deliveries_are_kept_for_thirty_days(desk, receiver, sending):
    webhook, _ = desk.subscribe(receiver.url, "flow.created")
    desk.flow()
    old = ended(desk, webhook, "delivered").delivery.id
    desk.do("update app.webhook_deliveries set created_at = :then", then=now() - timedelta(days=31))
    desk.flow()
    until(lambda: [t.delivery.status for t in desk.deliveries(webhook)] == ["delivered"])
    assert desk.only(webhook).delivery.id != old
