"""Reviewing a mapping, with and without scripts."""

import re

import pytest

from landbridge.identity.permissions import Role
from tests.support.accounts import make_member
from tests.support.mapped import make_mapped_import


@pytest.fixture
def review(databases, account, browser_of):
    mapped = make_mapped_import(
        databases,
        account,
        ("Server <b>Name</b>", "attribute", "hostname", 980),
        ("Notes", "custom", None, 400),
    )
    root = (
        f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
        f"/imports/{mapped.import_id}/mapping"
    )
    return browser_of(account), root, mapped


def test_the_page_shows_every_column_and_escapes_what_files_say(review):
    browser, root, _ = review
    page = browser.get(root).text
    assert "Server &lt;b&gt;Name&lt;/b&gt;" in page
    assert "<b>Name</b>" not in page
    assert "2 to decide" in page


def test_a_decision_without_scripts_leads_back_to_its_row(review):
    browser, root, mapped = review
    answer = browser.post(f"{root}/{mapped.mappings[1]}", data={"target": "attribute:description"})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#m-{mapped.mappings[1]}")
    assert "1 to decide" in browser.get(root).text


def test_a_decision_with_htmx_answers_with_the_row_alone(review):
    browser, root, mapped = review
    answer = browser.post(
        f"{root}/{mapped.mappings[1]}",
        data={"target": "ignore"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<tr ")
    assert "Approved" in answer.text
    assert "1 to decide" in answer.text


def test_a_target_that_does_not_exist_is_refused(review):
    browser, root, mapped = review
    for target in ("attribute:nothing", "attribute", "", "everything"):
        answer = browser.post(f"{root}/{mapped.mappings[1]}", data={"target": target})
        assert answer.status_code == 422


def test_many_are_approved_at_once(review):
    browser, root, mapped = review
    browser.post(
        f"{root}/approve?table={mapped.table_id}", data={"threshold": "90", "scope": "table"}
    )
    page = browser.get(root).text
    assert "1 to decide" in page
    browser.post(f"{root}/approve", data={"threshold": "0", "scope": "all"})
    assert "0 to decide" in browser.get(root).text


def test_who_may_not_edit_sees_the_mapping_without_controls(databases, account, review, browser_of):
    _, root, mapped = review
    viewer = browser_of(
        make_member(databases, account.client_account_id, account.name, Role.VIEWER)
    )
    page = viewer.get(root).text
    assert "Notes" in page
    assert not re.search(r"<select[^>]*name=.target", page)
    answer = viewer.post(f"{root}/{mapped.mappings[1]}", data={"target": "ignore"})
    assert answer.status_code == 403


def test_a_column_of_another_account_is_not_found(review, other_account, browser_of):
    _, root, mapped = review
    stranger = browser_of(other_account)
    assert stranger.get(root).status_code == 404
    own = root.replace(str(root.split("/")[2]), str(other_account.client_account_id)).replace(
        str(root.split("/")[4]), str(other_account.engagement_id)
    )
    assert stranger.get(own).status_code == 404
    assert (
        stranger.post(f"{own}/{mapped.mappings[0]}", data={"target": "ignore"}).status_code == 404
    )
