"""`landbridge flows`: start a flow of any type, and which types there are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
from cyclopts import Parameter
from rich.table import Table

from landbridge.assembly.flow_types import flow_types
from landbridge.assembly.platform import Platform, opened
from landbridge.cli.flow_actions import Inputs, Level
from landbridge.cli.flows import shape
from landbridge.cli.flows import watch as watch_flow
from landbridge.cli.moments import At, In
from landbridge.cli.options import Json
from landbridge.cli.output import FOUND_WRONG, OK, USAGE, console, notices, print_json, show_problem
from landbridge.cli.selection import account_name, engagement_name
from landbridge.database.session import CredentialAccess
from landbridge.flows.states import Priority
from landbridge.flows.types import FlowType, Listed
from landbridge.identity.local import local_access, local_engagement
from landbridge.identity.permissions import Action, require
from landbridge.kit import jsonio
from landbridge.kit.settings import settings


def start(
    flow_type: str,
    /,
    *,
    client_account: str | None = None,
    engagement: str | None = None,
    inputs: Inputs = None,
    inputs_file: Path | None = None,
    priority: Level = "normal",
    at: At = None,
    in_: In = None,
    watch: Annotated[bool, Parameter(negative="")] = False,
    json: bool = False,
) -> int:
    """Start a flow of any type that is installed here; 'landbridge flows types' lists them.

    Example: landbridge flows start discovery --input import_id=0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    flow_type
        The name of the flow type.
    client_account
        The client account it works for, created when missing; else the one named Default, or the
        only one.
    engagement
        The engagement inside the account, created when missing; else the one named Discovery, or
        the only one.
    inputs
        An input as NAME=VALUE; may be given several times. A value that begins with { or [ is
        JSON.
    inputs_file
        A file with the inputs as one JSON object; --input goes over it.
    priority
        high, normal or low: which of the account's flows go first.
    at
        The moment it begins, as in 2026-12-01T08:00, in this machine's time zone.
    in_
        How long from now it begins, as in 2h, 30m or 1d12h.
    watch
        Follow it until it ends or waits for you; runs it here when no worker does.
    json
        Print the flow as JSON.
    """
    given = _given(inputs_file)
    if given is None:
        notices().print(f"{inputs_file} does not hold one JSON object.")
        return USAGE
    with opened() as platform:
        databases = platform.databases
        account = account_name(databases, client_account)
        access = local_access(databases, settings().data_dir, account)
        place = local_engagement(databases, access, engagement_name(databases, access, engagement))
        chosen = {**given, **(inputs or {})}
        flow_id, ahead = _create(
            platform, access, place, flow_type, chosen, Priority[priority.upper()], at or in_
        )
        with databases.app.open(access) as session:
            flow = platform.orchestrator.status(session, flow_id)
    if watch:
        return watch_flow(flow_id, client_account=account, json=json)
    if json:
        print_json(shape(flow) | {"ahead": ahead})
        return OK
    before = f" {ahead:,} of the account's flows come before it." if ahead else ""
    console().print(f"Started {flow.title} as {flow_id}.{before}", soft_wrap=True)
    console().print(f"'landbridge flows watch {flow_id}' shows how it goes on.", soft_wrap=True)
    return OK


def types(flow_type: str | None = None, /, *, json: Json = False) -> int:
    """List the flow types that are installed here, or show the phases and inputs of one.

    Exits 1 when one cannot be used.

    Example: landbridge flows types discovery

    Parameters
    ----------
    flow_type
        Only this one, with its phases, gates and inputs.
    """
    found = flow_types().listed()
    if flow_type is not None:
        found = [listed for listed in found if listed.name == flow_type]
        if not found:
            flow_types().get(flow_type)  # says which there are
    if json:
        print_json({"flow_types": [_as_json(listed) for listed in found]})
    elif flow_type is None:
        _table(found)
    else:
        for listed in found:
            _details(listed)
    return FOUND_WRONG if any(listed.problem for listed in found) else OK


def _given(path: Path | None) -> dict[str, Any] | None:
    """The inputs of a file; None when it holds none."""
    if path is None:
        return {}
    try:
        found = jsonio.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def _create(
    platform: Platform,
    access: CredentialAccess,
    engagement: UUID,
    flow_type: str,
    inputs: dict[str, Any],
    priority: Priority,
    start_at: datetime | None,
) -> tuple[UUID, int]:
    orchestrator = platform.orchestrator
    with platform.databases.app.open(access) as session:
        require(session, Action.START_FLOW)
        flow_id = orchestrator.create(
            session, engagement, flow_type, inputs, priority=priority, start_at=start_at
        )
        return flow_id, orchestrator.ahead(session, flow_id)


def _as_json(listed: Listed) -> dict[str, Any]:
    kind = listed.kind
    return {
        "name": listed.name,
        "package": listed.package,
        "definition": kind.definition.model_dump(mode="json") if kind else None,
        "input_schema": kind.inputs.model_json_schema() if kind else None,
        "problem": listed.problem.problem() if listed.problem else None,
    }


def _table(found: list[Listed]) -> None:
    table = Table("Type", "Title", "Version", "Package", "Phases", box=None, header_style="bold")
    for listed in found:
        if listed.kind:
            definition = listed.kind.definition
            phases = ", ".join(p.key for p in definition.phases)
            version = str(definition.version)
            table.add_row(listed.name, definition.title, version, listed.package, phases)
        else:
            table.add_row(listed.name, "cannot be used", "–", listed.package, "–")
    console().print(table)
    for listed in found:
        if listed.problem:
            show_problem(listed.problem.problem())


def _details(listed: Listed) -> None:
    if listed.problem:
        show_problem(listed.problem.problem())
    if listed.kind is None:
        return
    definition = listed.kind.definition
    title = f"{definition.title}  version {definition.version} of {listed.package}"
    console().print(title, style="bold")
    table = Table("Phase", "Comes after", "Only when", "Then asks", "Tries", box=None)
    for phase in definition.phases:
        when = f"{phase.when.gate} is {phase.when.choice}" if phase.when else "–"
        asks = f"{phase.gate.title} ({phase.gate.kind})" if phase.gate else "–"
        after = ", ".join(phase.after or ()) or "–"
        table.add_row(phase.key, after, when, asks, str(phase.retry.attempts))
    console().print(table)
    inputs = Table("Input", "Type", "Needed", box=None)
    for row in _inputs(listed.kind):
        inputs.add_row(*row)
    console().print(inputs)


def _inputs(kind: FlowType) -> list[tuple[str, str, str]]:
    schema = kind.inputs.model_json_schema()
    needed = set(schema.get("required", ()))
    rows = []
    for name, field in schema.get("properties", {}).items():
        meaning = field.get("format") or field.get("type") or "see --json"
        given = field.get("default")
        default = "no" if given is None else f"no: {jsonio.dumps(given)}"
        rows.append((name, meaning, "yes" if name in needed else default))
    return rows
