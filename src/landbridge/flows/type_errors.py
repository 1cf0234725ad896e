"""What can go wrong with a flow type that a package brings."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class FlowTypeNotLoaded(LandbridgeError):
    """An installed package registers a flow type by the entry point group
    `landbridge.flow_types`, but loading it failed. Everything else goes on working; flows of
    this type can be looked at, cancelled and retried, and neither started nor continued.
    """

    code = "FLOW_TYPE_NOT_LOADED"
    title = "A flow type cannot be loaded"
    status = 503
    category = Category.DEPENDENCY
    message = "The flow type {flow_type} of the package {package} cannot be loaded: {reason}."
    remedy = (
        "Ask your operator to correct or reinstall the package {package} where the server and "
        "the workers run, and to restart them; then retry the flow."
    )


class FlowTypeNameTaken(LandbridgeError):
    """A name may stand for one flow type only. Where several installed packages register the
    same name, none of them is used, because a flow must never change its code by the order in
    which packages were found. The names of Landbridge's own flow types are never given away.
    """

    code = "FLOW_TYPE_NAME_TAKEN"
    title = "Two packages bring a flow type of the same name"
    status = 503
    category = Category.DEPENDENCY
    message = "The flow type {flow_type} of the package {package} is also registered by {other}."
    remedy = "Ask your operator to uninstall all but one of the packages, and to restart."
