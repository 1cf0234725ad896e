"""Every way in which a request can be wrong has its code, a remedy and a trace id."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
import structlog
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.identity import api_keys, keys
from landbridge.identity.credentials import Secret
from landbridge.identity.permissions import Role
from tests.support.accounts import Account, make_account, make_member
from tests.support.fault_table import ASKED, Seen
from tests.support.faults import PROCESSORS, told_of


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who sends one wrong request."""

    databases: Databases
    account: Account
    server: str

    @property
    def root(self) -> str:
        return f"/api/v1/client-accounts/{self.account.client_account_id}"

    @property
    def engagement(self) -> str:
        return f"{self.root}/engagements/{self.account.engagement_id}"

    def send(self, method: str, path: str, **options) -> httpx.Response:  # type: ignore[no-untyped-def]
        headers = {**self.account.headers, **options.pop("headers", {})}
        return httpx.request(method, self.server + path, headers=headers, timeout=20, **options)

    def counts(self) -> tuple[int, ...]:
        """Engagements of the account; imports and flows of its first one."""
        here = self.engagement
        lists = (f"{self.root}/engagements", f"{here}/imports", f"{here}/flows")
        return tuple(len(self.send("GET", path).json()["items"]) for path in lists)


def upload(caller: Caller, *files: tuple[str, bytes], **options) -> httpx.Response:  # type: ignore[no-untyped-def]
    parts = [("files", file) for file in files]
    return caller.send("POST", f"{caller.engagement}/imports", files=parts, **options)


def truncated(caller: Caller) -> httpx.Response:
    """An upload whose body ends before its closing boundary."""
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\na,b\r\n1,'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    return caller.send("POST", f"{caller.engagement}/imports", content=body, headers=kind)


def gone(caller: Caller) -> httpx.Response:
    """A client that goes away in the middle of its upload; then an ordinary request."""
    host, port = caller.server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"POST {caller.engagement}/imports HTTP/1.1\r\nHost: {host}\r\n"
        key = caller.account.headers["Authorization"]
        head += f"Authorization: {key}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        connection.sendall(f"{head}Content-Length: 999999\r\n\r\n--b\r\n".encode())
    listed = caller.send("GET", f"{caller.engagement}/imports")
    assert listed.json()["items"] == []
    return caller.send("GET", f"{caller.engagement}/imports/{uuid4()}")


def revoked(caller: Caller) -> httpx.Response:
    key = another_key(caller)
    with caller.databases.app.open(caller.account.access) as session:
        api_keys.revoke(session, key.public_id)
    return ask_with(caller, key)


def expired(caller: Caller) -> httpx.Response:
    key, owner = another_key(caller), caller.databases.owner
    assert owner is not None
    assert ask_with(caller, key).status_code == 200
    with owner.begin() as connection:
        connection.execute(
            text("update app_private.credentials set expires_at = now() where hash = :hash"),
            {"hash": key.hash},
        )
    return ask_with(caller, key)


def another_key(caller: Caller) -> Secret:
    assert caller.databases.owner is not None
    return keys.create_api_key(
        caller.databases.owner, caller.account.user_id, account=caller.account.client_account_id,
        label="old",
    )  # fmt: skip


def ask_with(caller: Caller, key: Secret) -> httpx.Response:
    return caller.send(
        "GET", f"{caller.root}/engagements", headers={"Authorization": f"Bearer {key.text}"}
    )


def as_viewer(caller: Caller) -> httpx.Response:
    here = caller.account
    viewer = make_member(caller.databases, here.client_account_id, here.name, Role.VIEWER)
    body = {"name": "Mine"}
    return caller.send("POST", f"{caller.root}/engagements", json=body, headers=viewer.headers)


def reused(caller: Caller) -> httpx.Response:
    key = {"Idempotency-Key": "once"}
    upload(caller, ("a.csv", b"a,b\n1,2\n"), headers=key)
    return upload(caller, ("a.csv", b"a,b\n1,3\n"), headers=key)


def foreign(caller: Caller) -> httpx.Response:
    other = make_account(caller.databases)
    return caller.send("GET", f"/api/v1/client-accounts/{other.client_account_id}/engagements")


