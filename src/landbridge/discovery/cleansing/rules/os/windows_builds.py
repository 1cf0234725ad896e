"""Build numbers of Windows: each release has one."""

from __future__ import annotations

import re
from typing import Final

WINDOWS: Final = "Windows"
WINDOWS_SERVER: Final = "Windows Server"

SERVER_BUILDS: Final = {
    "2195": "2000", "3790": "2003", "6001": "2008 SP1", "6002": "2008 SP2", "6003": "2008 SP2",
    "7600": "2008 R2", "7601": "2008 R2 SP1", "9200": "2012", "9600": "2012 R2", "14393": "2016",
    "16299": "1709", "17134": "1803", "17763": "2019", "18362": "1903", "18363": "1909",
    "19041": "2004", "19042": "20H2", "20348": "2022", "25398": "23H2", "26100": "2025",
}  # fmt: skip
CLIENT_BUILDS: Final = {
    "2195": "2000", "2600": "XP", "6000": "Vista", "6001": "Vista SP1", "6002": "Vista SP2",
    "7600": "7", "7601": "7 SP1", "9200": "8", "9600": "8.1", "10240": "10 1507",
    "10586": "10 1511", "14393": "10 1607", "15063": "10 1703", "16299": "10 1709",
    "17134": "10 1803", "17763": "10 1809", "18362": "10 1903", "18363": "10 1909",
    "19041": "10 2004", "19042": "10 20H2", "19043": "10 21H1", "19044": "10 21H2",
    "19045": "10 22H2", "22000": "11 21H2", "22621": "11 22H2", "22631": "11 23H2",
    "26100": "11 24H2", "26200": "11 25H2", "28000": "11 26H1",
}  # fmt: skip
_BUILD = re.compile(
    r"(?<![\d.])(?:5\.[012]|6\.[0-4]|10\.0)\.(\d{4,5})(?:\.\d+)?(?!\d)|\bbuild\s*:?\s*(\d{4,5})\b"
)
_ALONE = re.compile(r"\d{4,5}")


def build_in(text: str) -> str | None:
    """The build number in a text: '10.0.17763', '10.0.17763.1234', 'build 17763', '17763'."""
    found = _BUILD.search(text)
    if found:
        return found[1] or found[2]
    known = text in SERVER_BUILDS or text in CLIENT_BUILDS
    return text if known and _ALONE.fullmatch(text) else None


def release_of_build(name: str, text: str) -> str | None:
    """The release that a build number stands for.

    Args:
        name: `WINDOWS` or `WINDOWS_SERVER`.
        text: the build number, with or without the version of the kernel.
    """
    builds = SERVER_BUILDS if name == WINDOWS_SERVER else CLIENT_BUILDS
    return builds.get(build_in(text) or "")
