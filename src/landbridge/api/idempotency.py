"""Idempotency-Key: a creating request that is sent twice creates once.

The key's row is written in the transaction of the work it stands for, under a lock that ends
with that transaction: either both exist or neither, and a crash leaves nothing to clean up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import text

from landbridge.api.auth import AccountContext
from landbridge.api.errors import IdempotencyKeyReused, MalformedIdempotencyKey, RequestInFlight
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit import jsonio

KEY_PATTERN: Final = "^[!-~]{1,200}$"
_KEY: Final = re.compile(KEY_PATTERN)
HOLD: Final = text("select pg_try_advisory_xact_lock(:hold)")
_SEEN: Final = text(
    "select request_hash, status, body from app.idempotency_keys"
    " where user_id = app.current_user_id() and key = :key and operation = :operation"
    " and created_at > now() - interval '24 hours'"
)
_KEEP: Final = text(
    "insert into app.idempotency_keys (user_id, key, operation, request_hash, status, body)"
    " values (app.current_user_id(), :key, :operation, :hash, :status, cast(:body as jsonb))"
    " on conflict (client_account_id, user_id, key, operation) do update set"
    " request_hash = excluded.request_hash, status = excluded.status, body = excluded.body,"
    " created_at = now()"
)
_FORGET: Final = text(
    "delete from app.idempotency_keys where created_at < now() - interval '24 hours'"
)


def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Optional. A fresh UUID per request makes it safe to send again: the"
            " first answer is repeated for 24 hours.",
            json_schema_extra={"pattern": KEY_PATTERN},
        ),
    ] = None,
) -> str | None:
    """The key of this request, if it has one.

    Raises:
        MalformedIdempotencyKey: it is not 1 to 200 printable characters.
    """
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise MalformedIdempotencyKey
    return idempotency_key


Key = Annotated[str | None, Depends(idempotency_key)]


def fingerprint(*parts: Any) -> bytes:
    """A hash of what a request asks for."""
    return hashlib.sha256(jsonio.dumps([str(p) for p in parts]).encode()).digest()


def once(
    context: AccountContext,
    key: str | None,
    operation: str,
    request: bytes,
    work: Callable[[], BaseModel],
    *,
    status: int = 201,
) -> Response:
    """Do `work`, or repeat the answer it gave before under the same key.

    Raises:
        IdempotencyKeyReused: the key belongs to a request with another fingerprint.
        RequestInFlight: the first request with this key has not finished.
    """
    seen = _seen(context, key, operation, request)
    if seen is not None:
        return answer(seen.status, seen.body, repeated=True)
    body = work().model_dump(mode="json")
    _keep(context, key, operation, request, status, body)
    return answer(status, body)


def once_with_secret(
    context: AccountContext,
    key: str | None,
    operation: str,
    request: bytes,
    work: Callable[[], tuple[object, BaseModel]],
    again: Callable[[str], LandbridgeError],
) -> Response:
    """Do `work`, whose answer holds a secret: nothing of that is kept. Under the same key it is
    not done again, and what it made is named.

    Args:
        context: the open client account.
        key: of the request, if it has one.
        operation: what is created.
        request: the fingerprint of what is asked for.
        work: creates; returns the id of what was made, and the answer.
        again: the refusal that names what was made, from its id.

    Raises:
        LandbridgeError: what `again` gives.
        IdempotencyKeyReused: the key belongs to a request with another fingerprint.
        RequestInFlight: the first request with this key has not finished.
    """
    seen = _seen(context, key, operation, request)
    if seen is not None:
        raise again(seen.body["id"])
    made, told = work()
    _keep(context, key, operation, request, 201, {"id": str(made)})
    return answer(201, told.model_dump(mode="json"))


def _seen(context: AccountContext, key: str | None, operation: str, request: bytes) -> Any:
    """The row that the first request with this key has left; None if this is the first."""
    if key is None:
        return None
    session = context.session
    hold = lock_number(context.client_account_id, session.user_id, operation, key)
    if not session.execute(HOLD, {"hold": hold}).scalar_one():
        raise RequestInFlight
    seen = session.execute(_SEEN, {"key": key, "operation": operation}).one_or_none()
    if seen is not None and bytes(seen.request_hash) != request:
        raise IdempotencyKeyReused
    return seen


def _keep(
    context: AccountContext, key: str | None, operation: str, request: bytes, status: int, body: Any
) -> None:
    if key is None:
        return
    kept = {"key": key, "operation": operation, "hash": request, "status": status}
    context.session.execute(_FORGET)
    context.session.execute(_KEEP, {**kept, "body": jsonio.dumps(body)})


def answer(status: int, body: Any, *, repeated: bool = False) -> Response:
    """The answer of a creation, as it is given the first time or repeated."""
    headers = {"Idempotency-Replayed": "true"} if repeated else None
    return Response(
        jsonio.dumps(body), status_code=status, headers=headers, media_type="application/json"
    )


def lock_number(account: UUID, user: UUID, operation: str, key: str) -> int:
    """The number that a creation is locked by: that of an advisory lock. Account and user are part
    of it, so tenants never meet.
    """
    digest = hashlib.sha256(f"{account}|{user}|{operation}|{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
