"""The arithmetic of a size in words, to be checked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from landbridge.discovery.techdebt.sizing.settings import Measured, SizingSettings

FIGURES: Final = {
    Measured.AVERAGE: "average",
    Measured.PERCENTILE: "high percentile",
    Measured.PEAK: "peak",
}
_NOT_MEASURED: Final = {
    "cpu": "No source states its processor use, or not as 0 to 100 %",
    "memory": "No source states its memory use, or not as 0 to 100 %",
    "disk": "No source states how much of its disks is used",
}
_NO_SIZE: Final = {
    "cpu": "No source states how many processors it has",
    "memory": "No source states how much memory it has",
}


class SizedResource(BaseModel):
    """The processors, memory or disks of a server.

    Attributes:
        now: what it has: vCPUs or GiB; None: not known.
        used: what was measured: percent of processors and memory, GiB of disk; None: not known.
        recommended: vCPUs or GiB; None: the use is not known, and no size is recommended.
        arithmetic: the calculation; without a recommendation, why there is none.
    """

    now: float | None
    used: float | None
    recommended: int | None
    arithmetic: str


def resources(found: Mapping[str, Any], chosen: SizingSettings) -> dict[str, SizedResource]:
    """The three resources of a row of `queries.SIZES`."""
    return {
        name: SizedResource(
            now=_plain(found[f"{name}_now"]),
            used=_plain(found[f"{name}_use"]),
            recommended=found[name],
            arithmetic=_arithmetic(name, found, chosen),
        )
        for name in ("cpu", "memory", "disk")
    }


def _arithmetic(name: str, found: Mapping[str, Any], chosen: SizingSettings) -> str:
    result, use, needs = found[name], found[f"{name}_use"], found[f"{name}_needs"]
    if result is None:
        return _absent(name, found) + ": no size is recommended."
    unit, step, least = {
        "cpu": ("vCPU", 1, chosen.least_vcpu),
        "memory": ("GiB", chosen.memory_step_gib, chosen.least_memory_gib),
        "disk": ("GiB", chosen.disk_step_gib, chosen.least_disk_gib),
    }[name]
    headroom = chosen.headroom_disk if name == "disk" else chosen.headroom
    factor = _told(Decimal(100 + headroom) / 100)
    if name == "disk":
        made = f"{_told(use)} GiB used × {factor}"
    else:
        now = found[f"{name}_now"]
        figure = FIGURES[chosen.measured]
        made = f"{_told(now)} {unit} × {_told(use)} % {figure} use × {factor}"
    rule = "whole vCPUs" if name == "cpu" else f"a multiple of {step} GiB"
    floor = f", at least {least}" if Decimal(needs) <= least else ""
    return f"{made} = {_told(needs)}, rounded up to {rule}{floor}: {result} {unit}"


def _absent(name: str, found: Mapping[str, Any]) -> str:
    if name != "disk" and found["power_state"] == "off":
        return "It is switched off, so its use says nothing"
    if name in _NO_SIZE and found[f"{name}_now"] is None:
        return _NO_SIZE[name]
    return _NOT_MEASURED[name]


def _plain(value: Decimal | int | None) -> float | None:
    return None if value is None else round(float(value), 3)


def _told(value: Decimal | int) -> str:
    """Without trailing zeros, to three places."""
    text = f"{Decimal(value):,.3f}"
    return text.rstrip("0").rstrip(".")
