"""Why a mapping cannot be decided as asked."""

from __future__ import annotations

from landbridge.errors.catalogue import LandbridgeError


class UnknownAttribute(LandbridgeError):
    """A column can be mapped to a canonical attribute only; the attributes and what they mean
    are listed in the reference. A column that fits none is kept as a custom attribute.
    """

    code = "UNKNOWN_ATTRIBUTE"
    title = "There is no attribute of this name"
    status = 422
    message = "{attribute} is not a canonical attribute."
    remedy = "Choose one of the listed attributes, or keep the column as a custom attribute."


class MappingTargetIncomplete(LandbridgeError):
    """A decision names a target: an attribute (and which one), custom, or ignore."""

    code = "MAPPING_TARGET_INCOMPLETE"
    title = "The decision does not say what the column becomes"
    status = 422
    message = "The target {target} does not go with the attribute that was given."
    remedy = "Give an attribute with the target attribute, and none with custom or ignore."


class NotALabelledSet(LandbridgeError):
    """A file given for scoring is no labelled set: JSON with `source` and `columns`, each
    column with `name`, `samples` and `truth`.
    """

    code = "NOT_A_LABELLED_SET"
    title = "This file is not a labelled set of columns"
    status = 422
    message = "{name} does not have the shape of a labelled set: {reason}."
    remedy = "See 'landbridge mapping evaluate --help' for the shape, and correct the file."


class NoLabelledSets(LandbridgeError):
    """The directory given for scoring holds no JSON file that is a set. Files whose names begin
    with an underscore are not sets.
    """

    code = "NO_LABELLED_SETS"
    title = "There are no labelled sets here"
    status = 422
    message = "{directory} holds no labelled set."
    remedy = "Give the directory that holds the sets, one JSON file each."
