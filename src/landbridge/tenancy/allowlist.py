"""What the lint lets pass, each with its reason. An entry that matches nothing is itself
reported, so that the list never outgrows the schema.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """One exception: a rule, the object it may find, and why that is safe."""

    code: str
    object: str
    reason: str


_DEFINERS = {
    "app.ctx()": "Verifies the seal, whose key no login can read.",
    "app.open(bytea,uuid)": "Mints a context after checking the membership.",
    "app.open_job(uuid,uuid)": "Mints a worker's context for the account of its flow.",
    "app.who(bytea)": "Answers only for the credential it is given.",
    "app.accounts(bytea)": "Answers only for the credential it is given.",
    "app.members()": "Filters by the open tenant itself.",
    "app.start_session(bytea,bytea,interval)": "Needs a valid credential; returns no row.",
    "app.end_session(bytea)": "Deletes only the session it is given.",
    "app_private.keep_account_name()": "Copies a name that its caller just wrote.",
}

ALLOWED: tuple[Allowed, ...] = (
    *(Allowed("DEFINER_NOT_ALLOWED", name, reason) for name, reason in _DEFINERS.items()),
    Allowed(
        "TRIGGER_NOT_ALLOWED",
        "app.client_accounts.keep_name",
        "Keeps the account switcher's names; writes nothing a tenant can read across.",
    ),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.executor_leases",
        "Heartbeats of workers: host, process and time, no client's data.",
    ),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.release",
        "The name of the release, for readiness checks.",
    ),
    *(
        Allowed("PRIVATE_ROW_SECURITY_OFF", name, "Holds no client's data.")
        for name in (
            "app_private.executor_leases",
            "app_private.release",
            "app_private.alembic_version",
        )
    ),
    Allowed(
        "UNIQUE_WITHOUT_TENANT",
        "app.client_accounts_name",
        "Only app_owner inserts accounts; no tenant can probe the index.",
    ),
    Allowed(
        "LEAKY_INDEX_EXPRESSION",
        "app.client_accounts_name",
        "Enforces uniqueness; no query relies on it.",
    ),
)
