"""The list of flows: narrowed, kept up to date, and acted on."""

from __future__ import annotations

import pytest

from landbridge.database.session import JobAccess
from landbridge.flows.holding import Turn
from landbridge.flows.port import Job
from landbridge.identity.permissions import Role
from tests.support import accounts
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


def shown(browser, play, query=""):
    text = browser.get(f"{play.root}/flows{query}").text
    rows = text.split("<tbody")[1].split("</tbody>")[0] if "<tbody" in text else ""
    return text, rows


def test_an_empty_list_says_what_to_do(browser, play):
    text, rows = shown(browser, play)
    assert "No flows yet" in text
    assert "Start a discovery" in text
    assert rows == ""


def test_the_list_is_narrowed_by_status_type_and_what_waits_for_me(browser, play):
    done, asks = play.rested("steps").id, play.rested("sign_off").id
    for query, there, gone in (
        ("?status=completed", done, asks),
        ("?type=sign_off", asks, done),
        ("?waits=me", asks, done),
    ):
        _, rows = shown(browser, play, query)
        assert str(there) in rows
        assert str(gone) not in rows
    text, rows = shown(browser, play, "?status=cancelled")
    assert "Nothing matches" in text
    assert rows == ""


def test_what_is_asked_of_somebody_else_does_not_wait_for_me(
    browser, browser_of, play, databases, account
):
    other = accounts.make_member(
        databases, account.client_account_id, "x", Role.APPROVER, account.engagement_id
    )
    viewer = accounts.make_member(databases, account.client_account_id, "x", Role.VIEWER)
    flow = play.rested("sign_off")
    badge = '1<span class="visually-hidden"> waiting for you'
    assert badge in shown(browser, play)[0]
    sent = {"to": str(other.user_id)}
    browser.post(f"{play.root}/approvals/{flow.waits_for.id}/delegate", data=sent)
    text, _ = shown(browser, play, "?waits=me")
    assert badge not in text
    assert "Nothing waits for you" in text
    text, rows = shown(browser_of(other), play, "?waits=me")
    assert badge in text
    assert str(flow.id) in rows
    text, rows = shown(browser_of(viewer), play)
    assert badge not in text
    assert 'name="flow"' not in rows


def test_one_action_on_many_says_what_became_of_each(browser, play, other_account):
    waiting, done = play.start("steps"), play.rested("steps").id
    foreign = Playground(play.databases, other_account).start("steps")
    sent = {"action": "pause", "flow": [str(waiting), str(done), str(foreign)]}
    text = browser.post(f"{play.root}/flows/bulk", data=sent).text
    assert "1 of 3 flows paused" in text
    assert "A flow that is completed does not allow &#39;pause&#39;" in text
    assert "A flow that is not here" in text
    assert play.status(waiting).status == "paused"
    assert Playground(play.databases, other_account).status(foreign).status == "initialized"
    for action, status in (("resume", "initialized"), ("cancel", "cancelled")):
        sent = {"action": action, "flow": [str(waiting)], "reason": "no longer needed"}
        assert "1 of 1 flows" in browser.post(f"{play.root}/flows/bulk", data=sent).text
        assert play.status(waiting).status == status
    failed = play.rested("steps", fail_in="two", failures=1).id
    browser.post(f"{play.root}/flows/bulk", data={"action": "retry", "flow": [str(failed)]})
    assert play.run(failed).status == "completed"


def test_choosing_nothing_does_nothing(browser, play):
    play.start("steps")
    text = browser.post(f"{play.root}/flows/bulk", data={"action": "cancel"}).text
    assert "Choose flows first" in text


def test_the_stream_tells_of_flows_that_change_and_appear(browser, play):
    first = play.start("steps")
    with browser.stream("GET", f"{play.root}/flows/stream", timeout=30) as answer:
        lines = answer.iter_lines()
        assert next(line for line in lines if str(first) in line)
        play.run(first)
        assert next(line for line in lines if "Completed" in line)
        second = play.start("steps")
        assert next(line for line in lines if str(second) in line)


def test_a_flow_that_waits_for_a_worker_says_how_many_come_first(browser, play):
    play.start("steps")
    second = play.start("steps")
    text = browser.get(play.url(second)).text
    assert "Waits for a free worker, after 1 other of this client account" in text


def test_work_left_is_told_with_what_it_rests_on(browser, play, databases):
    for _ in range(3):
        play.rested("steps", seconds=0.3)
    flow = play.start("steps", seconds=0.3)
    job = Job(play.account.client_account_id, flow)
    with databases.worker.open(JobAccess(play.account.client_account_id, flow)) as session:
        assert play.execution.take(session, flow, job.queue, Turn())
    assert (
        "of work left, from the account&#39;s last 3 completed flows"
        in browser.get(play.url(flow)).text
    )
