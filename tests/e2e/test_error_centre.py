"""The error centre in a browser: from an error page to its trace, readable on every screen."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import text

from landbridge.database.session import CredentialAccess
from landbridge.errors.common import InternalError
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.kit.clock import now
from landbridge.kit.settings import Settings
from landbridge.occurrences.buffer import Buffer
from landbridge.occurrences.occurrence import Occurrence
from landbridge.occurrences.recorder import Recorder
from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import SCREENS
from tests.support import accounts
from tests.support.toy import toy_types
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TRACE = "e" * 32


@pytest.fixture(scope="module")
def operator(databases):
    """An admin of a client account who operates the installation, too."""
    made = accounts.make_account(databases)
    with databases.owner.begin() as connection:
        connection.execute(
            text("update app_private.users set may_create_accounts = true where id = :user"),
            {"user": made.user_id},
        )
        connection.execute(
            text(
                "update app_private.credentials set client_account_id = null where user_id = :user"
            ),
            {"user": made.user_id},
        )
    return made


@pytest.fixture(scope="module")
def defect(databases, operator):
    """A defect on a flow, written down."""
    access: CredentialAccess = operator.access
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
    with databases.app.open(access) as session:
        tomorrow = now() + timedelta(days=1)
        flow = orchestrator.create(session, operator.engagement_id, "toy", {}, start_at=tomorrow)
    try:
        Settings(port=-1)
    except ValueError as error:
        known = InternalError.caused_by(error)
    buffer = Buffer()
    for number in range(3):
        occurrence = Occurrence.of(
            known,
            "phase a_phase_with_a_rather_long_name_that_has_to_wrap",
            trace_id=TRACE,
            client_account_id=access.client_account_id,
            flow_id=flow,
            phase="one",
            attempt=number + 1,
        )
        buffer.add(occurrence)
    assert Recorder(databases.app, Settings(), buffer=buffer).flush()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_reads_well(browser, site, operator, defect, screen) -> None:
    axe, account = Axe(), f"/accounts/{operator.client_account_id}"
    with browser.new_context(**SCREENS[screen]) as context:
        visitor = Visitor(context, site, operator)
        for address in (
            "/operator/errors",
            "/operator/errors?q=nothing",
            "/operator/errors?state=open&category=BUG",
            "/operator/errors/INTERNAL_ERROR",
            f"/traces/{TRACE}",
            f"{account}/errors",
            f"{account}/errors/INTERNAL_ERROR",
        ):
            answer = visitor.page.goto(site + address)
            assert answer.status == 200, address
            found = axe.run(visitor.page)
            assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert width <= SCREENS[screen]["viewport"]["width"], address
        assert visitor.complaints == []


def test_from_an_error_page_to_its_trace_and_to_the_centre(browser, site, operator) -> None:
    with browser.new_context() as context:
        page = Visitor(context, site, operator).page
        page.goto(f"{site}/accounts/{operator.client_account_id}/nothing/here")
        link = page.locator('a[href^="/traces/"]')
        trace = link.text_content()

        def shown() -> bool:
            page.goto(f"{site}/traces/{trace}")
            return page.get_by_text("Error NOT_FOUND at GET").is_visible()

        eventually(shown)
        page.goto(f"{site}/operator/errors")
        page.get_by_label("Search errors").fill("not_found")
        page.get_by_label("Search errors").press("Enter")
        page.get_by_role("link", name="Not found", exact=True).click()
        page.get_by_label("Note").fill("A link in an old mail")
        page.get_by_role("button", name="Acknowledge").press("Enter")
        expect(page.get_by_text("“A link in an old mail”")).to_be_visible()
        expect(page.get_by_text("Acknowledged by")).to_be_visible()
