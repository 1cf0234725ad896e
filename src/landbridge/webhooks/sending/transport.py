"""One request, and the many ways in which it can end."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final

import httpcore2

from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.clock import now
from landbridge.webhooks.addresses import Network
from landbridge.webhooks.retries import retry_after
from landbridge.webhooks.sending.errors import (
    WebhookAnswerMalformed,
    WebhookGone,
    WebhookNotAccepted,
    WebhookRedirected,
    WebhookTimedOut,
    WebhookTlsFailed,
    WebhookUnreachable,
)
from landbridge.webhooks.sending.guard import GuardedBackend
from landbridge.webhooks.targets import Target

CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 15.0
KEPT_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    Attributes:
        status_code: of the answer, if there was one.
        response: the beginning of its body.
        error: why the message was not delivered; None when it was.
        wish: the pause the receiver asks for.
    """

    status_code: int | None = None
    response: str | None = None
    error: LandbridgeError | None = None
    wish: timedelta | None = None


async def send(
    target: Target,
    headers: list[tuple[str, str]],
    body: bytes,
    allowed: Sequence[Network],
    tls: ssl.SSLContext,
) -> Outcome:
    """Post a message; every way it can end is an outcome.

    Args:
        target: where to.
        headers: of the message, beside those of HTTP itself.
        body: JSON.
        allowed: networks that the operator allows.
        tls: which certificates are trusted.
    """
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return await _post(target, headers, body, allowed, tls)
    except TimeoutError:
        return Outcome(error=WebhookTimedOut(host=target.host, seconds=TOTAL_SECONDS))
    except LandbridgeError as error:
        return Outcome(error=error)
    except httpcore2.TimeoutException:
        return Outcome(error=WebhookTimedOut(host=target.host, seconds=CONNECT_SECONDS))
    except (httpcore2.NetworkError, ssl.SSLError) as error:
        return Outcome(error=_broken(target.host, error))
    except httpcore2.ProtocolError:
        return Outcome(error=WebhookAnswerMalformed(host=target.host))


async def _post(
    target: Target,
    headers: list[tuple[str, str]],
    body: bytes,
    allowed: Sequence[Network],
    tls: ssl.SSLContext,
) -> Outcome:
    sent = [
        ("Host", target.authority),
        ("User-Agent", f"Landbridge/{version('landbridge')}"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *headers,
    ]
    url = httpcore2.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )
    waits = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS}
    backend = GuardedBackend(target, allowed)
    async with (
        httpcore2.AsyncConnectionPool(ssl_context=tls, network_backend=backend) as pool,
        pool.stream(
            "POST", url, headers=sent, content=body, extensions={"timeout": waits}
        ) as answer,
    ):
        wish = retry_after(_header(answer, b"retry-after"), now())
        error = _judge(target.host, answer.status)
        return Outcome(answer.status, await _beginning(answer), error, wish)


def _judge(host: str, status: int) -> LandbridgeError | None:
    if 200 <= status < 300:
        return None
    if status == 410:
        return WebhookGone(host=host)
    if 300 <= status < 400:
        return WebhookRedirected(host=host, answer=status)
    return WebhookNotAccepted(host=host, answer=status)


async def _beginning(answer: httpcore2.Response) -> str:
    """As much of the body as is kept. It is a stranger's text: control characters go."""
    found = b""
    async with aclosing(answer.aiter_stream()) as chunks:
        async for chunk in chunks:
            found += chunk
            if len(found) >= KEPT_BYTES:
                break
    text = found[:KEPT_BYTES].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def _header(answer: httpcore2.Response, name: bytes) -> str | None:
    return next((v.decode("latin-1") for k, v in answer.headers if k.lower() == name), None)


def _broken(host: str, error: BaseException) -> LandbridgeError:
    """The innermost reason of a connection that failed."""
    reason, cause = "broken off", error
    while not isinstance(cause, ssl.SSLError):
        inner = cause.__cause__ or cause.__context__
        if inner is None:
            break
        cause = inner
    if isinstance(cause, ssl.SSLCertVerificationError):
        return WebhookTlsFailed(host=host, reason=cause.verify_message)
    if isinstance(cause, ssl.SSLError):
        return WebhookTlsFailed(host=host, reason=(cause.reason or "no TLS").lower())
    if isinstance(cause, OSError) and cause.errno:
        reason = os.strerror(cause.errno).lower()
    return WebhookUnreachable(host=host, reason=reason)