def engagement_named(**options) -> Callable[[Caller], httpx.Response]:  # type: ignore[no-untyped-def]
    return lambda c: c.send("POST", f"{c.root}/engagements", **options)


JSON = {"Content-Type": "application/json"}
CASES: dict[str, tuple[Callable[[Caller], httpx.Response], str]] = {
    "broken JSON": (engagement_named(content=b"{", headers=JSON), "INVALID_REQUEST"),
    "JSON that is no UTF-8": (engagement_named(content=b'{"name": "\xff"}', headers=JSON), "*"),
    "no body": (engagement_named(), "INVALID_REQUEST"),
    "body of another kind": (
        engagement_named(content=b"a=b", headers={"Content-Type": "text/plain"}),
        "INVALID_REQUEST",
    ),
    "field missing": (engagement_named(json={}), "INVALID_REQUEST"),
    "field of another type": (engagement_named(json={"name": [1]}), "INVALID_REQUEST"),
    "NUL character": (engagement_named(json={"name": "a\0b"}), "*"),
    "lone surrogate": (
        engagement_named(content=json.dumps({"name": "\ud800"}), headers=JSON),
        "*",
    ),
    "body too large": (engagement_named(content=b"x" * (3 << 20), headers=JSON), "*"),
    "address unknown": (lambda c: c.send("GET", "/api/v1/nothing"), "NOT_FOUND"),
    "id unknown": (lambda c: c.send("GET", f"{c.engagement}/flows/{uuid4()}"), "NOT_FOUND"),
    "id malformed": (lambda c: c.send("GET", f"{c.engagement}/flows/7"), "NOT_FOUND"),
    "id of another client": (foreign, "NOT_FOUND"),
    "method unknown here": (
        lambda c: c.send("DELETE", f"{c.root}/engagements"),
        "METHOD_NOT_ALLOWED",
    ),
    "credential missing": (
        lambda c: httpx.get(f"{c.server}{c.engagement}/flows"),
        "SIGN_IN_REQUIRED",
    ),
    "credential revoked": (revoked, "SIGN_IN_REQUIRED"),
    "credential expired": (expired, "SIGN_IN_REQUIRED"),
    "role too low": (as_viewer, "PERMISSION_DENIED"),
    "cursor forged": (
        lambda c: c.send("GET", f"{c.engagement}/assets?cursor=AAAA"),
        "INVALID_CURSOR",
    ),
    "upload truncated": (truncated, "UNREADABLE_BODY"),
    "upload without a file": (
        lambda c: c.send("POST", f"{c.engagement}/imports", data={"a": "b"}),
        "*",
    ),
    "client gone in the middle": (gone, "NOT_FOUND"),
    "idempotency key reused": (reused, "IDEMPOTENCY_KEY_REUSED"),
    "idempotency key malformed": (
        lambda c: upload(c, ("a.csv", b"a"), headers={"Idempotency-Key": "x" * 300}),
        "IDEMPOTENCY_KEY_MALFORMED",
    ),
    "flow type unknown": (
        lambda c: c.send("POST", f"{c.engagement}/flows", json={"flow_type": "no", "inputs": {}}),
        "*",
    ),
    "form from another site": (
        lambda c: httpx.post(
            f"{c.server}/sign-in", data={"token": "x"}, headers={"Origin": "https://evil.example"}
        ),
        "CROSS_SITE_REQUEST",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_request(name: str, databases, account, server, catalogue, faults) -> None:
    send, code = CASES[name]
    caller, seen = Caller(databases, account, server), Seen(f"request: {name}")
    with structlog.testing.capture_logs(PROCESSORS) as logged:
        answer = send(caller)
    problem = answer.json()
    assert 400 <= answer.status_code < 500
    trace_id = seen.problem(problem, code, catalogue)
    seen.check("answer", answer.headers["x-trace-id"], trace_id)
    seen.check("log", problem["code"] in told_of(trace_id, logged))
    engagements, imports, flows = caller.counts()
    seen.check("kept", (engagements, imports, flows), (1, int("reused" in name), 0))
    right = caller.send("POST", f"{caller.root}/engagements", json={"name": "A right one"})
    seen.check("over", (right.status_code, caller.counts()[0]), (201, 2))
    faults.saw(seen, "a right request", asked=ASKED)
