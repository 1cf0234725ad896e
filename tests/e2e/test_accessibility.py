"""Every page is free of violations axe-core knows, in both themes and on a narrow screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from landbridge.identity import break_glass, invitations, quotas, users
from landbridge.identity.permissions import Role
from landbridge.identity.quotas import Quota
from tests.e2e.conftest import Visitor
from tests.support import accounts
from tests.support.estate import make_estate

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "narrow dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def estate(databases):
    made = make_estate(databases, accounts.make_account(databases))
    limits = {Quota.ASSETS: 100, Quota.STORAGE_BYTES: 1, Quota.MEMBERS: 1}
    quotas.set_by_owner(databases.owner, made.account.client_account_id, limits)
    return made


@pytest.fixture(scope="module")
def invitation(databases, estate):
    with databases.app.open(estate.account.access) as session:
        break_glass.break_glass(
            databases.owner,
            session.client_account_id,
            users.ensure_user(databases.owner, "operator@example.com"),
            Role.VIEWER,
            "Ticket 4711: stuck import",
            30,
        )
        _, link = invitations.invite(session, "ada@example.com", Role.VIEWER)
    return f"/invitations/{link.text}"


@pytest.fixture(scope="module")
def addresses(estate, invitation):
    """Every page there is, with something on it and without."""
    flow, imported = estate.flow_id, estate.imported.import_id
    inside = (
        "",
        "/discover",
        "/flows",
        f"/flows/{flow}",
        "/imports",
        f"/imports/{imported}",
        f"/imports/{imported}/mapping",
        f"/imports/{imported}/mapping?show=approved",
        "/inventory",
        "/inventory?q=nothing",
        "/inventory?environment=production&sort=cpu_cores&order=desc",
        f"/inventory/{estate.asset_id}",
        f"/why/{estate.asset_id}",
        f"/why/{estate.asset_id}?of=hostname",
        "/applications",
        "/dependencies",
        "/findings",
        "/conflicts",
        "/dependencies/map",
        "/inventory-edits",
        f"/inventory-edits/new?asset={estate.asset_id}",
        f"/dependencies/map?around={estate.asset_id}",
        "/strategies",
        "/strategies?strategy=rehost&kind=asset",
        "/waves",
        "/waves/what-if?max_size=1",
        "/nothing",
    )
    account = estate.account.client_account_id
    audit = f"/accounts/{account}/audit"
    audited = (audit, f"{audit}?q=nothing", f"{audit}?since=never", f"{audit}/verification")
    outside = ("/accounts", "/errors", "/errors/NOT_FOUND", "/api/v1/docs", "/settings")
    hooks = f"/accounts/{account}/webhooks"
    webhooks = (hooks, f"{hooks}/{estate.webhook_id}", f"{hooks}/{estate.webhook_id}?status=failed")
    of_account = (
        "/strategy-rules",
        "/agents",
        "",
        "/members",
        "/keys",
        "/settings",
        "/offboarding",
    )
    signing_in = ("/sign-in", "/sign-in?by=key", "/sign-in/code", invitation)
    return [
        *(estate.pages + path for path in inside),
        *(f"/accounts/{account}{path}" for path in of_account),
        *audited,
        *webhooks,
        *outside,
        *signing_in,
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_a_violation_or_scrolls_sideways(browser, site, estate, addresses, screen):
    axe = Axe()
    with browser.new_context(**SCREENS[screen]) as context:
        visitor = Visitor(context, site, estate.account)
        for address in addresses:
            visitor.page.goto(site + address)
            found = axe.run(visitor.page)
            assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert width <= SCREENS[screen]["viewport"]["width"], address
        refused = [c for c in visitor.complaints if "404" not in c]
        assert refused == []


def test_everything_is_reached_by_keyboard_and_the_first_stop_is_the_content(browser, site, estate):
    with browser.new_context() as context:
        visitor = Visitor(context, site, estate.account)
        page = visitor.page
        page.goto(site + estate.pages + "/inventory")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        assert re.search(r"#main$", page.url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
