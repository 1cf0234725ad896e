"""Every failure is a problem with a code, a remedy and a trace id."""

import uuid

import httpx
import pytest


@pytest.fixture
def api(server, account):
    with httpx.Client(base_url=server, headers=account.headers) as client:
        yield client


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"/errors/{body['code']}"
    assert body["remedy"]
    assert body["trace_id"] == answer.headers["x-trace-id"]
    assert body["instance"] == answer.request.url.path
    return body


def test_an_address_that_is_not_there_is_a_problem(api):
    assert problem(api.get("/api/v1/nothing"))["code"] == "NOT_FOUND"
    assert problem(api.get("/nothing"))["code"] == "NOT_FOUND"


def test_a_method_that_is_not_allowed_is_a_problem(api):
    assert problem(api.delete("/api/v1/client-accounts"))["code"] == "METHOD_NOT_ALLOWED"


def test_no_credential_is_401_and_says_how_to_authenticate(server):
    answer = httpx.get(server + "/api/v1/client-accounts")
    assert problem(answer)["code"] == "SIGN_IN_REQUIRED"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_unknown_credential_is_401_everywhere(server, account):
    headers = {"Authorization": "Bearer lb_nobody_nothing"}
    for path in (
        "/api/v1/client-accounts",
        f"/api/v1/client-accounts/{account.client_account_id}/engagements",
        f"/api/v1/client-accounts/{uuid.uuid4()}/engagements",
    ):
        assert problem(httpx.get(server + path, headers=headers))["code"] == "SIGN_IN_REQUIRED"


def test_a_validation_problem_names_the_place_and_never_repeats_the_value(api, account):
    secret = "swordfish" * 40
    answer = api.post(
        f"/api/v1/client-accounts/{account.client_account_id}/engagements", json={"name": secret}
    )
    body = problem(answer)
    assert body["code"] == "INVALID_REQUEST"
    assert body["errors"] == [
        {
            "pointer": "/body/name",
            "code": "STRING_TOO_LONG",
            "detail": "At most 200 characters are allowed.",
        }
    ]
    assert "swordfish" not in answer.text


def test_broken_json_is_a_problem_without_the_body(api, account):
    answer = api.post(
        f"/api/v1/client-accounts/{account.client_account_id}/engagements",
        content=b'{"name": "swordfish',
        headers={"Content-Type": "application/json"},
    )
    assert problem(answer)["code"] == "INVALID_REQUEST"
    assert "swordfish" not in answer.text


def test_a_body_over_the_limit_is_refused_by_length_and_by_count(api, account):
    path = f"/api/v1/client-accounts/{account.client_account_id}/engagements"
    assert problem(api.post(path, content=b"x" * (1 << 21)))["code"] == "PAYLOAD_TOO_LARGE"

    def endless():
        for _ in range(64):
            yield b"x" * (1 << 16)

    answer = api.post(path, content=endless(), headers={"Content-Type": "application/json"})
    assert problem(answer)["code"] == "PAYLOAD_TOO_LARGE"


def test_a_callers_trace_id_is_kept_and_a_malformed_one_is_not(api):
    trace = uuid.uuid4().hex
    given = api.get("/livez", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert given.headers["x-trace-id"] == trace
    other = api.get("/livez", headers={"traceparent": "00-evil\tvalue-01"})
    assert len(other.headers["x-trace-id"]) == 32


@pytest.mark.parametrize("path", ["/livez", "/api/v1/nothing", "/sign-in", "/static/icon.svg"])
def test_every_answer_carries_the_security_headers(server, path):
    headers = httpx.get(server + path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_every_code_is_explained(api):
    for entry in api.get("/api/v1/errors").json()["items"]:
        explained = api.get(f"/errors/{entry['code']}").json()
        assert explained["remedy"]
        assert explained["explanation"]


def test_ready_says_what_was_checked(api):
    body = api.get("/readyz").json()
    assert body["status"] == "ready"
    assert {c["name"] for c in body["checks"]} == {"database", "schema", "worker"}
