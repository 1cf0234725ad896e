"""One trace id, from the request to the message that a webhook did not take."""

from __future__ import annotations

import pytest

from landbridge.centre import story
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.identity.permissions import Role
from landbridge.kit.settings import Settings
from landbridge.kit.tracing import set_trace_id
from landbridge.occurrences.recorder import recording
from landbridge.webhooks import subscriptions
from landbridge.worker.runtime import running_worker
from tests.support.accounts import make_member
from tests.support.commands import Commands
from tests.support.sending import vault
from tests.support.toy import toy_types
from tests.support.waiting import eventually


@pytest.fixture
def failed(client_of, account, databases, tmp_path):
    """A flow that was started over HTTP and broke; a webhook that nobody answers."""
    chosen = Settings(webhook_networks="127.0.0.0/8", data_dir=tmp_path)
    with databases.app.open(account.access) as session:
        allowed = chosen.webhook_networks
        subscriptions.add(
            session, "http://127.0.0.1:1/hook", ["flow.failed"], allowed=allowed, vault=vault()
        )
    with (
        running_worker(databases.worker, toy_types(), chosen),
        recording(databases.worker, chosen),
    ):
        body = {"flow_type": "toy", "inputs": {"break_in": "one"}}
        made = client_of(account).post("flows", json=body, headers={"Idempotency-Key": "k1"})
        assert made.status_code == 201, made.text
        trace = made.headers["x-trace-id"]
        path = f"flows/{made.json()['id']}"
        eventually(lambda: client_of(account).get(path).json()["status"] == "failed", 60)
        yield trace, made.json()["id"]


def test_the_whole_story_by_one_command(failed, desk, databases, tmp_path, account) -> None:
    trace, flow_id = failed
    wanted = {"audit", "flow", "event", "attempt", "error", "delivery", "sending"}
    eventually(lambda: wanted <= {m["kind"] for m in desk.ask("trace", trace)}, 30)
    run = Commands.over(databases, tmp_path)
    told = run("errors", "trace", trace, "--json").json
    assert told["flows"] == [flow_id]
    assert "INTERNAL_ERROR" in told["codes"]
    assert any(code.startswith("WEBHOOK_") for code in told["codes"])
    assert {m["client_account"] for m in told["moments"]} == {account.name}
    broken = next(m for m in told["moments"] if m["code"] == "INTERNAL_ERROR")
    assert broken["place"] == "phase one"
    assert broken["detail"]["error_type"] == "builtins.ZeroDivisionError"
    assert broken["detail"]["frames"][-1].startswith("tests/support/toy.py:") or broken["detail"][
        "frames"
    ][-1].endswith(" run")
    assert "secret value" not in str(told)
    audited = [m["code"] for m in told["moments"] if m["kind"] == "audit"]
    assert "flow.created" in audited
    assert "flow.running" in audited, "the worker's transactions carry the flow's trace"
    assert "flow.failed" in audited
    printed = run("errors", "trace", trace)
    assert printed.code == 0, printed.err
    assert "Phase one, attempt 1: failed, INTERNAL_ERROR" in printed.out
    unknown = run("errors", "trace", "f" * 32, "--json").json
    assert unknown["error"]["code"] == "TRACE_UNKNOWN"


def test_who_acts_on_a_flow_has_a_trace_of_their_own(account, databases, desk) -> None:
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
    with databases.app.open(account.access) as session:
        flow_id = orchestrator.create(session, account.engagement_id, "toy", {})
    set_trace_id("d" * 32)
    with databases.app.open(account.access) as session:
        orchestrator.pause(session, flow_id, "A look at it first")
    told = story.of_all(desk, "d" * 32)
    assert told.flows == [flow_id]
    assert {m.code for m in told.moments if m.kind == "event"} == {"flow.paused"}
    assert [m.code for m in told.moments if m.kind == "audit"] == ["flow.paused"]


def test_members_see_their_own_part(
    failed, server, client_of, databases, account, other_account
) -> None:
    trace, _ = failed
    url = f"/api/v1/client-accounts/{{}}/traces/{trace}"
    mine = client_of(account).get(server + url.format(account.client_account_id))
    assert mine.status_code == 200
    assert any(m["kind"] == "audit" for m in mine.json()["moments"])
    theirs = client_of(other_account).get(server + url.format(other_account.client_account_id))
    assert theirs.status_code == 404
    assert theirs.json()["code"] == "TRACE_UNKNOWN"
    viewer = make_member(databases, account.client_account_id, "v", Role.VIEWER)
    seen = client_of(viewer).get(server + url.format(account.client_account_id)).json()["moments"]
    assert seen
    assert not any(m["kind"] == "audit" or m["user_id"] for m in seen)
