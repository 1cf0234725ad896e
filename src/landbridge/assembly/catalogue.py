"""The complete catalogue of this version: errors of requests and flows, issues of rows, findings
about assets.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any, Literal

from pydantic import BaseModel

import landbridge
from landbridge.assembly.flow_types import flow_types
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.techdebt.findings import FINDING_KINDS
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.wording import said

DECLARING_MODULES = (
    *("backup_errors", "common", "errors", "errors_of_files", "issues", "pagination", "ports"),
    *("finding_errors", "gate_errors", "limit_errors", "phase_errors", "session", "sign_in_errors"),
    *("member_errors", "oidc_errors", "type_errors", "system_errors", "service_errors"),
    *("logins", "vault_errors", "secret_errors", "setting_errors"),
    *("condition_kinds", "lifecycle_kinds", "ledger_errors", "edit_errors"),
)


class CatalogueEntry(BaseModel):
    """One code, as `errors explain`, the API and the reference page show it.

    Attributes:
        kind: "error" stops a request, a command or a phase; "issue" marks a row of a file;
            "finding" is technical debt of an asset.
    """

    code: str
    kind: Literal["error", "issue", "finding"]
    title: str
    category: str
    status: int | None
    retry: str | None
    explanation: str
    message: str | None
    remedy: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.model_dump(mode="json")

    def told(self) -> CatalogueEntry:
        """The entry in the current language."""
        return self.model_copy(
            update={
                "title": said(self.title),
                "explanation": said(self.explanation),
                "message": said(self.message) if self.message else None,
                "remedy": said(self.remedy),
            }
        )


def catalogue() -> dict[str, CatalogueEntry]:
    """Every code, sorted, in the current language."""
    return {code: entry.told() for code, entry in _declared().items()}


@cache
def _declared() -> dict[str, CatalogueEntry]:
    for module in pkgutil.walk_packages(landbridge.__path__, "landbridge."):
        if module.name.rsplit(".", 1)[-1] in DECLARING_MODULES:
            import_module(module.name)
    entries = [
        _of_error(error)
        for error in LandbridgeError.registry.values()
        if error.__module__.startswith("landbridge.")
    ]
    entries += [
        CatalogueEntry(
            code=kind.code,
            kind="issue",
            title=kind.title,
            category=kind.severity.value.upper(),
            status=None,
            retry=None,
            explanation=kind.explanation,
            message=None,
            remedy=kind.remedy,
        )
        for kind in ISSUE_KINDS.values()
    ]
    entries += [
        CatalogueEntry(
            code=kind.code,
            kind="finding",
            title=kind.title,
            category="FINDING",
            status=None,
            retry=None,
            explanation=kind.explanation,
            message=None,
            remedy=kind.remedy,
        )
        for kind in FINDING_KINDS.values()
    ]
    return {entry.code: entry for entry in sorted(entries, key=lambda e: e.code)}


def entry_of(code: str) -> CatalogueEntry | None:
    """The entry of a code, also of an error that a package with a flow type declares."""
    known = _declared().get(code)
    if known is None:
        flow_types().listed()  # declares the errors of each package
        error = LandbridgeError.registry.get(code)
        known = _of_error(error) if error else None
    return known.told() if known else None


def _of_error(error: type[LandbridgeError]) -> CatalogueEntry:
    return CatalogueEntry(
        code=error.code,
        kind="error",
        title=error.title,
        category=error.category.value,
        status=error.status,
        retry=error.retry.value,
        explanation=error.explanation(),
        message=error.message,
        remedy=error.remedy,
    )
