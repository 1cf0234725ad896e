"""The metrics of an installation in Prometheus' text form: what its processes count, and what the
database says of flows, queues and workers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.engine import queues
from landbridge.kit import metrics

log = structlog.get_logger(__name__)

CONTENT_TYPE: Final = "text/plain; version=1.0.0; charset=utf-8"

GAUGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "flows": ("Flows that have not ended, by status.", ("status",)),
    "workers": ("Workers whose lease runs.", ()),
    "worker_heartbeat_age_seconds": ("Since the sign of life of the worker silent longest.", ()),
    "webhook_queue": ("Webhook deliveries that are to be sent.", ()),
    "webhook_oldest_due_seconds": ("How long the oldest due webhook delivery is late.", ()),
    "audit_chains_unsigned": ("Audit logs with links that no checkpoint signs yet.", ()),
    "circuit_open": ("Whether the circuit of an outside service is open.", ("provider",)),
}
"""Gauges that the database function `app.gauges()` gives, with the names of their labels."""
QUEUES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "queue_jobs": ("Jobs of the engine that have not ended.", ("queue", "status")),
    "queue_oldest_seconds": ("How long the oldest job of a queue has waited.", ("queue",)),
}
"""Gauges that the engine gives."""
_GAUGES: Final = text("select name, labels, value from app.gauges()")
_REMEDIES: Final = text(
    "select finding, action, sum(times) from app_private.watchdog_counts group by 1, 2"
)


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Tells the state that all processes share. While the database is away it says so."""

    door: SessionDoor

    def collect(self) -> Iterator[Metric]:
        """Read at the moment of the question."""
        up = GaugeMetricFamily("landbridge_database_up", "Whether PostgreSQL answers.")
        try:
            found = list(self._read())
        except LandbridgeError as error:
            log.warning("metrics_without_database", code=error.code)
            found = []
            up.add_metric((), 0)
        else:
            up.add_metric((), 1)
        yield up
        yield from found

    def _read(self) -> Iterator[Metric]:
        families = {
            name: GaugeMetricFamily(f"landbridge_{name}", text, labels=labels)
            for name, (text, labels) in (GAUGES | QUEUES).items()
        }
        remedies = CounterMetricFamily(
            "landbridge_watchdog_remedies",
            "What the watchdog found and did.",
            labels=("finding", "action"),
        )
        with self.door.anonymous() as connection:
            for name, labels, value in connection.execute(_GAUGES):
                families[name].add_metric(labels, value)
            for finding, action, times in connection.execute(_REMEDIES):
                remedies.add_metric((finding, action), float(times))
        for queue, status, jobs, oldest in queues(self.door):
            families["queue_jobs"].add_metric((queue, status), jobs)
            if status == "enqueued":
                families["queue_oldest_seconds"].add_metric((queue,), oldest)
        yield from families.values()
        yield remedies


class Counted:
    """What this process, or all processes of this server, have counted."""

    def collect(self) -> Iterator[Metric]:
        """The meters; of all processes where they count together."""
        meters = metrics.start()
        directory = metrics.shared_directory()
        yield from meters.process.collect()
        if directory is not None:
            shared: Any = MultiProcessCollector
            yield from shared(None, path=directory).collect()
        else:
            yield from meters.registry.collect()


def exposition(door: SessionDoor | None) -> CollectorRegistry:
    """The registry to expose.

    Args:
        door: of the API; None for a process that only tells about itself.
    """
    registry: Any = CollectorRegistry(auto_describe=False)
    registry.register(Counted())
    if door is not None:
        registry.register(DatabaseState(door))
    made: CollectorRegistry = registry
    return made


def text_of(registry: CollectorRegistry) -> bytes:
    """The metrics as text."""
    return generate_latest(registry)
