"""Reading the inventory: lists with facets, one asset with everything known about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.candidates import described
from landbridge.discovery.inventory.content import origins
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

_SEVERITY = (
    "(select coalesce(max(array_position(array['info','low','medium','high','critical'],"
    " g.severity)), 0) from app.findings g where g.asset_id = x.id and g.status = 'open')"
)

ASSETS: Final = Listing(
    columns="x.id, x.name, x.asset_type, x.environment, x.criticality, x.os_name, x.os_version,"
    " x.cpu_cores, x.memory_mb, x.storage_mb, x.power_state, x.status,"
    " coalesce(x.attributes -> 'ip_address', '[]'::jsonb) as ip_addresses,"
    " (select count(*) from app.findings f where f.asset_id = x.id and f.status = 'open')"
    f" as findings, {_SEVERITY} as worst",
    source="app.assets x where x.engagement_id = :engagement_id",
    filters={
        "q": "x.name_key like :q or lower(coalesce(x.os_name, '')) like :q"
        " or x.id in (select k.asset_id from app.asset_keys k"
        " where k.engagement_id = :engagement_id and lower(k.value) like :q)",
        "asset_type": "x.asset_type = :asset_type",
        "environment": "x.environment = :environment",
        "os_name": "coalesce(x.os_name, 'unknown') = :os_name",
        "criticality": "coalesce(x.criticality, 'unknown') = :criticality",
        "power_state": "coalesce(x.power_state, 'unknown') = :power_state",
        "application": "exists (select 1 from app.application_assets l"
        " join app.applications p on p.id = l.application_id"
        " where l.asset_id = x.id and p.name_key = lower(:application))",
        "severity": "exists (select 1 from app.findings f where f.asset_id = x.id"
        " and f.status = 'open' and f.severity = :severity)",
    },
    facets={
        "asset_type": "x.asset_type",
        "environment": "x.environment",
        "os_name": "coalesce(x.os_name, 'unknown')",
        "criticality": "coalesce(x.criticality, 'unknown')",
        "power_state": "coalesce(x.power_state, 'unknown')",
    },
    sorts={
        "name": ("x.name_key", "text"),
        "asset_type": ('x.asset_type collate "C"', "text"),
        "environment": ('x.environment collate "C"', "text"),
        "os_name": ("coalesce(x.os_name, '') collate \"C\"", "text"),
        "cpu_cores": ("coalesce(x.cpu_cores, -1)", "bigint"),
        "memory_mb": ("coalesce(x.memory_mb, -1)", "bigint"),
        "storage_mb": ("coalesce(x.storage_mb, -1)", "bigint"),
    },
    order="name",
)

APPLICATIONS: Final = Listing(
    columns="x.id, x.name, x.attributes,"
    " (select count(*) from app.application_assets l where l.application_id = x.id) as assets",
    source="app.applications x where x.engagement_id = :engagement_id",
    filters={"q": "lower(x.name) like :q"},
    sorts={
        "name": ('lower(x.name) collate "C"', "text"),
        "assets": (
            "(select count(*) from app.application_assets l where l.application_id = x.id)",
            "bigint",
        ),
    },
    order="name",
)

CONFLICTS: Final = Listing(
    columns="x.id, x.asset_id, a.name as asset_name, x.attribute, x.candidates, x.chosen, x.status",
    source="app.asset_conflicts x join app.assets a on a.id = x.asset_id"
    " where x.engagement_id = :engagement_id and a.engagement_id = :engagement_id",
    filters={
        "q": "a.name_key like :q",
        "attribute": "x.attribute = :attribute",
        "status": "x.status = :status",
    },
    facets={"attribute": "x.attribute", "status": "x.status"},
    sorts={
        "asset": ("a.name_key", "text"),
        "attribute": ('x.attribute collate "C"', "text"),
    },
    order="asset",
)


class AssetRow(BaseModel):
    """One line of the inventory; sizes in MiB.

    Attributes:
        findings: how many are open.
        worst: severity of the worst open finding, if any.
    """

    id: UUID
    name: str
    asset_type: str
    environment: str
    criticality: str | None
    os_name: str | None
    os_version: str | None
    cpu_cores: int | None
    memory_mb: int | None
    storage_mb: int | None
    power_state: str | None
    status: str | None
    ip_addresses: list[Any]
    findings: int
    worst: str | None


class Component(BaseModel):
    """A disk, network adapter, partition or product of an asset."""

    kind: str
    name: str
    attributes: dict[str, Any]


class Origin(BaseModel):
    """Source rows an asset was made from."""

    import_id: UUID
    import_table_id: UUID
    file: str
    table: str
    rows: list[int]


class Key(BaseModel):
    """An identity key: what this asset is recognised by."""

    kind: str
    value: str


class Membership(BaseModel):
    """An application the asset belongs to."""

    id: UUID
    name: str


class AssetDetail(AssetRow):
    """Everything known about one asset.

    Attributes:
        attributes: canonical attribute → value; `custom` holds what has no canonical name.
        provenance: attribute → where its value came from.
    """

    attributes: dict[str, Any]
    provenance: dict[str, Any]
    components: list[Component]
    origins: list[Origin]
    keys: list[Key]
    applications: list[Membership]


class ApplicationRow(BaseModel):
    """An application, and how many assets belong to it."""

    id: UUID
    name: str
    attributes: dict[str, Any]
    assets: int


class ConflictRow(BaseModel):
    """An attribute for which sources say different things, or two assets that may be one.

    Attributes:
        candidates: what the sources say, the most believed first; see `candidates.described`.
        chosen: the value in use.
    """

    id: UUID
    asset_id: UUID
    asset_name: str
    attribute: str
    candidates: Any
    chosen: Any
    status: str


SEVERITIES: Final = ("info", "low", "medium", "high", "critical")


def assets(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[AssetRow]:
    """A page of the inventory."""
    page = ASSETS.page(session, engagement_id, wanted)
    return Page([_row(r) for r in page.items], page.next)


def count_assets(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> int:
    """How many assets the filters leave."""
    return ASSETS.total(session, engagement_id, wanted)


def asset_facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What the inventory can be narrowed by, counted under the other filters."""
    return ASSETS.counts(session, engagement_id, wanted)


