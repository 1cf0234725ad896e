"""The record: one source row after mapping and cleansing, as the later phases read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """One row of an imported table, in the vocabulary of Discovery.

    Attributes:
        row_number: the row's number in its table, as a reader of the file counts it.
        values: attribute → cleansed value, typed as `vocabulary.Kind` says. An operating
            system text also gives `os_edition` and `os_build`; attributes without a usable
            value are absent, never empty.
        custom: column → text as found, for columns kept as custom attributes, for values no
            rule could use, and for columns that lost to another column of the same attribute.
        also: attribute → further cleansed values, of the columns that lost. A VM's instance
            UUID and its BIOS UUID both name it.
    """

    row_number: int
    values: dict[str, Any]
    custom: dict[str, str]
    also: dict[str, list[Any]] = field(default_factory=dict)
