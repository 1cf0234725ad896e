"""The lists of the estate: inventory, applications, conflicts, dependencies, findings."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from landbridge.discovery.dependencies import queries as dependencies
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.membership import queries as membership
from landbridge.discovery.techdebt import queries as techdebt
from landbridge.discovery.techdebt.findings import FINDING_KINDS
from landbridge.web.context import ROOT, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/inventory")
def show_inventory(page: View) -> HTMLResponse:
    """All assets of the engagement, searched, narrowed and sorted by the server."""
    view = ListView.of(page.request, inventory.ASSETS)
    found = inventory.assets(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = inventory.asset_facets(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/inventory.html",
        ("Inventory", view.path),
        section="inventory",
        view=view,
        rows=found.items,
        total=inventory.count_assets(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
    )


@router.get("/applications")
def show_applications(page: View) -> HTMLResponse:
    """Applications and how many assets each has."""
    view = ListView.of(page.request, inventory.APPLICATIONS)
    found = inventory.applications(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    return page.show(
        "pages/applications.html",
        ("Applications", view.path),
        section="applications",
        view=view,
        rows=found.items,
        total=inventory.APPLICATIONS.total(page.session, page.engagement_id, view.wanted),
        without=membership.without(page.session, page.engagement_id),
    )


@router.get("/conflicts")
def show_conflicts(page: View) -> HTMLResponse:
    """Where sources disagree."""
    view = ListView.of(page.request, inventory.CONFLICTS)
    found = inventory.conflicts(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = inventory.CONFLICTS.counts(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/conflicts.html",
        ("Conflicts", view.path),
        section="conflicts",
        view=view,
        rows=found.items,
        total=inventory.CONFLICTS.total(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
    )


@router.get("/dependencies")
def show_dependencies(page: View) -> HTMLResponse:
    """The edges with their evidence."""
    view = ListView.of(page.request, dependencies.DEPENDENCIES)
    found = dependencies.dependencies(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = dependencies.dependency_facets(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/dependencies.html",
        ("Dependencies", view.path),
        section="dependencies",
        view=view,
        rows=found.items,
        total=dependencies.count_dependencies(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
    )


@router.get("/findings")
def show_findings(page: View) -> HTMLResponse:
    """What a migration has to deal with, the worst first."""
    view = ListView.of(page.request, techdebt.FINDINGS, code=_finding_title)
    found = techdebt.findings(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = techdebt.finding_facets(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/findings.html",
        ("Findings", view.path),
        section="findings",
        view=view,
        rows=found.items,
        total=techdebt.count_findings(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
    )


def _finding_title(code: str) -> str:
    kind = FINDING_KINDS.get(code)
    return kind.title if kind else code
