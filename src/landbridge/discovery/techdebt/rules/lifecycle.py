"""Operating systems, databases and hypervisors against the end-of-life data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from landbridge.discovery.techdebt.eol import Confidence, Cycle, End, EolData
from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import Finding, FindingKind, Severity, finding_kind
from landbridge.discovery.techdebt.products import SYSTEMS, database_product
from landbridge.discovery.techdebt.support import Support, Verdict, judge, last_support
from landbridge.discovery.vocabulary import AssetType

_SEVERITY = (
    " Critical: all support, bought support included, ended a year ago or earlier. High: it "
    "ended less than a year ago, or only support that must be bought is left. Where the data "
    "about the product is of low confidence, never more than medium."
)
_NEAR = " Medium: within 12 months. Low: within 24 months."
_LEAVE = (
    "Plan the move to a supported release as part of the migration, or replace the system; "
    "until then limit who can reach it."
)
OS_END_OF_LIFE: Final = finding_kind(
    "OS_END_OF_LIFE",
    "The operating system is past its end of life",
    "The maker no longer supports the operating system that runs on the asset." + _SEVERITY,
    _LEAVE,
)
OS_ENDS_SOON: Final = finding_kind(
    "OS_END_OF_LIFE_NEAR",
    "The operating system nears its end of life",
    "The maker's regular support ends within two years." + _NEAR,
    "Choose a release for the target that is supported beyond the migration.",
)
DATABASE_END_OF_LIFE: Final = finding_kind(
    "DATABASE_END_OF_LIFE",
    "The database is past its end of life",
    "The maker no longer supports the database release." + _SEVERITY,
    _LEAVE,
)
DATABASE_ENDS_SOON: Final = finding_kind(
    "DATABASE_END_OF_LIFE_NEAR",
    "The database nears its end of life",
    "The maker's regular support ends within two years." + _NEAR,
    "Choose a release or a managed service that is supported beyond the migration.",
)
HYPERVISOR_END_OF_LIFE: Final = finding_kind(
    "HYPERVISOR_END_OF_LIFE",
    "The hypervisor is past its end of life",
    "The maker no longer supports the hypervisor release of the host." + _SEVERITY,
    "Move the machines of this host early, or upgrade the host.",
)
HYPERVISOR_ENDS_SOON: Final = finding_kind(
    "HYPERVISOR_END_OF_LIFE_NEAR",
    "The hypervisor nears its end of life",
    "The maker's regular support of the host's hypervisor ends within two years." + _NEAR,
    "Plan the end of the migration before the end of support.",
)
OS_UNKNOWN: Final = finding_kind(
    "OS_UNKNOWN",
    "The operating system is not known",
    "No source names the operating system of the asset, so its support cannot be judged.",
    "Import a source that has it, or enter the operating system on the asset.",
    unknown=True,
)
VERSION_UNKNOWN: Final = finding_kind(
    "VERSION_UNKNOWN",
    "The release is not known precisely enough",
    "The product is known, but not which release runs, or releases of different fate share what "
    "is known. The support of the product stays unknown; nothing is assumed.",
    "Import a source that has the full version, or enter it on the asset.",
    unknown=True,
)
NOT_IN_DATA: Final = finding_kind(
    "PRODUCT_NOT_IN_DATA",
    "The end-of-life data does not list this product",
    "The product or its release is not in the end-of-life data, or is there without dates, so "
    "its support stays unknown.",
    "Look the product up with its maker, or update the end-of-life data.",
    unknown=True,
)

_YEAR = timedelta(days=365)
_SEVERITIES: Final = {
    Support.ENDS_WITHIN_12_MONTHS: Severity.MEDIUM,
    Support.ENDS_WITHIN_24_MONTHS: Severity.LOW,
}
_DIGIT = re.compile(r"\d")
_SYSTEM_WORDS = re.compile(r"(esxi?|vsphere|vmware esx)[^\d]*(\d+\.\d+(?:\.\d+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Role:
    """What part a product plays on an asset."""

    subject: str
    noun: str
    ended: FindingKind
    ends_soon: FindingKind


SYSTEM: Final = _Role("os", "operating system", OS_END_OF_LIFE, OS_ENDS_SOON)
DATABASE: Final = _Role("database", "database", DATABASE_END_OF_LIFE, DATABASE_ENDS_SOON)
HYPERVISOR: Final = _Role("os", "hypervisor", HYPERVISOR_END_OF_LIFE, HYPERVISOR_ENDS_SOON)


class Lifecycle:
    """Judges the products of assets; remembers verdicts, as estates repeat few products."""

    def __init__(self, data: EolData, today: date) -> None:
        self.data = data
        self.today = today
        self._judge = lru_cache(maxsize=4096)(self._judged)

    def _judged(self, product: str | None, version: str | None, edition: str | None) -> Verdict:
        return judge(self.data, product, version, edition, self.today)

    def findings(self, asset: AssetFacts) -> Iterator[Finding]:
        """The support of the asset's operating system and database."""
        if asset.runs_a_system:
            yield from self._system(asset)
        if asset.asset_type == AssetType.DATABASE or asset.text("db_engine"):
            yield from self._database(asset)

    def _system(self, asset: AssetFacts) -> Iterator[Finding]:
        role = HYPERVISOR if asset.asset_type == AssetType.HYPERVISOR_HOST else SYSTEM
        name, version = asset.os_name, asset.os_version
        if name is None and role is HYPERVISOR:
            found = _SYSTEM_WORDS.search(asset.text("hypervisor") or "")
            name, version = ("VMware ESXi", found[2]) if found else (None, None)
        if name is None:
            yield Finding(
                OS_UNKNOWN,
                Severity.INFO,
                f"No source names the {role.noun} of {asset.name}.",
                {"missing": "os_name"},
            )
            return
        product = SYSTEMS.get(name)
        verdict = self._judge(product, version, asset.text("os_edition"))
        yield from self._report(role, name, version, verdict, "os_version")

    def _database(self, asset: AssetFacts) -> Iterator[Finding]:
        engine = asset.text("db_engine")
        version = asset.text("software_version")
        product = database_product(engine, asset.text("model"), version)
        name = engine or asset.text("model")
        if product is None and name is None:
            yield Finding(
                VERSION_UNKNOWN,
                Severity.INFO,
                f"No source names the database engine of {asset.name}.",
                {"missing": "db_engine"},
                subject=DATABASE.subject,
            )
            return
        told = next((t for t in (version, name) if t and _DIGIT.search(t)), None)
        verdict = self._judge(product, told, None)
        yield from self._report(DATABASE, name or "", version, verdict, "software_version")

    def _report(
        self, role: _Role, name: str, version: str | None, verdict: Verdict, attribute: str
    ) -> Iterator[Finding]:
        named = f"{name} {version}" if version else name
        data: dict[str, Any] = {
            "product": verdict.product,
            "name": name,
            "version": version,
            "as_of": self.data.as_of.isoformat(),
        }
        support = verdict.support
        if support in {Support.OVER, Support.EXTENDED_ONLY}:
            yield self._ended(role, verdict, data)
        elif support in _SEVERITIES:
            cycle = verdict.cycle
            yield Finding(
                role.ends_soon,
                _capped(_SEVERITIES[support], cycle),
                f"Support of {cycle.name} ends on {_day(cycle.end)}." + _bought(cycle),
                data | _facts(verdict),
                subject=role.subject,
            )
        elif support in {Support.VERSION_MISSING, Support.VERSION_COARSE}:
            detail = f"The {role.noun} is {named}; "
            if support is Support.VERSION_MISSING:
                detail += "its release is not known."
            else:
                detail += f"that may be {_listed(verdict)}, which are not supported equally long."
            yield Finding(
                VERSION_UNKNOWN,
                Severity.INFO,
                detail,
                data | {"missing": attribute, "cycles": [c.cycle for c in verdict.cycles]},
                subject=role.subject,
            )
        elif support in {Support.NOT_LISTED, Support.NO_DATES}:
            yield Finding(
                NOT_IN_DATA,
                Severity.INFO,
                f"The end-of-life data of {self.data.as_of} has no dates for {named}.",
                data,
                subject=role.subject,
            )

    def _ended(self, role: _Role, verdict: Verdict, data: dict[str, Any]) -> Finding:
        cycle = verdict.cycle
        last = last_support(cycle)
        severity = Severity.HIGH
        if verdict.support is Support.OVER and not (
            isinstance(last, date) and last >= self.today - _YEAR
        ):
            severity = Severity.CRITICAL
        at_latest = " at the latest" if len(verdict.cycles) > 1 else ""
        detail = f"Support of {cycle.name} ended{_on(cycle.end)}{at_latest}." + _bought(cycle)
        if cycle.confidence is Confidence.LOW:
            detail += " This date is of low confidence: check it with the maker."
        newest = self.data.newest_supported(cycle.product, self.today)
        remedy = role.ended.remedy
        if newest is not None:
            remedy += f" The newest supported release is {newest.name}."
        return Finding(
            role.ended,
            _capped(severity, cycle),
            detail,
            data | _facts(verdict),
            remedy,
            subject=role.subject,
        )


