"""A creation that is sent again under its Idempotency-Key creates nothing, and tells no secret."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from landbridge.identity import invitations
from tests.support.accounts import Account


@dataclass(frozen=True, slots=True)
class Creation:
    """A creation whose answer holds a secret."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    secret: str
    code: str


CREATIONS = [
    Creation("api-keys", {"label": "Nightly"}, {"label": "Hourly"}, "key", "API_KEY_MADE_BEFORE"),
    Creation(
        "webhooks",
        {"url": "https://example.com/a", "kinds": ["*"]},
        {"url": "https://example.com/b", "kinds": ["*"]},
        "secret",
        "WEBHOOK_MADE_BEFORE",
    ),
    Creation(
        "invitations",
        {"email": "new@example.com"},
        {"email": "newer@example.com"},
        "link",
        "INVITATION_MADE_BEFORE",
    ),
]

Send = Callable[..., httpx.Response]


@pytest.fixture
def send(server, account: Account) -> Send:
    def post(path: str, body: dict[str, Any], key: str | None) -> httpx.Response:
        headers = account.headers | ({"Idempotency-Key": key} if key else {})
        root = f"{server}/api/v1/client-accounts/{account.client_account_id}"
        return httpx.post(f"{root}/{path}", json=body, headers=headers, timeout=30)

    return post


@pytest.fixture
def listed(server, account: Account) -> Callable[[str], list[Any]]:
    root = f"{server}/api/v1/client-accounts/{account.client_account_id}"
    return lambda path: httpx.get(f"{root}/{path}", headers=account.headers).json()["items"]


@pytest.mark.parametrize("creation", CREATIONS, ids=lambda c: c.path)
def test_a_secret_is_told_once(creation: Creation, send, listed, account, databases) -> None:
    key, before = str(uuid.uuid4()), len(listed(creation.path))
    first = send(creation.path, creation.body, key)
    assert first.status_code == 201, first.text
    again = send(creation.path, creation.body, key)
    problem, made = again.json(), first.json()
    assert (again.status_code, problem["code"]) == (409, creation.code)
    assert made["id"] in problem["detail"]
    assert problem["remedy"]
    assert made[creation.secret] not in again.text
    assert len(listed(creation.path)) == before + 1
    other = send(creation.path, creation.other, key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert send(creation.path, creation.other, str(uuid.uuid4())).status_code == 201
    assert send(creation.path, creation.other, None).status_code == 201
    with databases.app.open(account.access) as session:
        kept = session.execute(text("select body::text from app.idempotency_keys")).scalars().all()
    assert {f'{{"id": "{made["id"]}"}}'} < set(kept)
    secret = made[creation.secret].rpartition(invitations.PATH)[2]
    assert not [body for body in kept if secret in body]


@pytest.mark.parametrize("creation", CREATIONS, ids=lambda c: c.path)
def test_requests_at_the_same_time_create_once(creation: Creation, send, listed) -> None:
    before, key = len(listed(creation.path)), str(uuid.uuid4())
    codes = at_once(lambda: send(creation.path, creation.body, key))
    assert codes.count("201") == 1
    assert set(codes) <= {"201", "REQUEST_IN_FLIGHT", creation.code}
    assert len(listed(creation.path)) == before + 1


def at_once(act: Callable[[], httpx.Response], times: int = 6) -> list[str]:
    """The codes of some requests that begin together; the status where there is none."""
    ready = threading.Barrier(times)

    def one(_: int) -> str:
        ready.wait()
        answer = act()
        return str(answer.json().get("code") or answer.status_code)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


class TestClientAccounts:
    """Where there is no account yet to keep the key in."""

    @pytest.fixture
    def create(self, server, account, databases) -> Send:
        with databases.owner.begin() as connection:
            connection.execute(
                text("update app_private.users set may_create_accounts = true where id = :id"),
                {"id": account.user_id},
            )
            unbind = "update app_private.credentials set client_account_id = null"
            connection.execute(text(f"{unbind} where user_id = :id"), {"id": account.user_id})

        def post(name: str, key: str | None) -> httpx.Response:
            headers = account.headers | ({"Idempotency-Key": key} if key else {})
            url = f"{server}/api/v1/client-accounts"
            return httpx.post(url, json={"name": name}, headers=headers, timeout=30)

        return post

    def test_the_first_answer_is_repeated(self, create) -> None:
        name, key = f"Customer {uuid.uuid4()}", str(uuid.uuid4())
        first, second = create(name, key), create(name, key)
        assert first.status_code == second.status_code == 201, first.text
        assert first.json() == second.json()
        assert uuid.UUID(first.json()["id"]).version == 7
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert create(name, None).json()["code"] == "CLIENT_ACCOUNT_NAME_TAKEN"
        assert create(name, str(uuid.uuid4())).json()["code"] == "CLIENT_ACCOUNT_NAME_TAKEN"

    def test_another_name_under_the_same_key_is_refused(self, create) -> None:
        key = str(uuid.uuid4())
        assert create(f"Customer {uuid.uuid4()}", key).status_code == 201
        assert create("Another", key).json()["code"] == "IDEMPOTENCY_KEY_REUSED"

    def test_requests_at_the_same_time_create_once(self, create) -> None:
        name, key = f"Customer {uuid.uuid4()}", str(uuid.uuid4())
        codes = at_once(lambda: create(name, key))
        assert set(codes) <= {"201", "REQUEST_IN_FLIGHT"}
        assert create(name, key).headers["idempotency-replayed"] == "true"

    def test_a_key_of_somebody_else_is_free(self, create, server, make_account) -> None:
        key = str(uuid.uuid4())
        create(f"Customer {uuid.uuid4()}", key)
        stranger = make_account().headers | {"Idempotency-Key": key}
        url = f"{server}/api/v1/client-accounts"
        refused = httpx.post(url, json={"name": "Mine"}, headers=stranger, timeout=30)
        assert refused.json()["code"] == "ACCOUNT_CREATION_DENIED"
