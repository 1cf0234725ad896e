"""Values as votes: how well a column's values fit an attribute, and which they suggest alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from landbridge.discovery.mapping.lexicon import read_data
from landbridge.discovery.mapping.values import Profile

AGREES, SILENT, REFUSES = 1, 0, -1
_ENOUGH = 0.5
_AGAINST = 0.6
_TELLING = frozenset(
    {
        "ip",
        "mac",
        "uuid",
        "fqdn",
        "date",
        "percent",
        "size",
        "freq",
        "os",
        "cpu",
        "model",
        "vendor",
        "company",
        "person",
        "email",
        "virtual",
        "boolean",
        "power",
        "environment",
        "criticality",
        "tier",
        "classification",
        "lifecycle",
        "strategy",
        "protocol",
        "db",
        "hypervisor",
        "asset_class",
        "department",
        "team_word",
        "rel_verb",
        "process",
        "cost_center",
        "datacenter",
        "rack",
        "vlan",
        "wave",
        "version",
        "location_word",
        "port",
        "small",
        "number",
        "int",
        "text",
        "hosts",
        "cidr",
        "domain_user",
        "year",
        "duration",
    }
)

_GENERIC = frozenset({"phrase", "text", "word", "code", "hostname"})
_NOT_TELLING = frozenset({("os_version", "os"), ("department", "company"), ("hostname", "hosts")})

KIND_WORDS = {
    "ip": "IP addresses", "mac": "MAC addresses", "uuid": "UUIDs", "fqdn": "DNS names",
    "date": "dates", "percent": "percentages", "size": "sizes with a unit", "freq": "frequencies",
    "os": "operating systems", "cpu": "processor models", "model": "hardware models",
    "vendor": "vendors", "company": "companies", "person": "names of persons",
    "email": "e-mail addresses", "virtual": "virtual or physical", "boolean": "yes or no",
    "power": "power states", "environment": "environments", "criticality": "criticalities",
    "tier": "tiers", "classification": "classifications", "lifecycle": "lifecycle states",
    "strategy": "migration strategies", "protocol": "protocols", "db": "database products",
    "hypervisor": "hypervisors", "asset_class": "kinds of assets", "department": "departments",
    "team_word": "teams", "rel_verb": "kinds of relationship", "process": "processes",
    "cost_center": "cost centres", "datacenter": "data centres", "rack": "racks",
    "vlan": "networks", "wave": "waves", "version": "versions", "location_word": "places",
    "port": "port numbers", "small": "small whole numbers", "number": "numbers",
    "int": "whole numbers", "text": "free text", "hosts": "lists of hosts", "code": "codes",
    "hostname": "host names", "phrase": "short texts", "cidr": "networks",
    "domain_user": "accounts", "epoch": "moments", "path": "paths",
    "duration": "durations", "year": "years",
    "decimal": "decimal numbers", "hex32": "record keys", "object_id": "object ids",
    "id_number": "numbers", "os_family": "operating systems", "word": "single words",
    "digit": "single digits", "servicepack": "service packs", "dn": "directory names",
    "url": "links",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fit:
    for_it: tuple[str, ...]
    against: tuple[str, ...]
    strict: bool


@cache
def _fits() -> dict[str, _Fit]:
    found = {}
    for key, text in read_data("values.txt"):
        likes, _, refuses = text.partition(";")
        found[key.rstrip("!")] = _Fit(
            tuple(likes.split()), tuple(refuses.split()), key.endswith("!")
        )
    return found


@dataclass(frozen=True, slots=True)
class Vote:
    """What values say about one attribute.

    Attributes:
        verdict: AGREES, SILENT or REFUSES.
        kind: the kind of value that decided, in words.
        share: the share of values of that kind, 0–1.
        telling: the kind is specific enough to be evidence by itself.
    """

    verdict: int
    kind: str = ""
    share: float = 0.0
    telling: bool = False


_SILENT = Vote(SILENT)


def vote(attribute: str, profile: Profile) -> Vote:
    """The verdict of a column's values on an attribute; silent without values."""
    if not profile.count:
        return _SILENT
    fit = _fits().get(attribute)
    if fit is None:
        return _SILENT
    kind, share = _strongest(fit.for_it, profile)
    against, against_share = _strongest(fit.against, profile)
    if kind in _GENERIC and against_share >= _AGAINST and not fit.strict:
        return Vote(REFUSES, KIND_WORDS.get(against, against), against_share)
    if share >= _ENOUGH and _range_fits(attribute, profile):
        telling = kind in _TELLING and (attribute, kind) not in _NOT_TELLING
        return Vote(AGREES, KIND_WORDS.get(kind, kind), share, telling)
    if fit.strict:
        other, other_share = _strongest(tuple(KIND_WORDS), profile)
        return Vote(REFUSES, KIND_WORDS.get(other, other), other_share)
    if against_share >= _AGAINST:
        return Vote(REFUSES, KIND_WORDS.get(against, against), against_share)
    return Vote(SILENT, KIND_WORDS.get(kind, kind), share)


def _strongest(kinds: tuple[str, ...], profile: Profile) -> tuple[str, float]:
    best = ("", 0.0)
    for kind in kinds:
        share = profile.shares.get(kind, 0.0)
        if share > best[1]:
            best = (kind, share)
    return best


def _range_fits(attribute: str, profile: Profile) -> bool:
    """Numbers must be of a plausible size for what they are said to count."""
    largest = profile.largest
    if largest is None:
        return True
    if attribute in {"cpu_cores", "cpu_sockets"}:
        return 1 <= largest <= 4096 and not profile.share("decimal") > 0.9
    if attribute in {"cpu_utilization"}:
        return largest <= 100
    if attribute == "port":
        return largest <= 65535
    return True


@cache
def reroutes() -> dict[str, tuple[tuple[str, str], ...]]:
    """By attribute: kinds of value and the attribute they point to instead."""
    pairs = ((k, v) for k, v in read_data("reroutes.txt") if not k.startswith("="))
    return {k: tuple(_pair(part) for part in v.split(", ")) for k, v in pairs}


@cache
def by_values_alone() -> tuple[tuple[str, str, float], ...]:
    """Kind of value, the attribute it suggests without any name, and how strongly."""
    found = []
    for key, text in read_data("reroutes.txt"):
        if key.startswith("="):
            attribute, score = _pair(text)
            found.append((key[1:], attribute, float(score)))
    return tuple(found)


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(" ")
    return first, second
