"""`landbridge strategy-rules`: the rules that recommend strategies, per client account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landbridge.assessment.sixr import rulebooks
from landbridge.assessment.sixr.errors import StrategyRulesInvalid
from landbridge.assessment.sixr.rules import parse
from landbridge.cli.context import databases
from landbridge.cli.options import Json, TheAccount
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import show_list
from landbridge.cli.selection import selected_account
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.identity.permissions import Action, require


def show(*, client_account: TheAccount = None, json: Json = False) -> int:
    """Print the rules that are in use, as TOML.

    Example: landbridge strategy-rules show --client-account Acme > rules.toml
    """
    with databases().app.open(selected_account(databases(), client_account)) as session:
        told = _told(session)
    if json:
        print_json(told)
    else:
        console().print(told["content"], soft_wrap=True)
    return OK


def check(file: Path, /, *, json: Json = False) -> int:
    """Check rules without using them.

    Example: landbridge strategy-rules check rules.toml

    Parameters
    ----------
    file
        The rules, as TOML.
    """
    rules = parse(_read(file)).rules
    if json:
        print_json({"rules": len(rules), "enabled": sum(r.enabled for r in rules)})
    else:
        console().print(f"{len(rules)} rules that can be used.")
    return OK


def change(
    file: Path, /, *, note: str = "", client_account: TheAccount = None, json: Json = False
) -> int:
    """Use the rules of a file from the next assessment on.

    Example: landbridge strategy-rules set rules.toml --note "We keep our mail"

    Parameters
    ----------
    file
        The rules, as TOML.
    note
        Why they were changed.
    """
    content = _read(file)
    with databases().app.open(selected_account(databases(), client_account)) as session:
        require(session, Action.PLAN_MIGRATION)
        rulebooks.change(session, content, note)
        told = _told(session)
    return _said(told, json=json)


def reset(
    *, version: int | None = None, client_account: TheAccount = None, json: Json = False
) -> int:
    """Use the shipped rules again, or those of an earlier version.

    Example: landbridge strategy-rules reset --version 2

    Parameters
    ----------
    version
        An earlier version; 'landbridge strategy-rules versions' lists them.
    """
    with databases().app.open(selected_account(databases(), client_account)) as session:
        require(session, Action.PLAN_MIGRATION)
        if version is None:
            rulebooks.back_to_shipped(session)
        else:
            found = {v.version: v.id for v in rulebooks.versions(session)}
            if version not in found:
                raise NotFound
            rulebooks.restore(session, found[version])
        told = _told(session)
    return _said(told, json=json)


def versions(*, client_account: TheAccount = None, json: Json = False) -> int:
    """List every change of the rules, the newest first.

    Example: landbridge strategy-rules versions
    """
    with databases().app.open(selected_account(databases(), client_account)) as session:
        rows = [v.model_dump(mode="json") for v in rulebooks.versions(session)]
    columns = ("version", "shipped", "note", "created_by_name", "created_at")
    return show_list("versions", rows, columns, json=json)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as e:
        raise StrategyRulesInvalid(reason=f"{file.name} is not UTF-8") from e


def _told(session: TenantSession) -> dict[str, Any]:
    used = rulebooks.in_use(session)
    changes = rulebooks.versions(session)
    shipped = changes[0].shipped if changes else True
    return {"version": used.version, "shipped": shipped, "content": used.text}


def _said(told: dict[str, Any], *, json: bool) -> int:
    if json:
        print_json(told)
    else:
        what = "the shipped rules" if told["shipped"] else "rules of this account"
        console().print(f"Version {told['version']}: {what}. The next assessment uses them.")
    return OK
