"""Windows: servers and clients, by name, by abbreviation and by build number."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.os.model import FAMILY, RANGE, System, is_range
from landbridge.discovery.cleansing.rules.os.windows_builds import (
    CLIENT_BUILDS,
    SERVER_BUILDS,
    WINDOWS,
    WINDOWS_SERVER,
    build_in,
)

SERVER: Final = rule(
    "os.windows_server",
    "Windows Server release",
    "The year, R2 and, up to 2008 R2, the service pack name the release: '2012 R2', "
    "'2008 R2 SP1'. Abbreviations such as 'Win2k12 R2' count the same.",
)
CLIENT: Final = rule(
    "os.windows_client",
    "Windows client release",
    "The number names the release (7, 8.1, 10, 11), followed by the feature update where the "
    "text gives it ('10 22H2') and the service pack for older releases ('7 SP1').",
)
BY_BUILD: Final = rule(
    "os.windows_build",
    "Windows release by build number",
    "Microsoft gives each release one build number: 6.3.9600 is 8.1 and 2012 R2, 10.0.17763 is "
    "10 1809 and Server 2019. The product decides between client and server.",
)
HYPERV: Final = rule(
    "os.hyper_v_server", "Hyper-V Server release", "The year and R2 name the release."
)

HYPERV_SERVER: Final = "Hyper-V Server"


_IS_WINDOWS = re.compile(
    r"\bwindows|\bwin(?:dows)?\s?-?(?:2k|20|srv|server|nt|xp|vista|7|8|10|11)|\bw2k|\bws20[012]\d"
    r"|^microsoft (?:20[012]\d|server)"
)
_YEAR = re.compile(r"(?<!\d)(2000|2003|2008|2012|2016|2019|2022|2025)(?!\d)")
_SHORT_YEAR = re.compile(r"(?:\b(?:win|w|ws)|windows )2k(\d{1,2})?(?!\d)")
_R2 = re.compile(r"(?<![a-z])r2\b|(?<=\d)r2\b")
_SERVICE_PACK = re.compile(r"\b(?:sp|service ?pack)\s?-?(\d)")
_FEATURE = re.compile(r"\b(\d\d[hH][12])\b|\bversion (\d{4})\b|\b(1[5-9]\d\d|2004)\b(?! ?server)")
_CHANNEL = re.compile(
    r"\b(?:version|sac|core|server)\s*,?\s*(1709|1803|1809|1903|1909|2004|20h2|23h2)\b"
)
_CLIENT = re.compile(r"\b(?:windows|win)\s*-?(xp|vista|7|8\.1|8|10|11|me|95|98|nt)(?![\d.])")
_EDITIONS = re.compile(
    r"\b(standard|datacenter|data center|enterprise|essentials|foundation|web|storage"
    r"|small business|professional|pro for workstations|pro|home|education|ultimate|business|iot)\b"
)
_SHORT_EDITIONS = re.compile(r"\b(std|dc|ent|dtc)\b")
_SHORT_NAMES: Final = {
    "std": "Standard", "dc": "Datacenter", "dtc": "Datacenter", "ent": "Enterprise",
    "pro": "Pro", "iot": "IoT", "data center": "Datacenter",
}  # fmt: skip
_LTSC = re.compile(r"\blts[cb]\b")
_LTSC_RELEASE: Final = {
    "2015": "1507",
    "2016": "1607",
    "2019": "1809",
    "2021": "21H2",
    "2024": "24H2",
}
_TAKES_SERVICE_PACK: Final = frozenset({"2000", "2003", "2003 R2", "2008", "2008 R2"})


def read(word: str) -> System | None:
    """What a text in lower case says of Windows; None if it is another system."""
    if "hyper-v server" in word:
        named = _YEAR.search(word)
        return System(HYPERV_SERVER, HYPERV, _with_r2(named[1], word) if named else None)
    if not _IS_WINDOWS.search(word):
        return None
    build = build_in(word)
    if is_range(word):
        server = "server" in word
        return System(WINDOWS_SERVER if server else WINDOWS, RANGE, edition=_edition(word))
    client = _CLIENT.search(word)
    if client and "server" not in word:
        return _client(word, client[1], build)
    year = _year(word)
    if year:
        if year == "2000" and "professional" in word:
            return System(WINDOWS, CLIENT, "2000", "Professional", build)
        return _server(word, year, build)
    if "server" in word:
        channel = _CHANNEL.search(word)
        version = channel[1].upper() if channel else SERVER_BUILDS.get(build or "")
        if version is None and (nt := re.search(r"\bnt\b.*?(\d\.\d+)", word)):
            return System(WINDOWS_SERVER, SERVER, f"NT {nt[1]}", _edition(word))
        rule_id = SERVER if channel else BY_BUILD if version else FAMILY
        return System(WINDOWS_SERVER, rule_id, version, _edition(word), build)
    if build and build in CLIENT_BUILDS:
        return System(WINDOWS, BY_BUILD, None, _edition(word), build)
    return System(WINDOWS, FAMILY, edition=_edition(word), build=build)


def _server(word: str, year: str, build: str | None) -> System:
    version = _with_r2(year, word)
    pack = _SERVICE_PACK.search(word)
    if pack and version in _TAKES_SERVICE_PACK:
        version = f"{version} SP{pack[1]}"
    return System(WINDOWS_SERVER, SERVER, version, _edition(word), build)


def _client(word: str, release: str, build: str | None) -> System:
    version = release.upper() if release in {"xp", "me", "nt"} else release.capitalize()
    edition = _edition(word)
    if release in {"10", "11"}:
        rest = word[word.index(release) + 2 :]
        feature = _FEATURE.search(rest)
        name = next((g for g in feature.groups() if g), "").upper() if feature else ""
        if _LTSC.search(word):
            edition = f"{edition or 'Enterprise'} LTSC"
            year = re.search(r"\b(20[12]\d)\b", rest)
            name = _LTSC_RELEASE.get(year[1], name) if year else name
        if not name and build:
            return System(WINDOWS, BY_BUILD, CLIENT_BUILDS.get(build, version), edition, build)
        version = f"{version} {name}".strip()
    elif pack := _SERVICE_PACK.search(word):
        version = f"{version} SP{pack[1]}"
    return System(WINDOWS, CLIENT, version, edition, build)


def _year(word: str) -> str | None:
    if found := _YEAR.search(word):
        return found[1]
    if found := _SHORT_YEAR.search(word):
        return f"20{int(found[1] or 0):02d}"
    return None


def _with_r2(year: str, word: str) -> str:
    return f"{year} R2" if _R2.search(word) and year in {"2003", "2008", "2012"} else year


def _edition(word: str) -> str | None:
    found = _EDITIONS.search(word) or _SHORT_EDITIONS.search(word)
    if not found:
        return None
    return _SHORT_NAMES.get(found[1], found[1].title())
