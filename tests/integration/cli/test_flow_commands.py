"""Controlling flows on the command line: what is said, printed and returned."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from landbridge.cli.moments import duration, moment
from landbridge.database.engine import Databases
from landbridge.flows.states import FlowStatus
from landbridge.identity.local import local_access, local_engagement
from landbridge.identity.permissions import Role
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_member
from tests.support.commands import Commands
from tests.support.flow_states import flow_in_status
from tests.support.flows import HandledFlow

S = FlowStatus
Make = Callable[[FlowStatus], HandledFlow]


@pytest.fixture
def landbridge(databases: Databases, tmp_path: Path) -> Commands:
    return Commands.over(databases, tmp_path)


@pytest.fixture
def mine(databases: Databases, tmp_path: Path) -> Account:
    """An account of the local user, as if a member of it."""
    name = f"Mine {new_id()}"
    access = local_access(databases, tmp_path, name)
    engagement = local_engagement(databases, access, "Move")
    with databases.app.open(access) as session:
        user = session.user_id
    return Account(access.client_account_id, name, engagement, user, "", "", access)


@pytest.fixture
def make(databases: Databases, mine: Account) -> Make:
    return lambda status: flow_in_status(databases, mine, status)


def test_several_flows_at_once_and_the_refused_do_not_keep_the_others(
    landbridge: Commands, make: Make
) -> None:
    flows = [make(status) for status in (S.RUNNING, S.COMPLETED, S.WAITING)]
    done = landbridge("flows", "pause", *(f.id for f in flows), "--reason", "Wait", "--json")
    assert done.code == 1
    found = done.json
    assert [(f["id"], f["status"]) for f in found["flows"]] == [
        (str(flows[0].id), "paused"),
        (str(flows[2].id), "paused"),
    ]
    (refused,) = found["errors"]
    assert refused["flow_id"] == str(flows[1].id)
    assert (refused["code"], refused["fields"]["possible"]) == ("FLOW_ACTION_REFUSED", "fork")

    done = landbridge("flows", "resume", flows[0].id, flows[2].id)
    assert done.code == 0
    assert done.out.count("Goes on; it is") == 2
    assert "Cancelled." in landbridge("flows", "cancel", flows[0].id, "--reason", "Wrong").out
    again = landbridge("flows", "cancel", flows[0].id, "--json")
    assert (again.code, again.json["flows"][0]["status"]) == (0, "cancelled")
    unknown = landbridge("flows", "cancel", UUID(int=7), "--json")
    assert (unknown.code, unknown.json["errors"][0]["code"]) == (1, "NOT_FOUND")


def test_a_failed_flow_is_retried(landbridge: Commands, make: Make) -> None:
    flow = make(S.FAILED)
    done = landbridge("flows", "retry", flow.id)
    assert (done.code, "Tries again." in done.out) == (0, True)
    kinds = [e["kind"] for e in landbridge("flows", "events", flow.id, "--json").json["events"]]
    assert kinds[-2:] == ["flow.retried", "flow.running"]
    assert "flow.retried" in landbridge("flows", "events", flow.id, "--after", 3).out


def test_a_start_is_moved(landbridge: Commands, make: Make) -> None:
    flow = make(S.INITIALIZED)
    later = landbridge("flows", "schedule", flow.id, "--in", "1h30m", "--json").json
    begins = datetime.fromisoformat(later["scheduled_for"]) - datetime.now(UTC)
    assert timedelta(minutes=88) < begins < timedelta(minutes=91)
    at = landbridge("flows", "schedule", flow.id, "--at", "2100-01-01T08:00Z", "--json").json
    assert at["scheduled_for"] == "2100-01-01T08:00:00Z"
    now = landbridge("flows", "schedule", flow.id, "--now")
    assert "Begins as soon as a worker is free." in now.out
    assert landbridge("flows", "schedule", flow.id).code == 2
    begun = landbridge("flows", "schedule", make(S.RUNNING).id, "--in", "2h", "--json")
    assert (begun.code, begun.json["error"]["code"]) == (1, "FLOW_ACTION_REFUSED")


def test_priority_and_lists(landbridge: Commands, mine: Account, make: Make) -> None:
    flow, other = make(S.RUNNING), make(S.FAILED)
    assert "Its priority is high." in landbridge("flows", "priority", flow.id, "high").out
    account = ("--client-account", mine.name, "--json")
    listed = landbridge("flows", "list", *account, "--status", "failed").json["flows"]
    assert [f["id"] for f in listed] == [str(other.id)]
    assert len(landbridge("flows", "list", *account, "--limit", 1).json["flows"]) == 1
    assert landbridge("flows", "list", *account, "--waits-for", "me").json["flows"] == []
    assert landbridge("flows", "list", *account, "--type", "none").json["flows"] == []


def test_a_decision_is_handed_to_a_member(
    landbridge: Commands, databases: Databases, mine: Account
) -> None:
    flow = HandledFlow(databases, mine)
    flow.ask()
    approver = make_member(databases, mine.client_account_id, mine.name, Role.APPROVER)
    handed = landbridge("flows", "delegate", flow.id, approver.email, "--in", "2d", "--json").json
    assert handed["waits_for"]["assigned_to"] == str(approver.user_id)
    nobody = landbridge("flows", "delegate", flow.id, "nobody@example.com", "--json")
    assert (nobody.code, nobody.json["error"]["code"]) == (1, "USER_UNKNOWN")
    idle = flow_in_status(databases, mine, S.RUNNING)
    none = landbridge("flows", "approve", idle.id, "--json")
    assert (none.code, none.json["error"]["code"]) == (1, "FLOW_ACTION_REFUSED")


def test_limits_of_an_account(landbridge: Commands, mine: Account, tmp_path: Path) -> None:
    limits = ("accounts", "limits", mine.name)
    before = landbridge(*limits, "--json").json
    assert (before["running_phases"], before["own"]) == (None, [])
    done = landbridge(*limits, "--running-phases", 2, "--open-flows", 5, "--json").json
    assert (done["running_phases"], done["open_flows"]) == (2, 5)
    kept = landbridge(*limits, "--running-phases", 0, "--json").json
    assert (kept["running_phases"], kept["open_flows"], kept["own"]) == (None, 5, ["open_flows"])
    assert "open flows        5" in landbridge(*limits).out
    assert landbridge("accounts", "limits", "Nobody", "--json").code == 1
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps(["not", "an", "object"]))
    assert landbridge("flows", "start", "discovery", "--inputs-file", inputs).code == 2


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("3d", 259200)]
)
def test_spans_of_time(text: str, seconds: int) -> None:
    assert duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2h ", "2 hours", "-2h", "99999999999d"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span|far"):
        duration(text)


def test_moments_have_a_zone() -> None:
    assert moment("2026-12-01T08:00").tzinfo is not None
    assert moment("2026-12-01T08:00Z") == datetime(2026, 12, 1, 8, tzinfo=UTC)
    with pytest.raises(ValueError, match="write a moment"):
        moment("tomorrow")
