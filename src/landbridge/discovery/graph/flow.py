"""The flow type that groups the assets of an engagement."""

from __future__ import annotations

from typing import ClassVar, Final

from pydantic import BaseModel, Field

from landbridge.discovery.graph.groups import groups
from landbridge.discovery.graph.reading import read
from landbridge.discovery.graph.storing import replace
from landbridge.discovery.inventory.repository import alone
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType

GROUP_ASSETS: Final = "group_assets"
WANTED: Final = 25


class GroupingInputs(BaseModel):
    """What the flow is started with.

    Attributes:
        group_size: assets that a group should have on average.
    """

    group_size: int = Field(default=WANTED, ge=2, le=10_000)


class GroupingOutput(BaseModel):
    """What the phase found.

    Attributes:
        assets, edges: what was looked at; rejected edges are not.
        groups: of two assets or more; `grouped` assets are in them.
        mean: assets in a group.
        circles: sets of assets that need each other.
        shared: assets that serve the whole estate and are in no group.
        modularity: how clearly groups are apart, from -0.5 to 1.
    """

    assets: int = 0
    edges: int = 0
    groups: int = 0
    grouped: int = 0
    mean: float = 0
    circles: int = 0
    shared: int = 0
    modularity: float = 0


class AssetGrouper:
    """Finds the groups and keeps them."""

    key: ClassVar[str] = "asset_grouping"
    title: ClassVar[str] = "Group assets"
    unit: ClassVar[str] = "assets"
    output: ClassVar[type[BaseModel]] = GroupingOutput

    def run(self, context: PhaseContext) -> GroupingOutput:
        """Read the estate, find its groups, write them."""
        wanted = GroupingInputs.model_validate(context.inputs).group_size
        session = context.session
        alone(session, context.engagement_id)
        stored = read(session, context.engagement_id)
        size = stored.estate.size
        context.progress(0, size)
        found = groups(stored.estate, wanted)
        kept = replace(session, context.engagement_id, context.flow_id, wanted, stored, found)
        context.progress(size, size)
        return GroupingOutput(
            assets=kept.assets,
            edges=kept.edges,
            groups=kept.groups,
            grouped=int((found.group >= 0).sum()),
            mean=round(found.mean, 2),
            circles=kept.circles,
            shared=len(found.shared),
            modularity=round(found.modularity, 4),
        )


def group_assets() -> FlowType:
    """The flow type with its executor."""
    phase = AssetGrouper()
    definition = FlowDefinition(
        flow_type=GROUP_ASSETS,
        title="Group assets",
        version=1,
        phases=(PhaseDefinition(key=phase.key, title=phase.title, unit=phase.unit, weight=100),),
    )
    return FlowType(
        definition=definition,
        inputs=GroupingInputs,
        phases={phase.key: phase},
        gates={},
    )
