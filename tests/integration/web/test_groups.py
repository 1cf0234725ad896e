"""Move groups: started and read over the API and on their pages."""

import pytest

from tests.support.estate import make_estate


@pytest.fixture
def estate(databases, account):
    return make_estate(databases, account)


def test_groups_are_started_listed_and_looked_into(client_of, browser_of, account, estate):
    client, browser = client_of(account), browser_of(account)
    started = client.post("/groups", json={"group_size": 5})
    assert started.status_code == 201
    assert client.post("/groups", json={"group_size": 1}).status_code == 422
    listed = client.get("/groups").json()["items"]
    assert [g["number"] for g in listed] == [1, 2]
    graph = client.get("/groups/graph").json()
    assert graph["edges"] == [{"source": 1, "target": 2, "edges": 1}]
    detail = client.get(f"/groups/{listed[0]['id']}").json()
    assert [n["number"] for n in detail["needs"]] == [2]
    members = client.get(f"/groups/{listed[0]['id']}/members").json()["items"]
    assert len(members) == 1
    page = browser.get(f"{estate.pages}/groups").text
    assert listed[0]["name"] in page
    assert "Find them again" in page
    one = browser.get(f"{estate.pages}/groups/{listed[0]['id']}").text
    assert members[0]["name"] in one
    assert "Why together" in one
    answer = browser.post(f"{estate.pages}/groups", data={"group_size": "5"})
    assert "/flows/" in answer.headers["location"]


def test_before_the_first_time_the_page_says_what_to_do(browser_of, account):
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    page = browser_of(account).get(f"{place}/groups").text
    assert "No groups yet" in page
    assert "Find groups" in page
