"""No secret is in a log, a problem or the audit log, at any level and in either form.

A whole installation is driven with secrets that are known here, through successes, refusals and
provoked failures; then everything it wrote is searched for them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.identity import totp
from tests.support.installation import Installation, installed, until
from tests.support.server import create_database, drop_database
from tests.support.whole import naming

CSV = b"hostname,ip_address,owner\nsrv1,10.0.0.1,Ada\nsrv2,10.0.0.2,Bob\n"
PASSWORD = "canary-password-5Jq2vX8w"
NEW_PASSWORD = "canary-password-new-9Kd3"
CLIENT_SECRET = "canary-client-secret-7Hs1"
URL_TOKEN = "canary-url-token-4Bz6"
METRICS_TOKEN = "canary-metrics-token-8Rf4"
WRONG_DATABASE = "canary-database-password-2Ty9"
PAGES = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


pytestmark = pytest.mark.timeout(900)


@dataclass
class Play:
    """What was driven, which secrets were in it, and what came back."""

    installation: Installation
    admin: str
    secrets: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def keep(self, answer: httpx.Response) -> None:
        """Problems; a form that is shown again holds its link, for who has it."""
        answer.read()
        refused = answer.status_code >= 400
        if refused and ("<form" not in answer.text or answer.status_code >= 500):
            self.problems.append(answer.text)

    def client(self, **headers: str) -> httpx.Client:
        hooks: dict[str, Any] = {"response": [self.keep]}
        return httpx.Client(
            base_url=self.installation.url, headers=headers, timeout=60, event_hooks=hooks
        )


@pytest.fixture(scope="module", params=["json", "console"])
def play(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    made: Databases = create_database(f"landbridge_{worker_id}_canaries")
    assert made.admin_url is not None
    settings = {
        "LANDBRIDGE_LOG_LEVEL": "DEBUG",
        "LANDBRIDGE_LOG_FORMAT": request.param,
        "LANDBRIDGE_OIDC_ISSUER": "http://127.0.0.1:9/",
        "LANDBRIDGE_OIDC_CLIENT_ID": "landbridge",
        "LANDBRIDGE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "LANDBRIDGE_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "LANDBRIDGE_METRICS_TOKEN": METRICS_TOKEN,
        "LANDBRIDGE_SLOW_STATEMENT_SECONDS": "0.000001",
    }
    with installed(made, tmp_path_factory.mktemp("canaries"), **settings) as running:
        driven = Play(running, urls.text(made.admin_url.set(drivername="postgresql")))
        driven.secrets |= {
            "client secret": CLIENT_SECRET,
            "webhook URL token": URL_TOKEN,
            "metrics token": METRICS_TOKEN,
            "password": PASSWORD,
            "new password": NEW_PASSWORD,
            "password of another database": WRONG_DATABASE,
            "administrative database password": str(made.admin_url.password),
            "application database password": str(made.app_url.password),
            "worker database password": str(made.worker_url.password),
        }
        drive(driven)
        yield driven
    drop_database(made)


def drive(play: Play) -> None:
    with play.client(**PAGES) as browser:
        sign_up(play, browser)
        key = second_factor(play, browser)
        account = browser.get("/api/v1/client-accounts").json()["items"][0]["id"]
        root = f"/api/v1/client-accounts/{account}"
        members(play, browser, root)
        webhooks(play, browser, root)
        work(play, browser, root)
    sign_in_again(play, key)
    single_sign_on(play)
    command_line(play)
    break_everything(play, root)


def sign_up(play: Play, browser: httpx.Client) -> None:
    link = re.search(r"token=(lbu_\w+)", play.installation.out.read_text())
    assert link
    play.secrets["set-up link"] = link[1]
    form = {"token": link[1], "email": "ada@example.com", "name": "Ada", "account_name": "Acme"}
    assert browser.get("/set-up", params={"token": link[1]}).status_code == 200
    browser.post("/set-up", data={**form, "password": "short"})
    done = browser.post("/set-up", data={**form, "password": PASSWORD})
    assert done.status_code == 303, done.text[-2000:]
    play.secrets["session cookie"] = browser.cookies["landbridge_session"]
    browser.post("/set-up", data={**form, "password": PASSWORD})


def second_factor(play: Play, browser: httpx.Client) -> bytes:
    import base64

    browser.post("/settings/second-factor")
    shown = browser.get("/settings").text
    match = re.search(r'<dd class="mono wrap">([A-Z2-7 ]+)</dd>', shown)
    assert match
    secret = base64.b32decode(match[1].replace(" ", ""))
    play.secrets["TOTP secret"] = match[1].replace(" ", "")
    play.secrets["TOTP secret as shown"] = match[1]
    play.secrets["TOTP secret in hexadecimal"] = secret.hex()
    browser.post("/settings/second-factor/confirm", data={"code": "000000"})
    code = totp.code_at(secret, int(time.time() // 30) - 1)
    on = browser.post("/settings/second-factor/confirm", data={"code": code})
    codes = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", on.text)
    assert len(codes) == 10
    for number, recovery in enumerate(codes):
        play.secrets[f"recovery code {number}"] = recovery
    return secret


def members(play: Play, browser: httpx.Client, root: str) -> None:
    made = browser.post(f"{root}/api-keys", json={"label": "canary", "role": "viewer"})
    assert made.status_code == 201, made.text
    play.secrets["API key"] = str(made.json()["key"])
    play.installation.command.json("accounts", "create", "Beta")
    play.secrets["local API key"] = play.installation.key
    with play.client(Authorization=f"Bearer {play.secrets['API key']}") as program:
        program.get("/api/v1/me")
        program.post(f"{root}/members", json={"nonsense": play.secrets["API key"]})
        program.get(f"{root}/api-keys", params={"cursor": "x"})
        program.get("/nowhere")
    for token in (METRICS_TOKEN, f"{METRICS_TOKEN}-wrong"):
        with play.client(Authorization=f"Bearer {token}") as scraper:
            scraper.get("/metrics")
            scraper.get("/api/v1/me")
    invited = browser.post(
        f"{root}/invitations", json={"email": "bob@example.com", "role": "viewer"}
    )
    assert invited.status_code == 201, invited.text
    token = re.search(r"lbi_\w+", invited.text)
    assert token
    play.secrets["invitation link"] = token[0]
    with play.client() as guest:
        guest.get(f"/invitations/{token[0]}")
        guest.delete(f"/invitations/{token[0]}")
        guest.post(f"/invitations/{token[0]}/accept")
        guest.post(f"/invitations/{token[0]}", data={"name": "Bob", "password": "short"})


def webhooks(play: Play, browser: httpx.Client, root: str) -> None:
    address = f"http://127.0.0.1:9/services/{URL_TOKEN}?key={URL_TOKEN}"
    made = browser.post(f"{root}/webhooks", json={"url": address, "kinds": ["*"]})
    assert made.status_code == 201, made.text
    play.secrets["webhook secret"] = made.json()["secret"]
    one = f"{root}/webhooks/{made.json()['id']}"
    play.secrets["rotated webhook secret"] = browser.post(f"{one}/secret").json()["secret"]
    browser.patch(one, json={"url": address + "&more=1"})
    browser.patch(one, json={"url": f"ftp://127.0.0.1/{URL_TOKEN}"})
    assert browser.post(f"{one}/test").status_code < 300

    def attempted() -> bool:
        listed = browser.get(f"{one}/deliveries").json()["items"]
        return any(a["error"] for d in listed for a in d["attempts"])

    until(attempted)


def work(play: Play, browser: httpx.Client, root: str) -> None:
    made = browser.post(f"{root}/engagements", json={"name": "Data centre exit"})
    engagement = f"{root}/engagements/{made.json()['id']}"
    sent = browser.post(f"{engagement}/imports", files=[("files", ("a.csv", CSV))])
    flow = browser.post(
        f"{engagement}/flows", json={"import_id": sent.json()["id"], "approve": "auto"}
    )
    address = f"{engagement}/flows/{flow.json()['id']}"
    until(lambda: browser.get(address).json()["status"] == "completed")
    browser.get(f"{engagement}/exports/inventory.csv")


def sign_in_again(play: Play, key: bytes) -> None:
    with play.client(**PAGES) as browser:
        form = {"email": "ada@example.com", "password": PASSWORD}
        browser.post("/sign-in", data={**form, "password": PASSWORD + "-wrong"})
        browser.post("/sign-in", data=form)
        browser.post("/sign-in/code", data={"code": "0000-0000-0000-0000"})
        code = play.secrets["recovery code 0"]
        assert browser.post("/sign-in/code", data={"code": code}).status_code == 303
        play.secrets["second session cookie"] = browser.cookies["landbridge_session"]
        browser.post("/settings/password", data={"old": PASSWORD, "new": NEW_PASSWORD})
        browser.post("/sign-in", data={"token": play.secrets["API key"]})
        browser.get("/sign-in", params={"token": play.secrets["API key"]})


def single_sign_on(play: Play) -> None:
    with play.client(Accept="application/json") as browser:
        assert browser.get("/sign-in/oidc").status_code >= 400
        browser.get("/sign-in/oidc/callback", params={"code": "x", "state": "y"})


def command_line(play: Play) -> None:
    command = play.installation.command
    told = []
    for arguments in (
        ["doctor"],
        ["webhooks", "list", "--client-account", "Acme"],
        ["secrets", "rotate"],
        ["sign-in", "trust-provider"],
        ["users", "add", "eve@example.com", "--client-account", "Nobody"],
    ):
        done = command.run(*arguments, "--json")
        told.append(done.stdout + done.stderr)
    right = dict(command.environment)
    command.environment["LANDBRIDGE_DATABASE_WAIT_SECONDS"] = "1"
    for place in ("127.0.0.1:9/x", "[/x"):
        url = f"postgresql://ada:{WRONG_DATABASE}@{place}"
        command.environment["LANDBRIDGE_DATABASE_URL"] = url
        for arguments in (["doctor"], ["serve", "--port", "0"]):
            done = command.run(*arguments)
            told.append(done.stdout + done.stderr)
    command.environment.update(right)
    play.problems += told


def break_everything(play: Play, root: str) -> None:
    """Tables that are not there make every request and every look of the worker fail."""
    with psycopg.connect(play.admin, autocommit=True) as admin:
        for table in ("app_private.credentials", "app_private.webhook_queue", "app.flows"):
            schema, name = table.split(".")
            admin.execute(f"alter table {table} rename to hidden".encode())
            try:
                if schema == "app_private":
                    fail(play, root)
                time.sleep(2.5)
            finally:
                admin.execute(f"alter table {schema}.hidden rename to {name}".encode())


def fail(play: Play, root: str) -> None:
    cookies = {"landbridge_session": play.secrets["second session cookie"]}
    secret = play.secrets
    with play.client(Authorization=f"Bearer {secret['API key']}") as program:
        program.get("/api/v1/me")
        program.get(f"{root}/webhooks")
        program.post(f"{root}/webhooks", json={"url": f"https://x.test/{URL_TOKEN}"})
    with play.client(Cookie=f"landbridge_session={cookies['landbridge_session']}") as browser:
        browser.get("/settings")
        form = {"email": "ada@example.com", "password": NEW_PASSWORD}
        browser.post("/sign-in", data=form)
        browser.post("/sign-in/code", data={"code": secret["recovery code 1"]})
        browser.post(f"/invitations/{secret['invitation link']}/accept")
        browser.post("/set-up", data={"token": secret["set-up link"], "password": PASSWORD})
        browser.get("/sign-in", params={"token": secret["API key"]})


def found_in(play: Play, text: str) -> set[str]:
    return {name for name, secret in play.secrets.items() if secret and secret in text}


def test_the_secrets_are_real_and_were_used(play: Play) -> None:
    assert len(play.secrets) >= 28
    assert all(len(secret) >= 16 for secret in play.secrets.values())
    log = play.installation.log.read_text("utf-8")
    assert "request_failed" in log
    assert "debug" in log.lower()
    assert len(log) > 20_000
    assert any('"INTERNAL_ERROR"' in p or "INTERNAL" in p for p in play.problems)


def test_no_secret_is_in_the_logs(play: Play) -> None:
    assert found_in(play, play.installation.log.read_text("utf-8", "replace")) == set()


def test_no_secret_is_in_a_problem_or_an_error_of_the_command_line(play: Play) -> None:
    assert len(play.problems) > 20
    assert {n for p in play.problems for n in found_in(play, p)} == set()


def test_no_secret_is_in_the_audit_log(play: Play) -> None:
    with psycopg.connect(play.admin) as admin:
        rows = admin.execute("select entry::text from app.audit_entries").fetchall()
    entries = [json.loads(row[0]) for row in rows]
    assert {"webhook.created", "webhook.changed", "recovery_code.used", "api_key.created"} <= {
        entry["action"] for entry in entries
    }
    assert found_in(play, json.dumps(entries)) == set()
    (webhook,) = [e for e in entries if e["action"] == "webhook.created"]
    assert re.fullmatch(r"http://127\.0\.0\.1:9/… \([0-9a-f]{8}\)", webhook["object"]["name"])


def test_of_all_secrets_only_an_address_is_readable_in_the_database(play: Play) -> None:
    shown = {play.secrets[name]: name for name in play.secrets}
    with psycopg.connect(play.admin) as admin:
        found = {t: [shown[s] for s in n] for t, n in naming(admin, shown).items()}
    assert found == {"app.webhooks": ["webhook URL token"]}


def test_what_was_left_behind_is_readable_by_its_owner_only(play: Play) -> None:
    data = Path(play.installation.command.environment["LANDBRIDGE_DATA_DIR"])
    for name in ("secrets-key", "local-api-key"):
        assert (data / name).stat().st_mode & 0o077 == 0
