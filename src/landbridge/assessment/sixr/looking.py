"""From the assets of an application to the facts that rules read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from landbridge.assessment.sixr.facts import UNKNOWN, Known
from landbridge.assessment.sixr.members import (
    ENDED_DATABASE,
    ENDED_OS,
    PASSED,
    UNKNOWN_KEYS,
    Member,
    Subject,
)
from landbridge.assessment.sixr.strategies import strategy_called
from landbridge.discovery.techdebt.facts import is_retired
from landbridge.discovery.vocabulary import AssetType as T
from landbridge.discovery.vocabulary import Environment

MACHINES: Final = frozenset({T.SERVER, T.VIRTUAL_MACHINE})
PLATFORM: Final = frozenset({T.HYPERVISOR_HOST, T.CLUSTER, T.NETWORK_DEVICE, T.STORAGE})
_VMWARE: Final = re.compile(r"vmware|vsphere|esxi?\b|vcenter", re.IGNORECASE)
NOTHING: Final = Known([])


def facts_of(
    subject: Subject, needs: int, needed_by: int, *, judged: bool, tied: bool
) -> dict[str, Known]:
    """What is known of an application, or of an asset without one.

    Args:
        subject: what it is about.
        needs, needed_by: how many others it needs, and need it.
        judged: an assessment of technical debt has looked at the engagement.
        tied: any dependency is known in the engagement; without one, none is known of anything.
    """
    members = subject.members
    machines = [m for m in members if m.asset_type in MACHINES]
    vms = [m for m in machines if m.asset_type == T.VIRTUAL_MACHINE]
    databases = [m for m in members if m.asset_type == T.DATABASE or m.db_engine]
    stated = [strategy_called(s) for m in members if (s := m.stated)]
    stated += [strategy_called(subject.stated)] if subject.stated else []
    critical = {m.criticality for m in members} | {subject.criticality}
    return {
        "assets": Known(sum(m.n for m in members)),
        "names": Known([subject.title]),
        "asset_types": Known(_distinct(m.asset_type for m in members)),
        "environments": _texts(
            members, lambda m: m.environment if m.environment != Environment.UNKNOWN else None
        ),
        "criticalities": Known(_distinct(critical), whole=None not in critical)
        if any(critical)
        else UNKNOWN,
        "operating_systems": _texts(machines, lambda m: m.os_name),
        "database_engines": _texts(databases, lambda m: m.db_engine),
        "stated_strategies": Known(_distinct(stated)),
        "share_retired": _share([m for m in members if m.status], lambda m: is_retired(m.status)),
        "share_off": _share(
            [m for m in machines if m.power_state], lambda m: m.power_state == "off"
        ),
        "share_virtual": _share(machines, lambda m: m.asset_type == T.VIRTUAL_MACHINE),
        "share_vmware": _share(
            [m for m in vms if m.hypervisor], lambda m: bool(_VMWARE.search(m.hypervisor or ""))
        )
        if len(vms) == len(machines)
        else Known(0.0),
        "share_databases": _share(members, lambda m: m.asset_type == T.DATABASE),
        "share_containers": _share(members, lambda m: m.asset_type == T.CONTAINER),
        "share_platform": _share(members, lambda m: m.asset_type in PLATFORM),
        "share_workstations": _share(members, lambda m: m.asset_type == T.WORKSTATION),
        "os_ended": _ended(machines, ENDED_OS, "") if judged and machines else UNKNOWN,
        "database_ended": _ended(databases, ENDED_DATABASE, "/database") if judged else UNKNOWN,
        "support_passed": _passed(members) if judged else UNKNOWN,
        "owner_known": Known(any(m.owned for m in members)),
        "needs": Known(needs) if tied else UNKNOWN,
        "needed_by": Known(needed_by) if tied else UNKNOWN,
    }


def _distinct(texts: Iterable[str | None]) -> list[str]:
    return sorted({str(t) for t in texts if t})


def _texts(members: list[Member] | tuple[Member, ...], of: Callable[[Member], str | None]) -> Known:
    """The texts of all; where some have none, what is known is not all there is."""
    if not members:
        return NOTHING
    found = [of(m) for m in members]
    known = _distinct(found)
    return Known(known, whole=None not in found) if known else UNKNOWN


def _share(members: list[Member] | tuple[Member, ...], counts: Callable[[Member], bool]) -> Known:
    """The share of assets; unknown where there are none to look at."""
    total = sum(m.n for m in members)
    if not total:
        return UNKNOWN
    return Known(round(sum(m.n for m in members if counts(m)) / total, 3))


def _ended(members: list[Member], code: str, about: str) -> Known:
    """Whether any is out of support: no only where the support of all is known."""
    if any(f"{code}{about}" in m.codes for m in members):
        return Known(True)
    unknown = {f"{key}{about}" for key in UNKNOWN_KEYS}
    return UNKNOWN if any(m.codes & unknown for m in members) else Known(False)


def _passed(members: tuple[Member, ...]) -> Known:
    if any(PASSED in m.codes for m in members):
        return Known(True)
    return Known(False) if members and all(m.has_end for m in members) else UNKNOWN
