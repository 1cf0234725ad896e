"""The policy and the usage of agents over the API, on the page and by command."""

import os

import pytest

from landbridge.agents.desk import advisor
from tests.support.asked import COLOURS, RED, SAID_RED
from tests.support.commands import Commands
from tests.support.models import Reply


@pytest.fixture
def asked(databases, account, configured, allowing):
    configured.think = lambda _: SAID_RED
    with databases.app.open(account.access) as session:
        advisor(session, account.engagement_id).ask(COLOURS, RED)


def test_the_api_tells_and_changes(client_of, account, asked):
    client = client_of(account)
    root = f"/api/v1/client-accounts/{account.client_account_id}/agents"
    client.base_url = str(client.base_url).split("/api/")[0]
    assert client.get(f"{root}/policy").json() == {
        "enabled": True, "share": "masked", "cache_days": 30,
    }  # fmt: skip
    wanted = {"enabled": False, "share": "names", "cache_days": 7}
    assert client.put(f"{root}/policy", json=wanted).json() == wanted
    assert client.put(f"{root}/policy", json={**wanted, "share": "all"}).status_code == 422
    used = client.get(f"{root}/usage", params={"by": "engagement"}).json()
    assert used["total"]["cost_micros"] == used["groups"][0]["cost_micros"] == 300
    first = client.get(f"{root}/calls", params={"limit": 1}).json()
    assert first["items"][0]["task"] == "find_colours"
    assert client.get(f"{root}/calls", params={"cursor": "x"}).status_code == 404


def test_the_page_shows_and_changes(browser_of, account, asked):
    browser = browser_of(account)
    path = f"/accounts/{account.client_account_id}/agents"
    page = browser.get(path).text
    assert "Find colours" in page
    assert "$0.0003 of $10.00" in page
    answer = browser.post(path, data={"share": "samples", "cache_days": "3"})
    assert answer.status_code == 303
    page = browser.get(path).text
    assert 'value="samples" selected' in page
    assert 'value="true" checked' not in page


def test_commands_tell_and_change(databases, account, asked, tmp_path):
    run = Commands.over(databases, tmp_path)
    changed = run(
        "agents", "policy", account.name, "--no-enabled", "--share", "samples",
        "--monthly-budget", "2.5", "--json",
    )  # fmt: skip
    assert changed.code == 0
    assert (changed.json["enabled"], changed.json["share"]) == (False, "samples")
    assert (changed.json["monthly_micros"], changed.json["own"]) == (2_500_000, ["monthly_micros"])
    assert "Agents are off" in run("agents", "policy", account.name).out
    assert "No model" in run("agents", "check").out
    wrong = run.having(LANDBRIDGE_AGENT_MODEL="nobody:at-all")("agents", "check", "--json")
    assert "AGENT_MODEL_INVALID" in wrong.out + wrong.err
    table = tmp_path / "prices.csv"
    assert run("agents", "prices", "--write", table, "--json").json["prices"] > 100
    mine = run.having(LANDBRIDGE_AGENT_PRICES=str(table))("agents", "prices", "--json")
    assert {"provider", "model", "input", "as_of"} <= set(mine.json["prices"][0])


def test_a_check_asks_the_model(databases, configured, tmp_path):
    configured.think = lambda data: data
    names = ("MODEL", "BASE_URL", "API_KEY", "PRICES")
    given = {f"LANDBRIDGE_AGENT_{n}": os.environ[f"LANDBRIDGE_AGENT_{n}"] for n in names}
    run = Commands.over(databases, tmp_path).having(**given)
    found = run("agents", "check", "--ask", "--json").json
    assert found == {
        "model": "openai:small", "price_as_of": "2026-01-01", "asked": True, "micros": 300,
    }  # fmt: skip
    configured.replies = [Reply(401, {})]
    refused = run("agents", "check", "--ask", "--json")
    assert "SERVICE_CREDENTIAL_REFUSED" in refused.out + refused.err
