"""Windows: servers and clients, by name, by abbreviation and by build number."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.os.model import FAMILY, RANGE, System, is_range

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

WINDOWS: Final = "Windows"
WINDOWS_SERVER: Final = "Windows Server"
HYPERV_SERVER: Final = "Hyper-V Server"

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

_BUILDS: Final = frozenset(SERVER_BUILDS) | frozenset(CLIENT_BUILDS)
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
_BUILD = re.compile(
    r"(?<![\d.])(?:5\.[012]|6\.[0-4]|10\.0)\.(\d{4,5})(?:\.\d+)?(?!\d)|\bbuild\s*:?\s*(\d{4,5})\b"
)
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
    build = _build(word)
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


def _build(word: str) -> str | None:
    found = _BUILD.search(word)
    return (found[1] or found[2]) if found else None


def _edition(word: str) -> str | None:
    found = _EDITIONS.search(word) or _SHORT_EDITIONS.search(word)
    if not found:
        return None
    return _SHORT_NAMES.get(found[1], found[1].title())


def build_in(text: str) -> str | None:
    """The build number in a text such as '10.0.17763', '10.0.17763.1234' or '17763'."""
    return _build(text) or (text if re.fullmatch(r"\d{4,5}", text) and text in _BUILDS else None)


def release_of_build(name: str, text: str) -> str | None:
    """The release that a build number stands for.

    Args:
        name: `WINDOWS` or `WINDOWS_SERVER`.
        text: the build number, with or without the version of the kernel.
    """
    builds = SERVER_BUILDS if name == WINDOWS_SERVER else CLIENT_BUILDS
    return builds.get(build_in(text) or "")
