"""Requests that no well-meaning program sends get a problem of their own, never a failure."""

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.estate import make_estate

BAD_TEXT = "before\0after"


@pytest.fixture(scope="module")
def estate(databases):
    from tests.support.accounts import make_account

    return make_estate(databases, make_account(databases))


@pytest.fixture
def api(server, estate):
    with httpx.Client(base_url=server + estate.api, headers=estate.account.headers) as client:
        yield client


def code(answer):
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.json()["trace_id"] == answer.headers["x-trace-id"]
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "address",
    [
        "/assets?q=%00",
        "/assets/facets?q=%00",
        "/findings?severity=%00",
        "/conflicts?attribute=%00",
        "/flows?type=%00",
        "/../../audit?actor=%00",
    ],
)
def test_nul_in_a_query_is_refused(api, address):
    assert code(api.get(address)) == (422, "INVALID_REQUEST")


def test_nul_in_a_path_names_nothing(api, server):
    assert code(api.get("/assets/%00")) == (404, "NOT_FOUND")
    assert code(httpx.get(server + "/errors/%00")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_text_that_cannot_be_kept_is_refused(api, estate, text):
    for path, body in {
        f"/flows/{estate.flow_id}/pause": {"reason": text},
        f"/flows/{estate.flow_id}/cancel": {"reason": text},
        f"/approvals/{estate.approval_id}/reject": {"reason": text},
        "/../../webhooks": {"url": "https://example.com/", "kinds": ["*"], "description": text},
        "/../../api-keys": {"label": text},
        "/../../engagements": {"name": text},
    }.items():
        answer = api.post(
            path, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert code(answer) == (422, "INVALID_REQUEST"), path


@pytest.mark.parametrize(
    "inner", ["\0", "\ud800", float("nan"), float("inf"), 10**40, -(10**400), {"\0": 1}, [["\0"]]]
)
def test_odd_values_inside_free_objects_are_no_failure(api, estate, inner):
    """Inputs and answers are whatever their types declare: anything may come."""
    for path, body in {
        "/flows": {"flow_type": "discovery", "inputs": {"import_id": inner, "x": inner}},
        f"/flows/{estate.flow_id}/fork": {"phase": "data_import", "inputs": {"x": inner}},
        f"/approvals/{estate.approval_id}/approve": {"answer": {"x": inner}},
    }.items():
        answer = api.post(
            path,
            content=json.dumps(body),
            headers={"Content-Type": "application/json", "Idempotency-Key": "k" * 20},
        )
        assert answer.status_code in {200, 404, 409, 422}, (path, answer.text)
        if answer.status_code != 200:
            code(answer)


@pytest.mark.parametrize("depth", [40, 60, 240, 900, 5_000, 200_000])
def test_however_deep_a_body_is_nested(api, depth):
    nested = "[" * depth + "]" * depth
    for form in ('{"flow_type": "toy", "inputs": {"label": %s}}', "%s"):
        answer = api.post(
            "/flows", content=form % nested, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in ({201, 422} if depth < 50 else {400, 422}), answer.text
        if answer.status_code != 201:
            code(answer)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 0, "1700000000", True]
)
def test_a_moment_out_of_reach_is_refused(api, estate, moment):
    path = f"/flows/{estate.flow_id}/schedule"
    assert code(api.post(path, json={"start_at": moment})) == (422, "INVALID_REQUEST")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_no_failure(api, estate, moment):
    begun = api.post("/flows", json={"flow_type": "toy", "start_at": moment})
    assert begun.status_code == 201, begun.text
    flow = begun.json()["id"]
    assert api.get(f"/flows/{flow}").status_code == api.get("/flows").status_code == 200
    answer = api.post(f"/flows/{flow}/schedule", json={"start_at": moment})
    assert answer.status_code in {200, 409}
    assert api.post(f"/flows/{flow}/cancel").status_code == 200
    body = {"to": str(estate.account.user_id), "deadline_at": moment}
    answer = api.post(f"/approvals/{estate.approval_id}/delegate", json=body)
    assert answer.status_code in {200, 409}


def test_values_of_another_type_are_refused(api):
    root = "/../.."
    assert code(api.put(f"{root}/settings", json={"four_eyes": 0})) == (422, "INVALID_REQUEST")
    for days in (True, "7", 7.5):
        answer = api.post(f"{root}/api-keys", json={"label": "x", "days": days})
        assert code(answer) == (422, "INVALID_REQUEST")
    assert api.post(f"{root}/api-keys", json={"label": "x", "days": 7.0}).status_code == 201


def test_a_field_that_nobody_declared_is_refused(api):
    answer = api.post("/../../api-keys", json={"label": "x", "lable": "y"})
    assert code(answer) == (422, "INVALID_REQUEST")
    assert answer.json()["errors"][0]["pointer"] == "/body/lable"


def test_a_list_is_sorted_only_by_what_it_has(api):
    answer = api.get("/assets?sort=price")
    assert code(answer) == (422, "INVALID_REQUEST")
    assert "memory_mb" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("value", [2**60, 1e308, -1e308])
def test_a_size_beyond_reason_decides_nothing(api, estate, value):
    (conflict,) = api.get("/conflicts").json()["items"]
    answer = api.post(f"/conflicts/{conflict['id']}/decide", json={"value": value})
    assert answer.status_code in {409, 422}
    code(answer)


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "QUERY"]
)
def test_every_method_of_an_address_is_named_to_who_uses_another(api, method):
    answer = api.request(method, "/flows")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_a_fixed_address_is_none_of_the_ids_beside_it(api):
    answer = api.patch("/mappings/approve", json={})
    assert code(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "text/plain"},
        {"Content-Type": ";;;"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary="},
        {"Content-Encoding": "gzip", "Content-Type": "application/json"},
        {"Traceparent": "00-" + "f" * 400},
        {"Cookie": "\x7f=\x01; ;;= ,"},
        {"Accept": "\x7f"},
        {"Content-Length": "0"},
    ],
)
@pytest.mark.parametrize("content", [b"", b"{", b'{"name": "\xff"}', b"\x1f\x8b", b"[" * 100_000])
@pytest.mark.parametrize("path", ["/imports", "/../../engagements"])
def test_bodies_that_are_not_what_they_say(server, estate, path, headers, content):
    address = server + estate.api + path
    with httpx.Client(headers=estate.account.headers) as client:
        if "Content-Length" in headers:
            content = b""
        answer = client.post(address, content=content, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    code(answer)


def test_what_is_no_http_gets_a_problem_too(server):
    place = urlsplit(server)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Odd: \x00\r\n\r\n")
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert problem["code"] == "MALFORMED_REQUEST"
    assert f"X-Trace-Id: {problem['trace_id']}".encode() in head
