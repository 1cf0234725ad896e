"""What can keep a proof from being carried out."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class DeploymentUnreachable(LandbridgeError):
    """The deployment that was to be proved does not answer at the address given."""

    code = "DEPLOYMENT_UNREACHABLE"
    title = "The deployment does not answer"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "Nothing answers at {url}: {reason}."
    remedy = "Check the address and that 'landbridge serve' runs there, then run it again."


class CanaryNotFilled(LandbridgeError):
    """A proof fills its canary accounts through the API before it attacks them. That did not
    work, so nothing was proved: mostly no worker executes flows.
    """

    code = "CANARY_NOT_FILLED"
    title = "The canary accounts could not be filled"
    status = 503
    category = Category.DEPENDENCY
    message = "{step} gave {found}."
    remedy = "Check that 'landbridge worker' or 'landbridge serve' runs there, then run it again."
