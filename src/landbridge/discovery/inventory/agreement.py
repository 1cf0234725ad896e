"""Agreement: when two sources say the same thing in other words, and when they disagree."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from landbridge.discovery.inventory.names import parse_host

TOLERANCE: Final = 0.02
"""Numbers this close (relative) agree: MB and MiB, rounding, reserved memory."""

# Attributes whose sources can disagree in a way that a person must know of. Everything else
# changes from hour to hour, is named differently in every tool and language (department,
# location), is free text, or is a list that is united.
DECIDABLE: Final = frozenset(
    (
        *("cpu_cores", "cpu_sockets", "memory_gb", "storage_gb", "is_virtual"),
        *("os_name", "os_version", "environment", "criticality", "data_classification"),
        *("business_owner", "technical_owner", "cost_center", "manufacturer", "model"),
        *("software_version", "db_engine", "migration_strategy", "migration_wave"),
    )
)
VERSIONS: Final = frozenset(("os_version", "software_version", "os_build"))
_NAMES: Final = frozenset(("hostname", "fqdn", "host_system"))


def agree(attribute: str, a: Any, b: Any) -> bool:
    """Whether two values of one attribute mean the same."""
    if a == b:
        return True
    if isinstance(a, bool) or isinstance(b, bool):
        return False
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))
    if not isinstance(a, str) or not isinstance(b, str):
        return False
    if attribute in VERSIONS:
        return _version_prefix(a, b) or _version_prefix(b, a)
    if attribute in _NAMES:
        return parse_host(a).name == parse_host(b).name != ""
    if attribute in ("environment", "criticality", "power_state"):
        return False
    x, y = words(a), words(b)
    return x == y or bool(x and y and (x <= y or y <= x))


def more_precise(attribute: str, value: Any, than: Any) -> bool:
    """Whether `value` agrees with `than` and says more."""
    return (
        attribute in VERSIONS
        and isinstance(value, str)
        and isinstance(than, str)
        and value != than
        and _version_prefix(than, value)
    )


@lru_cache(maxsize=1 << 14)
def words(text: str) -> frozenset[str]:
    """The words of a text without case, accents, order and legal forms."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = frozenset(re.findall(r"[^\W_]+", plain)) - _FILLERS
    return found or frozenset((plain.strip(),))


_FILLERS: Final = frozenset(
    ("inc", "corp", "corporation", "gmbh", "ag", "ltd", "llc", "co", "sa", "the", "64", "32", "bit")
)


def _version_prefix(short: str, long: str) -> bool:
    a, b = _VERSION_PARTS.findall(short.casefold()), _VERSION_PARTS.findall(long.casefold())
    return bool(a) and b[: len(a)] == a


_VERSION_PARTS = re.compile(r"\d+|[a-z]+")
