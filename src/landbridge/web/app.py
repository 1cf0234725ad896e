"""The application with its pages: the API, and the web UI in front of it."""

from __future__ import annotations

from fastapi import FastAPI

from landbridge.api import app as api
from landbridge.database.engine import Databases
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.kit.settings import Settings
from landbridge.web import assets, failures
from landbridge.web.pages import (
    account_settings,
    accounts,
    agents,
    application_suggestions,
    approvals,
    asset,
    audit,
    dead_letters,
    decisions,
    dependency_map,
    error_centre,
    estate,
    explanations,
    flow,
    flow_actions,
    flow_forks,
    flows,
    groups,
    help,
    home,
    import_changes,
    imports,
    inventory_edits,
    invitation,
    keys,
    learned,
    mapping,
    members,
    offboarding,
    set_up,
    settings,
    sign_in,
    single_sign_on,
    sizes,
    strategies,
    strategy_rules,
    traces,
    waves,
    webhooks,
)

PAGES = (
    sign_in.router,
    single_sign_on.router,
    set_up.router,
    settings.router,
    help.router,
    accounts.router,
    audit.router,
    error_centre.router,
    traces.router,
    webhooks.router,
    invitation.router,
    members.router,
    keys.router,
    learned.router,
    strategy_rules.router,
    account_settings.router,
    home.router,
    flows.router,
    flow.router,
    flow_actions.router,
    flow_forks.router,
    approvals.router,
    imports.router,
    import_changes.router,
    mapping.router,
    estate.router,
    dependency_map.router,
    inventory_edits.router,
    groups.router,
    agents.router,
    sizes.router,
    application_suggestions.router,
    asset.router,
    explanations.router,
    strategies.router,
    waves.router,
    decisions.router,
    dead_letters.router,
    offboarding.router,
)


def create_app(
    databases: Databases, orchestrator: MasterFlowOrchestrator, chosen: Settings
) -> FastAPI:
    """The pages and the API over these databases."""
    app = api.create_app(databases, orchestrator, chosen, before=PAGES, presenter=failures.present)
    app.mount("/static", assets.Assets(directory=assets.ROOT), name="static")
    return app
