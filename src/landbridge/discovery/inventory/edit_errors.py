"""Errors of edits by hand."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class AttributeNotEditable(LandbridgeError):
    """Edits set attributes of the data dictionary. What an asset is recognised by, its type, what
    other pages decide (applications, dependencies) and columns without a canonical name are not
    set by hand. Nothing was changed.
    """

    code = "ATTRIBUTE_NOT_EDITABLE"
    title = "This attribute is not set by hand"
    status = 422
    message = "'{attribute}' is not an attribute that can be set by hand."
    remedy = "Choose one of: {attributes}."


class ValueDoesNotFit(LandbridgeError):
    """A value set by hand is read as a cell of an import is. This one is no value of the
    attribute: it is of another type, beyond its bounds, or not one of the allowed words. Nothing
    was changed.
    """

    code = "VALUE_DOES_NOT_FIT"
    title = "The value does not fit the attribute"
    status = 422
    message = "'{value}' is no value of {attribute}."
    remedy = "Give {allowed}; to remove the value, clear the attribute."


class NothingSelected(LandbridgeError):
    """An edit needs attributes to set, and either assets by id or filters of the inventory;
    empty filters mean all assets. Nothing was changed.
    """

    code = "NOTHING_SELECTED"
    title = "Nothing is selected"
    status = 422
    message = "Nothing is changed: {why}."
    remedy = "Select assets (by id, or by filters, but not by both) and at least one attribute."


class TooManySelected(LandbridgeError):
    """One edit is one transaction, so the number of assets in it is bounded. Nothing was
    changed.
    """

    code = "TOO_MANY_SELECTED"
    title = "Too many assets for one edit"
    status = 422
    message = "{selected} assets are selected; one edit takes at most {limit}."
    remedy = "Narrow the filters, and make several edits."


class SelectionChanged(LandbridgeError):
    """The edit said how many assets the preview had counted, and meanwhile an import or another
    person changed what the filters leave. Nothing was changed.
    """

    code = "SELECTION_CHANGED"
    title = "Other assets are selected now"
    status = 409
    category = Category.CONFLICT
    message = "{selected} assets are selected now; the preview counted {expected}."
    remedy = "Look at the preview again, and confirm it then."


class EditAlreadyUndone(LandbridgeError):
    """Somebody took this edit back already."""

    code = "EDIT_ALREADY_UNDONE"
    title = "The edit was taken back already"
    status = 409
    category = Category.CONFLICT
    message = "This edit was taken back already."
    remedy = "Nothing needs to be done. To make it again, edit the assets again."
