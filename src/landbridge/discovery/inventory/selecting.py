"""Which assets an edit is about: some by id, or all that filters of the inventory leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.edit_errors import NothingSelected, TooManySelected
from landbridge.discovery.inventory.queries import ASSETS

MOST: Final = 100_000
"""Assets of one edit."""
MOST_BY_ID: Final = 10_000
"""Assets that are named one by one."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Assets, by exactly one of both.

    Attributes:
        ids: these; those that the engagement does not have are left out.
        filters: filter of the inventory → value; empty for all assets.
    """

    ids: Sequence[UUID] | None = None
    filters: Mapping[str, str] | None = None

    def require(self) -> None:
        """Refuse a selection that says nothing, both, or what no list knows.

        Raises:
            NothingSelected: it does.
        """
        if (self.filters is None) == (not self.ids):
            raise NothingSelected(why="assets are selected by ids or by filters")
        unknown = sorted(set(self.filters or ()) - ASSETS.filters.keys())
        if unknown:
            raise NothingSelected(why=f"the inventory has no filter '{unknown[0]}'")

    def described(self) -> dict[str, Any]:
        """What the history and the audit log say of it."""
        if self.filters is None:
            return {"by": "ids", "assets": len(set(self.ids or ()))}
        return {"by": "filters", "filters": {k: v for k, v in self.filters.items() if v}}

    def assets(self, session: TenantSession, engagement_id: UUID) -> list[UUID]:
        """The ids of the assets, in order.

        Raises:
            NothingSelected: it says nothing, or both.
            TooManySelected: there are more than MOST.
        """
        self.require()
        if self.filters is None:
            named = list(dict.fromkeys(self.ids or ()))
            if len(named) > MOST_BY_ID:
                raise TooManySelected(selected=len(named), limit=MOST_BY_ID)
            return ASSETS.ids(session, engagement_id, Wanted(), among=named)
        wanted = Wanted(self.filters)
        found = ASSETS.ids(session, engagement_id, wanted, most=MOST + 1)
        if len(found) > MOST:
            total = ASSETS.total(session, engagement_id, wanted)
            raise TooManySelected(selected=total, limit=MOST)
        return found
