"""How actions read. An action that is not here reads as it is written."""

from __future__ import annotations

from typing import Final

ACTIONS: Final = {
    "client_account.created": "Client account created",
    "client_account.changed": "Client account changed",
    "client_account.deleted": "Client account deleted",
    "membership.created": "Member added",
    "membership.changed": "Member's role changed",
    "membership.deleted": "Member removed",
    "api_key.created": "API key created",
    "api_key.changed": "API key changed",
    "api_key.revoked": "API key revoked",
    "engagement.created": "Engagement created",
    "engagement.changed": "Engagement changed",
    "engagement.deleted": "Engagement deleted",
    "import.created": "Import created",
    "import.deleted": "Import deleted",
    "file.received": "File received",
    "file.deleted": "File deleted",
    "flow.created": "Flow created",
    "flow.running": "Flow running",
    "flow.waiting": "Flow waiting for a person",
    "flow.paused": "Flow paused",
    "flow.completed": "Flow completed",
    "flow.failed": "Flow failed",
    "flow.cancelled": "Flow cancelled",
    "flow.deleted": "Flow deleted",
    "phase.completed": "Phase completed",
    "phase.failed": "Phase failed",
    "phase.cancelled": "Phase cancelled",
    "phase.skipped": "Phase skipped",
    "approval.requested": "Decision asked for",
    "approval.approved": "Approved",
    "approval.rejected": "Rejected",
    "mapping.approved": "Column mapping approved",
    "mapping.changed": "Column mapping changed",
    "mapping.suggested": "Column mapping reopened",
    "learned_mapping.created": "Mapping learned",
    "learned_mapping.changed": "Learned mapping changed",
    "learned_mapping.deleted": "Learned mapping forgotten",
    "conflict.resolved": "Conflict resolved",
    "conflict.open": "Conflict open again",
    "dependency.confirmed": "Dependency confirmed",
    "dependency.rejected": "Dependency rejected",
    "dependency.suggested": "Decision on a dependency taken back",
    "finding.accepted": "Risk accepted",
    "finding.open": "Accepted risk reopened",
    "finding.resolved": "Accepted risk gone",
    "webhook.created": "Webhook added",
    "webhook.changed": "Webhook changed",
    "webhook.deleted": "Webhook removed",
    "webhook.secret_rotated": "Webhook's secret changed",
    "export.read": "Data exported",
    "audit.exported": "Audit log exported",
    "audit.erased": "Audit entries erased",
    "break_glass.opened": "Operator access opened",
    "break_glass.closed": "Operator access ended",
}


def action_words(action: str) -> str:
    """How an action reads."""
    return ACTIONS.get(action) or action.replace("_", " ").replace(".", ": ").capitalize()
