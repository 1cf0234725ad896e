"""The state of a list, which is its address: filters, order and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from fastapi import Request

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.web.words import sentence, words

TEXT_LIMIT: Final = 200
PAGE_ROWS: Final = 50
SEVERITIES: Final = ("critical", "high", "error", "medium", "warning", "low", "info")
SELF_NAMED: Final = frozenset({"q", "os_name", "application", "code", "table"})
"""Filters whose values are shown as they are; the others are words of the vocabulary."""


def label(name: str, value: str) -> str:
    """How a filter's value reads."""
    if name in SELF_NAMED:
        return "Unknown" if value == "unknown" else value
    if name == "attribute":
        return "Possible duplicate" if value == "identity" else words(value)
    return sentence(value)


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value of a facet as the page shows it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in force, and the address without it."""

    label: str
    without: str


@dataclass(slots=True)
class ListView:
    """One list at one moment.

    Attributes:
        path: its address without the query.
        filters: filter name → value, those in force.
        sort: the order's key.
        descending: the order turned round.
        cursor: where this page continues.
        following: cursor of the next page, once known.
    """

    path: str
    filters: dict[str, str]
    sort: str
    descending: bool
    cursor: str | None
    default_sort: str
    following: str | None = None
    naming: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, listing: Listing, **naming: Callable[[str], str]) -> ListView:
        """The state that the address asks for; what a list does not know is ignored. `naming`
        says how the values of a filter read.
        """
        query = request.query_params
        filters = {
            name: query[name][:TEXT_LIMIT].strip() for name in listing.filters if query.get(name)
        }
        wanted = query.get("sort", "")
        sort = wanted if wanted in listing.sorts else listing.order
        return cls(
            request.url.path,
            {k: v for k, v in filters.items() if v},
            sort,
            query.get("order") == "desc",
            query.get("cursor") or None,
            listing.order,
            naming=naming,
        )

    @property
    def wanted(self) -> Wanted:
        """What to ask the list for."""
        return Wanted(self.filters, self.sort, self.descending, PAGE_ROWS, self.cursor)

    @property
    def after(self) -> bool:
        """Whether this is not the first page."""
        return self.cursor is not None

    def get(self, name: str) -> str:
        """The value of a filter in force, or nothing."""
        return self.filters.get(name, "")

    def toggled(self, name: str, value: str) -> str:
        """The address with this filter set, or taken back when it is."""
        others = {k: v for k, v in self.filters.items() if k != name}
        return self._url(others if self.get(name) == value else {**others, name: value})

    def sorted_by(self, key: str) -> str:
        """The address in this order, turned round when it is in force."""
        turned = key == self.sort and not self.descending
        return self._url(self.filters, sort=key, descending=turned)

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in force, each with a way back."""
        return [
            ActiveFilter(
                f"“{v}”" if k == "q" else f"{words(k)}: {self._name(k, v)}",
                self._url({n: w for n, w in self.filters.items() if n != k}),
            )
            for k, v in self.filters.items()
        ]

    @property
    def cleared(self) -> str:
        """The address without any filter."""
        return self._url({})

    @property
    def first(self) -> str:
        """The address of the first page."""
        return self._url(self.filters)

    @property
    def next(self) -> str | None:
        """The address of the next page, if there is one."""
        return self._url(self.filters, cursor=self.following) if self.following else None

    @property
    def query(self) -> str:
        """The filters as a query string, for exports."""
        return urlencode(self.filters)

    def facets(self, counts: Mapping[str, Sequence[FacetValue]]) -> dict[str, list[ShownValue]]:
        """The facets as the page shows them; one with a single value narrows nothing."""
        shown: dict[str, list[ShownValue]] = {}
        for name, values in counts.items():
            shown[name] = []
            if len(values) < 2 and not self.get(name):
                continue
            found = [ShownValue(v.value, self._name(name, v.value), v.count) for v in values]
            if name == "severity":
                found.sort(key=lambda v: SEVERITIES.index(v.value))
            shown[name] = found
        return shown

    def _name(self, name: str, value: str) -> str:
        return self.naming[name](value) if name in self.naming else label(name, value)

    def _url(
        self,
        filters: Mapping[str, str],
        *,
        sort: str | None = None,
        descending: bool | None = None,
        cursor: str | None = None,
    ) -> str:
        query = dict(filters)
        sort = sort or self.sort
        descending = self.descending if descending is None else descending
        if sort != self.default_sort:
            query["sort"] = sort
        if descending:
            query["order"] = "desc"
        if cursor:
            query["cursor"] = cursor
        return f"{self.path}?{urlencode(query)}" if query else self.path
