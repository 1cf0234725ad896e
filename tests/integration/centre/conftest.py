"""A served application, an operator, and waiting for what is written down in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from landbridge.centre.desk import OwnerDesk
from landbridge.database.engine import Databases
from landbridge.identity import keys, users
from landbridge.kit.ids import new_id
from tests.support.http_fixtures import browser_of, client_of, server
from tests.support.waiting import eventually

__all__ = ["browser_of", "client_of", "server"]


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may create client accounts, and is a member of none."""

    api_key: str
    hash: bytes

    @property
    def headers(self) -> dict[str, str]:
        """What an HTTP client sends to act as the operator."""
        return {"Authorization": f"Bearer {self.api_key}"}


@pytest.fixture
def operator(databases: Databases) -> Operator:
    """A fresh operator."""
    owner = databases.owner
    assert owner is not None
    user = users.ensure_user(owner, f"operator-{new_id().hex[-12:]}@example.com", "The operator")
    with owner.begin() as connection:
        connection.execute(
            text("update app_private.users set may_create_accounts = true where id = :user"),
            {"user": user},
        )
    secret = keys.create_api_key(owner, user, label="operator")
    return Operator(secret.text, secret.hash)


@pytest.fixture
def desk(databases: Databases) -> OwnerDesk:
    """The operator's desk on the command line."""
    assert databases.owner is not None
    return OwnerDesk(databases.owner)


@pytest.fixture
def story_of(desk: OwnerDesk, server: str) -> Callable[[httpx.Response], list[dict[str, Any]]]:
    """The story of an answer's trace id, once its error is written down."""

    def find(answer: httpx.Response) -> list[dict[str, Any]]:
        trace = answer.headers["x-trace-id"]
        return eventually(
            lambda: (
                [m for m in desk.ask("trace", trace) if m["kind"] == "error"]
                and desk.ask("trace", trace)
            )
        )

    return find
