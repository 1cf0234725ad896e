"""Following a flow, and deciding what it waits for."""

import json
import threading
import time
import uuid

import httpx
import pytest

from landbridge.flows.states import FlowStatus
from landbridge.identity.permissions import Role
from tests.support.accounts import make_member
from tests.support.flows import HandledFlow


@pytest.fixture
def flow(databases, account):
    return HandledFlow(databases, account)


@pytest.fixture
def client(client_of, account):
    return client_of(account)


def events_of(client, flow, *, after=None, until="end"):
    """The events of a stream as (id, type, data), up to the first of one type."""
    headers = {"Last-Event-ID": str(after)} if after is not None else {}
    found, event = [], {}
    with client.stream("GET", f"/flows/{flow.id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line:
                name, _, text = line.partition(": ")
                event[name] = text
            elif "event" in event:
                found.append((event.get("id"), event["event"], json.loads(event["data"])))
                if event["event"] == until:
                    return found
                event = {}
    return found


def finish(flow):
    flow.move(FlowStatus.RUNNING)
    flow.happen("phase.started", "one")
    flow.happen("phase.completed", "one", rows=3)
    flow.move(FlowStatus.COMPLETED)


def test_a_flow_is_shown_in_the_agreed_shape(client, flow):
    body = client.get(f"/flows/{flow.id}").json()
    assert {"id", "type", "status", "progress", "current_phase", "phases", "error"} <= set(body)
    assert body["status"] == "initialized"
    assert [p["name"] for p in body["phases"]] == ["one", "two", "three"]
    assert {"name", "status", "attempt", "error"} <= set(body["phases"][0])
    assert client.get("/flows").json()["items"][0]["id"] == str(flow.id)


def test_a_stream_tells_every_event_in_order_and_ends_with_the_flow(client, flow):
    finish(flow)
    found = events_of(client, flow)
    numbered = [(int(i), kind) for i, kind, _ in found if i]
    assert numbered == [
        (1, "flow.created"),
        (2, "flow.running"),
        (3, "phase.started"),
        (4, "phase.completed"),
        (5, "flow.completed"),
    ]
    assert [kind for _, kind, _ in found][-2:] == ["state", "end"]


def test_a_stream_goes_on_where_a_reader_left_off(client, flow):
    finish(flow)
    found = events_of(client, flow, after=3)
    assert [int(i) for i, _, _ in found if i] == [4, 5]


def test_news_reach_a_reader_at_once_and_nothing_is_lost(client, flow):
    def later():
        time.sleep(0.5)
        flow.progress("one", 4, 10)
        finish(flow)

    thread = threading.Thread(target=later)
    thread.start()
    started = time.monotonic()
    found = events_of(client, flow)
    assert time.monotonic() - started < 8
    thread.join()
    assert [int(i) for i, _, _ in found if i] == [1, 2, 3, 4, 5]
    states = [data for _, kind, data in found if kind == "state"]
    assert states[0]["status"] == "initialized"
    assert any(s["phases"][0]["done"] == 4 for s in states)


def test_many_readers_hold_neither_threads_nor_connections(client, flow, server, account):
    streams = []
    url = f"{client.base_url}flows/{flow.id}/events"
    with httpx.Client(
        headers=account.headers, timeout=20, limits=httpx.Limits(max_connections=100)
    ) as many:
        for _ in range(60):
            request = many.build_request("GET", url)
            streams.append(many.send(request, stream=True))
        assert client.get("/flows").status_code == 200
        for stream in streams:
            stream.close()


def test_a_flow_of_another_account_cannot_be_followed(client_of, other_account, flow):
    answer = client_of(other_account).get(f"/flows/{flow.id}/events")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


class TestDecisions:
    """Approving and rejecting."""

    def test_a_decision_is_listed_until_it_is_made(self, client, flow):
        approval = flow.ask()
        (item,) = client.get("/approvals").json()["items"]
        assert (item["flow_id"], item["approval"]["id"]) == (str(flow.id), str(approval))
        answer = client.post(f"/approvals/{approval}/approve", json={"reason": "Looks right"})
        assert answer.status_code == 200
        decided = answer.json()["approvals"][0]
        assert (decided["status"], decided["reason"]) == ("approved", "Looks right")
        assert client.get("/approvals").json()["items"] == []

    def test_the_same_decision_twice_is_one_and_another_is_refused(self, client, flow):
        approval = flow.ask()
        assert client.post(f"/approvals/{approval}/approve").status_code == 200
        assert client.post(f"/approvals/{approval}/approve").status_code == 200
        refused = client.post(f"/approvals/{approval}/reject", json={"reason": "No"})
        assert refused.status_code == 409
        assert refused.json()["code"] == "APPROVAL_ALREADY_DECIDED"

    def test_a_rejection_says_why(self, client, flow):
        approval = flow.ask()
        assert client.post(f"/approvals/{approval}/reject", json={}).status_code == 422
        done = client.post(f"/approvals/{approval}/reject", json={"reason": "Wrong file"})
        assert done.json()["approvals"][0]["status"] == "rejected"

    def test_an_analyst_does_not_decide(self, databases, account, client_of, flow):
        approval = flow.ask()
        analyst = make_member(
            databases,
            account.client_account_id,
            account.name,
            Role.ANALYST,
            account.engagement_id,
        )
        answer = client_of(analyst).post(f"/approvals/{approval}/approve")
        assert answer.status_code == 403

    def test_a_decision_of_another_account_is_not_found(self, client_of, other_account, flow):
        approval = flow.ask()
        stranger = client_of(other_account)
        absent = stranger.post(f"/approvals/{uuid.uuid4()}/approve")
        foreign = stranger.post(f"/approvals/{approval}/approve")
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json()["code"] == absent.json()["code"]
