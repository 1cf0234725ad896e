"""Names of systems: what of a host name identifies it, and what is decoration."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

PLACEHOLDER_NAMES: Final = frozenset(
    (
        *("", "?", "??", "-", "--", ".", "x", "xx", "xxx", "n/a", "na", "nil", "none", "null"),
        *("(none)", "(unknown)", "<unknown>", "unknown", "unbekannt", "inconnu", "desconocido"),
        *("localhost", "localhost4", "localhost6", "hostname", "default", "unnamed", "undefined"),
        *("tba", "tbd", "todo", "to be defined", "not available", "not-available", "not set"),
        *("not_available", "notavailable", "not specified"),
        *("new virtual machine", "new-virtual-machine", "template", "total", "summe", "gesamt"),
    )
)

# Single-label suffixes that are a domain; any other single label belongs to the name.
LOCAL_DOMAINS: Final = frozenset(
    (
        *("local", "lan", "corp", "intern", "internal", "intra", "intranet", "home", "ad"),
        *("priv", "private", "dmz", "domain"),
    )
)
NO_DOMAIN: Final = frozenset(("localdomain", "workgroup", "arbeitsgruppe", "mshome", "none"))

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(_LABEL)
_SUFFIX = re.compile(rf"(?:{_LABEL}\.)*(?:[a-z][a-z0-9-]*[a-z0-9]|[a-z])")
_DECORATION = re.compile(
    r"(?:\s*[\[(](?:old|new|vm|alt|neu|copy|clone|prod|test|dr)[\])]|[\s_-]+(?:vm|old|new|alt|neu))+$"
)
_DECORATING: Final = (")", "]", "vm", "old", "new", "alt", "neu")
_SEPARATORS = re.compile(r"[\s_-]+")
_NOT_DIGITS = re.compile(r"\D+")
_LOOK_ALIKE = str.maketrans("oli", "011")


class HostName(NamedTuple):
    """A host name taken apart.

    Attributes:
        name: without its domain, in lower case; empty for a placeholder or an address.
        loose: the name without decoration and separators, equal for spellings of one name.
        domain: the DNS domain the text names; empty when it names none.
        address: the canonical IP address, when the text is one.
    """

    name: str
    loose: str
    domain: str
    address: str


LONGEST: Final = 300
"""Longer names are cut for display, and stand in keys by their beginning and a digest: an
index entry holds no more than 2,700 bytes.
"""


def cut(text: str) -> str:
    """A name as it may be shown and indexed."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def keyable(text: str) -> str:
    """A value as it may stand in a key."""
    if len(text) <= LONGEST:
        return text
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{text[: LONGEST - 20]}#{digest}"


NO_NAME: Final = HostName("", "", "", "")


@lru_cache(maxsize=1 << 17)
def parse_host(text: str) -> HostName:
    """Take a host name, FQDN or address apart."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    name = keyable(plain.strip().casefold().rstrip("."))
    if not name or name in PLACEHOLDER_NAMES:
        return NO_NAME
    address = address_of(name)
    if address:
        return HostName("", "", "", address)
    domain = ""
    host, dot, suffix = name.partition(".")
    if dot and _is_domain(suffix) and _HOST.fullmatch(host):
        name, domain = host, "" if suffix in NO_DOMAIN else suffix
        if name in PLACEHOLDER_NAMES:
            return NO_NAME
    return HostName(name, _loose(name), domain, "")


@lru_cache(maxsize=1 << 12)
def _is_domain(suffix: str) -> bool:
    """Whether what follows a host name is its domain, and no part of the name."""
    named = "." in suffix or suffix in LOCAL_DOMAINS or suffix in NO_DOMAIN
    return named and bool(_SUFFIX.fullmatch(suffix))


def _loose(name: str) -> str:
    if name.endswith(_DECORATING):
        name = _DECORATION.sub("", name) or name
    if " " in name or not name.isascii():
        return _SEPARATORS.sub("", name) or name
    return name.replace("-", "").replace("_", "") or name


def address_of(text: str) -> str:
    """The canonical form of an IP address; empty when the text is none."""
    if not text or text[0] not in "0123456789abcdef:[" or not (":" in text or text[-1].isdigit()):
        return ""
    try:
        return str(ip_address(text.strip("[]").partition("%")[0]))
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 12)
def dns_domain(text: str) -> str:
    """The DNS domain in a domain column; empty for a workgroup or a NetBIOS name, which say
    nothing about the DNS name of the system.
    """
    domain = text.strip().casefold().strip(".")
    if domain in NO_DOMAIN or ("." not in domain and domain not in LOCAL_DOMAINS):
        return ""
    return domain if _SUFFIX.fullmatch(domain) else ""


@lru_cache(maxsize=1 << 14)
def similar(a: str, b: str) -> bool:
    """Whether two different names are likely one name misspelt: one letter apart, or apart only
    in look-alikes (0/o, 1/l/i). Names that differ in a digit or only in their last letter
    are different systems: nodes are numbered so.
    """
    if a.translate(_LOOK_ALIKE) == b.translate(_LOOK_ALIKE):
        return True
    if _NOT_DIGITS.sub("", a) != _NOT_DIGITS.sub("", b):
        return False
    if min(len(a), len(b)) < 5 or a[:-1] == b[:-1]:
        return False
    return OSA.distance(a, b, score_cutoff=1) <= 1


@lru_cache(maxsize=1 << 14)
def name_key(text: str) -> str:
    """The key of an application, cluster or other plain name: letters and digits, no case."""
    plain = keyable(unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in plain if c.isalnum()) or plain.strip()
