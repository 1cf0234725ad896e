"""Suggested applications from the files to the page: found, confirmed, rejected, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from landbridge.assembly.explaining import explain
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.membership import deciding, queries
from landbridge.discovery.membership.flow import ApplicationSuggester, SuggestingOutput
from landbridge.discovery.membership.queries import SuggestionRow
from landbridge.errors.common import NotFound
from landbridge.identity.local import KEY_FILE
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account
from tests.support.commands import Commands
from tests.support.discovering import discover
from tests.support.http_fixtures import browser_of, client_of, server
from tests.support.phases import run_phase

__all__ = ["browser_of", "client_of", "server"]

SERVERS = """Name,Type,IP Address,Operating System,Application
web1,Server,10.9.0.1,Ubuntu 22.04,Shop
web2,Server,10.9.0.2,Ubuntu 22.04,Shop
crm1,Server,10.9.0.3,Ubuntu 22.04,CRM
cache,Server,10.9.0.4,Ubuntu 22.04,
queue,Server,10.9.0.5,Ubuntu 22.04,
lonely,Server,10.9.0.6,Ubuntu 22.04,
"""
CONNECTIONS = """Source IP,Destination IP,Destination Port,Protocol,Count
10.9.0.1,10.9.0.4,6379,tcp,200
10.9.0.2,10.9.0.4,6379,tcp,180
10.9.0.1,10.9.0.5,5672,tcp,90
"""


@pytest.fixture(scope="module")
def estate(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Account:
    folder = tmp_path_factory.mktemp("orphans")
    files = {"servers.csv": SERVERS, "connections.csv": CONNECTIONS}
    for name, text in files.items():
        (folder / name).write_text(text)
    account = make_account(databases)
    discover(databases, account, [folder / name for name in files])
    return account


def run(databases: Databases, account: Account) -> SuggestingOutput:
    found: SuggestingOutput = run_phase(databases, account, ApplicationSuggester())
    return found


def listed(databases: Databases, account: Account) -> dict[str, SuggestionRow]:
    with databases.app.open(account.access) as session:
        page = queries.suggested(session, account.engagement_id, Wanted())
    return {row.asset: row for row in page.items}


def hashed(databases: Databases, account: Account) -> str:
    with databases.app.open(account.access) as session:
        return inventory_hash(session, account.engagement_id)


def applications_of(databases: Databases, account: Account, asset_id: UUID) -> list[str]:
    with databases.app.open(account.access) as session:
        detail = inventory.asset(session, account.engagement_id, asset_id)
    return [a.name for a in detail.applications]


def test_neighbours_speak_and_decisions_stay(databases: Databases, estate: Account) -> None:
    before = hashed(databases, estate)
    assert run(databases, estate) == SuggestingOutput(assets=6, without=3, suggested=2)
    found = listed(databases, estate)
    assert {n: (r.application, r.confidence) for n, r in found.items()} == {
        "cache": ("Shop", 0.75),
        "queue": ("Shop", 0.45),
    }
    assert hashed(databases, estate) == before
    assert "2 of 2 (web1, web2)" in queries.words(found["cache"].reasons[0])

    with databases.app.open(estate.access) as session:
        grounds = explain(session, found["cache"].id)
        assert grounds.arithmetic == "1 - (1 - 0.750) = 0.750"
        assert deciding.decide_all(session, estate.engagement_id, "confirmed") == 1
        queue = found["queue"].id
        assert deciding.decide(session, estate.engagement_id, queue, "rejected").decided_by
        with pytest.raises(NotFound):
            deciding.decide(session, estate.engagement_id, new_id(), "confirmed")
    assert applications_of(databases, estate, found["cache"].asset_id) == ["Shop"]
    assert hashed(databases, estate) != before

    again = run(databases, estate)
    assert (again.without, again.suggested) == (2, 0)
    status = {n: r.status for n, r in listed(databases, estate).items()}
    assert status == {"cache": "confirmed", "queue": "rejected"}

    with databases.app.open(estate.access) as session:
        eng = estate.engagement_id
        assert deciding.decide_all(session, eng, "suggested", 0, now="confirmed") == 1
        assert deciding.decide_all(session, eng, "suggested", 0, now="rejected") == 1
        assert queries.without(session, eng) == 3
    assert hashed(databases, estate) == before


def test_the_page_the_interface_and_the_commands(
    databases: Databases, estate: Account, browser_of: Any, client_of: Any, tmp_path: Path
) -> None:
    run(databases, estate)
    cache = listed(databases, estate)["cache"]
    browser: httpx.Client = browser_of(estate)
    here = f"/accounts/{estate.client_account_id}/engagements/{estate.engagement_id}"
    assert "3 assets without an application" in browser.get(f"{here}/applications").text
    page = browser.get(f"{here}/application-suggestions").text
    assert "2 of 2 (web1, web2)" in page
    assert "Confirm the 1 that are at least 70 % sure" in page
    done = browser.post(f"{here}/application-suggestions/{cache.id}", data={"status": "confirmed"})
    assert done.status_code == 303
    assert "Confirmed" in browser.get(f"{here}/application-suggestions").text
    assert "Shop" in browser.get(f"{here}/inventory/{cache.asset_id}").text

    api: httpx.Client = client_of(estate)
    only = api.get("/application-suggestions", params={"status": "confirmed"}).json()["items"]
    assert [(s["asset"], s["application"]) for s in only] == [("cache", "Shop")]
    taken = api.post(f"/application-suggestions/{cache.id}/decide", json={"status": "suggested"})
    assert taken.json()["status"] == "suggested"
    sure = {"status": "rejected", "at_least": 0.7}
    assert api.post("/application-suggestions/decide", json=sure).json() == {"changed": 1}
    assert api.post("/application-suggestions").status_code == 201

    (tmp_path / KEY_FILE).write_text(estate.api_key)
    landbridge = Commands.over(databases, tmp_path)
    named = ("--client-account", estate.name, "--engagement", "Data centre exit")
    back = landbridge(
        "applications", "decide-all", "suggested", "--now", "rejected", *named, "--json"
    )
    assert back.json == {"changed": 1}
    rows = landbridge("applications", "suggestions", *named, "--json").json["suggestions"]
    assert [r["asset"] for r in rows] == ["cache", "queue"]
    told = landbridge("applications", "decide", cache.id, "confirmed", *named)
    assert told.out.strip() == "Shop for cache: confirmed"
