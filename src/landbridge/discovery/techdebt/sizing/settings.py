"""How sizes are worked out in an engagement: headroom, what the figures are, floors and steps."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, Strict
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.identity.permissions import Action, require
from landbridge.kit import jsonio

_READ: Final = text("select settings -> 'sizing' from app.engagements where id = :e")
_WRITE: Final = text(
    "update app.engagements set settings = jsonb_set(settings, '{sizing}', cast(:sizing as jsonb))"
    " where id = :e"
)
Percent = Annotated[int, Strict(), Field(ge=0, le=900)]
Floor = Annotated[int, Strict(), Field(ge=1, le=65_536)]
Step = Annotated[int, Strict(), Field(ge=1, le=1_024)]


class Measured(StrEnum):
    """What the utilisation figures of an engagement's sources are."""

    AVERAGE = "average"
    PERCENTILE = "percentile"
    PEAK = "peak"


class SizingSettings(BaseModel):
    """How sizes are worked out; percentages are added to what was measured.

    Attributes:
        measured: what the sources' processor and memory figures are; decides which headroom counts.
        headroom_average, headroom_percentile, headroom_peak: added to processor and memory use, %.
        headroom_disk: added to used disk space, %.
        least_vcpu, least_memory_gib, least_disk_gib: no recommendation is below these.
        memory_step_gib, disk_step_gib: sizes are rounded up to a multiple; vCPUs to whole ones.
    """

    measured: Measured = Measured.AVERAGE
    headroom_average: Percent = 100
    headroom_percentile: Percent = 30
    headroom_peak: Percent = 15
    headroom_disk: Percent = 25
    least_vcpu: Floor = 1
    least_memory_gib: Floor = 2
    least_disk_gib: Floor = 20
    memory_step_gib: Step = 1
    disk_step_gib: Step = 10

    @property
    def headroom(self) -> int:
        """The headroom that counts for processors and memory, in percent."""
        return {
            Measured.AVERAGE: self.headroom_average,
            Measured.PERCENTILE: self.headroom_percentile,
            Measured.PEAK: self.headroom_peak,
        }[self.measured]

    def parameters(self) -> dict[str, int]:
        """What the statements of `queries` ask for."""
        return {
            "headroom": self.headroom,
            "headroom_disk": self.headroom_disk,
            "least_vcpu": self.least_vcpu,
            "least_memory": self.least_memory_gib,
            "least_disk": self.least_disk_gib,
            "memory_step": self.memory_step_gib,
            "disk_step": self.disk_step_gib,
        }


def settings_of(session: TenantSession, engagement_id: UUID) -> SizingSettings:
    """The settings of an engagement: those it was given, else the defaults."""
    kept = session.execute(_READ, {"e": engagement_id}).scalar_one_or_none()
    return SizingSettings.model_validate_json(jsonio.dumps(kept or {}))


def change_settings(session: TenantSession, engagement_id: UUID, wanted: SizingSettings) -> None:
    """Work sizes out differently from now on. The audit log keeps what it was before.

    Raises:
        PermissionDenied: the role may not edit the inventory.
    """
    require(session, Action.EDIT_INVENTORY)
    kept = jsonio.dumps(wanted.model_dump(mode="json"))
    session.execute(_WRITE, {"e": engagement_id, "sizing": kept})
