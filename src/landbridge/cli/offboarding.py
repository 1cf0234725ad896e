"""`landbridge accounts export`, `check-export` and `erase`: the end of a client account."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from landbridge.audit import keys
from landbridge.audit.notes import VerifierKey
from landbridge.cli.context import databases
from landbridge.cli.errors_of_files import readable, written
from landbridge.cli.options import Json
from landbridge.cli.output import FOUND_WRONG, OK, console, notices, print_json
from landbridge.database.errors import catalogued_errors
from landbridge.identity import client_accounts, local
from landbridge.identity.permissions import Action, require
from landbridge.kit.settings import settings
from landbridge.offboarding import erasure, schedule
from landbridge.offboarding.due import erase_due
from landbridge.offboarding.errors import AccountNameNotConfirmed
from landbridge.offboarding.export import export_account
from landbridge.offboarding.manifest import check_export


def export(name: str, /, *, file: Path | None = None, json: Json = False) -> int:
    """Write everything of a client account to a ZIP file: every table as JSON lines, the original
    files, and a signed manifest with counts and hashes. Needs the role admin.

    Example: landbridge accounts export "Acme Industries" --file acme.zip

    Parameters
    ----------
    name
        The client account.
    file
        Where to write; <name>.zip when left out.
    """
    access = local.local_access(databases(), settings().data_dir, name, create=False)
    with databases().app.open(access) as session:
        require(session, Action.OFFBOARD)
    path = file or Path(f"{''.join(c if c.isalnum() else '-' for c in name)}.zip")
    key = keys.signing_key(settings())
    with written(path) as unfinished:
        done = export_account(databases().app, access, unfinished, key=key)
    result = done.model_dump(mode="json") | {"file": str(path)}
    sentence = (
        f"{path}: {done.rows:,} rows of {done.tables} tables and {done.files} files.\n"
        f"SHA-256 of the manifest: {done.manifest_sha256}"
    )
    return _say(result, sentence, json=json)


def check(file: Path, /, *, key: list[str] | None = None, json: Json = False) -> int:
    """Recompute every hash of an export. Exits 1 when something in it is not what its manifest
    says, or was not signed by a trusted key.

    Example: landbridge accounts check-export acme.zip --key "landbridge-audit+1a2b3c4d+…"

    Parameters
    ----------
    file
        The export.
    key
        A public key to trust, as 'landbridge audit key' prints it; may be given several times.
    """
    readable([file])
    checked = check_export(file, [VerifierKey.parse(text) for text in key or ()])
    sentence = (
        f"{file} is whole: {checked.rows:,} rows of {checked.tables} tables and"
        f" {checked.files} files of {checked.client_account}."
    )
    if checked.signed_by_trusted_key is False:
        sentence += "\nNone of the given keys signed it."
    _say(checked.model_dump(mode="json"), sentence, json=json)
    return FOUND_WRONG if checked.signed_by_trusted_key is False else OK


def erase(
    name: str | None = None,
    /,
    *,
    reason: str = "Asked for by the operator",
    confirm: str | None = None,
    days: int = schedule.GRACE_DAYS,
    now: bool = False,
    undo: bool = False,
    due: bool = False,
    json: Json = False,
) -> int:
    """Schedule the erasure of a client account, take it back, or erase at once. Asks for the name
    again; refused while flows have not ended.

    Example: landbridge accounts erase "Acme Industries" --reason "The contract has ended"

    Parameters
    ----------
    name
        The client account.
    reason
        Why; stays in the audit log.
    confirm
        The name once more, instead of typing it.
    days
        Until then the erasure can be taken back.
    now
        Erase at once: there is no way back.
    undo
        Take a scheduled erasure back.
    due
        Erase every account whose day has come. Workers do that too where the administrative URL
        is set.
    """
    owner = local.administrative(databases())
    if due:
        gone = [str(account) for account in erase_due(owner)]
        return _say({"erased": gone}, f"Erased {len(gone)} client accounts.", json=json)
    account = client_accounts.find_client_account(owner, name or "")
    if undo:
        return _undo(owner, account, json=json)
    typed = confirm if confirm is not None else _typed()
    if not now:
        return _schedule(owner, account, typed, reason, days, json=json)
    with catalogued_errors(), owner.begin() as connection:
        client_accounts.act_in(connection, account)
        schedule.require_name(connection, typed)
    done = erasure.erase(owner, account, reason=reason)
    sentence = f"Erased: {done.total:,} rows of {len(done.rows)} tables. Nothing is left."
    return _say(done.model_dump(mode="json"), sentence, json=json)


def _schedule(
    owner: Engine, account: UUID, typed: str, reason: str, days: int, *, json: bool
) -> int:
    by = local.local_user(databases(), settings().data_dir)
    with catalogued_errors(), owner.begin() as connection:
        client_accounts.act_in(connection, account)
        planned = schedule.request(connection, by=by, name=typed, reason=reason, days=days)
    shown = planned.model_dump(mode="json") | {"client_account_id": str(account)}
    sentence = f"To be erased on {planned.erase_at:%Y-%m-%d}. --undo takes it back until then."
    return _say(shown, sentence, json=json)


def _undo(owner: Engine, account: UUID, *, json: bool) -> int:
    with catalogued_errors(), owner.begin() as connection:
        client_accounts.act_in(connection, account)
        schedule.undo(connection)
    shown = {"client_account_id": str(account), "scheduled": None}
    return _say(shown, "Taken back: the client account stays.", json=json)


def _typed() -> str:
    """The name as somebody types it at a terminal.

    Raises:
        AccountNameNotConfirmed: there is no terminal to ask at.
    """
    if not sys.stdin.isatty():
        raise AccountNameNotConfirmed
    notices().print("Type the name of the client account to confirm:")
    return sys.stdin.readline()


def _say(result: dict[str, Any], sentence: str, *, json: bool) -> int:
    if json:
        print_json(result)
    else:
        console().print(sentence, soft_wrap=True)
    return OK
