"""Contexts that the database did not mint: each must be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from landbridge.database.urls import APP_ROLE, OWNER_ROLE
from landbridge.proving.contexts import Contexts
from landbridge.proving.findings import Findings

_EXPIRED: Final = """
  select b || '|' || app_private.mac(b, 1) from (select %s::text || '|' || %s || '|admin|'
    || extract(epoch from now() - interval '1 second')::bigint || '|1' as b) x"""

FORGERIES: Final[dict[str, Callable[[list[str]], str]]] = {
    "the bare account": lambda p: p[0],
    "nothing": lambda p: "",
    "another account under the same seal": lambda p: "|".join([str(uuid4()), *p[1:]]),
    "another user under the same seal": lambda p: "|".join([p[0], str(uuid4()), *p[2:]]),
    "a higher role under the same seal": lambda p: "|".join([*p[:2], "owner", *p[3:]]),
    "a later end under the same seal": lambda p: "|".join([*p[:3], "99999999999", *p[4:]]),
    "another key": lambda p: "|".join([*p[:4], "2", p[-1]]),
    "no seal": lambda p: "|".join(p[:-1]),
    "an empty seal": lambda p: "|".join([*p[:-1], ""]),
    "a seal of the right length": lambda p: "|".join([*p[:-1], "0" * len(p[-1])]),
    "one field more": lambda p: "|".join([*p, "x"]),
    "an account before the sealed text": lambda p: f"{uuid4()}|" + "|".join(p),
}


def forge(contexts: Contexts, account: UUID, relation: str, found: Findings) -> None:
    """Try every forged context, and one that has ended, on a relation."""
    parts = contexts.sealed[account].split("|")
    tried = {name: make(parts) for name, make in FORGERIES.items()}
    with contexts.acting(OWNER_ROLE, None):
        row: Any = contexts.connection.execute(_EXPIRED, [account, UUID(int=0)]).fetchone()
        tried["a context that has ended"] = str(row[0])
    for name, text in tried.items():
        found.counts["forged contexts"] += 1
        try:
            with contexts.acting(APP_ROLE, None):
                contexts.set(text)
                contexts.connection.execute(sql.SQL("select from {}").format(sql.SQL(relation)))
        except psycopg.Error:
            continue
        found.add("FORGED_CONTEXT_ACCEPTED", relation, APP_ROLE, f"{name} opened the relation")
