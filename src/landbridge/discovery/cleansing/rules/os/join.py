"""One operating system from several columns of a row: names, versions, builds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.os import unixes
from landbridge.discovery.cleansing.rules.os import windows_builds as builds

VERSION_COLUMN: Final = rule(
    "os.version_column",
    "Release from a version column",
    "Where the name leaves the release open or states it more coarsely, the version column "
    "tells it: 'Red Hat Enterprise Linux 7' with '7.9' is 7.9. Where the two contradict each "
    "other, the name counts and the other text is kept as a custom attribute.",
)
BUILD_COLUMN: Final = rule(
    "os.build_column",
    "Windows release from a build column",
    "A build number in the version column tells the release of the product the name states: "
    "'Windows Server' with 10.0.17763 is 2019, 'Windows 10' with 10.0.19045 is 10 22H2.",
)

_FAMILIES: Final = frozenset({"Linux", "Unix"})
_WINDOWS: Final = frozenset({builds.WINDOWS, builds.WINDOWS_SERVER})
_YEAR = re.compile(r"(20(?:00|03|08|12|16|19|22|25))(?: ?(r2))?(?: ?sp ?(\d))?", re.IGNORECASE)
_PACK = re.compile(r"(?:sp|service ?pack) ?(\d)", re.IGNORECASE)
_FEATURE = re.compile(r"\d\d[hH][12]|1[5-9]\d\d|2004")

Reading = dict[str, Any]
"""Attributes of one column's text: os_name, os_version, os_edition, os_build."""


def join(readings: Sequence[Reading]) -> tuple[Reading, list[int]]:
    """What all columns of a row say of its operating system.

    Args:
        readings: one per column, the most trusted first.

    Returns:
        The joined attributes, and the positions of the readings that contradict them.
    """
    joined: Reading = {}
    lost: list[int] = []
    named = [i for i, r in enumerate(readings) if "os_name" in r]
    versions = [i for i, r in enumerate(readings) if "os_name" not in r]
    for i in named:
        if not _absorb(joined, readings[i]):
            lost.append(i)
    for i in versions:
        if not _refine(joined, str(readings[i].get("os_version", ""))):
            lost.append(i)
    return joined, sorted(lost)


def _absorb(joined: Reading, reading: Reading) -> bool:
    """Take over what a further naming text adds; False if it means another system."""
    name = joined.get("os_name")
    if name is None or _is_family_of(name, reading):
        joined.update({k: v for k, v in reading.items() if v})
        return True
    if name != reading["os_name"]:
        return False
    version = reading.get("os_version")
    if version and not _precise(joined, version):
        return False
    for key in ("os_edition", "os_build"):
        if reading.get(key):
            joined.setdefault(key, reading[key])
    return True


def _is_family_of(name: str, reading: Reading) -> bool:
    """Whether a name only states the family that a reading names a product of."""
    other = reading["os_name"]
    if name == builds.WINDOWS:
        return bool(other == builds.WINDOWS_SERVER)
    return name in _FAMILIES and str(other) in unixes.NAMES


def _refine(joined: Reading, text: str) -> bool:
    """Take over a version column; False if it contradicts what is known."""
    name = joined.get("os_name")
    if name is None:
        joined.setdefault("os_version", text)
        return True
    if name in _WINDOWS:
        return _refine_windows(joined, text)
    if pack := _PACK.fullmatch(text):
        version = str(joined.get("os_version", ""))
        return version.isdigit() and _precise(joined, f"{version}.{pack[1]}")
    if name not in unixes.NAMES:
        return _precise(joined, text)
    release = unixes.release(name, text)
    return release is not None and _precise(joined, release)


def _refine_windows(joined: Reading, text: str) -> bool:
    version = str(joined.get("os_version", ""))
    release = builds.release_of_build(joined["os_name"], text)
    if build := builds.build_in(text):
        joined.setdefault("os_build", build)
        # "Windows" alone may be a client or a server: its build does not tell the release.
        open_family = joined["os_name"] == builds.WINDOWS and not version
        return release is None or open_family or _precise(joined, release)
    if year := _YEAR.fullmatch(text):
        named = " ".join(p for p in (year[1], "R2" if year[2] else "") if p)
        named += f" SP{year[3]}" if year[3] else ""
        if version and not (named.startswith(version) or version.startswith(named)):
            return False
        joined["os_name"] = builds.WINDOWS_SERVER
        return _precise(joined, named)
    if pack := _PACK.fullmatch(text):
        return bool(version) and _precise(joined, f"{version} SP{pack[1]}")
    if _FEATURE.fullmatch(text) and version in {"10", "11"}:
        return _precise(joined, f"{version} {text.upper()}")
    return version.startswith(text) or (not version and _named_client(joined, text))


def _named_client(joined: Reading, text: str) -> bool:
    if joined["os_name"] == builds.WINDOWS and text in {"7", "8", "8.1", "10", "11"}:
        joined["os_version"] = text
        return True
    return False


def _precise(joined: Reading, version: str) -> bool:
    """Keep the more precise of two versions; False if they exclude each other."""
    known = joined.get("os_version")
    if not known or refines(version, known):
        joined["os_version"] = version
        return True
    return bool(refines(known, version))


def refines(version: str, other: str) -> bool:
    """Whether a version says the same as another, or the same more precisely: 7.9 refines 7,
    '2012 R2' refines '2012'; 7.10 does not refine 7.1.
    """
    if version == other:
        return True
    return version.startswith(other) and version[len(other)] in ". -("
