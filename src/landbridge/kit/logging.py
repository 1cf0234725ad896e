"""Structured logging: static event names, identifiers as fields, one formatter."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from landbridge.kit.frames import frames_of, type_of
from landbridge.kit.redaction import redact_event
from landbridge.kit.settings import settings
from landbridge.kit.tracing import current_trace_id


def with_trace_id(_logger: Any, _name: str, event: structlog.typing.EventDict) -> Any:
    """Give a record the trace id of what is going on, unless it has one."""
    event.setdefault("trace_id", current_trace_id())
    return event


def _frames_only(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace an exception by its type and frames: its text may hold a client's values."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        event["error_type"] = type_of(error)
        event["frames"] = frames_of(error)
    return event


def configure_logging() -> None:
    """Send structlog and the standard library's records through one formatter to stderr."""
    chosen = settings()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_trace_id,
        _frames_only,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    as_json = chosen.log_format == "json"
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact_event,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen.log_level)
