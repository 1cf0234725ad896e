"""The page of a flow."""

import pytest

from landbridge.flows.states import FlowStatus
from tests.support.flows import HandledFlow


@pytest.fixture
def flow(databases, account):
    return HandledFlow(databases, account)


@pytest.fixture
def page(account, flow):
    root = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    return f"{root}/flows/{flow.id}"


def test_a_living_flow_is_kept_up_to_date_by_one_stream(browser_of, account, page):
    text = browser_of(account).get(page).text
    assert text.count("hx-sse:connect") == 1
    assert "No worker is running" in text


def test_an_ended_flow_needs_no_stream(browser_of, account, flow, page):
    flow.move(FlowStatus.RUNNING)
    flow.move(FlowStatus.COMPLETED)
    assert "hx-sse:connect" not in browser_of(account).get(page).text


def test_the_stream_sends_the_whole_inside_of_the_page(browser_of, account, flow, page):
    flow.move(FlowStatus.RUNNING)
    flow.happen("note", "one", text="<script>alert(1)</script>")
    flow.move(FlowStatus.COMPLETED)
    with browser_of(account).stream("GET", f"{page}/stream") as answer:
        text = "\n".join(answer.iter_lines())
    assert "id: 4" in text
    assert "Flow completed" in text
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert text.rstrip().split("\n")[-2:] == ["event: end", "data: {}"]


def test_a_failure_says_what_why_and_what_to_do(browser_of, account, flow, page):
    problem = {
        "title": "This workbook cannot be read",
        "detail": "old.xlsx ends in the middle.",
        "remedy": "Export it again.",
        "code": "WORKBOOK_UNREADABLE",
        "trace_id": "abc123",
    }
    flow.move(FlowStatus.RUNNING)
    flow.move(FlowStatus.FAILED, error=problem)
    text = browser_of(account).get(page).text
    for shown in problem.values():
        assert shown in text


def test_approving_leads_back_to_the_flow(browser_of, account, flow, page):
    approval = flow.ask()
    browser = browser_of(account)
    assert "Check it" in browser.get(page).text
    root = page.split("/flows")[0]
    answer = browser.post(f"{root}/approvals/{approval}", data={"decision": "approve"})
    assert answer.status_code == 303
    assert answer.headers["location"] == page


def test_rejecting_without_a_reason_asks_for_one(browser_of, account, flow, page):
    approval = flow.ask()
    browser = browser_of(account)
    root = page.split("/flows")[0]
    answer = browser.post(f"{root}/approvals/{approval}", data={"decision": "reject"})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    done = browser.post(
        f"{root}/approvals/{approval}", data={"decision": "reject", "reason": "Wrong file"}
    )
    assert done.status_code == 303


def test_a_flow_of_another_account_has_the_same_page_as_none(browser_of, other_account, page):
    browser = browser_of(other_account)
    foreign = browser.get(page)
    absent = browser.get(page[:-4] + "0000")
    assert foreign.status_code == absent.status_code == 404
    assert "There is nothing at this address" in foreign.text
