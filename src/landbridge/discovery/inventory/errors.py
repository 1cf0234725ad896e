"""Errors of the inventory."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class UnknownExportFormat(LandbridgeError):
    """The inventory and the report are written in a fixed list of file formats, and the one asked
    for is not among them. Nothing was written.
    """

    code = "UNKNOWN_EXPORT_FORMAT"
    title = "Nothing is exported in this format"
    status = 422
    message = "'{format}' is not a format of exports."
    remedy = "Ask for one of: {formats}."


class ExportNotInstalled(LandbridgeError):
    """Writing some formats needs a library that is an extra of the package, so that the core
    stays small. Nothing was written.
    """

    code = "EXPORT_NOT_INSTALLED"
    title = "The extra for this format is not installed"
    status = 501
    message = "{format} files need the package's extra '{extra}', which is not installed."
    remedy = "Install it with pip install 'landbridge[{extra}]', or export as CSV or NDJSON."


class NotAConflict(LandbridgeError):
    """A decision must choose a value for one attribute of one asset. Possible duplicates are
    decided by merging the assets or keeping both.
    """

    code = "DECISION_DOES_NOT_FIT"
    title = "The decision does not fit the conflict"
    status = 409
    category = Category.CONFLICT
    message = "This conflict about {attribute} cannot be decided in this way."
    remedy = "For an attribute, choose one of its values; for possible duplicates, keep both."


class ConflictChanged(LandbridgeError):
    """Somebody decided this conflict, or an import changed its candidates, after the page you
    decide on was loaded.
    """

    code = "CONFLICT_ALREADY_DECIDED"
    title = "The conflict has changed meanwhile"
    status = 409
    category = Category.CONFLICT
    message = "This conflict is not open any more."
    remedy = "Load it again, and decide on what it says now."


class ConflictNotDecided(LandbridgeError):
    """Only what a person decided can be taken back. This conflict still waits for a decision,
    or somebody took the decision back already.
    """

    code = "CONFLICT_NOT_DECIDED"
    title = "There is no decision to take back"
    status = 409
    category = Category.CONFLICT
    message = "This conflict is open."
    remedy = "Nothing needs to be done. Decide it, or load the list again."


class ImportNotApplied(LandbridgeError):
    """Undo takes back what an import changed in the inventory. This one changed nothing: its flow
    did not come that far, or it was undone already.
    """

    code = "IMPORT_NOT_APPLIED"
    title = "There is nothing to undo"
    status = 409
    category = Category.CONFLICT
    message = "This import has changed nothing in the inventory, or was undone already."
    remedy = "Nothing needs to be done. To use its files again, start a flow on the import."


class ImportNotNewest(LandbridgeError):
    """Undo brings back what stood in the inventory before the import. Imports after it built on
    what it brought, so they are undone first.
    """

    code = "IMPORT_NOT_NEWEST"
    title = "Other imports changed the inventory after this one"
    status = 409
    category = Category.CONFLICT
    message = "{newer} later imports changed the inventory after this one."
    remedy = "Undo the later imports first, the newest one before the others."


class ImportBusy(LandbridgeError):
    """A flow is still working with the rows of this import, or waits for somebody who decides."""

    code = "IMPORT_BUSY"
    title = "A flow works on this import"
    status = 409
    category = Category.CONFLICT
    message = "The flow {flow_id} on this import has not ended."
    remedy = "Wait until the flow has ended, or cancel it, and undo the import then."
