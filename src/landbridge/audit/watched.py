"""What is audited, table by table, and what is not and why.

The triggers themselves are in the migrations; a test holds them to this list, and every table
of ours to being in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes are audited by triggers.

    Attributes:
        table: with its schema.
        on: the operations, of `insert`, `update` and `delete`.
        entries: the actions it writes.
        when: which changes count; empty for all.
    """

    table: str
    on: tuple[str, ...]
    entries: str
    when: str = ""

    @property
    def triggers(self) -> tuple[str, ...]:
        """The names of its triggers, as the isolation lint reports them."""
        return tuple(f"{self.table}.audit_{operation}" for operation in self.on)


ALL: Final = ("insert", "update", "delete")

WATCHED: Final = (
    Watched("app.client_accounts", ALL, "client_account.created, changed, deleted"),
    Watched("app_private.memberships", ALL, "membership.created, changed, deleted"),
    Watched(
        "app_private.credentials",
        ALL,
        "api_key.created, changed, revoked",
        "API keys; never their secrets",
    ),
    Watched(
        "app_private.invitations",
        ("insert", "delete"),
        "invitation.created, deleted",
        "made; accepted, taken back or replaced",
    ),
    Watched("app.engagements", ALL, "engagement.created, changed, deleted"),
    Watched("app.imports", ("insert", "delete"), "import.created, deleted"),
    Watched("app.import_files", ("insert", "delete"), "file.received, deleted"),
    Watched(
        "app.flows",
        ALL,
        "flow.created, running, waiting, paused, completed, failed, cancelled, deleted",
        "the status changes",
    ),
    Watched("app.account_limits", ALL, "limits.set, changed, deleted"),
    Watched("app.phase_runs", ("update",), "phase.completed, failed, …", "a phase ends"),
    Watched("app.approvals", ALL, "approval.requested, approved, rejected", "the status changes"),
    Watched(
        "app.column_mappings",
        ("update",),
        "mapping.approved, changed, suggested",
        "a person decides, or a decision of a person is taken back",
    ),
    Watched("app.learned_mappings", ALL, "learned_mapping.created, changed, deleted"),
    Watched(
        "app.asset_conflicts",
        ("update",),
        "conflict.resolved, open, changed",
        "a person decides, or a decision of a person is overtaken",
    ),
    Watched(
        "app.dependencies",
        ("update",),
        "dependency.confirmed, rejected, suggested",
        "the status changes",
    ),
    Watched(
        "app.findings",
        ("update",),
        "finding.accepted, open, resolved",
        "a risk is accepted, or its acceptance ends",
    ),
    Watched(
        "app.suggested_applications",
        ("update",),
        "application_suggestion.confirmed, rejected, suggested",
        "a person decides, or takes that back",
    ),
    Watched("app.strategy_rules", ("insert",), "strategy_rules.set"),
    Watched(
        "app.recommendations",
        ("update",),
        "strategy.changed",
        "a person decides a strategy, or takes that back",
    ),
    Watched("app.agent_policies", ALL, "agent_policy.set, changed, deleted"),
    Watched("app.agent_limits", ALL, "agent_limits.set, changed, deleted"),
    Watched(
        "app.inventory_edits",
        ("insert", "update"),
        "inventory_edit.made, undone",
        "assets are edited by hand, or that is taken back",
    ),
    Watched("app.account_quotas", ALL, "quota.set, changed, deleted"),
    Watched("app.offboardings", ALL, "erasure.scheduled, changed, deleted"),
    Watched(
        "app.webhooks",
        ALL,
        "webhook.created, changed, deleted",
        "its address, description or kinds change, or it is switched on or off",
    ),
)

_BULK: Final = "Written in bulk by a phase; the flow's and the phase's entries stand for it."

