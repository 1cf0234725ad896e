"""Webhooks over the API and the command line."""

import httpx
import pytest

from landbridge.identity.permissions import Role
from landbridge.webhooks.sending.sender import running_sender
from tests.support.accounts import make_member
from tests.support.command import command_for
from tests.support.flows import HandledFlow
from tests.support.http import serving
from tests.support.receiver import Answer, receiving
from tests.support.sending import loopback
from tests.support.toy import toy_types


@pytest.fixture(scope="module")
def site(databases):
    with serving(databases, loopback(), toy_types()) as url:
        yield url


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


@pytest.fixture
def client_for(site):
    made = []

    def make(account):
        base = f"{site}/api/v1/client-accounts/{account.client_account_id}"
        made.append(httpx.Client(base_url=base, headers=account.headers, timeout=30))
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_the_life_of_a_webhook(databases, client_for, account, receiver):
    client = client_for(account)
    body = {"url": receiver.url, "kinds": ["flow.created"], "description": "Chat"}
    answer = client.post("/webhooks", json=body)
    assert answer.status_code == 201
    made = answer.json()
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    url = f"/webhooks/{made['id']}"
    assert client.get("/webhooks").json()["items"] == [client.get(url).json()] == [made]
    assert secret not in client.get("/webhooks").text

    flow = HandledFlow(databases, account)
    (pending,) = client.get(f"{url}/deliveries").json()["items"]
    assert (pending["status"], pending["flow_id"]) == ("pending", str(flow.id))
    receiver.answers = [Answer(500)]
    with running_sender(databases.worker, loopback()):
        receiver.wait(1)
        test = client.post(f"{url}/test")
        assert test.status_code == 202
        receiver.wait(2)
        again = client.post(f"/webhook-deliveries/{pending['id']}/redeliver")
        assert again.status_code == 202
        assert receiver.wait(3)[-1].id == pending["id"]
    shown = client.get(f"/webhook-deliveries/{pending['id']}").json()
    assert shown["attempts"][0]["error"]["code"] == "WEBHOOK_NOT_ACCEPTED"

    rotated = client.post(f"{url}/secret", json={"overlap_hours": 1}).json()["secret"]
    assert rotated not in {"", secret}
    off = client.patch(url, json={"enabled": False}).json()
    assert (off["enabled"], off["disabled_reason"]) == (False, "switched_off")
    assert client.post(f"{url}/test").json()["code"] == "WEBHOOK_SWITCHED_OFF"
    on = client.patch(url, json={"enabled": True, "kinds": ["*"], "description": ""}).json()
    assert (on["enabled"], on["kinds"], on["description"]) == (True, ["*"], "")
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_what_cannot_be_a_webhook_is_refused_with_its_code(client_for, account):
    client = client_for(account)

    def code(status=422, **body):
        answer = client.post("/webhooks", json={"url": "https://x.example/", "kinds": ["*"]} | body)
        assert answer.status_code == status
        return answer.json()["code"]

    assert code(url="ftp://x.example/") == "WEBHOOK_URL_INVALID"
    assert code(403, url="https://10.0.0.1/") == "WEBHOOK_ADDRESS_REFUSED"
    assert code(url="https://example.com/{id}") == "WEBHOOK_URL_INVALID"
    assert code(kinds=["flow.exploded"]) == "WEBHOOK_EVENT_UNKNOWN"
    assert code(kinds=[]) == "INVALID_REQUEST"


