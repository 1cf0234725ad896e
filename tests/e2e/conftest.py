"""A browser, and the whole application behind it: server, worker, database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from landbridge.assembly.platform import flow_types
from landbridge.database.engine import Databases
from tests.support import accounts
from tests.support.accounts import Account
from tests.support.http import serving
from tests.support.working import working

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system. The driver keeps an event loop running in this thread, which no
    test of another file may meet.
    """
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(databases: Databases) -> Iterator[str]:
    """The served application with a worker that executes flows."""
    with working(databases), serving(databases, types=flow_types()) as url:
        yield url


@pytest.fixture(scope="module")
def person(databases: Databases) -> Account:
    """Somebody with an empty engagement, for all tests of one file."""
    return accounts.make_account(databases)


class Visitor:
    """A page of a signed-in person, and everything that went wrong on it."""

    def __init__(self, context: BrowserContext, site: str, account: Account) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.site = site
        self.root = (
            f"{site}/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
        )
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None,
        )
        self.page.goto(f"{site}/sign-in?by=key")
        self.page.get_by_label("API key").fill(account.api_key)
        self.page.get_by_role("button", name="Sign in").click()

    def go(self, path: str = "") -> None:
        """Open a page of the engagement."""
        self.page.goto(f"{self.root}/{path}".rstrip("/"))


@pytest.fixture
def visitor(browser: Browser, site: str, person: Account) -> Iterator[Visitor]:
    """A signed-in person; a script error or a refused style fails the test."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        made = Visitor(context, site, person)
        yield made
        assert made.complaints == []
