"""`landbridge imports`: what was received, what is wrong with it, and the rows to correct."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.audit.recording import record_export
from landbridge.cli.options import InAccount, Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, identity, print_json
from landbridge.cli.selection import access_to_import, selected_engagement
from landbridge.discovery.imports import service
from landbridge.discovery.imports.templates import Template, template_columns, template_csv

PAGE = 1000


def list_imports(
    *, client_account: TheAccount = None, engagement: TheEngagement = None, json: Json = False
) -> int:
    """List the imports of an engagement, newest first.

    Example: landbridge imports list --client-account "Acme"
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            found = service.list_imports(session, engagement_id).items
    if json:
        print_json({"imports": [entry.model_dump(mode="json") for entry in found]})
        return OK
    table = Table(identity("Import"), "Received", "Files", "Rows", "With issues", box=None)
    for entry in found:
        received = f"{entry.created_at:%Y-%m-%d %H:%M} UTC"
        counts = (f"{entry.rows_in:,}", f"{entry.rows_with_issues:,}")
        table.add_row(str(entry.id), received, ", ".join(entry.files), *counts)
    console().print(table if found else "There are no imports yet.")
    return OK


def issues(
    import_id: UUID,
    *,
    code: str | None = None,
    severity: str | None = None,
    client_account: InAccount = None,
    json: Json = False,
) -> int:
    """List every issue of an import: row, column, value, code and remedy.

    Example: landbridge imports issues 0198c0de-0000-7000-8000-000000000000 --severity error

    Parameters
    ----------
    import_id
        The import, as 'landbridge imports list' shows it.
    code
        Only this code.
    severity
        Only info, warning or error.
    """
    found: list[dict[str, Any]] = []
    with opened() as platform:
        access = access_to_import(platform, import_id, client_account)
        with platform.databases.app.open(access) as session:
            cursor: str | None = None
            while True:
                page = service.issues_page(
                    session, import_id, code=code, severity=severity, limit=PAGE, cursor=cursor
                )
                found += [issue.model_dump(mode="json") for issue in page.items]
                if (cursor := page.next) is None:
                    break
    if json:
        print_json({"issues": found})
        return OK
    table = Table("File", "Table", "Row", "Column", "Value", "Code", "What to do", box=None)
    for issue in found:
        where = (issue["file"], issue["table"], str(issue["row"]), issue["column"] or "")
        table.add_row(*where, (issue["value"] or "")[:60], issue["code"], issue["remedy"])
    console().print(table if found else "This import has no such issues.")
    return OK


def failed_rows(
    import_id: UUID,
    *,
    out: Path = Path("failed-rows.csv"),
    client_account: InAccount = None,
    json: Json = False,
) -> int:
    """Write the rows with problems, in their original columns, to correct and import again.

    Example: landbridge imports failed-rows 0198c0de-0000-7000-8000-000000000000 --out fix.csv

    Parameters
    ----------
    import_id
        The import, as 'landbridge imports list' shows it.
    out
        The file to write.
    """
    with opened() as platform:
        access = access_to_import(platform, import_id, client_account)
        record_export(platform.databases.app, access, f"imports/{import_id}/failed-rows.csv")
        with (
            platform.databases.app.open(access) as session,
            out.open("w", encoding="utf-8", newline="") as file,
        ):
            file.writelines(service.failed_rows_csv(session, import_id))
    if json:
        print_json({"path": str(out)})
    else:
        console().print(f"Wrote {out}")
    return OK


def template(
    *,
    columns: Literal["required", "full"] = "full",
    out: Path = Path("landbridge-template.csv"),
    json: Json = False,
) -> int:
    """Write an empty CSV to fill in, whose columns are all recognised.

    Example: landbridge imports template --columns required --out servers.csv

    Parameters
    ----------
    columns
        "required" has the few columns that most decisions need, "full" all there are.
    out
        The file to write.
    """
    out.write_text(template_csv(Template(columns)), encoding="utf-8", newline="")
    if json:
        print_json({"path": str(out), "columns": template_columns(Template(columns))})
    else:
        console().print(f"Wrote {out}")
    return OK
