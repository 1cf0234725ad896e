"""What this process counts about itself, for operators: never ids, never a client's values.

Nothing is counted, and nothing is loaded for it, before `start`: commands that serve nobody stay
light. A server and the worker beside it count in one directory of memory-mapped files, so that one
address tells of both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram
    from prometheus_client.registry import Collector

DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG_SECONDS: Final = (0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)


class Meters:
    """The meters of a process.

    Attributes:
        requests: HTTP requests by route template, method and status; seconds until the answer
            had been sent, or begun for streams of events.
        under_way: requests that are being answered.
        errors: failures by code, category and where they were met: `http` or `flow`.
        flows: flows that came into a status.
        phases: attempts at phases that ended, by outcome; seconds they took.
        webhooks: attempts at webhooks' deliveries, by outcome.
        connections: database connections in use, by pool.
        most_connections: how many a pool may have.
        checkpointed: when the audit logs were last gone through and signed, in Unix time.
        slow: statements that took longer than the threshold, by pool.
        circuits: how often the circuit of an outside service opened.
    """

    requests: Histogram
    under_way: Gauge
    errors: Counter
    flows: Counter
    phases: Histogram
    webhooks: Counter
    connections: Gauge
    most_connections: Gauge
    checkpointed: Gauge
    slow: Counter
    circuits: Counter

    def __init__(self) -> None:
        from prometheus_client import (
            REGISTRY,
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            disable_created_metrics,
        )

        untyped: Any = disable_created_metrics
        untyped()
        self.process: Collector = REGISTRY
        self.registry = registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"landbridge_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, mode: Any, *labels: str) -> Gauge:
            return Gauge(
                f"landbridge_{name}", text, labels, registry=registry, multiprocess_mode=mode
            )

        self.requests = Histogram(
            "landbridge_http_request_seconds",
            "Seconds until an HTTP request was answered.",
            ("method", "route", "status"),
            registry=registry,
            buckets=SECONDS,
        )
        self.under_way = gauge(
            "http_requests_under_way", "HTTP requests being answered.", "livesum"
        )
        self.errors = counter(
            "errors", "Failures by code of the catalogue.", "code", "category", "source"
        )
        self.flows = counter(
            "flow_changes", "Flows that came into a status.", "flow_type", "status"
        )
        self.phases = Histogram(
            "landbridge_phase_seconds",
            "Seconds that attempts at phases took.",
            ("flow_type", "phase", "outcome"),
            registry=registry,
            buckets=LONG_SECONDS,
        )
        self.webhooks = counter("webhook_attempts", "Attempts to send a webhook.", "outcome")
        self.connections = gauge(
            "database_connections", "Database connections in use.", "livesum", "pool"
        )
        self.most_connections = gauge(
            "database_connections_limit", "Connections that a pool may have.", "livesum", "pool"
        )
        self.checkpointed = gauge(
            "audit_checkpoint_timestamp_seconds",
            "When the audit logs were last gone through and signed.",
            "max",
        )
        self.slow = counter("database_slow_statements", "Statements over the threshold.", "pool")
        self.circuits = counter(
            "circuit_openings", "How often the circuit of an outside service opened.", "provider"
        )


Hear = Callable[[str, float, Mapping[str, str]], None]
_meters: Meters | None = None
_hear: Hear | None = None


def start(directory: Path | None = None) -> Meters:
    """Begin to count; a second call changes nothing.

    Args:
        directory: where the processes of one server count together; processes that it starts find
            it in their environment. Without one, and with none in the environment, this process
            counts alone.
    """
    global _meters  # noqa: PLW0603 - a process counts in one place
    if _meters is None:
        if directory is not None:
            os.environ[DIRECTORY] = str(directory)
        _meters = Meters()
    return _meters


def meters() -> Meters | None:
    """The meters of this process; None while nothing is counted."""
    return _meters


def shared_directory() -> str | None:
    """Where the processes of this server count together, if they do."""
    return os.environ.get(DIRECTORY)


def also_tell(hear: Hear) -> None:
    """Tell what is counted to somebody else, too."""
    global _hear  # noqa: PLW0603 - a process counts in one place
    _hear = hear


def _tell(name: str, value: float, labels: Mapping[str, str]) -> None:
    if _hear is not None:
        _hear(name, value, labels)


def count_error(code: str, category: str, source: str) -> None:
    """Count a failure."""
    _tell("errors", 1, {"code": code, "category": category, "source": source})
    if _meters is not None:
        _meters.errors.labels(code, category, source).inc()


def count_flow(flow_type: str, status: str) -> None:
    """Count a flow that came into a status."""
    _tell("flow_changes", 1, {"flow_type": flow_type, "status": status})
    if _meters is not None:
        _meters.flows.labels(flow_type, status).inc()


def time_phase(flow_type: str, phase: str, outcome: str, seconds: float) -> None:
    """Count an attempt at a phase that ended."""
    _tell("phase", seconds, {"flow_type": flow_type, "phase": phase, "outcome": outcome})
    if _meters is not None:
        _meters.phases.labels(flow_type, phase, outcome).observe(seconds)


def count_webhook(outcome: str) -> None:
    """Count an attempt at a webhook's delivery."""
    _tell("webhook_attempts", 1, {"outcome": outcome})
    if _meters is not None:
        _meters.webhooks.labels(outcome).inc()


def audit_signed() -> None:
    """Note that the audit logs were gone through now, and that all that is sound is signed."""
    if _meters is not None:
        _meters.checkpointed.set_to_current_time()


def forget_process(pid: int) -> None:
    """Drop what a process that has ended said of its present; what it counted stays."""
    directory = shared_directory()
    if _meters is not None and directory is not None:
        from prometheus_client.multiprocess import mark_process_dead

        untyped: Any = mark_process_dead
        untyped(pid, directory)