def _facts(verdict: Verdict) -> dict[str, Any]:
    """The dates and their source, as the finding keeps them."""
    cycle = verdict.cycle
    return {
        "cycle": cycle.cycle,
        "cycles": [c.cycle for c in verdict.cycles],
        "title": cycle.title,
        "support": verdict.support.value,
        "end_of_life": _text(cycle.end),
        "extended_support_end": _text(cycle.extended_end),
        "source": cycle.source,
        "provenance": cycle.provenance,
        "confidence": cycle.confidence.value,
    }


def _capped(severity: Severity, cycle: Cycle) -> Severity:
    heavy = severity in {Severity.CRITICAL, Severity.HIGH}
    return Severity.MEDIUM if heavy and cycle.confidence is Confidence.LOW else severity


def _bought(cycle: Cycle) -> str:
    if cycle.extended_end is None or cycle.extended_end == cycle.end:
        return ""
    if isinstance(cycle.extended_end, date):
        return f" Support that must be bought: until {_day(cycle.extended_end)}."
    return " Support that must be bought is still offered."


def _listed(verdict: Verdict) -> str:
    names = [c.name for c in verdict.cycles]
    if len(names) > 4:
        names = [*names[:2], f"… {names[-1]}"]
    return ", ".join(names)


def _on(end: End) -> str:
    return f" on {end.isoformat()}" if isinstance(end, date) else ""


def _day(end: End) -> str:
    return end.isoformat() if isinstance(end, date) else "an unknown day"


def _text(end: End) -> str | None:
    return end.isoformat() if isinstance(end, date) else end.value if end else None
