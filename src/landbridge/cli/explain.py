"""`landbridge explain`: why anything about the estate is so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rich.text import Text

from landbridge.assembly.explaining import explain as grounds_of
from landbridge.assembly.platform import opened
from landbridge.cli.options import InAccount, Json
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import accesses
from landbridge.discovery.grounds import Given, Grounds, StatedRow
from landbridge.errors.common import NotFound


def explain(
    item_id: UUID,
    /,
    *,
    of: str | None = None,
    client_account: InAccount = None,
    json: Json = False,
) -> int:
    """Tell why something is so: rule, inputs, the rows and facts they come from, dates.

    Example: landbridge explain 0198c0de-0000-7000-8000-000000000000 --of os_name

    Parameters
    ----------
    item_id
        A finding, asset, dependency, mapping, conflict, application or item of a wave, by id.
    of
        Of an asset: the attribute, or size. Left out: its technical debt score.
    """
    found = _found(item_id, of, client_account)
    if json:
        print_json(found.model_dump(mode="json"))
        return OK
    console().print(_told(found))
    return OK


def _found(item_id: UUID, of: str | None, client_account: str | None) -> Grounds:
    with opened() as platform:
        for access in accesses(platform, client_account).values():
            try:
                with platform.databases.app.open(access) as session:
                    return grounds_of(session, item_id, of)
            except NotFound:
                continue
    raise NotFound


def _told(found: Grounds) -> Text:
    text = Text()
    text.append(f"{found.title}\n", style="bold")
    text.append(f"{found.says}\n\n")
    text.append("Rule  ", style="bold")
    text.append(f"{found.rule.id}: {found.rule.title}\n{found.rule.words}\n")
    if found.arithmetic:
        text.append("Arithmetic  ", style="bold")
        text.append(f"{found.arithmetic}\n")
    if found.confidence is not None:
        text.append("Confidence  ", style="bold")
        text.append(f"{found.confidence:.0%}\n")
    text.append("\nInputs\n", style="bold")
    for given in found.inputs:
        text.append(_line(given))
        for row in given.rows:
            text.append(f"      {_place(row)}\n", style="dim")
            for cell in row.cells:
                text.append(f"        {cell.column}: {cell.text!r} ({cell.rule})\n", style="dim")
    for fact in found.facts:
        text.append("Fact  ", style="bold")
        taken = f", as of {fact.as_of}" if fact.as_of else ""
        text.append(f"{fact.title}: {fact.says} ({fact.url}{taken})\n")
    if found.decision:
        text.append("Decision  ", style="bold")
        why = f": {found.decision.reason}" if found.decision.reason else ""
        text.append(f"{found.decision.value} by {found.decision.name or 'a former member'}{why}\n")
    text.append(f"{found.dated}  ", style="bold")
    text.append(f"{found.date:%Y-%m-%d %H:%M} UTC")
    if found.remedy:
        text.append("\nWhat to do  ", style="bold")
        text.append(found.remedy)
    return text


def _line(given: Given) -> str:
    value: Any = given.value
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    told = f"  {given.name}" + (f" = {shown}" if shown is not None else "")
    told += f"  {given.words}" if given.words else ""
    return f"{told}  [{given.id}]\n" if given.id and given.of is None else f"{told}\n"


def _place(row: StatedRow) -> str:
    if row.file is None:
        return "a row of a removed import"
    parts = [row.file, row.table or "", f"row {row.row}" if row.row else "", *row.columns]
    told = " · ".join(p for p in parts if p)
    return f"{told} (received {row.received_at:%Y-%m-%d})" if row.received_at else told
