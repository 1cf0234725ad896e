"""Foreign exceptions and what we call them: by type and by number, never by the message's text.

The nearest class of an exception's ancestry that stands in the table decides. Types are named,
not imported, so that nothing is loaded for the sake of its exceptions. What no row names is a
defect of ours.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from landbridge.errors import service_errors as service
from landbridge.errors import system_errors as system
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import InternalError

Translate = Callable[[BaseException], LandbridgeError | None]

SOME_SERVICE: Final = "An outside service"
WAIT_SECONDS: Final = 30
_NAMELESS: Final = frozenset({"builtins", "socket", "ssl", "subprocess", "httpx", "httpx2"})

BY_ERRNO: Final[dict[int, Callable[[], LandbridgeError]]] = {
    errno.ENOSPC: system.DiskFull,
    errno.EDQUOT: system.DiskFull,
    errno.EFBIG: system.DiskFull,
    errno.EACCES: system.FileAccessDenied,
    errno.EPERM: system.FileAccessDenied,
    errno.EROFS: system.FileAccessDenied,
    errno.EIO: system.StorageFailed,
    errno.ESTALE: system.StorageFailed,
    errno.EMFILE: system.TooManyOpenFiles,
    errno.ENFILE: system.TooManyOpenFiles,
    errno.ENOBUFS: system.TooManyOpenFiles,
    errno.ENOMEM: system.OutOfMemory,
    errno.EAGAIN: system.OutOfMemory,
    errno.ENETUNREACH: partial(service.ServiceUnreachable, service=SOME_SERVICE),
    errno.EHOSTUNREACH: partial(service.ServiceUnreachable, service=SOME_SERVICE),
    errno.ENETDOWN: partial(service.ServiceUnreachable, service=SOME_SERVICE),
    errno.EADDRNOTAVAIL: partial(service.ServiceUnreachable, service=SOME_SERVICE),
}
"""The operating system's number → what we call it. EAGAIN is what a new thread or process gets
where there is no memory for it.
"""

BY_STATUS: Final[dict[int, type[LandbridgeError]]] = {
    401: service.ServiceCredentialRefused,
    402: service.ServicePaymentRequired,
    403: service.ServiceCredentialRefused,
    408: service.ServiceTimedOut,
    425: service.ServiceOverloaded,
    429: service.ServiceOverloaded,
    503: service.ServiceOverloaded,
    504: service.ServiceTimedOut,
    524: service.ServiceTimedOut,
    529: service.ServiceOverloaded,
}
"""A service's HTTP status → what we call it; other statuses by their hundreds."""


def service_of(error: BaseException) -> str:
    """Which service an exception is about: the host that was asked, or the SDK's name."""
    foreign: Any = error
    try:
        host = foreign.request.url.host
    except (AttributeError, RuntimeError):
        host = None
    root = type(error).__module__.partition(".")[0]
    if isinstance(host, str) and host:
        return host
    return SOME_SERVICE if root in _NAMELESS else root


def _about(kind: type[LandbridgeError]) -> Translate:
    return lambda error: kind(service=service_of(error))


def _format(name: str) -> Translate:
    return lambda error: service.DataUnreadable(format=name)


def _by_errno(error: BaseException) -> LandbridgeError | None:
    number = getattr(error, "errno", None)
    kind = BY_ERRNO.get(number) if isinstance(number, int) else None
    return kind() if kind else None


def _by_status(error: BaseException) -> LandbridgeError | None:
    answer: Any = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(answer, "status_code", None)
    if not isinstance(status, int):
        return service.ServiceAnswerMalformed(service=service_of(error))
    name = service_of(error)
    kind = BY_STATUS.get(status)
    if kind is service.ServiceOverloaded:
        return kind(service=name, retry_after=_wait(answer))
    if kind is not None:
        return kind(service=name)
    if status >= 500:
        return service.ServiceFailed(service=name)
    return service.ServiceRequestRefused(service=name, answer=status)


def _wait(answer: Any) -> int:
    """The seconds that Retry-After asks for; a fixed wait where it says none."""
    wish = str(getattr(answer, "headers", {}).get("retry-after", ""))
    return min(int(wish), 3600) if wish.isdecimal() else WAIT_SECONDS


def _http(module: str) -> dict[str, Translate]:
    return {
        f"{module}.HTTPStatusError": _by_status,
        f"{module}.TimeoutException": _about(service.ServiceTimedOut),
        f"{module}.NetworkError": _about(service.ServiceUnreachable),
        f"{module}.ProxyError": _about(service.ServiceUnreachable),
        f"{module}.ProtocolError": _about(service.ServiceAnswerMalformed),
        f"{module}.SSEError": _about(service.ServiceAnswerMalformed),
        f"{module}.DecodingError": _about(service.ServiceAnswerMalformed),
        f"{module}.TooManyRedirects": _about(service.ServiceAnswerMalformed),
    }


def _model(module: str) -> dict[str, Translate]:
    return {
        f"{module}.APITimeoutError": _about(service.ServiceTimedOut),
        f"{module}.APIConnectionError": _about(service.ServiceUnreachable),
        f"{module}.APIStatusError": _by_status,
        f"{module}.APIResponseValidationError": _about(service.ServiceAnswerMalformed),
        f"{module}.APIError": _about(service.ServiceFailed),
    }


BY_TYPE: Final[dict[str, Translate]] = {
    "builtins.MemoryError": lambda _: system.OutOfMemory(),
    "builtins.OSError": _by_errno,
    "builtins.TimeoutError": _about(service.ServiceTimedOut),
    "builtins.ConnectionError": _about(service.ServiceUnreachable),
    "socket.gaierror": _about(service.ServiceUnreachable),
    "ssl.SSLCertVerificationError": _about(service.ServiceCertificateRefused),
    "ssl.SSLError": _about(service.ServiceUnreachable),
    "subprocess.TimeoutExpired": _about(service.ServiceTimedOut),
    "json.decoder.JSONDecodeError": _format("JSON"),
    "_csv.Error": _format("CSV"),
    "zipfile.BadZipFile": _format("ZIP"),
    "zipfile.LargeZipFile": _format("ZIP"),
    "openpyxl.utils.exceptions.InvalidFileException": _format("XLSX"),
    "python_calamine.CalamineError": _format("XLSX"),
    "orjson.JSONDecodeError": lambda _: InternalError(),  # only what we wrote is read with it
    **_http("httpx"),
    **_http("httpx2"),
    **_model("openai"),
    **_model("anthropic"),
    "openai.ContentFilterFinishReasonError": _about(service.ModelRefused),
    "openai.LengthFinishReasonError": _about(service.ServiceAnswerMalformed),
    "anthropic.CredentialsError": _about(service.ServiceCredentialRefused),
}
"""A class by its full name → what we call it."""


def also(rows: dict[str, Translate]) -> None:
    """Add the exceptions that a package of ours knows best; it does so when it is imported."""
    BY_TYPE.update(rows)


def translated(error: BaseException) -> LandbridgeError:
    """The catalogued error that stands for any exception, with it as its cause; `InternalError`
    where none does.
    """
    if isinstance(error, LandbridgeError):
        return error
    for kind in type(error).__mro__:
        translate = BY_TYPE.get(f"{kind.__module__}.{kind.__qualname__}")
        known = translate(error) if translate else None
        if known is not None:
            known.__cause__ = known.__cause__ or error
            return known
    return InternalError.caused_by(error)
