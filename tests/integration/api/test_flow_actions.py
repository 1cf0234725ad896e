"""Every action in every status: done, done twice, or refused with what is possible."""

import itertools
import uuid

import httpx
import pytest

from landbridge.flows import events
from landbridge.flows.account_limits import set_limits
from landbridge.flows.actions import ACTIONS, Action
from landbridge.flows.states import FlowStatus
from landbridge.identity.permissions import Role
from tests.support.accounts import make_account, make_member
from tests.support.flow_states import flow_in_status
from tests.support.flows import HandledFlow

A, S = Action, FlowStatus
REQUESTS = {
    A.PAUSE: ("pause", {"reason": "Wait for the new export"}),
    A.RESUME: ("resume", None),
    A.CANCEL: ("cancel", {"reason": "Wrong file"}),
    A.RETRY: ("retry", None),
    A.FORK: ("fork", {"phase": "one"}),
    A.SCHEDULE: ("schedule", {"start_at": "2100-01-01T08:00:00Z"}),
    A.PRIORITIZE: ("priority", {"priority": "high"}),
}
THERE_ALREADY = {
    (A.PAUSE, S.PAUSED),
    (A.CANCEL, S.CANCELLED),
    *((A.RESUME, status) for status in (S.INITIALIZED, S.RUNNING, S.WAITING)),
}
"""Actions whose effect is there already: they change nothing and succeed."""


@pytest.fixture(scope="module")
def account(databases):
    return make_account(databases)


@pytest.fixture
def client(client_of, account):
    return client_of(account)


def seq(client, flow_id):
    return client.get(f"/flows/{flow_id}").json()["last_event_seq"]


@pytest.mark.parametrize(
    ("action", "status"), list(itertools.product(REQUESTS, FlowStatus)), ids=lambda v: v.value
)
def test_the_table_decides_and_nothing_else(databases, account, client, action, status):
    flow = flow_in_status(databases, account, status)
    path, body = REQUESTS[action]
    before = client.get(f"/flows/{flow.id}").json()
    answer = client.post(f"/flows/{flow.id}/{path}", json=body)
    if action in ACTIONS[status]:
        assert answer.status_code == (201 if action is A.FORK else 200), answer.text
        assert seq(client, flow.id) > before["last_event_seq"]
    elif (action, status) in THERE_ALREADY:
        assert answer.status_code == 200, answer.text
        assert seq(client, flow.id) == before["last_event_seq"]
    else:
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "FLOW_ACTION_REFUSED")
        assert problem["fields"]["possible"] == (", ".join(before["possible"]) or "nothing")
        assert client.get(f"/flows/{flow.id}").json() == before


@pytest.mark.parametrize(
    ("action", "status"),
    [(a, s) for s, actions in ACTIONS.items() for a in actions if a is not A.FORK],
    ids=lambda v: v.value,
)
def test_sent_twice_it_happens_once(databases, account, client, action, status):
    flow = flow_in_status(databases, account, status)
    path, body = REQUESTS[action]
    first = client.post(f"/flows/{flow.id}/{path}", json=body)
    second = client.post(f"/flows/{flow.id}/{path}", json=body)
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert second.json()["last_event_seq"] == first.json()["last_event_seq"]


def test_a_fork_sent_twice_under_one_key_is_one_child(databases, account, client):
    flow = flow_in_status(databases, account, S.RUNNING)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    forks = [
        client.post(f"/flows/{flow.id}/fork", json={"phase": "one"}, headers=key).json()
        for _ in range(2)
    ]
    assert forks[0]["id"] == forks[1]["id"]
    assert (forks[0]["parent_id"], forks[0]["forked_at"]) == (str(flow.id), "one")
    children = client.get(f"/flows/{flow.id}/children").json()["items"]
    assert [c["id"] for c in children] == [forks[0]["id"]]


