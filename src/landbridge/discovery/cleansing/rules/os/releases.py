"""Releases as each maker writes them."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing.rules.os.model import first_version

_PACK = re.compile(r"\b(\d{2})[ .-]*(?:sp|service ?pack)[ .-]?(\d)\b|sles?[- ]?(\d{2})[ .-]?sp(\d)")
_UPDATE = re.compile(
    r"\b(?:rhel|as|es|ws|server|linux|release)?[ -]?(\d{1,2}) (?:update|u) ?(\d{1,2})\b"
)
_GLUED = re.compile(r"[a-z](\d+(?:\.\d+)*)")
BUILD = re.compile(r"build[ -]?(\d{5,9})")
_CODE_NAMES: Final = {
    "precise": "12.04", "trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04",
    "jammy": "22.04", "noble": "24.04", "resolute": "26.04", "squeeze": "6", "wheezy": "7",
    "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12",
    "trixie": "13",
}  # fmt: skip
_MAC_NAMES: Final = {
    "catalina": "10.15", "mojave": "10.14", "high sierra": "10.13", "sierra": "10.12",
    "big sur": "11", "monterey": "12", "ventura": "13", "sonoma": "14", "sequoia": "15",
    "tahoe": "26",
}  # fmt: skip


def number(word: str) -> str | None:
    """The first release in a text, also when it is glued to the name."""
    found = first_version(word)
    if found is None and (glued := _GLUED.search(word)):
        return glued[1]
    return found


def red_hat(word: str) -> str | None:
    """'6 Update 5' is 6.5."""
    update = _UPDATE.search(word)
    return f"{update[1]}.{update[2]}" if update else number(word)


def suse(word: str) -> str | None:
    """'12 SP5' is 12.5."""
    if pack := _PACK.search(word):
        return f"{pack[1] or pack[3]}.{pack[2] or pack[4]}"
    return number(word)


def code_name(word: str) -> str | None:
    """A number, or the number of a code name."""
    if found := first_version(word):
        return found
    return next((v for name, v in _CODE_NAMES.items() if name in word), None) or number(word)


def aix(word: str) -> str | None:
    """'7.2 TL5' and '7200-05' are 7.2.5."""
    if level := re.search(r"\b([5-7])(\d)00-(\d\d)", word):
        return f"{level[1]}.{level[2]}.{int(level[3])}"
    level = re.search(r"\b([4-7]\.\d)\b.*?\b(?:tl|technology level|ml)[ -]?0?(\d+)", word)
    return f"{level[1]}.{level[2]}" if level else number(word)


def hp_ux(word: str) -> str | None:
    """'B.11.31' and '11i v3' are 11.31."""
    named = re.search(r"11 ?i ?v(?:ersion)? ?([123])", word)
    if named:
        return {"1": "11.11", "2": "11.23", "3": "11.31"}[named[1]]
    found = re.search(r"b?\.?(1[01]\.\d\d)", word)
    return found[1] if found else number(word)


def solaris(word: str) -> str | None:
    """'SunOS 5.10' is 10."""
    if kernel := re.search(r"\b5\.(\d{1,2})(?:\.\d+)*\b", word):
        return re.sub(r"^5\.", "", kernel[0]) if int(kernel[1]) > 5 else kernel[0]
    return number(word)


def ibm_i(word: str) -> str | None:
    """'V7R4' is 7.4."""
    found = re.search(r"\bv(\d) ?r(\d)", word)
    return f"{found[1]}.{found[2]}" if found else first_version(word)


def mac(word: str) -> str | None:
    """A number, or the number of a name."""
    return first_version(word) or next((v for n, v in _MAC_NAMES.items() if n in word), None)


def esxi(word: str) -> str | None:
    """The release without the build."""
    return number(BUILD.sub(" ", word))


def device(word: str) -> str | None:
    """A release as makers of devices write it."""
    found = re.search(r"(?<![\w.])v?(\d+\.\d+[\w.()-]*|\d{1,2})(?![\w.])", word)
    return found[1].upper().replace("X", "x") if found else None
