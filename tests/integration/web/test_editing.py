"""Editing assets by hand, on the pages and over the API."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text

from landbridge.discovery.vocabulary import TableRole
from landbridge.identity.permissions import Role
from tests.support.accounts import make_account, make_member
from tests.support.tables import Bench, table
from tests.support.two_doors import TwoDoors

SERVERS = table(TableRole.ASSETS, "servicenow_server_labels", name="servers.csv")


@dataclass
class Imported:
    """Two servers of one file."""

    pages: str
    asset_id: str


@pytest.fixture
def estate(databases, account, make_flow):
    bench = Bench(TwoDoors(databases), account, make_flow(account))
    bench.run((SERVERS, [{"hostname": n, "environment": "production"} for n in ("a1", "b1")]))
    asset_id = bench.query("select id from app.assets where name = 'a1'")[0][0]
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    return Imported(place, str(asset_id))


def say(estate, value="16", attribute="cpu_cores", **more):
    return {"asset": estate.asset_id, "attribute": attribute, "value": value, **more}


def test_an_edit_is_previewed_made_shown_and_taken_back(browser_of, account, estate):
    browser, edits = browser_of(account), f"{estate.pages}/inventory-edits"
    assert "Edit selected" in browser.get(f"{estate.pages}/inventory").text
    assert "Edit 1 asset" in browser.get(f"{edits}/new?asset={estate.asset_id}").text
    refused = browser.post(f"{edits}/preview", data=say(estate, "much"))
    assert refused.status_code == 422
    assert "much" in refused.text
    seen = browser.post(f"{edits}/preview", data=say(estate))
    assert "Confirm the edit" in seen.text
    changed = browser.post(edits, data=say(estate, expected="2"))
    assert changed.status_code == 409
    assert "Confirm the edit" in changed.text
    made = browser.post(edits, data=say(estate, expected="1", reason="Measured"))
    assert made.status_code == 303
    there = made.headers["location"]
    assert "Measured" in browser.get(there).text
    assert "Set by hand" in browser.get(f"{estate.pages}/inventory/{estate.asset_id}").text
    assert browser.post(f"{there}/undo").headers["location"] == there
    assert "Taken back" in browser.get(there).text
    assert browser.post(f"{there}/undo").status_code == 409


def test_all_that_filters_leave_are_edited_over_the_api(client_of, databases, account, estate):
    client = client_of(account)
    wanted = {"filters": {"environment": "production"}, "changes": {"location": "Bonn"}}
    seen = client.post("/inventory-edits/preview", json=wanted).json()
    assert (seen["selected"], seen["values"]) == (2, {"location": "Bonn"})
    made = client.post("/inventory-edits", json=wanted | {"reason": "Moved"}).json()
    values = client.get(f"/inventory-edits/{made['id']}/values").json()["items"]
    assert {(v["value"], v["state"]) for v in values} == {("Bonn", "current")}
    newest = client.get("/inventory-edits").json()["items"][0]
    assert (newest["id"], newest["reason"]) == (made["id"], "Moved")
    with databases.app.open(account.access) as session:
        entry = text("select action from app.audit_entries where object_id = :s")
        assert session.execute(entry, {"s": made["id"]}).scalars().all() == ["inventory_edit.made"]
    assert client.post(f"/inventory-edits/{made['id']}/undo").json()["restored"] == made["changed"]


def test_only_those_who_may_edit_see_or_do_it(client_of, browser_of, databases, account, estate):
    viewer = make_member(databases, account.client_account_id, "Vera", Role.VIEWER)
    assert "Edit selected" not in browser_of(viewer).get(f"{estate.pages}/inventory").text
    wanted = {"asset_ids": [estate.asset_id], "changes": {"location": "Bonn"}}
    assert client_of(viewer).post("/inventory-edits", json=wanted).status_code == 403
    stranger = client_of(make_account(databases))
    assert stranger.post("/inventory-edits", json=wanted).json()["selected"] == 0
