"""Names and addresses that people give."""

from __future__ import annotations

from typing import Final

from landbridge.identity.errors import EmailInvalid, NameInvalid

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that are this machine itself."""


def valid_name(name: str) -> str:
    """The name without surrounding blanks.

    Raises:
        NameInvalid: it is empty, too long, or has control characters.
    """
    name = name.strip()
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise NameInvalid
    return name


def valid_email(email: str) -> str:
    """The address without surrounding blanks.

    Raises:
        EmailInvalid: it is not of the form name@host.
    """
    email = email.strip()
    name, _, host = email.rpartition("@")
    if not name or not host or len(email) > 320 or " " in email or not email.isprintable():
        raise EmailInvalid(email=email)
    return email