def asset(session: TenantSession, engagement_id: UUID, asset_id: UUID) -> AssetDetail:
    """One asset.

    Raises:
        NotFound: the engagement has no such asset.
    """
    row = (
        session.execute(
            text(
                f"select {ASSETS.columns}, x.attributes, x.provenance from {ASSETS.source}"
                " and x.id = :asset_id"
            ),
            {"engagement_id": engagement_id, "asset_id": asset_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    named = {"asset_id": asset_id}
    return AssetDetail(
        **_row(dict(row)).model_dump(),
        attributes=row["attributes"],
        provenance=_provenance(row["provenance"], row["attributes"]),
        components=[Component(**r) for r in session.execute(_COMPONENTS, named).mappings()],
        origins=[Origin(**r) for r in session.execute(_ORIGINS, named).mappings()],
        keys=[Key(**r) for r in session.execute(_KEYS, named).mappings()],
        applications=[Membership(**r) for r in session.execute(_MEMBER_OF, named).mappings()],
    )


def applications(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> Page[ApplicationRow]:
    """A page of the applications."""
    page = APPLICATIONS.page(session, engagement_id, wanted)
    return Page([ApplicationRow(**r) for r in page.items], page.next)


def conflicts(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[ConflictRow]:
    """A page of the conflicts."""
    page = CONFLICTS.page(session, engagement_id, wanted)
    listed = described(session, [r["candidates"] for r in page.items])
    return Page(
        [
            ConflictRow(**{**row, "candidates": candidates, "chosen": _in_use(row, candidates)})
            for row, candidates in zip(page.items, listed, strict=True)
        ],
        page.next,
    )


def _in_use(row: dict[str, Any], candidates: list[dict[str, Any]]) -> Any:
    """What a person chose, else the value that is believed most."""
    if row["chosen"] is not None:
        return row["chosen"].get("value")
    return candidates[0].get("value") if candidates else None


def _row(found: dict[str, Any]) -> AssetRow:
    worst = found["worst"]
    addresses = found["ip_addresses"]
    return AssetRow(
        **{
            **found,
            "worst": SEVERITIES[worst - 1] if worst else None,
            "ip_addresses": addresses if isinstance(addresses, list) else [addresses],
        }
    )


_COMPONENTS: Final = text(
    "select kind, name, attributes from app.asset_components where asset_id = :asset_id"
    " order by kind, name"
)
_ORIGINS: Final = text(
    "select f.import_id, s.import_table_id, f.name as file, t.name as table,"
    " (array_agg(s.row_number order by s.row_number))[1:100] as rows"
    " from app.asset_sources s join app.import_tables t on t.id = s.import_table_id"
    " join app.import_files f on f.id = t.import_file_id where s.asset_id = :asset_id"
    " group by 1, 2, 3, 4, t.ordinal order by 3, t.ordinal"
)
_KEYS: Final = text(
    "select kind, value from app.asset_keys where asset_id = :asset_id order by kind, value"
)
_MEMBER_OF: Final = text(
    "select p.id, p.name from app.application_assets l"
    " join app.applications p on p.id = l.application_id"
    " where l.asset_id = :asset_id order by lower(p.name)"
)


def _provenance(stored: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    """Where values come from, each attribute named."""
    plain = {k: v for k, v in stored.items() if k != "default"}
    return {**plain, "attributes": origins(stored, attributes)}
