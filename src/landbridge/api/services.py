"""What the HTTP layer works with, kept on the application."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from landbridge.api.pace import Pace
from landbridge.database.engine import Databases
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.wakeups import Wakeups
from landbridge.kit.settings import Settings
from landbridge.kit.vault import Vault


@dataclass(frozen=True, slots=True)
class Services:
    """The parts every endpoint may use.

    Attributes:
        databases: the doors.
        orchestrator: the only way to a flow.
        wakeups: tells streams that a flow has news.
        settings: the settings of this process.
        pace: how many requests everybody sends.
    """

    databases: Databases
    orchestrator: MasterFlowOrchestrator
    wakeups: Wakeups
    settings: Settings
    pace: Pace

    @property
    def vault(self) -> Vault:
        """Seals secrets before the database gets them."""
        return Vault(self.settings)


def services_of(request: Request) -> Services:
    """The services of the application that serves this request."""
    services: Services = request.app.state.services
    return services
