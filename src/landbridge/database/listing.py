"""Lists that people filter, sort and page through: one way to say it for every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from landbridge.kit.pagination import DEFAULT_LIMIT, InvalidCursor, Page, decode_cursor, page_of


class FacetValue(BaseModel):
    """One value of a facet, and how many rows have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of a list.

    Attributes:
        filters: filter name → wanted value; absent means any.
        sort: key of the order; empty for the list's own.
        descending: the order turned round.
        limit: rows of the page.
        cursor: where the page continues.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as SQL: where its rows come from, and what may be filtered and sorted.

    Every fragment is written here in code; values only ever travel as parameters.

    Attributes:
        columns: what is selected; must contain `id`.
        source: the FROM part, ending in a WHERE that scopes it to `:engagement_id`.
        filters: filter name → condition with the filter's value as `:name`.
        facets: facet name → expression whose values are counted.
        sorts: sort key → (expression, type to compare as); no expression is ever null.
        order: the sort key used when none is asked for.
    """

    columns: str
    source: str
    filters: Mapping[str, str]
    sorts: Mapping[str, tuple[str, str]]
    order: str
    facets: Mapping[str, str] = field(default_factory=dict)

    def page(
        self, session: Session, engagement_id: UUID | None, wanted: Wanted, **scope: Any
    ) -> Page[dict[str, Any]]:
        """The rows of one page as mappings; `scope` gives the source its other parameters.

        Raises:
            InvalidCursor: the cursor was made for another list or order.
        """
        key = wanted.sort if wanted.sort in self.sorts else self.order
        expression, kind = self.sorts[key]
        where, values = self._where(wanted.filters)
        direction, beyond = ("desc", "<") if wanted.descending else ("asc", ">")
        if wanted.cursor:
            at, last = self._position(wanted.cursor, kind)
            where += (
                f" and ({expression}, x.id) {beyond} (cast(:at as {kind}), cast(:last as uuid))"
            )
            values |= {"at": at, "last": last}
        statement = (
            f"select {self.columns}, {expression} as sort_value from {self.source}{where}"
            f" order by {expression} {direction}, x.id {direction} limit :limit"
        )
        values |= {"engagement_id": engagement_id, "limit": wanted.limit + 1, **scope}
        rows = [dict(r) for r in session.execute(text(statement), values).mappings()]
        return page_of(rows, wanted.limit, lambda r: (r["sort_value"], str(r["id"])))

    def ids(
        self,
        session: Session,
        engagement_id: UUID | None,
        wanted: Wanted,
        *,
        among: Sequence[UUID] | None = None,
        most: int | None = None,
    ) -> list[UUID]:
        """The ids that the filters leave, in their order: all, or those `among` these, or the
        first `most`.
        """
        where, values = self._where(wanted.filters)
        if among is not None:
            where, values = f"{where} and x.id = any(:among)", values | {"among": list(among)}
        statement = f"select x.id from {self.source}{where} order by x.id limit :most"
        values |= {"engagement_id": engagement_id, "most": most}
        return list(session.execute(text(statement), values).scalars())

    def total(self, session: Session, engagement_id: UUID, wanted: Wanted, **scope: Any) -> int:
        """How many rows the filters leave."""
        where, values = self._where(wanted.filters)
        statement = f"select count(*) from {self.source}{where}"
        found: int = session.execute(
            text(statement), values | {"engagement_id": engagement_id, **scope}
        ).scalar_one()
        return found

    def counts(
        self, session: Session, engagement_id: UUID, wanted: Wanted, **scope: Any
    ) -> dict[str, Sequence[FacetValue]]:
        """For every facet, its values under the other filters, most frequent first."""
        return {
            name: self._count(
                session, name, wanted.filters, {"engagement_id": engagement_id, **scope}
            )
            for name in self.facets
        }

    def _count(
        self, session: Session, name: str, filters: Mapping[str, str], scope: Mapping[str, Any]
    ) -> list[FacetValue]:
        others = {k: v for k, v in filters.items() if k != name}
        where, values = self._where(others)
        statement = (
            f"select {self.facets[name]} as value, count(*) as n from {self.source}{where}"
            f" group by 1 having {self.facets[name]} is not null order by 2 desc, 1 limit 12"
        )
        rows = session.execute(text(statement), {**values, **scope})
        return [FacetValue(value=str(r.value), count=r.n) for r in rows]

    def _where(self, filters: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        chosen = {k: v for k, v in filters.items() if k in self.filters and v != ""}
        where = "".join(f" and ({self.filters[name]})" for name in chosen)
        return where, {
            k: like(v) if f"like :{k}" in self.filters[k] else v for k, v in chosen.items()
        }

    @staticmethod
    def _position(cursor: str, kind: str) -> tuple[Any, str]:
        at, last = decode_cursor(cursor, 2)
        try:
            after = UUID(last)
        except (TypeError, ValueError, AttributeError):
            raise InvalidCursor from None
        if not _fits(at, kind):
            raise InvalidCursor
        return at, str(after)


def _fits(value: Any, kind: str) -> bool:
    """Whether a cursor's value can be compared as this type."""
    if kind == "timestamptz":
        try:
            return datetime.fromisoformat(value).tzinfo is not None
        except (TypeError, ValueError):
            return False
    if kind == "text":
        return isinstance(value, str)
    return isinstance(value, int) and abs(value) < 2**63


_ESCAPED: Final = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def like(text_to_find: str) -> str:
    """A LIKE pattern that finds the text anywhere, in lower case, its wildcards taken literally."""
    return f"%{text_to_find.lower().translate(_ESCAPED)}%"
