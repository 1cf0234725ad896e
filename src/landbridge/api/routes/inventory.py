"""The inventory: assets, applications, conflicts, dependencies and findings."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from landbridge.api.auth import CanView
from landbridge.api.bodies import OneOf
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import FacetValue, Wanted
from landbridge.discovery.dependencies import queries as dependencies
from landbridge.discovery.dependencies.queries import DependencyRow
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.inventory.dictionary import Custom, Entry, of_engagement
from landbridge.discovery.inventory.queries import (
    ApplicationRow,
    AssetDetail,
    AssetRow,
    ConflictRow,
)
from landbridge.discovery.techdebt import queries as techdebt
from landbridge.discovery.techdebt.queries import FindingRow
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["inventory"], responses=problems(InvalidCursor))

Text = Annotated[str, Query(max_length=200)]
Order = Annotated[bool, Query(description="The order turned round.")]


class Facets(BaseModel):
    """What a list can be narrowed by: facet → its values with counts."""

    total: int
    facets: dict[str, list[FacetValue]]


@router.get("/assets", summary="Assets")
def list_assets(
    context: CanView,
    q: Annotated[str, Query(max_length=200, description="Finds names, keys and systems.")] = "",
    asset_type: Text = "",
    environment: Text = "",
    os_name: Text = "",
    criticality: Text = "",
    power_state: Text = "",
    application: Text = "",
    severity: Text = "",
    sort: Annotated[str, OneOf(inventory.ASSETS.sorts)] = "name",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[AssetRow]:
    """One page; every filter narrows it further."""
    filters = {
        "q": q,
        "asset_type": asset_type,
        "environment": environment,
        "os_name": os_name,
        "criticality": criticality,
        "power_state": power_state,
        "application": application,
        "severity": severity,
    }
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = inventory.assets(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/assets/facets", summary="What assets can be narrowed by")
def asset_facets(context: CanView, q: Text = "") -> Facets:
    """Counts over all assets that the text finds."""
    wanted = Wanted({"q": q})
    total = inventory.count_assets(context.session, context.engagement_id, wanted)
    found = inventory.asset_facets(context.session, context.engagement_id, wanted)
    return Facets(total=total, facets={k: list(v) for k, v in found.items()})


@router.get("/assets/{asset_id}", summary="One asset")
def show_asset(context: CanView, asset_id: UUID) -> AssetDetail:
    """Everything known about it, and where each value came from."""
    return inventory.asset(context.session, context.engagement_id, asset_id)


@router.get("/applications", summary="Applications")
def list_applications(
    context: CanView,
    q: Text = "",
    sort: Annotated[str, OneOf(inventory.APPLICATIONS.sorts)] = "name",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[ApplicationRow]:
    """One page, by name."""
    wanted = Wanted({"q": q}, sort, descending, limit, cursor)
    page = inventory.applications(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/conflicts", summary="Conflicts")
def list_conflicts(
    context: CanView,
    q: Text = "",
    attribute: Text = "",
    status: Text = "",
    sort: Annotated[str, OneOf(inventory.CONFLICTS.sorts)] = "asset",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[ConflictRow]:
    """Attributes for which sources say different things, with every candidate."""
    filters = {"q": q, "attribute": attribute, "status": status}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = inventory.conflicts(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/dependencies", summary="Dependencies")
def list_dependencies(
    context: CanView,
    q: Text = "",
    kind: Text = "",
    status: Text = "",
    environment: Text = "",
    sort: Annotated[str, OneOf(dependencies.DEPENDENCIES.sorts)] = "from",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[DependencyRow]:
    """Typed edges with their evidence and confidence."""
    filters = {"q": q, "kind": kind, "status": status, "environment": environment}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = dependencies.dependencies(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/findings", summary="Findings")
def list_findings(
    context: CanView,
    q: Text = "",
    severity: Text = "",
    code: Text = "",
    status: Text = "",
    sort: Annotated[str, OneOf(techdebt.FINDINGS.sorts)] = "severity",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[FindingRow]:
    """The worst first."""
    filters = {"q": q, "severity": severity, "code": code, "status": status}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = techdebt.findings(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


class DataDictionary(BaseModel):
    """What the attributes of this engagement's assets are.

    Attributes:
        assets: how many assets there are.
        attributes: every attribute, in the order of exports.
        custom: columns of sources that no attribute stands for, the most frequent first.
    """

    assets: int
    attributes: list[Entry]
    custom: list[Custom]


@router.get("/data-dictionary", summary="The data dictionary")
def data_dictionary(context: CanView) -> DataDictionary:
    """Every attribute: type, unit, meaning, whose word counts, how many assets have it."""
    assets, entries, custom = of_engagement(context.session, context.engagement_id)
    return DataDictionary(assets=assets, attributes=entries, custom=custom)