UNWATCHED: Final = {
    "app.audit_entries": "The log itself.",
    "app.audit_links": "The log itself.",
    "app.audit_checkpoints": "The log itself.",
    "app_private.audit_heads": "The log itself.",
    "app.flow_events": "The story of a flow for people; each turn of it is a flow's entry.",
    "app.break_glass": "The reason of an operator's access; its entries are stated with it.",
    "app.idempotency_keys": "Repeats answers; the work behind them is audited.",
    "app.stored_files": "Content; the files that have it are audited.",
    "app.file_pieces": "Content; the files that have it are audited.",
    "app.import_before": _BULK,
    "app.import_tables": _BULK,
    "app.source_rows": _BULK,
    "app.row_issues": _BULK,
    "app.cleansed_columns": _BULK,
    "app.cleansed_values": _BULK,
    "app.assets": _BULK,
    "app.asset_keys": _BULK,
    "app.asset_observations": _BULK,
    "app.asset_sources": _BULK,
    "app.asset_components": _BULK,
    "app.applications": _BULK,
    "app.application_assets": _BULK,
    "app.asset_groupings": _BULK,
    "app.asset_groups": _BULK,
    "app.wave_plans": _BULK,
    "app.waves": _BULK,
    "app.wave_items": _BULK,
    "app.wave_assets": _BULK,
    "app.asset_group_members": _BULK,
    "app.asset_group_edges": _BULK,
    "app.inventory_edit_values": "Values of an edit by hand; the edit's entry stands for them.",
    "app.agent_calls": "Questions to agents, which change nothing; a ledger of its own.",
    "app.webhook_deliveries": "Messages about flows; the flow's entries stand for them.",
    "app.webhook_attempts": "How often a message was sent, and how that ended.",
    "app_private.webhook_secrets": "Secrets of webhooks; a rotation is stated.",
    "app_private.webhook_routes": "Kept by trigger from the audited webhooks.",
    "app_private.webhook_queue": "References to messages that are due.",
    "app_private.users": "People of all accounts; their memberships are audited.",
    "app_private.passwords": "People of all accounts; how they sign in is their own.",
    "app_private.second_factors": "People of all accounts; how they sign in is their own.",
    "app_private.recovery_codes": "How people sign in is their own; the use of one is stated.",
    "app_private.identities": "People of all accounts; how they sign in is their own.",
    "app_private.oidc_keys": "The key that a provider's answers are sealed with.",
    "app_private.sign_in_steps": "Sign-ins on their way; no account is open yet.",
    "app_private.rate_limits": "Counters of attempts.",
    "app_private.set_up_links": "Used once, before there is anybody.",
    "app_private.account_names": "Kept by trigger from the audited names.",
    "app_private.erased_accounts": "What remains of erased accounts; their logs say the same.",
    "app_private.seal": "The key of the contexts; no login reads it.",
    "app_private.executor_leases": "Heartbeats of workers.",
    "app_private.open_flows": "Kept by trigger from the audited flows.",
    "app.error_occurrences": "What went wrong; written in bulk by the program.",
    "app_private.loose_errors": "What went wrong in no client account.",
    "app_private.error_counts": "Counters of errors.",
    "app_private.error_decisions": "What operators said of codes; it keeps its own history.",
    "app_private.error_writers": "How far each process has written what went wrong.",
    "app_private.watchdog_counts": "Counters of the watchdog.",
    "app_private.circuits": "Whether outside services are asked; no client's data.",
    "app_private.release": "The mark of the release.",
    "app_private.alembic_version": "The number of the migration.",
}

STATED: Final = {
    "export.read": "Somebody asked for a file: inventory, failed rows, an original.",
    "webhook.secret_rotated": "A webhook got a new secret.",
    "recovery_code.used": "A member signed in with a recovery code.",
    "audit.exported": "Somebody exported this log.",
    "audit.erased": "The entries before it were erased with the account's data.",
    "break_glass.opened": "An operator came into the account, with the reason.",
    "break_glass.closed": "That access ended.",
}
"""Entries that no table shows: written by the program, marked `stated`, or by the database."""
