"""Traces and metrics reach a collector when the standard variables name one."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from landbridge.assembly import telemetry
from landbridge.assembly.errors import TelemetryNotInstalled
from landbridge.errors.common import NotFound
from landbridge.flows import spans
from landbridge.kit.ids import new_id
from tests.integration.cli.test_waiting import ended, free_port, until
from tests.support.command import command_for

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def collector():
    """A collector that keeps what it is sent, by path."""
    got: dict[str, list[bytes]] = {"/v1/traces": [], "/v1/metrics": []}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got[self.path].append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        got["url"] = f"http://127.0.0.1:{server.server_port}"
        yield got
        server.shutdown()


def test_a_server_sends_the_spans_of_its_requests_and_no_values_of_queries(
    databases, tmp_path, collector
):
    command = command_for(databases, tmp_path)
    port = free_port()
    command.environment.update(
        OTEL_EXPORTER_OTLP_ENDPOINT=collector["url"],
        OTEL_EXPORTER_OTLP_COMPRESSION="none",
        OTEL_BSP_SCHEDULE_DELAY="200",
        OTEL_METRIC_EXPORT_INTERVAL="500",
    )
    process = command.start("serve", "--no-worker", "--port", str(port))
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: httpx.get(url + "/readyz").status_code == 200)
        headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        answer = httpx.get(url + "/sign-in?token=CANARY", headers=headers)
        httpx.get(url + "/invitations/CANARY", headers=headers)
        assert answer.headers["x-trace-id"] == TRACE
        until(lambda: any(TRACE in span_ids(body) for body in collector["/v1/traces"]))
        until(lambda: collector["/v1/metrics"])
    finally:
        ended(process)
    sent = b"".join(collector["/v1/traces"])
    assert b"CANARY" not in sent
    assert b"landbridge-server" in sent
    names = {
        metric.name
        for body in collector["/v1/metrics"]
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert "http.server.request.duration" in names


def test_a_phase_is_in_the_trace_of_its_flow_and_fails_by_its_code(monkeypatch):
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(spans.trace, "get_tracer_provider", lambda: provider)
    mine = SimpleNamespace(
        trace_id=TRACE, flow_id=new_id(), flow_type="toy", phase="one", attempt=2
    )
    with suppress(NotFound), spans.phase_span(mine):
        raise NotFound
    (span,) = kept.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == TRACE
    assert (span.name, span.status.description) == ("phase one", "NOT_FOUND")
    assert span.attributes["landbridge.phase.attempt"] == 2
    assert not span.events


def span_ids(body):
    return {
        span.trace_id.hex()
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }


def test_nothing_is_loaded_without_the_variables(monkeypatch):
    monkeypatch.delenv(telemetry.ENDPOINT, raising=False)
    before = trace.get_tracer_provider()
    with telemetry.exporting("server"):
        assert trace.get_tracer_provider() is before
    monkeypatch.setenv(telemetry.ENDPOINT, "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert not telemetry.wanted("TRACES")
    monkeypatch.delenv("OTEL_SDK_DISABLED")
    monkeypatch.setattr(telemetry, "find_spec", lambda name: None)
    with pytest.raises(TelemetryNotInstalled), telemetry.exporting("server"):
        pass
