"""What pydantic-ai and the SDKs beneath it raise, as catalogued errors."""

from __future__ import annotations

from typing import Any, Final

from landbridge.errors import service_errors as service
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import InternalError
from landbridge.errors.foreign import BY_STATUS, WAIT_SECONDS, translated

_MODULE: Final = "pydantic_ai.exceptions"
_BY_NAME: Final[dict[str, type[LandbridgeError]]] = {
    "ContentFilterError": service.ModelRefused,
    "ModelTimeoutError": service.ServiceTimedOut,
    "ModelRequestTimeout": service.ServiceTimedOut,
    "RunTimedOut": service.ServiceTimedOut,
    "UsageLimitExceeded": service.ServiceAnswerMalformed,
    "UnexpectedModelBehavior": service.ServiceAnswerMalformed,
}
_LONGEST_WAIT: Final = 3600


def refused(error: BaseException, provider: str) -> LandbridgeError:
    """The catalogued error that stands for what a question to a provider raised."""
    if isinstance(error, LandbridgeError):
        return error
    known = _by_status(error, provider) or _by_name(error, provider) or _below(error, provider)
    known.__cause__ = known.__cause__ or error
    return known


def _by_status(error: Any, provider: str) -> LandbridgeError | None:
    status = getattr(error, "status_code", None)
    if type(error).__module__ != _MODULE or not isinstance(status, int):
        return None
    kind = BY_STATUS.get(status)
    if kind is service.ServiceOverloaded:
        wish = getattr(error, "retry_after", None)
        wait = WAIT_SECONDS if wish is None else max(0, min(round(wish), _LONGEST_WAIT))
        return kind(service=provider, retry_after=wait)
    if kind is not None:
        return kind(service=provider)
    if status >= 500:
        return service.ServiceFailed(service=provider)
    return service.ServiceRequestRefused(service=provider, answer=status)


def _by_name(error: BaseException, provider: str) -> LandbridgeError | None:
    for kind in type(error).__mro__:
        known = _BY_NAME.get(kind.__name__) if kind.__module__ == _MODULE else None
        if known is not None:
            return known(service=provider)
    return None


def _below(error: BaseException, provider: str) -> LandbridgeError:
    """What was raised furthest beneath it and has a name: that is nearest to the cause."""
    found: LandbridgeError = InternalError.caused_by(error)
    beneath: BaseException | None = error
    while beneath is not None:
        known = translated(beneath)
        found = found if isinstance(known, InternalError) else known
        beneath = beneath.__cause__ or beneath.__context__
    if isinstance(found, service.DataUnreadable):
        return service.ServiceAnswerMalformed(service=provider)
    return type(found)(service=provider) if set(found.fields) == {"service"} else found
