"""Which flow types this deployment has: Landbridge's own, and those of installed packages.

A package brings a flow type by an entry point of the group `landbridge.flow_types`: its name is
that of the flow type, its value a callable without arguments that returns a `FlowType`.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Final

from landbridge.flows.types import FlowType, FlowTypes, Offer

GROUP: Final = "landbridge.flow_types"


def flow_types() -> FlowTypes:
    """The flow types of this deployment."""
    found = sorted(entry_points(group=GROUP), key=lambda e: (e.name, _package(e)))
    return FlowTypes(
        *map(_offer, found),
        assessment=_assessment,
        discovery=_discovery,
        simulate_import=_simulate_import,
        undo_import=_undo_import,
        group_assets=_group_assets,
        suggest_applications=_suggest_applications,
        wave_plan=_wave_plan,
    )


def _discovery() -> FlowType:
    """Loaded late: most commands and pages show flows without running any."""
    from landbridge.discovery.flow import discovery

    return discovery()


def _assessment() -> FlowType:
    from landbridge.assessment.flow import assessment

    return assessment()


def _simulate_import() -> FlowType:
    from landbridge.discovery.simulation import simulate_import

    return simulate_import()


def _undo_import() -> FlowType:
    from landbridge.discovery.undo import undo_import

    return undo_import()


def _group_assets() -> FlowType:
    from landbridge.discovery.graph.flow import group_assets

    return group_assets()


def _suggest_applications() -> FlowType:
    from landbridge.discovery.membership.flow import suggest_applications

    return suggest_applications()


def _wave_plan() -> FlowType:
    from landbridge.assessment.waves.flow import wave_plan

    return wave_plan()


def _offer(entry: EntryPoint) -> Offer:
    def factory() -> FlowType:
        kind: FlowType = entry.load()()
        return kind

    return Offer(entry.name, _package(entry), factory)


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module
