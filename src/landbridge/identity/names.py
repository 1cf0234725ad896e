"""Names and addresses that people give."""

from __future__ import annotations

import re
from typing import Final

from landbridge.identity.errors import EmailInvalid, NameInvalid

LONGEST_NAME: Final = 200
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that are this machine itself."""

_HIDDEN: Final = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_BLANK: Final = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
NAME_PATTERN: Final = f"^[^{_HIDDEN}]*[^{_HIDDEN}{_BLANK}][^{_HIDDEN}]*$"
"""Something that is not blank, and no characters that control: neither devices nor the direction
or the lines of the text around a name. Joiners stay, which many scripts and emoji need.
"""
_NAME: Final = re.compile(NAME_PATTERN)
_HALF: Final = re.compile("[\ud800-\udfff]")


def valid_name(name: str) -> str:
    """The name without surrounding blanks.

    Raises:
        NameInvalid: it is empty, too long, or has control characters.
    """
    name = name.strip()
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or _HALF.search(name):
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
