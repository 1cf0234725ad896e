"""Trace ids: one id follows a request into its flow, its log lines and its errors."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

_trace_id: ContextVar[str | None] = ContextVar("landbridge_trace_id", default=None)


def new_trace_id() -> str:
    """A fresh W3C trace id: 32 lower-case hexadecimal digits."""
    return secrets.token_hex(16)


def current_trace_id() -> str:
    """The trace id of what is going on; a fresh one where nothing has set it."""
    return _trace_id.get() or new_trace_id()


def set_trace_id(trace_id: str) -> None:
    """Make `trace_id` the current one in this context."""
    _trace_id.set(trace_id)
