"""The command tree. Commands load when they are called, so that --help is quick."""

from __future__ import annotations

import os
import signal
import sys
import threading
from importlib.metadata import version
from typing import Final, NoReturn

from cyclopts import App

LAST_SECONDS: Final = 2.0  # for threads that are about to end

HELP: Final = """A customer's messy export in; a clean inventory, dependencies and
end-of-life findings out. Start with: landbridge demo"""

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("demo:demo", "Run Discovery on the bundled sample estate and open the web UI."),
    "discover": ("discover:discover", "Turn export files into an inventory."),
    "serve": ("serve:serve", "Serve the web UI and the API, and execute flows."),
    "worker": ("serve:worker", "Execute flows, without serving pages."),
    "explain": ("explain:explain", "Tell why a finding, score, value, dependency, … is so."),
    "report": ("report:report", "Write the report of an engagement, as XLSX or HTML."),
    "inspect": ("inspect:inspect", "Show how a file is read, without importing it."),
    "doctor": ("doctor:doctor", "Check this installation and say what to do."),
}
GROUPS: Final[dict[str, tuple[str, dict[str, tuple[str, str]]]]] = {
    "flows": (
        "Start, watch, control and decide flows.",
        {
            "list": ("flows:list_flows", "List flows, newest first."),
            "show": ("flows:show", "Show one flow."),
            "watch": ("flows:watch", "Follow a flow until it ends or waits for you."),
            "start": ("flow_starting:start", "Start a flow of any type."),
            "types": ("flow_starting:types", "List flow types, or show one."),
            "pause": ("flow_actions:pause", "Pause flows."),
            "resume": ("flow_actions:resume", "Resume paused flows."),
            "cancel": ("flow_actions:cancel", "Cancel flows for good."),
            "retry": ("flow_actions:retry", "Run the failed phases of flows again."),
            "fork": ("flow_actions:fork", "Do a flow anew from one of its phases."),
            "schedule": ("flow_actions:schedule", "Move the start of a flow."),
            "priority": ("flow_actions:priority", "Put a flow before or behind others."),
            "approve": ("flow_decisions:approve", "Approve what a flow waits for."),
            "reject": ("flow_decisions:reject", "Reject it; the flow is cancelled."),
            "delegate": ("flow_decisions:delegate", "Ask a certain member to decide."),
            "events": ("flow_history:events", "Print what happened to a flow."),
            "children": ("flow_history:children", "List what was forked from a flow."),
            "doctor": ("flow_doctor:doctor", "Find flows that cannot go on, and heal them."),
        },
    ),
    "mapping": (
        "Column mapping.",
        {
            "suggest": ("mapping:suggest", "Suggest attributes for the columns of a file."),
            "evaluate": ("mapping:evaluate", "Score suggestions on files with known truth."),
            "learned": ("learned:list_learned", "List or export what people decided."),
            "forget": ("learned:forget", "Forget something that was learned."),
        },
    ),
    "inventory": (
        "The inventory of an engagement.",
        {
            "export": ("inventory:export", "Export all assets to CSV, XLSX, JSON or Parquet."),
            "dictionary": ("inventory:dictionary", "Print what each attribute is."),
            "edit": ("edits:edit", "Set attributes of one asset or of many."),
            "undo-edit": ("edits:undo_edit", "Take an edit back as a whole."),
            "edits": ("edits:list_edits", "List the edits by hand."),
            "hash": ("undo:inventory_hash_command", "Print a hash of everything it says."),
        },
    ),
    "conflicts": (
        "Where sources disagree about assets.",
        {
            "list": ("conflicts:list_conflicts", "List what sources disagree about."),
            "decide": ("conflicts:decide", "Choose the value of an attribute."),
            "keep-both": ("conflicts:keep_both", "Say that possible duplicates are two assets."),
            "reopen": ("conflicts:reopen", "Take a decision back."),
        },
    ),
    "agents": (
        "Language models that advise: what they may, do and cost.",
        {
            "usage": ("agents:usage", "Show what was asked, and what it cost."),
            "policy": ("agents:policy", "Show or set what a client account allows and may spend."),
            "check": ("agents:check", "Look whether the configured model can be asked."),
            "prices": ("agents:prices", "Show the price table, or write one of today."),
        },
    ),
    "graph": (
        "Groups of assets that move together, and what needs what.",
        {
            "group": ("graph:group", "Find the groups of an engagement's assets."),
            "show": ("graph:show", "Show the groups and what needs what."),
            "map": ("dependency_map:show", "Show which applications need which, and around what."),
            "members": ("graph:members", "Show the assets of a group, and why they are together."),
        },
    ),
    "sizes": (
        "The sizes that servers need.",
        {
            "list": ("sizes:list_sizes", "List servers with the size they need."),
            "settings": ("sizes:change", "Show or change how sizes are worked out."),
        },
    ),
    "imports": (
        "Imports of an engagement.",
        {
            "list": ("imports:list_imports", "List imports with their counts."),
            "template": ("imports:template", "Write an empty file to fill in."),
            "undo": ("undo:undo", "Take back what an import changed."),
            "changes": ("changes:changes", "List what an import changed in the inventory."),
            "issues": ("imports:issues", "List every issue of an import."),
            "failed-rows": ("imports:failed_rows", "Write rows with problems, original columns."),
        },
    ),
    "applications": (
        "Applications of assets of which no source names any.",
        {
            "suggest": ("applications:suggest", "Suggest applications."),
            "suggestions": ("applications:list_suggestions", "List suggested applications."),
            "decide": ("applications:decide", "Accept or reject a suggestion."),
            "decide-all": ("applications:decide_all", "Decide all that are sure."),
        },
    ),
    "strategies": (
        "What becomes of each application in the migration.",
        {
            "list": ("strategies:list_strategies", "List the strategies with their reasons."),
            "decide": ("strategies:decide", "Decide a strategy; assessments keep it."),
            "reopen": ("strategies:reopen", "Take a decision back."),
        },
    ),
    "waves": (
        "When each application moves, and why.",
        {
            "plan": ("waves:plan", "Plan the waves."),
            "list": ("waves:list_waves", "List the waves and what the plan could not keep."),
            "members": ("waves:members", "List what moves in a wave, with reasons."),
            "what-if": ("waves:what_if", "Compare the plan with another, without storing it."),
        },
    ),
    "strategy-rules": (
        "The rules by which a client account recommends strategies.",
        {
            "show": ("strategy_rules:show", "Print the rules in use."),
            "check": ("strategy_rules:check", "Check rules without using them."),
            "set": ("strategy_rules:change", "Use the rules of a file."),
            "reset": ("strategy_rules:reset", "Use shipped or earlier rules again."),
            "versions": ("strategy_rules:versions", "List every change of the rules."),
        },
    ),
    "accounts": (
        "Client accounts.",
        {
            "create": ("accounts:create", "Create a client account."),
            "list": ("accounts:list_accounts", "List client accounts."),
            "quotas": ("quotas:show_or_set", "Show or set how much an account may have."),
            "limits": ("accounts:limits", "Show or set what a client account may use."),
            "export": ("offboarding:export", "Take everything of a client account out."),
            "check-export": ("offboarding:check", "Check an export against its manifest."),
            "erase": ("offboarding:erase", "Have a client account erased, or take that back."),
            "four-eyes": ("members:four_eyes", "Show or set whether four eyes approve."),
        },
    ),
    "members": (
        "Members of a client account.",
        {
            "list": ("members:list_members", "List members."),
            "invite": ("members:invite", "Invite somebody; prints a link to pass on."),
            "invitations": ("members:list_invitations", "List open invitations."),
            "withdraw": ("members:withdraw", "Take an invitation back."),
            "role": ("members:change_role", "Change a member's role."),
            "remove": ("members:remove", "Remove a member."),
        },
    ),
    "operator": (
        "The operator's access to client accounts, with a reason and an end.",
        {
            "break-glass": ("operator:open_access", "Open a client account for some minutes."),
            "end": ("operator:end_access", "End such an access before its time."),
            "accesses": ("operator:list_accesses", "List the accesses that are open."),
            "circuits": ("circuits:show_or_close", "List outside services that are not asked."),
        },
    ),
    "users": (
        "People.",
        {
            "add": ("users:add_user", "Add a user with a role in an account."),
            "reset": ("users:reset", "Take password and second factor from a user."),
        },
    ),
    "api-keys": (
        "API keys.",
        {
            "create": ("api_keys:create_api_key", "Create an API key; it is shown once."),
            "list": ("api_keys:list_api_keys", "List API keys."),
            "revoke": ("api_keys:revoke_api_key", "End an API key."),
        },
    ),
    "sign-in": (
        "Browser sign-in.",
        {
            "link": ("users:sign_in_link", "Print a link that signs a browser in."),
            "trust-provider": ("users:trust_provider", "Trust the configured OpenID provider."),
            "set-up": ("users:set_up_link", "Print the link that sets a fresh deployment up."),
        },
    ),
    "secrets": (
        "The key that seals secrets in the database.",
        {"rotate": ("secrets:rotate", "Seal every secret with a new key.")},
    ),
    "audit": (
        "The audit log.",
        {
            "list": ("audit:list_entries", "List who did what."),
            "verify": ("audit:verify", "Verify the log, or an export of it."),
            "export": ("audit:export", "Write the log with its proof to a file."),
            "checkpoint": ("audit:checkpoint", "Sign the log as it is now."),
            "key": ("audit:key", "Print the public keys, or change the signing key."),
        },
    ),
    "webhooks": (
        "Messages about flows to addresses of your choice.",
        {
            "list": ("webhooks:list_webhooks", "List webhooks."),
            "add": ("webhooks:add", "Add a webhook; its secret is shown once."),
            "change": ("webhook_changes:change", "Change a webhook, or switch it on or off."),
            "rotate": ("webhook_changes:rotate", "Give a webhook a new secret; it is shown once."),
            "remove": ("webhook_changes:remove", "Remove a webhook."),
            "test": ("deliveries:send_test", "Send a test message."),
            "deliveries": ("deliveries:list_deliveries", "List deliveries with their attempts."),
            "redeliver": ("deliveries:redeliver", "Send a message again."),
        },
    ),
    "dead-letters": (
        "What failed for good in a client account.",
        {
            "list": ("dead_letters:list_dead_letters", "List failed flows and messages."),
            "replay": ("dead_letters:replay", "Try them again."),
        },
    ),
    "tenancy": (
        "Isolation between client accounts.",
        {
            "lint": ("tenancy:lint", "Check the database for every isolation rule."),
            "prove": (
                "prove:prove",
                "Attack relations, routes and commands as another account.",
            ),
        },
    ),
    "errors": (
        "The error catalogue, and the errors that occurred.",
        {
            "list": ("errors:list_errors", "List every error code."),
            "explain": ("errors:explain", "Explain an error code and what to do."),
            "centre": ("error_centre:show_centre", "List the errors that occurred, by code."),
            "show": ("error_centre:show", "Show where and for whom an error occurred."),
            "acknowledge": ("error_states:acknowledge", "Say that somebody looks after an error."),
            "mute": ("error_states:mute", "Silence an error for some hours."),
            "resolve": ("error_states:resolve", "Close an error until it comes back."),
            "reopen": ("error_states:reopen", "Open an error again."),
            "trace": ("error_traces:trace", "Tell the whole story of a trace id."),
        },
    ),
    "db": (
        "The database.",
        {
            "start": ("db:start", "Start the embedded server."),
            "stop": ("db:stop", "Stop the embedded server."),
            "status": ("db:status", "Show where the database is and its state."),
            "migrate": ("db:migrate_command", "Bring the schema up to date."),
            "backup": ("db:backup", "Write a backup file."),
            "restore": ("db:restore", "Restore a backup file."),
            "url": ("db:url", "Print the connection URL."),
        },
    ),
}


