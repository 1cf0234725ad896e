"""The condition of an asset: stated end dates, power, sizing, ownership."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import Finding, FindingKind, Severity
from landbridge.discovery.techdebt.rules.condition_kinds import (
    CPU_OVERSIZED,
    CPU_UNDERSIZED,
    ENVIRONMENT_MISSING,
    MEMORY_OVERSIZED,
    MEMORY_UNDERSIZED,
    OWNER_MISSING,
    POWERED_OFF,
    RETIRED_BUT_RUNNING,
    SUPPORT_DATE_NEAR,
    SUPPORT_DATE_PASSED,
)
from landbridge.discovery.vocabulary import AssetType, Environment

IDLE_CPU: Final = 10.0
BUSY_CPU: Final = 90.0
IDLE_MEMORY: Final = 20.0
BUSY_MEMORY: Final = 95.0
MANY_CORES: Final = 4
MUCH_MEMORY_GIB: Final = 8.0
LONG_PAST: Final = timedelta(days=3 * 365)
_YEAR = timedelta(days=365)
OWNED_BY: Final = ("business_owner", "technical_owner", "support_group")
_HAS_ENVIRONMENT: Final = frozenset({AssetType.SERVER, AssetType.VIRTUAL_MACHINE})


@dataclass(frozen=True, slots=True)
class Blanks:
    """What no asset of the engagement has: said once, instead of about each asset.

    Attributes:
        owner: no source names an owner of anything.
        environment: no source names an environment of anything.
    """

    owner: bool = False
    environment: bool = False


def of_engagement(blanks: Blanks, assets: int) -> Iterator[Finding]:
    """What is to be said about the engagement as a whole.

    Args:
        blanks: what no asset has.
        assets: how many assets there are.
    """
    if blanks.owner and assets:
        yield Finding(
            OWNER_MISSING,
            Severity.LOW,
            f"No source names an owner or a support group of any of the {assets} assets.",
            {"missing": list(OWNED_BY), "assets": assets},
        )
    if blanks.environment and assets:
        yield Finding(
            ENVIRONMENT_MISSING,
            Severity.INFO,
            f"No source names the environment of any of the {assets} assets.",
            {"missing": "environment", "assets": assets},
        )


def findings(asset: AssetFacts, today: date, blanks: Blanks) -> Iterator[Finding]:
    """Everything these rules find about one asset, but for what all assets lack."""
    if asset.is_retired:
        if asset.power_state == "on":
            yield Finding(
                RETIRED_BUT_RUNNING,
                Severity.MEDIUM,
                f"The status is '{asset.status}', the power state is on.",
                {"status": asset.status, "power_state": asset.power_state},
            )
        return
    yield from _stated_end(asset, today)
    if asset.is_off:
        yield Finding(
            POWERED_OFF,
            Severity.INFO,
            f"{asset.name} is powered off.",
            {"power_state": asset.power_state, "last_seen": asset.text("last_seen")},
        )
    else:
        yield from _sizing(asset)
    yield from _ownership(asset, blanks)


def _stated_end(asset: AssetFacts, today: date) -> Iterator[Finding]:
    end = asset.day("end_of_life_date")
    if end is None:
        return
    data = {"end_of_life_date": end.isoformat()}
    if end < today:
        severity = Severity.HIGH if end < today - LONG_PAST else Severity.MEDIUM
        detail = f"The source states {end.isoformat()} as end of life, support or warranty."
        yield Finding(SUPPORT_DATE_PASSED, severity, detail, data)
    elif end < today + _YEAR:
        detail = f"End of life, support or warranty is on {end.isoformat()}."
        yield Finding(SUPPORT_DATE_NEAR, Severity.LOW, detail, data)


def _sizing(asset: AssetFacts) -> Iterator[Finding]:
    cores, memory = asset.number("cpu_cores"), asset.number("memory_gb")
    cpu_use, memory_use = asset.number("cpu_utilization"), asset.number("memory_utilization")
    if cpu_use is not None:
        data: dict[str, Any] = {"cpu_utilization": cpu_use, "cpu_cores": cores}
        if cpu_use >= BUSY_CPU:
            yield _sized(CPU_UNDERSIZED, "processors", cpu_use, BUSY_CPU, data)
        elif cpu_use <= IDLE_CPU and cores is not None and cores >= MANY_CORES:
            yield _sized(CPU_OVERSIZED, "processors", cpu_use, IDLE_CPU, data)
    if memory_use is not None:
        data = {"memory_utilization": memory_use, "memory_gb": memory}
        if memory_use >= BUSY_MEMORY:
            yield _sized(MEMORY_UNDERSIZED, "memory", memory_use, BUSY_MEMORY, data)
        elif memory_use <= IDLE_MEMORY and memory is not None and memory >= MUCH_MEMORY_GIB:
            yield _sized(MEMORY_OVERSIZED, "memory", memory_use, IDLE_MEMORY, data)


def _sized(
    kind: FindingKind, noun: str, use: float, threshold: float, data: dict[str, Any]
) -> Finding:
    busy = kind in {CPU_UNDERSIZED, MEMORY_UNDERSIZED}
    side = "at or above" if busy else "at or below"
    detail = f"{use:g} % of its {noun} are in use, {side} the threshold of {threshold:g} %."
    severity = Severity.MEDIUM if busy else Severity.LOW
    return Finding(kind, severity, detail, data | {"threshold": threshold})


def _ownership(asset: AssetFacts, blanks: Blanks) -> Iterator[Finding]:
    if asset.environment == Environment.PRODUCTION:
        if not blanks.owner and not any(asset.text(attribute) for attribute in OWNED_BY):
            yield Finding(
                OWNER_MISSING,
                Severity.LOW,
                f"{asset.name} is in production, and no source names its owner.",
                {"missing": list(OWNED_BY)},
            )
    elif (
        not blanks.environment
        and asset.environment == Environment.UNKNOWN
        and asset.asset_type in _HAS_ENVIRONMENT
    ):
        yield Finding(
            ENVIRONMENT_MISSING,
            Severity.INFO,
            f"No source says in which environment {asset.name} is.",
            {"missing": "environment"},
        )
