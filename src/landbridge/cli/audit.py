"""`landbridge audit`: who did what, and the proof that nobody changed the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from landbridge.assembly.platform import Platform, opened
from landbridge.audit import export as exporting
from landbridge.audit import keys, listing, service
from landbridge.audit.anchor import Anchor
from landbridge.audit.listing import AuditEntryOut
from landbridge.audit.notes import VerifierKey
from landbridge.audit.recording import AUDIT_EXPORTED, record_export
from landbridge.audit.verify import MEANING, Verification
from landbridge.audit.words import action_words
from landbridge.cli.errors_of_files import readable
from landbridge.cli.options import Json, TheAccount
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json
from landbridge.cli.selection import accesses, selected_account
from landbridge.database.listing import Wanted
from landbridge.database.session import CredentialAccess
from landbridge.identity.permissions import Action, require
from landbridge.kit.settings import settings


def list_entries(
    *,
    client_account: TheAccount = None,
    action: str = "",
    actor: str = "",
    object: str = "",
    since: str = "",
    until: str = "",
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
    json: Json = False,
) -> int:
    """List who did what, newest first.

    Example: landbridge audit list --client-account Acme --since 2026-11-01

    Parameters
    ----------
    action
        Only this action, such as finding.accepted.
    actor
        Only this person, by e-mail address.
    object
        Only this object, by id.
    since
        Only from this date or moment on.
    until
        Only to this date, or before this moment.
    q
        Only entries that contain this text.
    limit
        Entries of one page.
    cursor
        Continue after a page: its 'next'.
    """
    filters = {"action": action, "actor": actor, "object": object, "q": q}
    wanted = Wanted(
        {**filters, "since": since, "until": until}, limit=max(1, min(limit, 500)), cursor=cursor
    )
    with (
        opened() as platform,
        platform.databases.app.open(_one(platform, client_account)) as s,
    ):
        require(s, Action.READ_AUDIT)
        page = listing.entries(s, wanted)
    if json:
        items = [entry.model_dump(mode="json", exclude_none=True) for entry in page.items]
        print_json({"entries": items, "next": page.next})
        return OK
    table = Table("Link", "When (UTC)", "Who", "What", "On", "From", "Why", box=None)
    for entry in page.items:
        table.add_row(*_row(entry))
    console().print(table if page.items else "No such entries.")
    if page.next:
        console().print(f"Continue with --cursor {page.next}", soft_wrap=True)
    return OK


def verify(
    *,
    client_account: str | None = None,
    file: Path | None = None,
    key: list[str] | None = None,
    checkpoint: list[Path] | None = None,
    json: Json = False,
) -> int:
    """Recompute every link of the log and compare it with the signed checkpoints. Exits 1 when
    something is wrong.

    With --file it verifies an export, without any database; then --key names whom to trust.

    Example: landbridge audit verify --client-account Acme

    Parameters
    ----------
    client_account
        The client account; all that are open to you when left out.
    file
        A downloaded export to verify instead.
    key
        A public key to trust; may be given several times.
    checkpoint
        A checkpoint that you kept; may be given several times.
    """
    notes = [p.read_text(encoding="utf-8") for p in (readable(checkpoint) if checkpoint else ())]
    if file is not None:
        readable([file])
        trusted = [VerifierKey.parse(text) for text in key or ()]
        with file.open(encoding="utf-8") as lines:
            found = {str(file): exporting.verify_file(lines, trusted, notes)}
    else:
        found = {}
        with opened() as platform:
            for name, access in accesses(platform, client_account).items():
                with platform.databases.app.open(access) as session:
                    require(session, Action.READ_AUDIT)
                    found[name] = service.verify(session, settings(), notes)
    intact = all(v.intact for v in found.values())
    if json:
        results = [{"name": name, **v.as_json()} for name, v in found.items()]
        print_json({"intact": intact, "accounts": results})
    else:
        for name, result in found.items():
            _tell(name, result)
    return OK if intact else FOUND_WRONG


def export(
    *, client_account: TheAccount = None, out: Path | None = None, json: bool = False
) -> int:
    """Write the whole log with its proof, as JSON lines that 'audit verify --file' verifies.

    Example: landbridge audit export --client-account Acme --out audit.jsonl

    Parameters
    ----------
    out
        The file to write; audit.jsonl in this folder when not given.
    json
        Print where the file was written as JSON.
    """
    target = out or Path("audit.jsonl")
    with opened() as platform:
        access, door = _one(platform, client_account), platform.databases.app
        with door.open(access) as session:
            require(session, Action.READ_AUDIT)
        record_export(door, access, "audit/export.jsonl", action=AUDIT_EXPORTED)
        kept = Anchor.of(settings()).notes(access.client_account_id)
        with door.open(access) as session, target.open("w", encoding="utf-8") as file:
            file.writelines(exporting.lines(session, kept))
    if json:
        print_json({"path": str(target)})
    else:
        console().print(f"Wrote {target}")
    return OK


def checkpoint(
    *, client_account: TheAccount = None, out: Path | None = None, json: Json = False
) -> int:
    """Sign the log as it is now, and print the signed checkpoint. Workers do it every hour.

    Example: landbridge audit checkpoint --client-account Acme --out acme.note

    Parameters
    ----------
    out
        Also write the note to this file.
    """
    with (
        opened() as platform,
        platform.databases.app.open(_one(platform, client_account)) as s,
    ):
        require(s, Action.READ_AUDIT)
        signed = service.checkpoint(s, settings())
    if out is not None:
        out.write_text(signed.note, encoding="utf-8")
    if json:
        print_json(signed.model_dump(mode="json"))
    else:
        console().print(signed.note, end="", soft_wrap=True)
    return OK


def key(*, rotate: bool = False, json: Json = False) -> int:
    """Print the public keys with which checkpoints are verified, the present one first.

    Example: landbridge audit key

    Parameters
    ----------
    rotate
        Make another signing key first; the present one is retired and stays trusted.
    """
    if rotate:
        keys.rotate(settings())
    known = service.public_keys(settings())
    if json:
        print_json({"keys": known})
    else:
        for text in known:
            console().print(text, soft_wrap=True)
    return OK


def _one(platform: Platform, client_account: str | None) -> CredentialAccess:
    return selected_account(platform.databases, client_account)


def _row(entry: AuditEntryOut) -> tuple[str, ...]:
    who = entry.actor.get("email") or entry.actor.get("name") or entry.actor.get("kind", "")
    origin: dict[str, Any] = entry.origin or {}
    where = " ".join(str(origin[k]) for k in ("via", "address") if origin.get(k))
    on = f"{entry.object.get('type', '')} {entry.object.get('name') or entry.object.get('id', '')}"
    at = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    link = f"{entry.seq}.{entry.n}"
    return link, at, str(who), action_words(entry.action), on, where, entry.reason or ""


def _tell(name: str, found: Verification) -> None:
    say = console().print
    say(f"{name}: {found.links:,} links, {found.entries:,} entries", soft_wrap=True)
    if found.erased_through:
        say(f"  Entries up to link {found.erased_through:,} were erased with the account's data.")
    if found.intact:
        covered = f"{found.checkpoints:,} signed checkpoints agree, the last at link"
        say(
            f"  Intact. {covered} {found.anchored:,}."
            if found.checkpoints
            else "  Intact. No checkpoint was signed yet: run 'landbridge audit checkpoint'."
        )
        return
    say(f"  NOT INTACT: {found.fault_count:,} faults")
    for fault in found.faults:
        place = f"link {fault.seq:,}" if fault.seq is not None else "–"
        say(f"  {place:>12}  {fault.kind}: {MEANING[fault.kind]}", soft_wrap=True)
