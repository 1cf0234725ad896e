"""Why a server is recommended the size it is."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import AppliedRule, Given, Grounds
from landbridge.discovery.inventory.stated import stated
from landbridge.discovery.techdebt.sizing import queries
from landbridge.discovery.techdebt.sizing.settings import settings_of
from landbridge.kit import clock

SIDE: Final = "size"
"""The side of an asset that asks for its size."""
RULE: Final = AppliedRule(
    id="size.utilisation",
    title="What is used, with headroom, rounded up",
    words="Processors and memory: what the server has × the share that is used × (100 % + "
    "headroom). Disks: the space used × (100 % + headroom). Rounded up to whole vCPUs and to the "
    "steps of the settings, and never below their floors. What is not measured is not sized.",
)
_LOOKS_AT: Final = (
    *("cpu_cores", "cpu_utilization", "memory_gb", "memory_utilization"),
    *("storage_gb", "storage_used_gb", "power_state"),
)


def size(session: TenantSession, engagement_id: UUID, asset_id: UUID) -> Grounds:
    """The grounds of a recommended size.

    Raises:
        NotFound: the engagement has no such server or virtual machine.
    """
    chosen = settings_of(session, engagement_id)
    row = queries.size_of(session, engagement_id, asset_id, chosen)
    told = (("vCPU", row.cpu), ("GiB memory", row.memory), ("GiB disk", row.disk))
    sizes = [f"{r.recommended} {unit}" for unit, r in told if r.recommended is not None]
    given = stated(session, engagement_id, asset_id, _LOOKS_AT)
    setting = "A setting of the engagement."
    given += [
        Given(name=k, value=v, words=setting) for k, v in chosen.model_dump(mode="json").items()
    ]
    return Grounds(
        id=asset_id,
        of=SIDE,
        kind="size",
        engagement_id=engagement_id,
        title=f"Recommended size of {row.name}",
        says=", ".join(sizes) or "None: its use is not known",
        rule=RULE,
        arithmetic="; ".join(r.arithmetic.removesuffix(".") for _, r in told),
        inputs=given,
        date=clock.now(),
        dated="Worked out",
    )
