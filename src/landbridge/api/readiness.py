"""What probes are told: the same before the server has begun and while it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel

from landbridge.api.schemas import RETRY_AFTER
from landbridge.assembly import health
from landbridge.assembly.errors import NotReady

RETRY_SECONDS: Final = 5


class Check(BaseModel):
    """One condition of being ready."""

    name: str
    passed: bool
    detail: str
    required: bool = True
    code: str | None = None
    remedy: str | None = None


class Readiness(BaseModel):
    """Requests can be served."""

    status: Literal["ready"] = "ready"
    checks: list[Check]


UNREADY: Final[dict[str, Any]] = {
    "description": f"{NotReady.title} (`{NotReady.code}`); `checks` says why.",
    "headers": RETRY_AFTER,
    "content": {
        "application/problem+json": {
            "schema": {
                "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                        "type": "object",
                        "required": ["checks"],
                        "properties": {
                            "checks": {
                                "type": "array",
                                "items": {"$ref": "#/components/schemas/Check"},
                            }
                        },
                    },
                ]
            }
        }
    },
}
"""The documented answer while requests cannot be served."""


def told(check: health.Check) -> Check:
    """A check as probes see it."""
    error = check.error
    return Check(
        name=check.name,
        passed=check.passed,
        detail=f"{error.title}. {error.detail}" if error else check.detail,
        required=check.required,
        code=error.code if error else None,
        remedy=error.advice if error else None,
    )


def unready(checks: Sequence[Check], trace_id: str) -> dict[str, Any]:
    """The problem while a required check fails, with every check that was made."""
    failed = ", ".join(c.name for c in checks if c.required and not c.passed)
    body = NotReady(failed=failed).problem(instance="/readyz", trace_id=trace_id)
    return {
        **body,
        "retry_after": RETRY_SECONDS,
        "checks": [check.model_dump(mode="json") for check in checks],
    }
