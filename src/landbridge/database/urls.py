"""Database URLs: parsing them, and deriving those of our own logins."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from landbridge.database.errors import DatabasePasswordMissing, DatabaseUrlInvalid

DRIVER = "postgresql+psycopg"
OWNER_ROLE = "app_owner"
APP_ROLE = "app_rw"
WORKER_ROLE = "app_worker"


def parse(text: str, setting: str) -> URL:
    """The URL in `text`, for our driver, whatever PostgreSQL scheme it is written with.

    Raises:
        DatabaseUrlInvalid: it is no PostgreSQL URL.
    """
    try:
        url = make_url(text.strip())
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise DatabaseUrlInvalid(setting=setting) from None
    if backend not in ("postgresql", "postgres"):
        raise DatabaseUrlInvalid(setting=setting)
    return url.set(drivername=DRIVER)


def derived_password(admin: URL, role: str) -> str:
    """The password of `role`: the same on every machine that has the same administrative URL.

    Raises:
        DatabasePasswordMissing: the URL has no password to derive it from.
    """
    if not admin.password:
        raise DatabasePasswordMissing
    digest = hmac.digest(str(admin.password).encode(), role.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def login_url(admin: URL, role: str) -> URL:
    """The URL of one of our logins, with its derived password."""
    return admin.set(username=role, password=derived_password(admin, role))


def owner_url(admin: URL) -> URL:
    """The administrative login, acting as the owner of our schemas from the first statement.

    `app_owner` cannot log in by itself.
    """
    given = admin.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return admin.update_query_dict({"options": f"{options} -c role={OWNER_ROLE}".strip()})


def text(url: URL) -> str:
    """The URL with its password, for drivers; never for people or logs.

    Everything is percent-encoded, blanks included: libpq reads no plus sign as a blank.
    """
    who = quote(url.username or "", safe="")
    if url.password is not None:
        who += ":" + quote(str(url.password), safe="")
    host = url.host or ""
    where = f"[{host}]" if ":" in host else quote(host, safe="")
    port = f":{url.port}" if url.port else ""
    query = urlencode(url.normalized_query, doseq=True, quote_via=quote)
    return (
        f"{url.drivername}://{who}{'@' if who else ''}{where}{port}/"
        f"{quote(url.database or '', safe='')}{'?' if query else ''}{query}"
    )
