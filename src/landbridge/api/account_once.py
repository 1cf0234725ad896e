"""Creating a client account once, however often it is asked for under one Idempotency-Key.

What such keys have made is kept inside client accounts; here there is none yet. So the key is in
the account's own id, whose random part it makes together with the user's: the account is its own
record, and both exist or neither.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.api.errors import IdempotencyKeyReused, RequestInFlight
from landbridge.api.idempotency import HOLD, lock_number
from landbridge.database.session import SessionDoor
from landbridge.identity import client_accounts
from landbridge.identity.names import valid_name
from landbridge.kit.ids import new_id

_RANDOM: Final = (0xFFF << 64) | ((1 << 62) - 1)
"""The bits of a UUIDv7 that are neither time nor version nor variant."""
_MINE: Final = text("select client_account_id, name from app.accounts(:hash)")


def create_account_once(
    door: SessionDoor, credential_hash: bytes, user: UUID, key: str, name: str
) -> tuple[UUID, bool]:
    """The account that this key has made, and whether it was there before.

    Raises:
        IdempotencyKeyReused: the key has made an account of another name.
        RequestInFlight: the first request with this key has not finished.
        AccountsNotYours, ClientAccountNameTaken, NameInvalid: it cannot be made.
    """
    name, mark = valid_name(name), _mark(user, key)
    with client_accounts.unique_names(name), door.anonymous() as connection:
        hold = lock_number(UUID(int=0), user, "create_client_account", key)
        if not connection.execute(HOLD, {"hold": hold}).scalar_one():
            raise RequestInFlight
        for account, its_name in connection.execute(_MINE, {"hash": credential_hash}):
            if account.int & _RANDOM == mark:
                if its_name != name:
                    raise IdempotencyKeyReused
                return account, True
        account = UUID(int=new_id().int & ~_RANDOM | mark)
        client_accounts.insert_own_account(connection, credential_hash, account, name)
    return account, False


def _mark(user: UUID, key: str) -> int:
    digest = hashlib.sha256(f"{user}|{key}".encode()).digest()
    return int.from_bytes(digest[:16], "big") & _RANDOM
