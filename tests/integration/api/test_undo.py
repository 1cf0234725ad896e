"""Undoing an import over the API and on its page."""

import uuid

import pytest

from landbridge.identity.permissions import Role
from tests.support.accounts import make_member
from tests.support.discovering import discover, finish

CSV = "Hostname,IP Address,Operating System\nweb-01,10.0.0.1,RHEL 8\nweb-02,10.0.0.2,RHEL 9\n"


@pytest.fixture
def discovered(databases, account, tmp_path):
    path = tmp_path / "servers.csv"
    path.write_text(CSV)
    return discover(databases, account, [path])[0]


def test_an_import_is_undone_once_and_can_be_used_again(
    databases, account, client_of, browser_of, discovered
):
    client, browser = client_of(account), browser_of(account)
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    page = f"{place}/imports/{discovered}"
    assert "Undo the import" in browser.get(page).text
    assert client.get("/assets").json()["items"]
    filled = client.get("/inventory/hash").json()["sha256"]
    shown = client.get(f"/imports/{discovered}").json()
    assert shown["applied_at"]
    assert not shown["withdrawn_at"]

    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer = client.post(f"/imports/{discovered}/undo", headers=key)
    assert answer.status_code == 201
    assert client.post(f"/imports/{discovered}/undo", headers=key).json() == answer.json()
    flow = finish(databases, account, uuid.UUID(answer.json()["id"]))
    assert [p.name for p in flow.phases] == ["import_withdrawal", "tech_debt_assessment"]

    assert client.get("/assets").json()["items"] == []
    assert client.get("/inventory/hash").json()["sha256"] != filled
    shown = client.get(f"/imports/{discovered}").json()
    assert shown["withdrawn_at"]
    assert shown["rows_stored"] == 2
    again = client.post(f"/imports/{discovered}/undo").json()
    assert (again["code"], again["status"]) == ("IMPORT_NOT_APPLIED", 409)
    assert "Undo the import" not in browser.get(page).text
    assert "Undone" in browser.get(f"{place}/imports").text

    redone = client.post("/flows", json={"import_id": str(discovered), "approve": "auto"})
    finish(databases, account, uuid.UUID(redone.json()["id"]))
    assert len(client.get("/assets").json()["items"]) == 2
    answer = browser.post(f"{page}/undo")
    assert answer.status_code == 303
    finish(databases, account, uuid.UUID(answer.headers["location"].rpartition("/")[2]))
    assert client.get("/assets").json()["items"] == []


def test_who_may_only_look_undoes_nothing(databases, account, client_of, discovered):
    viewer = make_member(
        databases, account.client_account_id, "Vera", Role.VIEWER, account.engagement_id
    )
    assert client_of(viewer).post(f"/imports/{discovered}/undo").status_code == 403
    assert client_of(account).post(f"/imports/{uuid.uuid4()}/undo").status_code == 404
