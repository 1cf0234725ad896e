"""A plan of waves for an engagement, with a hash that tells whether two are the same."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from landbridge.assessment.waves.reading import Estate, read
from landbridge.assessment.waves.settings import WaveSettings
from landbridge.database.session import TenantSession
from landbridge.discovery.graph.wave_model import Plan
from landbridge.discovery.graph.waves import plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what it was made from.

    Attributes:
        hash: of the settings and of what moves in which wave, hexadecimal.
    """

    settings: WaveSettings
    estate: Estate
    plan: Plan
    hash: str

    @property
    def staying(self) -> int:
        """Subjects that do not move."""
        return sum(p.wave == 0 for p in self.plan.placements)


def planned(session: TenantSession, engagement_id: UUID, settings: WaveSettings) -> Planned:
    """Plan the waves of an engagement; nothing is stored."""
    estate = read(session, engagement_id)
    made = plan(estate.items(settings.blackouts()), estate.edges, settings.limits())
    digest = sha256(settings.model_dump_json().encode())
    for placement in made.placements:
        digest.update(f"\n{placement.wave} {placement.key}".encode())
    return Planned(settings, estate, made, digest.hexdigest())
