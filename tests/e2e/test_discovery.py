"""From an empty engagement to an inventory, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.exported import FILES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_person_discovers_an_estate(visitor):
    page = visitor.page
    expect(page.get_by_role("heading", name="Start with an export")).to_be_visible()
    page.get_by_role("link", name="Start a discovery").click()
    page.wait_for_load_state("load")
    page.get_by_label("Choose files").set_input_files(FILES)
    expect(page.get_by_text("servers.csv", exact=True).first).to_be_visible()
    expect(page.get_by_role("heading", name="Files to send")).to_be_visible()
    page.get_by_role("button", name="Start discovery").click()

    page.wait_for_url(re.compile(r"/flows/[0-9a-f-]{36}$"))
    flow = page.url
    page.evaluate("window.notReloaded = true")
    gate = page.get_by_role("heading", name="Review the mapping")
    expect(gate).to_be_visible(timeout=60_000)

    page.get_by_role("link", name="Review the mapping").click()
    expect(page.get_by_role("navigation", name="Tables")).to_be_visible()
    page.wait_for_load_state("load")
    waiting = page.locator("#undecided")
    before = int(waiting.inner_text().split()[0])
    assert before > 0
    page.locator("body").press("j")
    row = page.locator("tr[data-row]:focus")
    expect(row).to_have_count(1)
    while not row.get_by_role("button", name="Approve").count():
        page.keyboard.press("j")
    page.keyboard.press("a")
    expect(waiting).to_have_text(f"{before - 1} to decide")
    expect(page.locator("tr[data-row]:focus")).to_contain_text("Approved")

    page.goto(flow)
    page.evaluate("window.notReloaded = true")
    page.get_by_role("button", name="Approve and go on").click()
    expect(page.get_by_text("100 %")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    expect(page.get_by_text("Flow completed")).to_be_visible()


def test_a_flow_ends_on_its_page_without_a_reload(visitor):
    page = visitor.page
    visitor.go("discover")
    page.get_by_label("Choose files").set_input_files(FILES)
    page.get_by_text("Go on by itself").click()
    page.get_by_role("button", name="Start discovery").click()
    page.wait_for_url(re.compile(r"/flows/[0-9a-f-]{36}$"))
    page.evaluate("window.notReloaded = true")
    expect(page.get_by_text("100 %")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.notReloaded")
    assert page.title().startswith("Discovery")


def test_the_inventory_is_searched_narrowed_and_sorted_in_the_address(visitor):
    page = visitor.page
    visitor.go("inventory")
    page.evaluate("window.notReloaded = true")
    rows = page.locator("tbody tr")
    everything = rows.count()
    assert everything >= 5
    page.get_by_label("Search assets").fill("web-")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?q=web-"))
    expect(page.get_by_label("Search assets")).to_be_focused()
    page.get_by_role("link", name="Clear all").click()
    expect(rows).to_have_count(everything)
    page.get_by_role("group", name="Environment").get_by_role("link", name="Test").click()
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(r"environment=test"))
    page.get_by_role("link", name="vCPU").click()
    expect(page).to_have_url(re.compile(r"sort=cpu_cores"))
    assert page.evaluate("window.notReloaded")
    page.go_back()
    expect(page).to_have_url(re.compile(r"environment=test$"))
    expect(rows).to_have_count(2)
    page.wait_for_load_state("networkidle")
    page.goto(page.url)
    expect(rows).to_have_count(2)


def test_an_asset_shows_where_each_value_comes_from(visitor):
    page = visitor.page
    visitor.go("inventory?q=web-02")
    page.get_by_role("link", name="web-02", exact=True).click()
    page.get_by_role("link", name="Origin of OS name").click()
    expect(page.get_by_text("servers.csv").first).to_be_visible()
    expect(page.locator(".origin")).to_contain_text("Windows Server 2012 R2")
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    expect(page.get_by_role("link", name="db-01").first).to_be_visible()


def test_every_issue_names_row_column_value_and_remedy(visitor):
    page = visitor.page
    visitor.go("imports")
    page.locator("tbody tr a").first.click()
    issues = page.get_by_role("region", name="Issues, table")
    expect(issues).to_contain_text("10.0.0.999")
    expect(issues).to_contain_text("zwei")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download rows with issues").click()
    text = started.value.path().read_text()
    assert "Server Name" in text
    assert "10.0.0.999" in text


def test_the_inventory_is_downloaded(visitor):
    page = visitor.page
    visitor.go("inventory")
    for kind in ("CSV", "XLSX", "JSON", "NDJSON"):
        if kind == "JSON":
            page.get_by_text("More formats").click()
        with page.expect_download() as started:
            page.get_by_role("link", name=kind, exact=True).click()
        assert started.value.suggested_filename == f"inventory.{kind.lower()}"
        assert started.value.path().stat().st_size > 100


def test_a_file_that_cannot_be_read_says_so_on_the_flow(visitor):
    page = visitor.page
    visitor.go("discover")
    broken = {"name": "broken.xlsx", "mimeType": "x/y", "buffer": b"PK\x03\x04 no workbook"}
    page.get_by_label("Choose files").set_input_files(broken)
    page.get_by_role("button", name="Start discovery").click()
    page.wait_for_url(re.compile(r"/flows/[0-9a-f-]{36}$"))
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=60_000)
    expect(alert).to_contain_text("What to do:")
    expect(alert).to_contain_text("Technical detail")
