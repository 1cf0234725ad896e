"""Subscriptions, a receiver, and a sender that is in no mood to wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from landbridge.database.engine import Databases
from landbridge.webhooks import deliveries, retries, subscriptions
from landbridge.webhooks.deliveries import Told
from landbridge.webhooks.models import Webhook
from landbridge.webhooks.sending import sender
from tests.support.accounts import Account
from tests.support.flows import HandledFlow
from tests.support.receiver import Receiver, receiving
from tests.support.sending import LOOPBACK, loopback, vault


@dataclass
class Desk:
    """A client account's webhooks."""

    databases: Databases
    account: Account

    def subscribe(self, url: str, *kinds: str) -> tuple[UUID, str]:
        with self.databases.app.open(self.account.access) as session:
            made, secret = subscriptions.add(
                session, url, kinds or ("*",), allowed=LOOPBACK, vault=vault()
            )
            return made.id, secret

    def webhook(self, webhook_id: UUID) -> Webhook:
        with self.databases.app.open(self.account.access) as session:
            return subscriptions.get(session, webhook_id)

    def deliveries(self, webhook_id: UUID) -> list[Told]:
        """Oldest first."""
        with self.databases.app.open(self.account.access) as session:
            return deliveries.listed(session, webhook_id, limit=500).items[::-1]

    def only(self, webhook_id: UUID) -> Told:
        (told,) = self.deliveries(webhook_id)
        return told

    def do(self, statement: str, **values: object) -> None:
        with self.databases.app.open(self.account.access) as session:
            session.execute(text(statement), values)

    def flow(self) -> HandledFlow:
        return HandledFlow(self.databases, self.account)


@pytest.fixture(scope="session", autouse=True)
def nothing_waits(databases: Databases) -> None:
    """Messages of tests that ran before without a sender are not sent in this one's time."""
    assert databases.admin_url is not None
    engine = create_engine(databases.admin_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "update app.webhook_deliveries set status = 'dropped', next_attempt_at = null"
                " where status = 'pending'"
            )
        )
    engine.dispose()


@pytest.fixture
def desk(databases: Databases, account: Account) -> Desk:
    return Desk(databases, account)


@pytest.fixture
def desk_of(databases: Databases) -> Callable[[Account], Desk]:
    return lambda account: Desk(databases, account)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses a test can wait for."""
    monkeypatch.setattr(retries, "PAUSES", (timedelta(seconds=0.05),) * 3)
    monkeypatch.setattr(sender, "RECHECK_SECONDS", 0.1)


@pytest.fixture
def sending(databases: Databases, quick: None) -> Iterator[None]:
    with sender.running_sender(databases.worker, loopback()):
        yield
