"""Deciding conflicts, dependencies and findings from their lists."""

import json

import pytest
from sqlalchemy import text

from landbridge.identity.permissions import Role
from tests.support.accounts import make_member
from tests.support.estate import make_estate


@pytest.fixture
def estate(databases, account):
    return make_estate(databases, account)


@pytest.fixture
def browser(browser_of, account):
    return browser_of(account)


def only(databases, account, table):
    with databases.app.open(account.access) as session:
        return session.execute(text(f"select * from app.{table}")).mappings().one()


def test_an_edge_is_confirmed_and_taken_back(databases, browser, account, estate):
    edge = only(databases, account, "dependencies")
    url = f"{estate.pages}/dependencies"
    assert "Confirm" in browser.get(url).text
    answer = browser.post(f"{url}/{edge['id']}", data={"status": "confirmed", "back": url})
    assert (answer.status_code, answer.headers["location"]) == (303, url)
    assert only(databases, account, "dependencies")["status"] == "confirmed"
    assert "Undo" in browser.get(url).text
    browser.post(f"{url}/{edge['id']}", data={"status": "suggested", "back": "//evil"})
    assert only(databases, account, "dependencies")["status"] == "suggested"
    assert browser.post(f"{url}/{edge['id']}", data={"status": "maybe"}).status_code == 422


def test_a_risk_is_accepted_with_a_reason_only(databases, browser, account, estate):
    finding = only(databases, account, "findings")
    url = f"{estate.pages}/findings/{finding['id']}"
    assert browser.post(url, data={"reason": " "}).status_code == 422
    assert only(databases, account, "findings")["status"] == "open"
    assert browser.post(url, data={"reason": "Replaced in May"}).status_code == 303
    accepted = only(databases, account, "findings")
    assert (accepted["status"], accepted["decision_reason"]) == ("accepted", "Replaced in May")
    browser.post(url, data={"reopen": "true"})
    assert only(databases, account, "findings")["status"] == "open"


def test_a_value_that_does_not_fit_is_refused(databases, browser, account, estate):
    conflict = only(databases, account, "asset_conflicts")
    url = f"{estate.pages}/conflicts/{conflict['id']}"
    for value in ("", "{"):
        assert browser.post(url, data={"value": value}).status_code == 422
    for unfit in ({"value": json.dumps([1])}, {"keep": "both"}):
        assert browser.post(url, data=unfit).status_code == 409
    assert browser.post(url, data={"reopen": "true"}).status_code == 409
    assert only(databases, account, "asset_conflicts")["status"] == "open"


def test_roles_decide_what_they_may(databases, browser_of, account, estate):
    member = {
        role: browser_of(make_member(databases, account.client_account_id, account.name, role))
        for role in (Role.VIEWER, Role.ANALYST)
    }
    edge = only(databases, account, "dependencies")["id"]
    finding = only(databases, account, "findings")["id"]
    edges, findings = f"{estate.pages}/dependencies", f"{estate.pages}/findings"
    assert "Confirm" not in member[Role.VIEWER].get(edges).text
    refused = member[Role.VIEWER].post(f"{edges}/{edge}", data={"status": "confirmed"})
    assert refused.status_code == 403
    done = member[Role.ANALYST].post(f"{edges}/{edge}", data={"status": "confirmed"})
    assert done.status_code == 303
    assert "Accept the risk" not in member[Role.ANALYST].get(findings).text
    refused = member[Role.ANALYST].post(f"{findings}/{finding}", data={"reason": "x"})
    assert refused.status_code == 403
