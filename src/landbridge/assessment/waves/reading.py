"""What a plan of waves is made from: applications by environment, and what they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np

from landbridge.assessment.sixr.strategies import Strategy
from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.graph import reading
from landbridge.discovery.graph.shared import shared_services
from landbridge.discovery.graph.wave_model import Edge, Item, Period
from landbridge.discovery.vocabulary import Criticality, Environment

STAYS: Final = frozenset((Strategy.RETAIN.value, Strategy.RETIRE.value))
_RANK: Final = {c.value: n for n, c in enumerate(Criticality)}
_ASSETS: Final = """
with first as (
  select distinct on (l.asset_id) l.asset_id, p.id, p.name, p.attributes ->> 'criticality' as said
    from app.application_assets l join app.applications p on p.id = l.application_id
   where p.engagement_id = %(e)s order by l.asset_id, p.name_key, p.id)
select a.id, a.name, f.id, f.name, a.environment, a.criticality, f.said,
       coalesce(r.decided_strategy, r.strategy)
  from app.assets a left join first f on f.asset_id = a.id
  left join app.recommendations r
    on r.engagement_id = %(e)s and r.subject = coalesce(f.id, a.id)
 where a.engagement_id = %(e)s order by a.id"""


@dataclass(slots=True)
class Subject:
    """What moves as one: an environment of an application, or an asset that belongs to none.

    Attributes:
        application_id, asset_id: one of them.
        name: what people call it, with its environment.
        criticality: the highest that is known of it.
        strategy: the decided one, else the recommended; None: not known.
        assets: its assets.
    """

    application_id: UUID | None
    asset_id: UUID | None
    environment: str
    name: str
    strategy: str | None
    criticality: str | None = None
    assets: list[UUID] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Tells it apart."""
        return f"{self.application_id or self.asset_id}/{self.environment}"


@dataclass(frozen=True, slots=True)
class Estate:
    """The subjects of an engagement by key, and what they need."""

    subjects: dict[str, Subject]
    edges: list[Edge]

    def items(self, blackouts: tuple[Period, ...]) -> Iterable[Item]:
        """The subjects for the planner, each with the days on which nothing moves."""
        for key, s in self.subjects.items():
            moves = s.strategy not in STAYS
            yield Item(
                key=key,
                name=s.name,
                size=len(s.assets),
                environment=Environment(s.environment),
                criticality=Criticality(s.criticality) if s.criticality else None,
                moves=moves,
                family=str(s.application_id or ""),
                blackouts=blackouts if moves else (),
            )


def read(session: TenantSession, engagement_id: UUID) -> Estate:
    """Read the estate of an engagement. What shared services reach (monitoring, backup, scanners)
    is not what they need: only edges towards them count.
    """
    stored = reading.read(session, engagement_id)
    with bulk.driver(session).cursor(binary=True) as cursor:
        rows = cursor.execute(_ASSETS, {"e": engagement_id}).fetchall()
    subjects: dict[str, Subject] = {}
    key_of: dict[UUID, str] = {}
    for row in rows:
        subject = _subject(row)
        subject = subjects.setdefault(subject.key, subject)
        subject.assets.append(row[0])
        subject.criticality = _higher(subject.criticality, row[5], row[6])
        key_of[row[0]] = subject.key
    return Estate(subjects, _edges(stored, key_of))


def _subject(row: tuple[Any, ...]) -> Subject:
    asset_id, name, application_id, application, environment, *_, strategy = row
    if application_id is None:
        return Subject(None, asset_id, environment, name, strategy)
    told = "" if environment == Environment.UNKNOWN else f", {environment.replace('_', ' ')}"
    return Subject(application_id, None, environment, f"{application}{told}", strategy)


def _higher(*known: str | None) -> str | None:
    return max((k for k in known if k in _RANK), key=lambda k: _RANK[k or ""], default=None)


def _edges(stored: reading.Stored, key_of: dict[UUID, str]) -> list[Edge]:
    """One edge for each two subjects, in the order of their keys."""
    estate = stored.estate
    reaches = np.zeros(estate.size, dtype=bool)
    services = shared_services(estate.names, estate.source, estate.target, estate.port)
    reaches[[s.node for s in services]] = True
    kept = ~reaches[estate.source]
    keys = [key_of.get(i, "") for i in stored.ids]
    ends = np.unique(np.stack((estate.source[kept], estate.target[kept])), axis=1)
    pairs = {(keys[a], keys[b]) for a, b in ends.T.tolist()}
    return [Edge(a, b) for a, b in sorted(pairs) if a != b and a and b]
