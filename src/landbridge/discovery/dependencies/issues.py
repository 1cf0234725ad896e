"""What dependency analysis can find wrong with a row. The row is always kept."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.issues import IssueKind, IssueSeverity, issue_kind

MISSING_END: Final[IssueKind] = issue_kind(
    "RELATION_WITHOUT_END",
    IssueSeverity.WARNING,
    "One end of the relation is missing",
    "A relation or connection needs a source and a target. This row names only one of them, so "
    "no dependency could be made from it.",
    "Fill in the missing name or address, and import again.",
)
AMBIGUOUS_END: Final[IssueKind] = issue_kind(
    "AMBIGUOUS_ENDPOINT",
    IssueSeverity.WARNING,
    "The name could mean several assets",
    "Several assets of the inventory have this name or address. It was not guessed which one is "
    "meant, and no dependency was made.",
    "Write the fully qualified name, or resolve the duplicates, and run the analysis again.",
)
UNKNOWN_END: Final[IssueKind] = issue_kind(
    "UNKNOWN_ENDPOINT",
    IssueSeverity.INFO,
    "The name or address is in no inventory",
    "No asset of the engagement has this name or address. It may be a user's computer, a system "
    "outside the scope, or one that is missing from the inventory. No asset was invented for it.",
    "If it belongs to the estate, import a list that contains it; its dependencies appear then.",
)
