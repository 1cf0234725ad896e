"""What an import changed, over the API and on its page."""

import uuid

import pytest

from tests.support.discovering import discover


@pytest.fixture
def discovered(databases, account, tmp_path):
    path = tmp_path / "machines.csv"
    path.write_text("Hostname,Operating System,CPUs\nweb01,Ubuntu 22.04,4\ndb01,Debian 12,8\n")
    return discover(databases, account, [path])[0]


def test_changes_are_listed_and_narrowed(client_of, browser_of, account, discovered):
    client, browser = client_of(account), browser_of(account)
    listed = client.get(f"/imports/{discovered}/changes").json()["items"]
    assert [(c["name"], c["change"]) for c in listed] == [("db01", "new"), ("web01", "new")]
    assert client.get(f"/imports/{discovered}/changes?change=absent").json()["items"] == []
    assert client.get(f"/imports/{discovered}/changes?change=odd").status_code == 422
    assert client.get(f"/imports/{uuid.uuid4()}/changes").status_code == 404
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    assert "What it changed" in browser.get(f"{place}/imports/{discovered}").text
    page = browser.get(f"{place}/imports/{discovered}/changes").text
    assert "web01" in page
    assert "It brought the asset." in page
    assert "Nothing matches" in browser.get(f"{place}/imports/{discovered}/changes?q=zz").text
