"""What operators can ask of a running installation."""

from __future__ import annotations

import re
from contextlib import suppress

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from landbridge.assembly import exposition
from landbridge.database.session import once_committed
from landbridge.errors.common import NotFound
from landbridge.kit import metrics
from landbridge.kit.settings import Settings
from tests.support.http import serving
from tests.support.server import run_directory

TOKEN = "a-token-of-the-operator"


@pytest.fixture(scope="module")
def told(databases):
    """The base URL of a server that tells its metrics."""
    metrics.start()
    chosen = Settings(data_dir=run_directory() / "told", metrics_token=SecretStr(TOKEN))
    with serving(databases, chosen) as url:
        yield url


def scrape(url):
    answer = httpx.get(url + "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = {f.name: f for f in text_string_to_metric_families(answer.text)}
    return answer.text, families


def value(families, sample, **labels):
    found = [
        s.value
        for f in families.values()
        for s in f.samples
        if s.name == sample and labels.items() <= s.labels.items()
    ]
    return sum(found) if found else None


def test_metrics_need_the_token_and_without_one_in_the_settings_do_not_exist(told, server):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        answer = httpx.get(told + "/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REQUIRED")
    answer = httpx.get(server + "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_requests_are_counted_by_template_so_no_id_is_in_a_label(told, account):
    base = f"/api/v1/client-accounts/{account.client_account_id}/engagements"
    for path in (base, f"{base}/{account.engagement_id}/flows", "/nowhere/4711", "/static/no.css"):
        httpx.get(told + path, headers=account.headers)
    text, families = scrape(told)
    count = "landbridge_http_request_seconds_count"
    route = "/api/v1/client-accounts/{client_account_id}/engagements"
    assert value(families, count, route=route, method="GET", status="200") >= 1
    assert value(families, count, route="unmatched", status="404") >= 1
    assert value(families, "landbridge_errors_total", code="NOT_FOUND", source="http") >= 1
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text), "an id is in a label"
    assert "4711" not in text


def test_state_of_the_database_is_told_with_it(told, account, make_flow):
    make_flow(account)
    _, families = scrape(told)
    assert value(families, "landbridge_database_up") == 1
    assert value(families, "landbridge_flows") >= 1
    for name in exposition.GAUGES:
        assert f"landbridge_{name}" in families
    assert value(families, "landbridge_database_connections", pool="api") is not None
    assert value(families, "landbridge_database_connections_limit", pool="api") == 20


def test_what_counts_is_counted_when_its_transaction_is_committed(databases, account):
    counted = []
    with databases.app.open(account.access) as session:
        once_committed(session, lambda: counted.append("committed"))
        assert not counted
    assert counted == ["committed"]
    with suppress(NotFound), databases.app.open(account.access) as session:
        once_committed(session, lambda: counted.append("rolled back"))
        raise NotFound
    assert counted == ["committed"]


def test_every_answer_carries_the_trace_it_belongs_to(told):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for given, expected in ((f"00-{trace}-00f067aa0ba902b7-01", trace), ("00-nonsense", None)):
        answer = httpx.get(told + "/nowhere", headers={"traceparent": given})
        said = answer.headers["x-trace-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", said)
        assert said == answer.json()["trace_id"]
        assert expected in {None, said}


def test_ready_tells_each_check_with_its_code_and_remedy(told):
    brief = httpx.get(told + "/readyz").json()
    full = httpx.get(told + "/readyz?verbose").json()
    assert {c["name"] for c in brief["checks"]} == {"database", "schema", "worker"}
    assert {c["name"] for c in full["checks"]} >= {"heartbeat", "disk"}
    worker = next(c for c in full["checks"] if c["name"] == "worker")
    assert worker["passed"] or (worker["code"] == "NO_WORKER_RUNS" and worker["remedy"])
