"""A phase's place in the trace of the request that started its flow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.claims import Claim
from landbridge.kit.ids import new_id


@contextmanager
def phase_span(mine: Claim) -> Iterator[None]:
    """A span for the work of a phase, where traces are exported; a failure is told by its code."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, trace.ProxyTracerProvider):
        yield
        return
    remote = SpanContext(
        int(mine.trace_id, 16),
        (new_id().int & ((1 << 64) - 1)) | 1,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    with provider.get_tracer("landbridge").start_as_current_span(
        f"phase {mine.phase}",
        trace.set_span_in_context(NonRecordingSpan(remote)),
        SpanKind.CONSUMER,
        {
            "landbridge.flow.id": str(mine.flow_id),
            "landbridge.flow.type": mine.flow_type,
            "landbridge.phase": mine.phase,
            "landbridge.phase.attempt": mine.attempt,
        },
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            code = error.code if isinstance(error, LandbridgeError) else type(error).__name__
            span.set_status(StatusCode.ERROR, code)
            raise
