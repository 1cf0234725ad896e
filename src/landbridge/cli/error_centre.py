"""`landbridge errors centre|show`: the errors that occurred, for operators."""

from __future__ import annotations

from rich.table import Table

from landbridge.centre import service
from landbridge.centre.desk import OwnerDesk
from landbridge.centre.models import ErrorDetail, ErrorGroup
from landbridge.cli.options import Json
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import owner


def show_centre(*, state: str = "", category: str = "", q: str = "", json: Json = False) -> int:
    """List the errors that occurred in all client accounts, by code, the newest first.

    Example: landbridge errors centre --state open

    Parameters
    ----------
    state
        Only open, acknowledged, muted or resolved ones.
    category
        Only USER, CONFLICT, DEPENDENCY, CAPACITY or BUG.
    q
        Only codes or titles that contain this text.
    """
    found = service.centre(OwnerDesk(owner()), state=state, category=category.upper(), q=q)
    if json:
        groups = [shape(group) for group in found.groups]
        print_json({**found.model_dump(mode="json"), "groups": groups})
        return OK
    if found.defects:
        console().print(f"ALERT: {found.defects} open defects (category BUG).", style="bold red")
    table = Table("Code", "State", "Category", "Times", "24 h", "Accounts", "Last (UTC)", box=None)
    for group in found.groups:
        table.add_row(
            group.code,
            _state(group),
            group.category.value,
            f"{group.times:,}",
            f"{group.recent:,}",
            str(group.accounts),
            f"{group.last_at:%Y-%m-%d %H:%M:%S}",
        )
    console().print(table if found.groups else "No such error has occurred.")
    if found.dropped:
        console().print(f"{found.dropped:,} traces found no room; they are counted.")
    for remedy in found.remedies:
        did, why = remedy.action.replace("_", " "), remedy.finding.replace("_", " ")
        console().print(f"Watchdog, last seven days: {did} {remedy.times} times ({why}).")
    return OK


def show(code: str, *, json: Json = False) -> int:
    """Show one error: how often, where, in which client accounts, and traces to follow.

    Example: landbridge errors show INTERNAL_ERROR

    Parameters
    ----------
    code
        An error code, as 'errors centre' lists it. Case does not matter.
    """
    found = service.detail(OwnerDesk(owner()), code.upper())
    if json:
        print_json({**found.model_dump(mode="json"), "group": shape(found.group)})
    else:
        _print(found)
    return OK


def shape(group: ErrorGroup) -> dict[str, object]:
    """A group as JSON, with its title."""
    return {**group.model_dump(mode="json"), "title": group.title}


def _print(found: ErrorDetail) -> None:
    say, group = console().print, found.group
    say(f"{group.code}  {group.title}", style="bold")
    say(
        f"{group.times:,} times ({group.recent:,} in 24 hours),"
        f" first {group.first_at:%Y-%m-%d %H:%M}, last {group.last_at:%Y-%m-%d %H:%M:%S} UTC."
        f" State: {_state(group)}.",
        soft_wrap=True,
    )
    for said in found.said:
        until = f" until {said.until:%Y-%m-%d %H:%M}" if said.until else ""
        say(f"{said.at:%Y-%m-%d %H:%M} {said.state.value}{until} by {said.decided_by}: {said.note}")
    for title, rows in (
        ("Where", [(p.place, f"{p.times:,}") for p in found.places]),
        ("Client account", [(a.client_account, f"{a.times:,}") for a in found.accounts]),
    ):
        table = Table(title, "Times", box=None)
        for row in rows:
            table.add_row(*row)
        if rows:
            say(table)
    for example in found.examples[:10]:
        flow = f"  flow {example.flow_id}" if example.flow_id else ""
        say(f"{example.at:%Y-%m-%d %H:%M:%S}  {example.trace_id}{flow}", soft_wrap=True)
        for frame in example.frames[-3:]:
            say(f"    {frame}", soft_wrap=True)
    if found.examples:
        say(f"Follow one: landbridge errors trace {found.examples[0].trace_id}", soft_wrap=True)


def _state(group: ErrorGroup) -> str:
    return "came back" if group.came_back and group.state == "open" else group.state.value
