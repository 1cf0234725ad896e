"""Kinds of findings about the condition of an asset."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.techdebt.findings import finding_kind

SUPPORT_DATE_PASSED: Final = finding_kind(
    "SUPPORT_DATE_PASSED",
    "The warranty or support date has passed",
    "A source states an end of life, support or warranty for the asset itself, and that day has "
    "passed. High: more than three years ago. Medium: less.",
    "Check with the owner whether a new contract exists; move workloads off the hardware early.",
)
SUPPORT_DATE_NEAR: Final = finding_kind(
    "SUPPORT_DATE_NEAR",
    "The warranty or support date comes within 12 months",
    "A source states an end of life, support or warranty for the asset itself within the next "
    "12 months. Always low.",
    "Plan the move before that day, or prolong the contract.",
)
POWERED_OFF: Final = finding_kind(
    "POWERED_OFF",
    "The machine is switched off",
    "The source saw the machine powered off. Always info: it may be a candidate to retire.",
    "Ask the owner whether it is still needed before it is migrated.",
)
RETIRED_BUT_RUNNING: Final = finding_kind(
    "RETIRED_BUT_RUNNING",
    "Retired on paper, but running",
    "One source says that the asset is out of service, another that it is powered on. Always "
    "medium: somebody may depend on it.",
    "Find out who uses it, then correct its status or switch it off.",
)
CPU_OVERSIZED: Final = finding_kind(
    "CPU_OVERSIZED",
    "More processors than it uses",
    "A measured processor utilisation of at most 10 % on four or more cores. Reported only "
    "where the utilisation is known. Always low.",
    "Choose a smaller size for the target; confirm with peak values first.",
)
CPU_UNDERSIZED: Final = finding_kind(
    "CPU_UNDERSIZED",
    "Processors at their limit",
    "A measured processor utilisation of at least 90 %. Reported only where the utilisation is "
    "known. Always medium.",
    "Choose a larger size for the target.",
)
MEMORY_OVERSIZED: Final = finding_kind(
    "MEMORY_OVERSIZED",
    "More memory than it uses",
    "A measured memory utilisation of at most 20 % of 8 GiB or more. Reported only where the "
    "utilisation is known. Always low.",
    "Choose a smaller size for the target; confirm with peak values first.",
)
MEMORY_UNDERSIZED: Final = finding_kind(
    "MEMORY_UNDERSIZED",
    "Memory at its limit",
    "A measured memory utilisation of at least 95 %. Reported only where the utilisation is "
    "known. Always medium.",
    "Choose a larger size for the target.",
)
OWNER_MISSING: Final = finding_kind(
    "OWNER_MISSING",
    "A production asset without an owner",
    "The asset is in production, and no source names a business owner, a technical owner or a "
    "support group. Always low: nobody can approve its move. Where no asset of the engagement has "
    "an owner, this is said once, of the engagement.",
    "Find the owner and enter it on the asset, or import a source that has it.",
)
ENVIRONMENT_MISSING: Final = finding_kind(
    "ENVIRONMENT_UNKNOWN",
    "The environment is not known",
    "No source says whether the asset is in production, test or another environment. Waves "
    "cannot be ordered well without it. Where no asset of the engagement has one, this is said "
    "once, of the engagement.",
    "Enter the environment on the asset, or import a source that has it.",
    unknown=True,
)
