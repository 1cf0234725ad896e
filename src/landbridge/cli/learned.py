"""`landbridge mapping learned|forget`: what a client account has learned about columns."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final
from uuid import UUID

from landbridge.audit.recording import record_export
from landbridge.cli.context import databases
from landbridge.cli.options import Json, TheAccount
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import say, show_list
from landbridge.cli.selection import selected_account
from landbridge.discovery.imports.guard import guard
from landbridge.discovery.mapping import service

_COLUMNS: Final = ("id", "column_key", "source", "target", "attribute", "created_at")
_AT_ONCE: Final = 500


def list_learned(
    *, client_account: TheAccount = None, out: Path | None = None, json: Json = False
) -> int:
    """List what people decided for columns; later imports of the account use it first.

    Example: landbridge mapping learned --client-account Acme --out learned.csv

    Parameters
    ----------
    out
        Write it to this CSV file instead.
    """
    who = selected_account(databases(), client_account)
    if out is not None:
        record_export(databases().app, who, "learned-mappings.csv")
    rows: list[dict[str, object]] = []
    with databases().app.open(who) as session:
        cursor: str | None = None
        while True:
            page = service.list_learned(session, limit=_AT_ONCE, cursor=cursor)
            rows += [rule.model_dump(mode="json") for rule in page.items]
            if (cursor := page.next) is None:
                break
    if out is None:
        return show_list("learned_mappings", rows, _COLUMNS, json=json)
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows([guard(str(row[c] or "")) for c in _COLUMNS] for row in rows)
    if json:
        print_json({"path": str(out), "learned_mappings": len(rows)})
    else:
        console().print(f"Wrote {out}")
    return OK


def forget(learned_id: UUID, /, *, client_account: TheAccount = None, json: Json = False) -> int:
    """Forget what was learned for one column name; mappings decided already stay.

    Example: landbridge mapping forget 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    learned_id
        Its id, as 'landbridge mapping learned' shows it.
    """
    with databases().app.open(selected_account(databases(), client_account)) as session:
        service.forget_learned(session, learned_id)
    return say({"id": str(learned_id), "forgotten": True}, "Forgotten.", json=json)