def test_pages_of_deliveries_follow_each_other(databases, client_for, account, receiver):
    client = client_for(account)
    made = client.post("/webhooks", json={"url": receiver.url, "kinds": ["*"]}).json()
    flow = HandledFlow(databases, account)
    for _ in range(6):
        flow.happen("phase.completed", "one")
    url = f"/webhooks/{made['id']}/deliveries"
    seen, cursor = [], None
    while True:
        page = client.get(url, params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [d["seq"] for d in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert client.get(url, params={"status": "failed"}).json()["items"] == []
    for wrong in ("x", "WyJ4Il0", "WyIwMTk4YzBkZS0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ"):
        assert client.get(url, params={"cursor": wrong}).json()["code"] == "INVALID_CURSOR"


def test_an_admin_manages_an_analyst_sees_and_a_viewer_does_not(databases, client_for, account):
    admin = client_for(account)
    made = admin.post("/webhooks", json={"url": "https://x.example/", "kinds": ["flow.failed"]})
    url = f"/webhooks/{made.json()['id']}"
    member = {
        role: client_for(make_member(databases, account.client_account_id, account.name, role))
        for role in (Role.VIEWER, Role.ANALYST)
    }
    assert member[Role.ANALYST].get(f"{url}/deliveries").status_code == 200
    assert member[Role.VIEWER].get(url).status_code == 403
    for refused in (
        member[Role.ANALYST].post("/webhooks", json={"url": "https://x.example", "kinds": ["*"]}),
        member[Role.ANALYST].patch(url, json={"enabled": False}),
        member[Role.ANALYST].post(f"{url}/secret"),
        member[Role.ANALYST].post(f"{url}/test"),
        member[Role.ANALYST].delete(url),
    ):
        assert refused.json()["code"] == "PERMISSION_DENIED"


def test_the_pages_add_show_and_send_again(databases, site, account, receiver):
    hooks = f"/accounts/{account.client_account_id}/webhooks"
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, timeout=30) as browser:
        browser.post("/sign-in", data={"token": account.api_key})
        assert "No webhooks yet" in browser.get(hooks).text
        wrong = browser.post(hooks, data={"url": "ftp://x.example", "kinds": "*"})
        assert wrong.status_code == 422
        assert "does not begin with https" in wrong.text
        assert "Choose at least one" in browser.post(hooks, data={"url": receiver.url}).text
        added = browser.post(hooks, data={"url": receiver.url, "kinds": ["flow.created"]})
        assert added.status_code == 200
        assert "whsec_" in added.text
        assert added.headers["cache-control"] == "no-store"
        (webhook,) = httpx.get(
            f"{site}/api/v1/client-accounts/{account.client_account_id}/webhooks",
            headers=account.headers,
        ).json()["items"]
        page = f"{hooks}/{webhook['id']}"
        assert "whsec_" not in browser.get(page).text
        HandledFlow(databases, account)
        shown = browser.get(page).text
        assert "flow.created" in shown
        assert "No worker is running" in shown
        assert browser.post(f"{page}/test").status_code == 303
        assert "whsec_" in browser.post(f"{page}/secret").text
        assert browser.post(f"{page}/enabled", data={"value": "off"}).status_code == 303
        refused = browser.post(f"{page}/test")
        assert refused.status_code == 409
        assert "The webhook is switched off" in refused.text
        assert browser.post(f"{page}/remove").headers["location"] == hooks


@pytest.mark.slow
def test_the_command_line_does_the_same(fresh_databases, tmp_path, receiver):
    command = command_for(fresh_databases, tmp_path)
    command.environment["LANDBRIDGE_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
    command.environment["LANDBRIDGE_DATA_DIR"] = str(loopback().data_dir)
    command.json("accounts", "create", "Acme")
    acme = ("--client-account", "Acme")
    added = command.json("webhooks", "add", receiver.url, *acme, "--event", "flow.failed")
    assert added["secret"].startswith("whsec_")
    hook = added["id"]
    (listed,) = command.json("webhooks", "list", *acme)["webhooks"]
    assert "secret" not in listed
    with running_sender(fresh_databases.worker, loopback()):
        sent = command.json("webhooks", "test", hook, *acme)
        assert (sent["status"], sent["attempts"][0]["status_code"]) == ("delivered", 204)
        again = command.json("webhooks", "redeliver", sent["id"], *acme)
        assert again["id"] == receiver.wait(2)[1].id
    (told,) = command.json("webhooks", "deliveries", hook, *acme)["deliveries"]
    assert told["kind"] == "webhook.test"
    assert command.json("webhooks", "rotate", hook, *acme)["secret"] != added["secret"]
    off = command.json("webhooks", "change", hook, *acme, "--no-enabled")
    assert off["disabled_reason"] == "switched_off"
    assert command.json("webhooks", "remove", hook, *acme)["removed"] is True
