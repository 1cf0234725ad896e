"""An import is simulated before it changes anything, over the API and on the pages."""

import uuid

from tests.support.discovering import discover, finish

HEAD = "Hostname,IP Address,Operating System,RAM (GB),Serial Number\n"
FIRST = HEAD + "web-01,10.0.0.1,RHEL 8,16,CZJ10001AB\nweb-02,10.0.0.2,RHEL 9,32,CZJ10002AB\n"
SECOND = (
    HEAD
    + "web-01,10.0.0.1,RHEL 8,64,CZJ10001AB\nweb-02,10.0.0.2,RHEL 9,32,CZJ10002AB\n"
    + "web-03,10.0.0.3,RHEL 9,8,CZJ10003AB\n,,RHEL 9,8,\n"
)


def test_a_simulation_says_what_the_import_then_does(
    databases, account, client_of, browser_of, tmp_path
):
    client, browser = client_of(account), browser_of(account)
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    path = tmp_path / "servers.csv"
    path.write_text(FIRST)
    discover(databases, account, [path])
    before = client.get("/inventory/hash").json()

    answer = browser.post(
        f"{place}/imports",
        files=[("files", ("servers.csv", SECOND.encode()))],
        data={"approve": "auto", "simulate": "yes"},
    )
    assert answer.status_code == 303
    url = answer.headers["location"]
    flow = finish(databases, account, uuid.UUID(url.rpartition("/")[2]))
    assert flow.type == "simulate_import"
    told = flow.phases[-1].output
    counts = ("create", "update", "unchanged", "skip")
    assert [told[k] for k in counts] == [1, 1, 1, 1]
    assert told["created"] == ["web-03"]
    (value,) = told["values"]
    assert (value["asset"], value["attribute"]) == ("web-01", "memory_gb")
    assert (value["before"], value["after"]) == (16, 64)
    assert client.get("/inventory/hash").json() == before
    import_id = flow.inputs["import_id"]
    assert client.get(f"/imports/{import_id}").json()["applied_at"] is None
    page = browser.get(url).text
    assert "What the import would do" in page
    assert "web-01" in page

    answer = browser.post(f"{place}/imports/{import_id}/discover", data={"approve": "auto"})
    done = finish(databases, account, uuid.UUID(answer.headers["location"].rpartition("/")[2]))
    inventory = next(p.output for p in done.phases if p.name == "asset_inventory")
    made = ("assets_created", "assets_updated", "assets_unchanged", "unidentified")
    assert [inventory[k] for k in made] == [told[k] for k in counts]
    assert client.get("/inventory/hash").json() != before
