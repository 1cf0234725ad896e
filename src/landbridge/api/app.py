"""The application factory of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI

from landbridge.api import problems
from landbridge.api.document import complete
from landbridge.api.frame import Frame
from landbridge.api.pace import Pace
from landbridge.api.routes import (
    account_settings,
    accounts,
    agents,
    api_keys,
    application_suggestions,
    approvals,
    audit,
    changes,
    dead_letters,
    decisions,
    dependency_map,
    error_centre,
    explanations,
    exports,
    flow_actions,
    flow_types,
    flows,
    groups,
    imports,
    inventory,
    inventory_edits,
    learned,
    mappings,
    me,
    members,
    metrics,
    offboarding,
    quotas,
    recommendations,
    sizes,
    strategy_rules,
    system,
    undo,
    waves,
    webhook_deliveries,
    webhooks,
)
from landbridge.api.services import Services
from landbridge.database.engine import Databases
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.wakeups import Wakeups
from landbridge.kit.settings import Settings
from landbridge.occurrences.recorder import recording

ROUTERS = (
    system.router,
    metrics.router,
    error_centre.router,
    me.router,
    accounts.router,
    audit.router,
    account_settings.router,
    members.router,
    api_keys.router,
    flow_types.router,
    flows.router,
    flows.of_account,
    flow_actions.router,
    approvals.router,
    imports.router,
    changes.router,
    undo.router,
    mappings.router,
    learned.router,
    inventory.router,
    inventory_edits.router,
    groups.router,
    dependency_map.router,
    agents.router,
    sizes.router,
    decisions.router,
    explanations.router,
    application_suggestions.router,
    recommendations.router,
    waves.router,
    strategy_rules.router,
    exports.router,
    webhooks.router,
    webhook_deliveries.router,
    dead_letters.router,
    offboarding.router,
    quotas.router,
)

DESCRIPTION = """Everything Landbridge can do, over HTTP. The client account and the engagement
stand in the path. Failures are problem details (RFC 9457) with a code from one catalogue; lists
are keyset pages; creating requests take an Idempotency-Key."""


class Api(FastAPI):
    """The application, whose OpenAPI document knows problems and how to authenticate."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            services: Services = self.state.services
            self.openapi_schema = complete(super().openapi(), services.orchestrator.types)
        return self.openapi_schema


def create_app(
    databases: Databases,
    orchestrator: MasterFlowOrchestrator,
    settings: Settings,
    *,
    before: Sequence[APIRouter] = (),
    presenter: problems.Presenter | None = None,
) -> FastAPI:
    """The API over these databases.

    Args:
        databases: where everything is.
        orchestrator: the door to flows.
        settings: limits and lifetimes.
        before: routers that come first, such as those of the web pages.
        presenter: shows problems in another form than JSON where a browser asks.
    """
    wakeups = Wakeups(databases.app_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.max_requests
        with wakeups, recording(databases.app, settings):
            yield

    app = Api(
        title="Landbridge",
        version=version("landbridge"),
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"auto_configure": False, "logs": False},
    )
    pace = Pace(settings.requests_per_minute, settings.unknown_requests_per_minute)
    app.state.services = Services(databases, orchestrator, wakeups, settings, pace)
    app.state.presenter = presenter
    for router in (*before, *ROUTERS):
        app.include_router(router)
    problems.install(app)
    app.add_middleware(
        Frame,
        present=problems.present,
        upload_bytes=settings.max_upload_bytes,
        max_requests=settings.max_requests,
        pace=pace,
    )
    return app
