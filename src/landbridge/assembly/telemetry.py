"""OpenTelemetry: traces and metrics to a collector, where the standard variables name one.

Off, and nothing of it loaded, without `OTEL_EXPORTER_OTLP_ENDPOINT` or its form for one signal.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import parse_qsl

from landbridge.assembly.errors import TelemetryNotInstalled
from landbridge.kit import metrics

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
QUERY: Final = "url.query"
PATH: Final = "url.path"
INVITATION: Final = "/invitations/"


def wanted(signal: str) -> bool:
    """Whether the environment asks for `TRACES` or `METRICS`."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if os.environ.get(f"OTEL_{signal}_EXPORTER", "otlp").strip().lower() != "otlp":
        return False
    return bool(os.environ.get(ENDPOINT) or os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))


@contextmanager
def exporting(role: str) -> Iterator[None]:
    """Export what this process does, until the block ends, where the environment asks for it.

    Args:
        role: `server` or `worker`; part of the service's name unless OTEL_SERVICE_NAME is set.

    Raises:
        TelemetryNotInstalled: it is asked for, but the extra is not there.
    """
    traces, numbers = wanted("TRACES"), wanted("METRICS")
    if not (traces or numbers):
        yield
        return
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter") is None:
        raise TelemetryNotInstalled
    from opentelemetry.sdk.resources import Resource

    named = {"service.version": version("landbridge")}
    if "OTEL_SERVICE_NAME" not in os.environ:
        named["service.name"] = f"landbridge-{role}"
    resource = Resource.create(named)
    with ExitStack() as ending:
        if traces:
            ending.callback(_trace(resource))
        if numbers:
            ending.callback(_measure(resource))
        yield


def _trace(resource: Any) -> Any:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=resource)
    provider.add_span_processor(discreet())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def _measure(resource: Any) -> Any:
    from opentelemetry import metrics as api
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    provider = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource)
    api.set_meter_provider(provider)
    meter = provider.get_meter("landbridge", version("landbridge"))
    phases = meter.create_histogram("landbridge.phase.duration", unit="s")
    counters = {
        name: meter.create_counter(f"landbridge.{name}")
        for name in ("errors", "flow_changes", "webhook_attempts")
    }

    def hear(name: str, value: float, labels: Mapping[str, str]) -> None:
        if name == "phase":
            phases.record(value, labels)
        else:
            counters[name].add(value, labels)

    metrics.also_tell(hear)
    return provider.shutdown


def discreet() -> Any:
    """A processor that takes secrets out of addresses: links that sign in carry them in the query,
    invitations in the path.
    """
    from opentelemetry.sdk.trace import SpanProcessor

    class Discreet(SpanProcessor):
        def on_start(self, span: Any, parent_context: Any = None) -> None:
            query = (span.attributes or {}).get(QUERY)
            if query:
                names = [name for name, _ in parse_qsl(str(query), keep_blank_values=True)]
                span.set_attribute(QUERY, "&".join(names))
            path = str((span.attributes or {}).get(PATH, ""))
            if path.startswith(INVITATION):
                span.set_attribute(PATH, INVITATION)

    return Discreet()
