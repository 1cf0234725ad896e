"""Every answer of every route carries the security headers: pages, API, files and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute

from landbridge.api.app import ROUTERS
from landbridge.api.downloads import attachment
from landbridge.database.engine import Databases
from landbridge.discovery.imports import service as imports
from landbridge.web import assets
from landbridge.web.app import PAGES
from tests.support.accounts import Account, make_account
from tests.support.people import Person, make_person

ROUTES = sorted(
    {
        (method, route.path)
        for router in (*PAGES, *ROUTERS)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
)
NAMES = ("Bericht Größe 100%.csv", 'quo"te\\.csv', "line\r\nSet-Cookie: x=1.csv", "日本.csv", "a/b")


@pytest.fixture(scope="module")
def account(databases: Databases) -> Account:
    return make_account(databases)


@pytest.fixture
def clients(server: str, account: Account) -> Iterator[list[httpx.Client]]:
    """As a member, as nobody, and as a browser behind a proxy that ends https."""
    options: Any = {"base_url": server, "timeout": 30}
    made = [
        httpx.Client(headers=account.headers, **options),
        httpx.Client(headers={"Accept": "text/html"}, **options),
        httpx.Client(headers={**account.headers, "X-Forwarded-Proto": "https"}, **options),
    ]
    yield made
    for client in made:
        client.close()


def require_headers(answer: httpx.Response, *, secure: bool) -> None:
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in _csp(headers))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    if "sandbox" not in policy:
        assert (policy["base-uri"], policy["form-action"]) == ("'none'", "'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert {"camera=()", "usb=()", "payment=()"} <= set(headers["permissions-policy"].split(", "))
    assert headers["x-trace-id"]
    assert "server" not in headers
    assert ("strict-transport-security" in headers) == secure
    for cookie in headers.get_list("set-cookie"):
        require_flags(cookie, secure=secure)


def _csp(headers: httpx.Headers) -> list[str]:
    return headers["content-security-policy"].split(";")


def require_flags(text: str, *, secure: bool) -> None:
    for name, cookie in SimpleCookie(text).items():
        assert cookie["httponly"], text
        assert cookie["samesite"].lower() in {"lax", "strict"}, text
        assert cookie["path"] == "/", text
        assert not cookie["domain"], text
        if name.startswith("__Host-"):
            assert cookie["secure"], text
        elif cookie["max-age"] != "0":
            assert bool(cookie["secure"]) == secure, text


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
def test_every_route_answers_with_the_headers(
    method: str, path: str, clients: list[httpx.Client], account: Account
) -> None:
    filled = path.replace("{client_account_id}", str(account.client_account_id))
    filled = filled.replace("{engagement_id}", str(account.engagement_id))
    filled = re.sub(r"\{[^}]*}", lambda _: str(uuid4()), filled)
    for client in clients:
        with client.stream(method, filled) as answer:
            require_headers(answer, secure="x-forwarded-proto" in client.headers)
            assert answer.status_code < 500
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/%2e%2e/%2e%2e/settings", 404),
        ("PUT", "/api/v1/client-accounts", 405),
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/errors/NOT_FOUND", 200),
    ],
)
def test_so_does_what_is_not_there(
    method: str, path: str, status: int, clients: list[httpx.Client]
) -> None:
    for client in clients:
        answer = client.request(method, path)
        assert answer.status_code == status
        require_headers(answer, secure="x-forwarded-proto" in client.headers)
        assert answer.headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_and_carry_them_too(clients: list[httpx.Client]) -> None:
    files = [p.relative_to(assets.ROOT).as_posix() for p in assets.ROOT.rglob("*") if p.is_file()]
    for path in files:
        answer = clients[1].get(f"/static/{path}")
        require_headers(answer, secure=False)
        assert answer.headers["cache-control"] == "no-cache"
    exact = clients[1].get(assets.asset("css/base.css"))
    assert exact.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in exact.headers


def test_a_body_that_is_too_large_is_refused_with_the_headers(clients: list[httpx.Client]) -> None:
    for client in clients:
        answer = client.post("/sign-in", content=b"x" * (2 << 20))
        assert answer.status_code == 413
        require_headers(answer, secure="x-forwarded-proto" in client.headers)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_arrives_whole_and_says_nothing_else(name: str) -> None:
    header = attachment(name)["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    match = re.fullmatch(r"attachment; filename=\"([^\"\\%]*)\"; filename\*=UTF-8''(.*)", header)
    assert match
    assert httpx.URL(f"http://x/?n={match[2]}").params["n"] == name
    assert re.fullmatch(r"[A-Za-z0-9._~%-]*", match[2])


def test_every_download_is_an_attachment(
    server: str, databases: Databases, account: Account
) -> None:
    with databases.app.open(account.access) as session:
        import_id = imports.create_import(session, account.engagement_id).id
        file = imports.receive_file(session, import_id, "Größe.csv", iter([b"a,b\r\n<b>,2\r\n"]))
    root = f"{server}/api/v1/client-accounts/{account.client_account_id}"
    inside = f"{root}/engagements/{account.engagement_id}"
    for address, name in {
        f"{inside}/exports/inventory.csv": "inventory.csv",
        f"{inside}/exports/inventory.xlsx": "inventory.xlsx",
        f"{inside}/exports/inventory.json": "inventory.json",
        f"{inside}/imports/{import_id}/failed-rows.csv": "failed-rows.csv",
        f"{inside}/imports/{import_id}/files/{file.id}/original": "Gr%C3%B6%C3%9Fe.csv",
        f"{root}/audit/export.jsonl": f"audit-{account.client_account_id}.jsonl",
        f"{root}/export.zip": f"account-{account.client_account_id}.zip",
    }.items():
        answer = httpx.get(address, headers=account.headers, timeout=60)
        assert answer.status_code == 200, address
        require_headers(answer, secure=False)
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["content-disposition"].endswith(f"''{name}")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_cookies_are_bound_to_the_host_and_out_of_reach_of_scripts(
    scheme: str, server: str, databases: Databases
) -> None:
    person: Person = make_person(databases)
    headers = {"X-Forwarded-Proto": scheme}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as client:
        answers = [
            client.post("/sign-in", data={"email": person.email, "password": person.password}),
            client.post("/preferences/theme", data={"theme": "dark"}),
            client.post("/sign-out"),
        ]
    cookies = [c for a in answers for c in a.headers.get_list("set-cookie")]
    assert len(cookies) >= 3
    for cookie in cookies:
        require_flags(cookie, secure=scheme == "https")
    assert cookies[0].startswith("__Host-" if scheme == "https" else "landbridge_session=")
