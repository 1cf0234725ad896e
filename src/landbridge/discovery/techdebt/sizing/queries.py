"""Reading sizes: worked out by the database when they are asked for, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.techdebt.sizing.settings import SizingSettings
from landbridge.discovery.techdebt.sizing.words import SizedResource, resources
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page


def _number(attribute: str, inside: str) -> str:
    """An attribute where it is a number and fulfils a condition on `v`; else null."""
    return (
        f"(select v from (select case when jsonb_typeof(a.attributes -> '{attribute}') = 'number'"
        f" then cast(a.attributes ->> '{attribute}' as numeric) end as v) n where {inside})"
    )


def _rounded(needs: str, step: str, least: str) -> str:
    """Rounded up to a step, not below a floor; null where the need is not known."""
    up = f"cast(ceil(({needs}) / {step}) * {step} as bigint)"
    return f"case when ({needs}) is not null then greatest({least}, {up}) end"


_FIGURES: Final = f"""
select a.id, a.name, a.name_key, a.asset_type, a.environment, a.power_state,
       nullif(a.cpu_cores, 0) as cpu_now, nullif(a.memory_mb, 0) / 1024.0 as memory_now,
       nullif(a.storage_mb, 0) / 1024.0 as disk_now,
       {_number("cpu_utilization", "v between 0 and 100")} as cpu_use,
       {_number("memory_utilization", "v between 0 and 100")} as memory_use,
       {_number("storage_used_gb", "v > 0")} as disk_use
  from app.assets a
 where a.engagement_id = :engagement_id and a.asset_type in ('server', 'virtual_machine')"""
_NEEDS: Final = f"""
select f.*,
       case when f.power_state is distinct from 'off'
            then f.cpu_now * f.cpu_use * (100 + :headroom) / 10000 end as cpu_needs,
       case when f.power_state is distinct from 'off'
            then f.memory_now * f.memory_use * (100 + :headroom) / 10000 end as memory_needs,
       f.disk_use * (100 + :headroom_disk) / 100 as disk_needs
  from ({_FIGURES}) f"""
_SIZED: Final = f"""
select s.*,
       {_rounded("s.cpu_needs", "1", ":least_vcpu")} as cpu,
       {_rounded("s.memory_needs", ":memory_step", ":least_memory")} as memory,
       {_rounded("s.disk_needs", ":disk_step", ":least_disk")} as disk
  from ({_NEEDS}) s"""
_LESS: Final = "(c.cpu < c.cpu_now) or (c.memory < c.memory_now) or (c.disk < c.disk_now)"
_MORE: Final = "(c.cpu > c.cpu_now) or (c.memory > c.memory_now) or (c.disk > c.disk_now)"
_COMPARED: Final = f"""
select c.*,
       case when coalesce(c.cpu - c.cpu_now, c.memory - c.memory_now, c.disk - c.disk_now) is null
            then 'unknown'
            when ({_LESS}) and ({_MORE}) then 'both'
            when {_LESS} then 'smaller'
            when {_MORE} then 'larger' else 'same' end as change
  from ({_SIZED}) c"""
SIZES: Final = Listing(
    columns="x.id, x.name, x.asset_type, x.environment, x.power_state, x.change, x.cpu_now,"
    " x.cpu_use, x.cpu_needs, x.cpu, x.memory_now, x.memory_use, x.memory_needs, x.memory,"
    " x.disk_now, x.disk_use, x.disk_needs, x.disk",
    source=f"({_COMPARED}) x where true",
    filters={
        "q": "x.name_key like :q",
        "change": "x.change = :change",
        "environment": "x.environment = :environment",
    },
    facets={"change": "x.change", "environment": "x.environment"},
    sorts={
        "name": ("x.name_key", "text"),
        "cpu": ("coalesce(x.cpu_now - x.cpu, 0)", "bigint"),
    },
    order="name",
)
_TOTALS: Final = text(f"""
select count(*) as servers, count(coalesce(x.cpu, x.memory, x.disk)) as sized,
       {", ".join(
           f"count(x.{r}) filter (where x.{r}_now is not null) as {r}_servers,"
           f" coalesce(sum(x.{r}_now) filter (where x.{r} is not null), 0) as {r}_now,"
           f" coalesce(sum(x.{r}) filter (where x.{r}_now is not null), 0) as {r}"
           for r in ("cpu", "memory", "disk")
       )}
  from ({_COMPARED}) x""")  # fmt: skip


class SizeRow(BaseModel):
    """A server, or virtual machine, with the size it needs.

    Attributes:
        change: smaller, larger, both (one smaller, another larger), same; unknown where its use
            or what it has is not known.
        cpu, memory, disk: vCPUs, GiB and GiB, each with its arithmetic.
    """

    id: UUID
    name: str
    asset_type: str
    environment: str
    change: str
    cpu: SizedResource
    memory: SizedResource
    disk: SizedResource


class SizeTotal(BaseModel):
    """One resource of all servers whose present size and recommended size are both known.

    Attributes:
        servers: how many these are.
        now, recommended: their sizes added up: vCPUs, or GiB.
    """

    servers: int
    now: float
    recommended: int


class SizeTotals(BaseModel):
    """All servers of an engagement together.

    Attributes:
        servers: servers and virtual machines.
        sized: of how many the use of anything is known.
    """

    servers: int
    sized: int
    cpu: SizeTotal
    memory: SizeTotal
    disk: SizeTotal


def sizes(
    session: TenantSession, engagement_id: UUID, wanted: Wanted, chosen: SizingSettings
) -> Page[SizeRow]:
    """A page of the servers with the sizes they need."""
    page = SIZES.page(session, engagement_id, wanted, **chosen.parameters())
    return Page([_row(r, chosen) for r in page.items], page.next)


def count(
    session: TenantSession, engagement_id: UUID, wanted: Wanted, chosen: SizingSettings
) -> int:
    """How many servers the filters leave."""
    return SIZES.total(session, engagement_id, wanted, **chosen.parameters())


def facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted, chosen: SizingSettings
) -> dict[str, Sequence[FacetValue]]:
    """What the servers can be narrowed by."""
    return SIZES.counts(session, engagement_id, wanted, **chosen.parameters())


def size_of(
    session: TenantSession, engagement_id: UUID, asset_id: UUID, chosen: SizingSettings
) -> SizeRow:
    """The size that one server needs.

    Raises:
        NotFound: the engagement has no such server or virtual machine.
    """
    statement = text(f"select {SIZES.columns} from {SIZES.source} and x.id = :id")
    scope = {"engagement_id": engagement_id, "id": asset_id, **chosen.parameters()}
    found = session.execute(statement, scope).mappings().one_or_none()
    if found is None:
        raise NotFound
    return _row(dict(found), chosen)


def totals(session: TenantSession, engagement_id: UUID, chosen: SizingSettings) -> SizeTotals:
    """The sizes of all servers, added up."""
    scope = {"engagement_id": engagement_id, **chosen.parameters()}
    found = session.execute(_TOTALS, scope).mappings().one()
    each = {
        name: SizeTotal(
            servers=found[f"{name}_servers"],
            now=round(float(found[f"{name}_now"]), 1),
            recommended=int(found[name]),
        )
        for name in ("cpu", "memory", "disk")
    }
    return SizeTotals(servers=found["servers"], sized=found["sized"], **each)


def _row(found: dict[str, Any], chosen: SizingSettings) -> SizeRow:
    plain = {k: found[k] for k in ("id", "name", "asset_type", "environment", "change")}
    return SizeRow(**plain, **resources(found, chosen))
