"""What edits by hand answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel


class PreviewedValue(BaseModel):
    """What an edit would change about an asset."""

    asset_id: UUID
    asset: str
    attribute: str
    before: Any
    value: Any


class EditPreview(BaseModel):
    """What an edit would do.

    Attributes:
        selected: assets the selection leaves.
        changed: those of which a value would change.
        unchanged: those that have all the values already.
        values: attribute → value as it would be kept; null clears.
        by_attribute: attribute → number of assets of which it would change.
        sample: some of the changes, by name.
    """

    selected: int
    changed: int
    unchanged: int
    values: dict[str, Any]
    by_attribute: dict[str, int]
    sample: list[PreviewedValue]


class MadeEdit(BaseModel):
    """An edit that was made.

    Attributes:
        id: the edit; null where nothing had to be changed, and no edit was made.
        selected, changed, unchanged: as in the preview.
    """

    id: UUID | None
    selected: int
    changed: int
    unchanged: int


class UndoneEdit(BaseModel):
    """An edit that was taken back.

    Attributes:
        restored: assets of which a value is what it was without the edit.
        kept: values that had been changed again since, and stay.
    """

    id: UUID
    restored: int
    kept: int
