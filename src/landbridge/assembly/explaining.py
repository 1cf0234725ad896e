"""Why anything is so: the explainers of all parts, asked by id."""

from __future__ import annotations

from importlib import import_module
from typing import Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import Explainer, Grounds
from landbridge.errors.common import NotFound

EXPLAINERS: Final = (
    "discovery.techdebt.explaining:FINDINGS",
    "discovery.techdebt.explaining:ASSETS",
    "discovery.dependencies.explaining:EXPLAINER",
    "discovery.inventory.explaining_conflicts:CONFLICTS",
    "discovery.inventory.explaining_conflicts:APPLICATIONS",
    "discovery.graph.explaining:EXPLAINER",
    "discovery.membership.explaining:EXPLAINER",
    "discovery.mapping.explaining:EXPLAINER",
    "assessment.sixr.explaining:EXPLAINER",
    "assessment.waves.explaining:EXPLAINER",
)
"""Where each part declares its explainer; loaded when one is asked."""


def explainers() -> list[Explainer]:
    """All explainers."""
    return [_loaded(place) for place in EXPLAINERS]


def explain(
    session: TenantSession, asked: UUID, of: str | None = None, engagement_id: UUID | None = None
) -> Grounds:
    """Why something is so.

    Args:
        session: of the client account.
        asked: the id of a finding, an asset, a dependency, a mapping, a conflict, …
        of: one side of it, such as an attribute of an asset; None: it as a whole.
        engagement_id: the engagement it has to belong to; None: any of the account.

    Raises:
        NotFound: there is no such thing, or it has no such side.
    """
    for explainer in explainers():
        found = explainer.engagement_of(session, asked)
        if found is not None:
            if engagement_id not in {None, found}:
                raise NotFound
            return explainer.explain(session, found, asked, of)
    raise NotFound


def _loaded(place: str) -> Explainer:
    module, _, name = place.partition(":")
    declared: Explainer = getattr(import_module(f"landbridge.{module}"), name)
    return declared
