"""`landbridge imports undo` and `landbridge inventory hash`."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from landbridge.assembly.platform import opened
from landbridge.cli.options import InAccount, Json, TheAccount, TheEngagement
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json, show_problem
from landbridge.cli.running import run
from landbridge.cli.selection import access_to_import, selected_engagement
from landbridge.cli.watching import watch
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.undo import UNDO_IMPORT
from landbridge.flows.states import FlowStatus


def undo(import_id: UUID, *, client_account: InAccount = None, json: Json = False) -> int:
    """Undo an import: what it brought goes, what it replaced comes back.

    Only the last import that changed the inventory can be undone; its files and rows are kept.

    Example: landbridge imports undo 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    import_id
        The import, as 'landbridge imports list' shows it.
    """
    with opened() as platform:
        access = access_to_import(platform, import_id, client_account)
        with platform.databases.app.open(access) as session:
            engagement_id = session.execute(
                text("select engagement_id from app.imports where id = :i"), {"i": import_id}
            ).scalar_one()
            inputs = {"import_id": str(import_id)}
            flow_id = platform.orchestrator.create(session, engagement_id, UNDO_IMPORT, inputs)
        flow = watch(run(platform, access, flow_id), quiet=json)
        with platform.databases.app.open(access) as session:
            digest = inventory_hash(session, engagement_id)
    done = flow.status == FlowStatus.COMPLETED
    output = next((p.output for p in flow.phases if p.name == "import_withdrawal"), None) or {}
    if json:
        print_json(
            {"flow_id": str(flow_id), "status": flow.status, **output, "inventory_hash": digest}
        )
    elif done:
        console().print(
            f"Undone: {output['assets_removed']:,} assets removed, "
            f"{output['assets_restored']:,} as they were before."
        )
    elif flow.error:
        show_problem(flow.error)
    return OK if done else FOUND_WRONG


def inventory_hash_command(
    *, client_account: TheAccount = None, engagement: TheEngagement = None, json: Json = False
) -> int:
    """Print a hash of everything the inventory says: equal for equal content.

    Example: landbridge inventory hash --client-account "Acme"
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            digest = inventory_hash(session, engagement_id)
    if json:
        print_json({"sha256": digest})
    else:
        console().print(digest)
    return OK
