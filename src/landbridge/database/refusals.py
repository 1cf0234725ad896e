"""What the database itself refuses by a rule of ours: a trigger raises a code of the class LB,
with the variables of the message as JSON in its detail.
"""

from __future__ import annotations

from typing import Final

import psycopg

from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.common import ApproverIsRequester, NotFound
from landbridge.kit import jsonio


class AccountLeaving(LandbridgeError):
    """The erasure of this client account is scheduled. Until then everything can be read and
    taken out, but no import and no flow begins.
    """

    code = "ACCOUNT_LEAVING"
    title = "This client account is about to be erased"
    status = 409
    category = Category.CONFLICT
    message = "This client account is to be erased on {erase_at}; nothing new can begin in it."
    remedy = "Have an admin take the erasure back on the account's offboarding page first."


class QuotaExceeded(LandbridgeError):
    """The operator has set how much this client account may have: bytes of original files,
    assets, imports in 24 hours, or members. This would have gone beyond; nothing of it was kept.
    """

    code = "QUOTA_EXCEEDED"
    title = "A quota of this client account is used up"
    status = 409
    category = Category.CONFLICT
    message = "This would make {wanted} of at most {limit} ({quota}); nothing was kept."
    remedy = (
        "Delete what is no longer needed, or ask your operator for more:"
        " landbridge accounts quotas. Imports count for 24 hours."
    )


RAISED: Final[dict[str, type[LandbridgeError]]] = {
    "LB001": AccountLeaving,
    "LB002": QuotaExceeded,
    "LB003": ApproverIsRequester,
}
"""The SQLSTATE of a trigger of ours → what it means."""


GONE: Final = (
    "_client_account_id_fkey",
    "_client_account_id_engagement_id_fkey",
    "_client_account_id_application_id_fkey",
    "_client_account_id_asset_id_fkey",
)
"""How the foreign keys end by which rows belong to a client account: straight, or through their
engagement, asset or application.
"""


def refusal(error: psycopg.Error) -> LandbridgeError | None:
    """The catalogued error that a trigger of ours raised, or that an account, or what a row of it
    belongs to, is gone which was there when the transaction began; None for every other failure.
    """
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        gone = (error.diag.constraint_name or "").endswith(GONE)
        return NotFound() if gone else None
    kind = RAISED.get(error.sqlstate or "")
    if kind is None:
        return None
    return kind(**jsonio.loads(error.diag.message_detail or "{}"))
