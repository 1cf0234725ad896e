"""Structured logging: static event names, identifiers as fields, one formatter."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from landbridge.kit.settings import settings
from landbridge.kit.tracing import current_trace_id


def _with_trace_id(_logger: Any, _name: str, event: structlog.typing.EventDict) -> Any:
    event.setdefault("trace_id", current_trace_id())
    return event


def configure_logging() -> None:
    """Send structlog and the standard library's records through one formatter to stderr."""
    chosen = settings()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace_id,
    ]
    as_json = chosen.log_format == "json"
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    steps: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        steps.append(structlog.processors.format_exc_info)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*steps, renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen.log_level)
