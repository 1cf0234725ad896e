"""Everything the author of a flow type needs, and nothing else.

A package registers a flow type by an entry point of the group `landbridge.flow_types`, whose
value is a callable that returns a `FlowType`. What is named here keeps its meaning within a
major version; other modules of Landbridge are its own.
"""

from __future__ import annotations

from landbridge.database.circuits import CircuitPolicy
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.errors.common import NotFound
from landbridge.flows.definitions import (
    Choice,
    Condition,
    FlowDefinition,
    GateDefinition,
    GateKind,
    PhaseDefinition,
    RetryPolicy,
)
from landbridge.flows.outside import outside_service
from landbridge.flows.phases import Phase, PhaseContext, Progress
from landbridge.flows.types import FlowType, Gate

__all__ = [
    "Category",
    "Choice",
    "CircuitPolicy",
    "Condition",
    "FlowDefinition",
    "FlowType",
    "Gate",
    "GateDefinition",
    "GateKind",
    "LandbridgeError",
    "NotFound",
    "Phase",
    "PhaseContext",
    "PhaseDefinition",
    "Progress",
    "Retry",
    "RetryPolicy",
    "TenantSession",
    "outside_service",
]