def build() -> App:
    """The whole command tree, with nothing loaded."""
    app = App(
        name="landbridge",
        help=HELP,
        version=lambda: version("landbridge"),
        help_format="plaintext",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, (target, text) in COMMANDS.items():
        app.command(f"landbridge.cli.{target}", name=name, help=text)
    for group, (text, commands) in GROUPS.items():
        sub = App(name=group, help=text)
        for name, (target, summary) in commands.items():
            sub.command(f"landbridge.cli.{target}", name=name, help=summary)
        app.command(sub)
    return app


def whole(app: App, path: list[str]) -> App:
    """The command at a path, loaded, with its own docstring and example as help text; listings
    go on showing the summary it was registered with.
    """
    command = app.parse_commands(path)[1][-1]
    if command.default_command:
        command.help = None
    return command


def leave(code: int) -> NoReturn:
    """End the process, also when a thread of the engine still tries to reach a database that
    is gone: what such a thread had begun was given to other workers. Ctrl-C is too late now.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(LAST_SECONDS)
            if thread.is_alive():
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
    sys.exit(code)


def main() -> None:
    """Entry point. Exit codes: 0 ok, 1 the work found something wrong, 2 usage, 3 environment,
    130 interrupted.
    """
    try:
        code = run()
    except KeyboardInterrupt:  # before the command, or while it said that it was interrupted
        from landbridge.cli.output import INTERRUPTED

        code = INTERRUPTED
    leave(code)


def run() -> int:
    """Run the command that was called; returns its exit code."""
    app = build()
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"--help", "-h", "--version"}:
        app(arguments or ["--help"])
        return 0
    if "--help" in arguments or "-h" in arguments:
        whole(app, [word for word in arguments if not word.startswith("-")])
    from landbridge.cli.output import guarded

    place = f"command {command_of(arguments)}"
    return guarded(lambda: app(arguments), as_json="--json" in arguments, place=place)


def command_of(arguments: list[str]) -> str:
    """The name of the command that is called, without what it is given."""
    first, second = [*arguments, ""][:2]
    if first in GROUPS:
        return f"{first} {second}" if second in GROUPS[first][1] else first
    return first if first in COMMANDS else "unknown"