def test_a_fork_from_where_it_cannot_be_names_where_it_can(databases, account, client):
    flow = flow_in_status(databases, account, S.RUNNING)
    for phase in ("three", "no such phase"):
        answer = client.post(f"/flows/{flow.id}/fork", json={"phase": phase})
        assert (answer.status_code, answer.json()["code"]) == (409, "FLOW_FORK_NOT_POSSIBLE")
        assert answer.json()["fields"]["possible"] == "one"
    bad = client.post(f"/flows/{flow.id}/fork", json={"phase": "one", "inputs": {"ask": "hm"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "FLOW_INPUTS_INVALID")


def test_actions_leave_what_was_said_in_the_events(databases, account, client):
    flow = flow_in_status(databases, account, S.INITIALIZED)
    client.post(f"/flows/{flow.id}/pause", json={"reason": "Wait"})
    with databases.app.open(account.access) as session:
        (event,) = [e for e in events.after(session, flow.id, 0) if e.kind == "flow.paused"]
    assert event.data == {"by": str(account.user_id), "reason": "Wait"}


class TestDecisions:
    """Approving, rejecting and delegating, wherever the flow is."""

    @pytest.fixture
    def asked(self, databases, account):
        flow = HandledFlow(databases, account)
        return flow, flow.ask()

    @pytest.mark.parametrize("status", [S.WAITING, S.PAUSED])
    @pytest.mark.parametrize("action", ["approve", "reject", "delegate"])
    def test_an_open_decision_can_be_made(self, client, account, asked, status, action):
        flow, approval = asked
        if status is S.PAUSED:
            flow.move(S.PAUSED)
        assert action in client.get(f"/flows/{flow.id}").json()["possible"]
        body = {
            "reason": "Because",
            **({"to": str(account.user_id)} if action == "delegate" else {}),
        }
        first = client.post(f"/approvals/{approval}/{action}", json=body)
        second = client.post(f"/approvals/{approval}/{action}", json=body)
        assert (first.status_code, second.status_code) == (200, 200), second.text
        assert first.json()["last_event_seq"] == second.json()["last_event_seq"]

    @pytest.mark.parametrize("action", ["approve", "reject", "delegate"])
    def test_a_cancelled_flow_asks_nothing_more(self, client, account, asked, action):
        flow, approval = asked
        client.post(f"/flows/{flow.id}/cancel")
        body = {
            "reason": "Because",
            **({"to": str(account.user_id)} if action == "delegate" else {}),
        }
        answer = client.post(f"/approvals/{approval}/{action}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "APPROVAL_ALREADY_DECIDED")

    def test_only_somebody_who_may_decide_is_asked(self, databases, client, account, asked):
        _, approval = asked
        viewer = make_member(databases, account.client_account_id, account.name, Role.VIEWER)
        for other in (viewer.user_id, uuid.uuid4()):
            answer = client.post(f"/approvals/{approval}/delegate", json={"to": str(other)})
            assert (answer.status_code, answer.json()["code"]) == (409, "APPROVAL_NOT_DELEGATED")
        late = {"to": str(account.user_id), "deadline_at": "2001-01-01T00:00:00Z"}
        assert client.post(f"/approvals/{approval}/delegate", json=late).status_code == 409

    def test_a_list_shows_what_waits_for_me(self, databases, client, account, asked, client_of):
        flow, approval = asked
        approver = make_member(
            databases,
            account.client_account_id,
            account.name,
            Role.APPROVER,
            account.engagement_id,
        )
        theirs = client_of(approver)
        assert theirs.get("/flows?waits_for=me").json()["items"] == []
        open_ids = {f["id"] for f in theirs.get("/flows?waits_for=anyone").json()["items"]}
        assert str(flow.id) in open_ids
        answer = client.post(
            f"/approvals/{approval}/delegate",
            json={"to": str(approver.user_id), "deadline_at": "2100-01-01T00:00:00Z"},
        )
        assert answer.json()["waits_for"]["assigned_to"] == str(approver.user_id)
        (mine,) = theirs.get("/flows?waits_for=me").json()["items"]
        assert mine["id"] == str(flow.id)


class TestRoles:
    """Who may do what."""

    @pytest.fixture
    def as_role(self, databases, account, client_of):
        def client(role) -> httpx.Client:
            return client_of(
                make_member(
                    databases,
                    account.client_account_id,
                    account.name,
                    role,
                    account.engagement_id,
                )
            )

        return client

    @pytest.mark.parametrize("action", REQUESTS, ids=lambda a: a.value)
    @pytest.mark.parametrize("role", Role)
    def test_a_viewer_looks_and_an_analyst_acts(self, databases, account, as_role, role, action):
        status = next(s for s, actions in ACTIONS.items() if action in actions)
        flow = flow_in_status(databases, account, status)
        path, body = REQUESTS[action]
        answer = as_role(role).post(f"/flows/{flow.id}/{path}", json=body)
        assert answer.status_code == 403 if role is Role.VIEWER else answer.is_success

    @pytest.mark.parametrize("role", Role)
    def test_an_approver_decides(self, databases, account, as_role, role):
        flow = HandledFlow(databases, account)
        approval, member = flow.ask(), as_role(role)
        said = {"reason": "Please"}
        allowed = role in {Role.APPROVER, Role.ADMIN}
        for action, more in {"delegate": {"to": str(account.user_id)}, "approve": {}}.items():
            answer = member.post(f"/approvals/{approval}/{action}", json=said | more)
            assert answer.status_code == (200 if allowed else 403)

    def test_a_viewer_does_not_start(self, as_role):
        body = {"flow_type": "toy"}
        assert as_role(Role.VIEWER).post("/flows", json=body).status_code == 403
        assert as_role(Role.ANALYST).post("/flows", json=body).status_code == 201


class TestStarting:
    """Creating flows of any type, later, sooner, or not at all."""

    def test_any_type_starts_with_inputs_priority_and_time(self, databases, client_of):
        client = client_of(make_account(databases))
        later = client.post(
            "/flows",
            json={
                "flow_type": "toy",
                "inputs": {"ask": True},
                "priority": "low",
                "start_at": "2100-01-01T08:00:00+01:00",
            },
        ).json()
        assert (later["priority"], later["inputs"]["ask"]) == ("low", True)
        assert later["scheduled_for"] == "2100-01-01T07:00:00Z"
        ahead = [client.post("/flows", json={"flow_type": "toy"}).json()["ahead"] for _ in "abc"]
        assert ahead == [0, 1, 2]
        high = client.post("/flows", json={"flow_type": "toy", "priority": "high"}).json()
        assert high["ahead"] == 0

    def test_a_time_without_an_offset_is_refused(self, client):
        body = {"flow_type": "toy", "start_at": "2100-01-01T08:00:00"}
        answer = client.post("/flows", json=body)
        assert answer.status_code == 422
        assert "offset from UTC" in answer.json()["errors"][0]["detail"]

    def test_an_unknown_type_names_the_known(self, client):
        answer = client.post("/flows", json={"flow_type": "unheard"})
        assert (answer.status_code, answer.json()["code"]) == (422, "FLOW_TYPE_UNKNOWN")
        assert {"toy", "discovery"} <= set(answer.json()["fields"]["known"].split(", "))

    @pytest.mark.parametrize(
        ("limits", "code", "seconds"),
        [
            ({"open_flows": 1}, "FLOW_LIMIT_REACHED", "60"),
            ({"flows_per_minute": 1}, "FLOW_RATE_LIMITED", "10"),
        ],
    )
    def test_an_account_at_its_limit_is_told_when_to_come_back(
        self, databases, client_of, limits, code, seconds
    ):
        account = make_account(databases)
        begun = flow_in_status(databases, account, S.RUNNING)
        set_limits(databases.owner, account.client_account_id, limits)
        client = client_of(account)
        refused = [
            client.post("/flows", json={"flow_type": "toy"}),
            client.post(f"/flows/{begun.id}/fork", json={"phase": "one"}),
        ]
        for answer in refused:
            assert (answer.status_code, answer.json()["code"]) == (429, code)
            assert answer.headers["Retry-After"] == seconds
            assert answer.json()["retry_after"] == int(seconds)


class TestLists:
    """Filters and pages."""

    def test_pages_follow_each_other_without_gaps(self, databases, client_of):
        account = make_account(databases)
        client = client_of(account)
        made = [str(HandledFlow(databases, account).id) for _ in range(5)]
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"/flows?limit=2&cursor={cursor}" if cursor else "/flows?limit=2")
            seen += [f["id"] for f in page.json()["items"]]
            cursor = page.json()["next"]
        assert seen == made[::-1]
        assert client.get("/flows?cursor=nonsense").status_code == 404

    def test_filters(self, databases, client_of, server):
        account = make_account(databases)
        client = client_of(account)
        flows = {s: str(flow_in_status(databases, account, s).id) for s in FlowStatus}
        for status, flow_id in flows.items():
            (found,) = client.get(f"/flows?status={status}").json()["items"]
            assert found["id"] == flow_id
        assert len(client.get("/flows?type=toy").json()["items"]) == len(flows)
        assert client.get("/flows?type=other").json()["items"] == []
        assert client.get("/flows?status=odd").status_code == 422
        everywhere = f"{server}/api/v1/client-accounts/{account.client_account_id}/flows"
        ask = {"headers": account.headers}
        assert len(httpx.get(everywhere, **ask).json()["items"]) == len(flows)
        here = httpx.get(f"{everywhere}?engagement={account.engagement_id}", **ask).json()
        assert len(here["items"]) == len(flows)
        assert not httpx.get(f"{everywhere}?engagement={uuid.uuid4()}", **ask).json()["items"]


def test_flow_types_are_served_as_data(server, account):
    ask = {"headers": account.headers}
    listed = httpx.get(f"{server}/api/v1/flow-types", **ask).json()["items"]
    assert {"toy", "discovery"} <= {t["name"] for t in listed}
    found = httpx.get(f"{server}/api/v1/flow-types/discovery", **ask).json()
    assert found["package"] == "landbridge"
    phases = {p["key"]: p for p in found["definition"]["phases"]}
    assert phases["field_mapping"]["gate"]["key"] == "mapping_review"
    assert phases["field_mapping"]["after"] == ["data_import"]
    assert phases["data_import"]["retry"]["attempts"] == 3
    assert found["input_schema"]["required"] == ["import_id"]
    assert httpx.get(f"{server}/api/v1/flow-types/unheard", **ask).status_code == 404
    assert httpx.get(f"{server}/api/v1/flow-types").status_code == 401


def test_the_document_names_every_status_of_an_action(server):
    paths = httpx.get(server + "/api/v1/openapi.json", timeout=60).json()["paths"]
    base = "/api/v1/client-accounts/{client_account_id}/engagements/{engagement_id}"
    for path, _ in REQUESTS.values():
        responses = paths[f"{base}/flows/{{flow_id}}/{path}"]["post"]["responses"]
        assert {"401", "403", "404", "409", "422", "503"} <= set(responses)
    created = paths[f"{base}/flows"]["post"]["responses"]
    assert {"201", "422", "429", "503"} <= set(created)
    assert "Retry-After" in created["429"]["headers"]
