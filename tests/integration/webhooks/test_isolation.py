"""One account's webhooks never hear of another's flows, and nobody reads a secret."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from landbridge.database.errors import DatabasePermissionMissing
from landbridge.database.session import DeliveryAccess
from landbridge.errors.common import NotFound
from landbridge.kit.settings import Settings
from landbridge.kit.vault import Vault
from landbridge.webhooks import again, deliveries, secrets, subscriptions
from landbridge.webhooks.errors import WebhookEventUnknown, WebhookLimitReached
from landbridge.webhooks.secrets import opened
from tests.support.installation import until
from tests.support.sending import LOOPBACK, vault


def test_events_are_told_in_their_own_account_only(desk, desk_of, other_account, receiver, sending):
    other = desk_of(other_account)
    mine, _ = desk.subscribe(receiver.url + "/mine", "flow.created")
    theirs, _ = other.subscribe(receiver.url + "/theirs", "flow.created")
    flow = desk.flow()
    (got,) = receiver.wait(1)
    assert got.path == "/hook/mine"
    assert str(flow.id).encode() in got.body
    assert other.deliveries(theirs) == []
    assert len(desk.deliveries(mine)) == 1


def test_nothing_of_another_account_is_found(databases, desk, desk_of, other_account, receiver):
    webhook, _ = desk.subscribe(receiver.url)
    desk.flow()
    delivery = desk.only(webhook).delivery.id
    with databases.app.open(other_account.access) as session:
        assert subscriptions.listed(session) == []
        assert deliveries.counts(session) == {}
        for look in (
            lambda: subscriptions.get(session, webhook),
            lambda: subscriptions.change(session, webhook, enabled=False),
            lambda: subscriptions.remove(session, webhook),
            lambda: deliveries.listed(session, webhook),
            lambda: deliveries.get(session, delivery),
            lambda: again.send_again(session, delivery),
            lambda: again.send_test(session, webhook),
        ):
            with pytest.raises(NotFound):
                look()
    crossed = DeliveryAccess(other_account.client_account_id, delivery)
    with pytest.raises(NotFound), databases.worker.open(crossed) as session:
        session.connection()


@pytest.mark.parametrize(
    "statement",
    [
        "select secret from app_private.webhook_secrets",
        "select * from app_private.webhook_queue",
        "select * from app_private.webhook_routes",
        "select * from app.webhook_secrets(gen_random_uuid())",
        "select * from app.claim_webhook_deliveries(1, interval '1 minute')",
        "select app.open_delivery(gen_random_uuid(), gen_random_uuid())",
        "select app_private.tell_webhooks()",
    ],
)
def test_the_api_can_read_no_secret_and_claim_nothing(databases, account, statement):
    with (
        pytest.raises((ProgrammingError, DatabasePermissionMissing)),
        databases.app.open(account.access) as session,
    ):
        session.execute(text(statement))


def test_a_worker_reads_the_secrets_of_the_open_account_only(
    databases, desk, desk_of, other_account, receiver
):
    webhook, secret = desk.subscribe(receiver.url)
    other = desk_of(other_account)
    other.subscribe(receiver.url)
    read = text("select secret from app.webhook_secrets(:id)")
    found = []
    for flow in (desk.flow(), other.flow()):
        with databases.worker.open(flow.access) as session:
            found.append(session.execute(read, {"id": webhook}).scalars().all())
    (sealed,), nothing = found
    assert opened(vault(), webhook, sealed) == secret
    assert nothing == []


def test_a_secret_cannot_be_added_to_a_stranger(databases, desk, other_account, receiver):
    webhook, secret = desk.subscribe(receiver.url)
    add = text("select app.add_webhook_secret(:id, 'gAAAAA', interval '0')")
    with pytest.raises(Exception), databases.app.open(other_account.access) as session:  # noqa: B017, PT011
        session.execute(add, {"id": webhook})
    flow = desk.flow()
    with databases.worker.open(flow.access) as session:
        kept = session.execute(text("select secret from app.webhook_secrets(:id)"), {"id": webhook})
        assert [opened(vault(), webhook, s) for s in kept.scalars()] == [secret]


def test_a_secret_that_another_machine_sealed_fails_the_attempt_with_its_remedy(
    databases, desk, receiver, sending
):
    webhook, _ = desk.subscribe(receiver.url)
    stranger = Vault(Settings(secrets_key=Fernet.generate_key().decode()))
    with databases.app.open(desk.account.access) as session:
        sealed = {"id": webhook, "sealed": secrets.sealed(stranger, webhook, "whsec_AAAA")}
        session.execute(text("select app.add_webhook_secret(:id, :sealed, interval '0')"), sealed)
        again.send_test(session, webhook)
    until(lambda: any(a.error for t in desk.deliveries(webhook) for a in t.attempts))
    error = next(a.error for t in desk.deliveries(webhook) for a in t.attempts if a.error)
    assert error["code"] == "SECRETS_KEY_WRONG"
    assert "LANDBRIDGE_SECRETS_KEY" in error["remedy"]
    assert receiver.received == []


def test_kinds_and_numbers_have_limits(databases, desk, receiver, monkeypatch):
    with databases.app.open(desk.account.access) as session:
        for kinds in ([], ["flow.exploded"], ["*", "note"]):
            with pytest.raises(WebhookEventUnknown):
                subscriptions.add(session, receiver.url, kinds, allowed=LOOPBACK, vault=vault())
        wanted = ["flow.failed", "flow.completed", "flow.failed"]
        made, _ = subscriptions.add(session, receiver.url, wanted, allowed=LOOPBACK, vault=vault())
        assert made.kinds == ["flow.completed", "flow.failed"]
        monkeypatch.setattr(subscriptions, "MOST", 1)
        with pytest.raises(WebhookLimitReached):
            subscriptions.add(session, receiver.url, ["*"], allowed=LOOPBACK, vault=vault())
