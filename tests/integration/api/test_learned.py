"""What an account has learned: over the API, on its page, and forgotten."""

import uuid

from landbridge.identity.permissions import Role
from tests.support.accounts import make_member
from tests.support.discovering import discover


def test_a_decision_is_seen_and_forgotten(databases, account, client_of, browser_of, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Hostname,Floor tiles\nweb-01,7\n")
    import_id, _ = discover(databases, account, [path])
    client, browser = client_of(account), browser_of(account)
    columns = client.get("/mappings", params={"import_id": str(import_id)}).json()["items"]
    column = next(c for c in columns if c["column_name"] == "Floor tiles")
    body = {"target": "attribute", "attribute": "location"}
    assert client.patch(f"/mappings/{column['id']}", json=body).status_code == 200

    base = f"{client.base_url}".partition("/engagements")[0]
    (rule,) = client.get(f"{base}/learned-mappings").json()["items"]
    assert (rule["column_key"], rule["attribute"]) == ("floortiles", "location")
    place = f"/accounts/{account.client_account_id}/learned-mappings"
    assert "floortiles" in browser.get(place).text

    viewer = make_member(
        databases, account.client_account_id, account.name, Role.VIEWER, account.engagement_id
    )
    assert client_of(viewer).delete(f"{base}/learned-mappings/{rule['id']}").status_code == 403
    answer = browser.post(f"{place}/{rule['id']}/forget")
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert client.get(f"{base}/learned-mappings").json()["items"] == []
    assert "Nothing learned yet" in browser.get(place).text
    assert client.delete(f"{base}/learned-mappings/{rule['id']}").status_code == 404
    assert client.delete(f"{base}/learned-mappings/{uuid.uuid4()}").status_code == 404
