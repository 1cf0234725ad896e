"""Kinds of findings about the life of products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landbridge.discovery.techdebt.findings import FindingKind, finding_kind

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


@dataclass(frozen=True, slots=True)
class Role:
    """What part a product plays on an asset.

    Attributes:
        subject: tells findings about the parts of one asset apart.
        noun: how people call the part.
        version_in: the attribute that holds its release.
        ended, ends_soon: kinds of findings about it.
    """

    subject: str
    noun: str
    version_in: str
    ended: FindingKind
    ends_soon: FindingKind


SYSTEM: Final = Role("os", "operating system", "os_version", OS_END_OF_LIFE, OS_ENDS_SOON)
DATABASE: Final = Role(
    "database", "database", "software_version", DATABASE_END_OF_LIFE, DATABASE_ENDS_SOON
)
HYPERVISOR: Final = Role(
    "os", "hypervisor", "os_version", HYPERVISOR_END_OF_LIFE, HYPERVISOR_ENDS_SOON
)

SUPPORT_UNKNOWN: Final = frozenset(k.code for k in (OS_UNKNOWN, VERSION_UNKNOWN, NOT_IN_DATA))
"""Codes that say that the support of an asset's products cannot be judged."""
