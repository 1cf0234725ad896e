"""What the inventory can find wrong with a row. The row is always kept."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.issues import IssueKind, IssueSeverity, issue_kind

ROW_NAMES_NO_ASSET: Final[IssueKind] = issue_kind(
    "ROW_NAMES_NO_ASSET",
    IssueSeverity.ERROR,
    "The row names no asset",
    "A row must carry at least a host name, FQDN, serial number, UUID, MAC or IP address, or an "
    "id of its source. The row is kept as it was, but no asset could be made from it.",
    "Fill in a name or number in this row, or map the column that holds it, and import again.",
)
AMBIGUOUS_OWNER: Final[IssueKind] = issue_kind(
    "AMBIGUOUS_OWNER",
    IssueSeverity.WARNING,
    "Several assets have this name",
    "The row belongs to an asset that it names only by a name which several assets of the file "
    "share. It was not guessed which one is meant, and the row was attached to none.",
    "Add the UUID, id or host of the asset to this row, and import again.",
)
ROW_NAMES_NO_APPLICATION: Final[IssueKind] = issue_kind(
    "ROW_NAMES_NO_APPLICATION",
    IssueSeverity.ERROR,
    "The row names no application",
    "A row of an application list must carry the name of the application. The row is kept as it "
    "was, but no application could be made from it.",
    "Fill in the application's name in this row, or map the column that holds it.",
)
