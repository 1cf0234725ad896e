"""Operating systems, databases and hypervisors against the end-of-life data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from landbridge.discovery.techdebt.databases import database_product
from landbridge.discovery.techdebt.eol import Confidence, Cycle, End, EolData
from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import Finding, Severity
from landbridge.discovery.techdebt.products import SYSTEMS
from landbridge.discovery.techdebt.rules.lifecycle_kinds import (
    DATABASE,
    HYPERVISOR,
    NOT_IN_DATA,
    OS_UNKNOWN,
    SYSTEM,
    VERSION_UNKNOWN,
    Role,
)
from landbridge.discovery.techdebt.support import Support, Verdict, judge, last_support
from landbridge.discovery.vocabulary import AssetType

_YEAR = timedelta(days=365)
_SEVERITIES: Final = {
    Support.ENDS_WITHIN_12_MONTHS: Severity.MEDIUM,
    Support.ENDS_WITHIN_24_MONTHS: Severity.LOW,
}
_DIGIT = re.compile(r"\d")
_SYSTEM_WORDS = re.compile(r"(esxi?|vsphere|vmware esx)[^\d]*(\d+\.\d+(?:\.\d+)*)", re.IGNORECASE)


class Lifecycle:
    """Judges the products of assets; remembers findings, as estates repeat few products."""

    def __init__(self, data: EolData, today: date) -> None:
        self.data = data
        self.today = today
        self._report = lru_cache(maxsize=4096)(self._reported)

    def findings(self, asset: AssetFacts) -> Iterator[Finding]:
        """The support of the asset's operating system and database."""
        if asset.runs_a_system:
            yield from self._system(asset)
        has_engine = asset.text("db_engine") is not None and not asset.database_apart
        if asset.asset_type == AssetType.DATABASE or has_engine:
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
        yield from self._report(role, product, name, version, asset.text("os_edition"))

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
        yield from self._report(DATABASE, product, name or "", version, None)

    def _reported(
        self,
        role: Role,
        product: str | None,
        name: str,
        version: str | None,
        edition: str | None,
    ) -> tuple[Finding, ...]:
        told = version
        if role is DATABASE:
            told = next((t for t in (version, name) if t and _DIGIT.search(t)), None)
        verdict = judge(self.data, product, told, edition, self.today)
        return tuple(self._of_verdict(role, name, version, verdict))

    def _of_verdict(
        self, role: Role, name: str, version: str | None, verdict: Verdict
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
                f"Support of {cycle.name} ends on {_day(cycle.end)}." + _bought(cycle, self.today),
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
                data | {"missing": role.version_in, "cycles": [c.cycle for c in verdict.cycles]},
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

    def _ended(self, role: Role, verdict: Verdict, data: dict[str, Any]) -> Finding:
        cycle = verdict.cycle
        last = last_support(cycle)
        severity = Severity.HIGH
        if verdict.support is Support.OVER and not (
            isinstance(last, date) and last >= self.today - _YEAR
        ):
            severity = Severity.CRITICAL
        at_latest = " at the latest" if len(verdict.cycles) > 1 else ""
        detail = f"Support of {cycle.name} ended{_on(cycle.end)}{at_latest}." + _bought(
            cycle, self.today
        )
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


def _bought(cycle: Cycle, today: date) -> str:
    end = cycle.extended_end
    if end is None or end == cycle.end:
        return ""
    if not isinstance(end, date):
        return " Support that must be bought is still offered."
    if end < today:
        return f" Support that had to be bought ended on {_day(end)}."
    return f" Support that must be bought ends on {_day(end)}."


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
