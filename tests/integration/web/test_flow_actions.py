"""Every button of a flow's page, over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from landbridge.identity.permissions import Role
from tests.support import accounts
from tests.support.audit import log_of
from tests.support.http import serving
from tests.support.play import play_types
from tests.support.played import Playground


@pytest.fixture(scope="module")
def server(databases):
    with serving(databases, types=play_types()) as url:
        yield url


@pytest.fixture
def play(databases, account):
    return Playground(databases, account)


@pytest.fixture
def browser(browser_of, account):
    return browser_of(account)


def press(browser, play, flow_id, action, **data):
    """Press a button; returns the page that one sees then."""
    answer = browser.post(f"{play.url(flow_id)}/{action}", data=data)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == play.url(flow_id)
    return browser.get(answer.headers["location"]).text


def test_a_flow_that_has_not_begun_can_be_paused_and_resumed(browser, play):
    flow = play.start("steps")
    text = press(browser, play, flow, "pause")
    assert "Paused" in text
    assert "Resume" in text
    assert "Begins when the flow is resumed" in text
    text = press(browser, play, flow, "resume")
    assert ">Resume" not in text
    assert play.run(flow).status == "completed"
    assert "flow.resumed" in play.kinds(flow)


def test_cancelling_asks_and_keeps_the_reason(browser, play):
    flow = play.start("steps")
    assert "Cancel this flow for good?" in browser.get(play.url(flow)).text
    text = press(browser, play, flow, "cancel", reason="<wrong> file")
    assert "Cancelled" in text
    assert "“&lt;wrong&gt; file”" in text
    assert play.status(flow).status == "cancelled"
    told = {e.action: e.reason for e in log_of(play.databases, play.account)}
    assert told["flow.cancelled"] == "<wrong> file"


def test_a_failure_is_retried_with_its_attempts_told(browser, play):
    flow = play.rested("steps", fail_in="three", failures=1).id
    text = browser.get(play.url(flow)).text
    assert "The source cannot be read" in text
    assert "Attempt 1 failed" in text
    press(browser, play, flow, "retry")
    assert play.run(flow).status == "completed"
    text = browser.get(play.url(flow)).text
    assert "Flow retried" in text
    assert "again: Write" in text
    assert "attempt 2" in text


def test_an_attempt_that_waits_says_when_it_is_made(browser, play):
    flow = play.rested("plan", fail_in="licences", failures=1, transient=True)
    browser.post(f"{play.root}/approvals/{flow.waits_for.id}", data=choose("rehost"))
    play.run(flow.id)
    text = browser.get(play.url(flow.id)).text
    assert "Next try <time" in text
    assert "attempt 2 of 3" in text
    assert "A service was away" in text
    assert "branches side by side" in text


def test_priority_and_start_time_are_changed(browser, play):
    flow = play.start("steps")
    text = press(browser, play, flow, "priority", priority="high")
    assert "high priority" in text
    at = datetime.now(UTC) + timedelta(days=2)
    text = press(browser, play, flow, "schedule", start_at=f"{at:%Y-%m-%dT%H:%M}")
    assert f"Begins at {at.day} {at:%b %Y, %H:%M} UTC" in text
    assert play.status(flow).scheduled_for == at.replace(second=0, microsecond=0)
    press(browser, play, flow, "schedule", start="now")
    assert play.status(flow).scheduled_for is None


def test_a_refusal_says_what_is_possible_now_and_where_one_is(browser, play):
    flow = play.rested("steps").id
    answer = browser.post(f"{play.url(flow)}/pause")
    assert answer.status_code == 409
    assert "The flow cannot do this now" in answer.text
    assert "Possible now: fork" in answer.text
    assert "FLOW_ACTION_REFUSED" in answer.text
    assert "What happened" in answer.text


def test_only_possible_actions_have_buttons(browser, play):
    text = browser.get(play.url(play.rested("steps").id)).text
    assert "/fork" in text
    for gone in ("/pause", "/resume", "/cancel", "/retry", "/schedule", "/priority"):
        assert f'{gone}"' not in text


def choose(choice, **more):
    return {"decision": "approve", "choice": choice, **more}


def test_a_choice_is_taken_and_what_it_leaves_out_is_skipped_with_the_reason(browser, play):
    flow = play.rested("plan")
    text = browser.get(play.url(flow.id)).text
    assert "Which way do we move?" in text
    assert "If nobody decides by " in text
    assert "“Rehost” is taken." in text
    decide = f"{play.root}/approvals/{flow.waits_for.id}"
    none = browser.post(decide, data={"decision": "approve", "reason": "because"})
    assert none.status_code == 422
    assert "Choose one of these." in none.text
    assert "because</textarea>" in none.text
    assert browser.post(decide, data=choose("rebuild")).status_code == 303
    assert play.run(flow.id).status == "completed"
    text = browser.get(play.url(flow.id)).text
    assert "Skipped: “Which way do we move?” was answered with “Rebuild”" in text


def test_a_form_is_filled_in_and_mistakes_are_said_at_the_field(browser, play):
    flow = play.rested("details")
    decide = f"{play.root}/approvals/{flow.waits_for.id}"
    sent = {"decision": "approve", "in.owner": "A", "in.servers": "7"}
    wrong = browser.post(decide, data=sent)
    assert wrong.status_code == 422
    assert "at least 2 characters" in wrong.text
    assert 'value="7"' in wrong.text
    sent = {**sent, "in.owner": "Ada", "in.urgent": "true"}
    assert browser.post(decide, data=sent).status_code == 303
    ended = play.run(flow.id)
    assert ended.approvals[0].answer == {"owner": "Ada", "servers": 7, "urgent": True}


def test_a_decision_is_handed_to_a_member_until_a_time(browser, play, databases, account):
    other = accounts.make_member(
        databases, account.client_account_id, "x", Role.APPROVER, account.engagement_id
    )
    viewer = accounts.make_member(databases, account.client_account_id, "x", Role.VIEWER)
    flow = play.rested("sign_off")
    delegate = f"{play.root}/approvals/{flow.waits_for.id}/delegate"
    at = datetime.now(UTC) + timedelta(days=3)
    until = f"{at:%Y-%m-%dT%H:%M}"
    sent = {"to": str(other.user_id), "deadline_at": until, "reason": "on leave"}
    assert browser.post(delegate, data=sent).status_code == 303
    text = browser.get(play.url(flow.id)).text
    assert "Asked: The approver." in text
    assert f"{at.day} {at:%b %Y, %H:%M} UTC" in text
    assert "“on leave”" in text
    refused = browser.post(delegate, data={**sent, "to": str(viewer.user_id)})
    assert refused.status_code == 409
    assert "only a member who may approve can be asked" in refused.text


def test_a_fork_keeps_what_came_before_and_changes_inputs(browser, play):
    flow = play.rested("steps", label="first")
    form = browser.get(f"{play.url(flow.id)}/fork").text
    assert "Keeps Read. Then also does Write." in form
    assert 'value="first"' in form
    wrong = browser.post(
        f"{play.url(flow.id)}/fork", data={"phase": "two", "in.seconds": "99", "in.mode": "fast"}
    )
    assert wrong.status_code == 422
    assert "less than or equal to 60" in wrong.text
    sent = {"phase": "two", "in.label": "second", "in.mode": "careful", "in.seconds": "0"}
    answer = browser.post(f"{play.url(flow.id)}/fork", data=sent)
    assert answer.status_code == 303
    child = play.status(UUID(answer.headers["location"].rsplit("/", 1)[-1]))
    assert (child.parent_id, child.forked_at) == (flow.id, "two")
    assert (child.inputs["label"], child.inputs["mode"]) == ("second", "careful")
    ended = play.run(child.id)
    assert [p.output["label"] for p in ended.phases] == ["first", "second", "second"]
    assert str(child.id) in browser.get(play.url(flow.id)).text
    text = browser.get(play.url(child.id)).text
    assert "Forked from" in text
    assert "at Match" in text


def test_a_fork_from_where_it_is_not_possible_is_refused_in_place(browser, play):
    flow = play.rested("steps", fail_in="two", failures=9).id
    answer = browser.post(f"{play.url(flow)}/fork", data={"phase": "three"})
    assert answer.status_code == 409
    assert "Fork from an earlier phase; possible are: one, two." in answer.text
    early = play.start("steps")
    assert browser.get(f"{play.url(early)}/fork").status_code == 409


def test_a_viewer_has_no_buttons_and_is_refused(browser_of, play, databases, account):
    viewer = accounts.make_member(databases, account.client_account_id, "x", Role.VIEWER)
    flow = play.rested("sign_off")
    browser = browser_of(viewer)
    text = browser.get(play.url(flow.id)).text
    assert "act-bar" not in text
    assert "An approver of this client account decides." in text
    assert browser.post(f"{play.url(flow.id)}/pause").status_code == 403


def test_nobody_acts_on_a_flow_of_another_account(browser_of, play, other_account):
    flow = play.rested("sign_off")
    browser = browser_of(other_account)
    for action in ("pause", "resume", "cancel", "retry", "fork"):
        assert browser.post(f"{play.url(flow.id)}/{action}").status_code == 404
    own = Playground(play.databases, other_account)
    for action in ("pause", "cancel", "fork"):
        assert browser.post(f"{own.url(flow.id)}/{action}").status_code == 404
    assert play.status(flow.id).status == "waiting"


def test_a_text_that_no_time_is_changes_nothing(browser, play):
    flow = play.start("steps")
    answer = browser.post(f"{play.url(flow)}/schedule", data={"start_at": "soon"})
    assert answer.status_code == 422
    assert play.status(flow).scheduled_for is None
