"""What is no HTTP at all gets a problem, too."""

from __future__ import annotations

from typing import Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from landbridge.api.errors import MalformedRequest
from landbridge.api.frame import SECURITY_HEADERS
from landbridge.api.problems import MEDIA_TYPE
from landbridge.kit import jsonio
from landbridge.kit.tracing import new_trace_id

log = structlog.get_logger(__name__)

HEADERS: Final = {"Content-Type": MEDIA_TYPE, "Connection": "close", "Cache-Control": "no-store"}


class Wire(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; no request that it cannot read reaches the application."""

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be read, and hang up.

        Args:
            msg: what uvicorn would say.
        """
        trace_id = new_trace_id()
        log.info("request_unreadable", trace_id=trace_id)
        body = jsonio.dumps(MalformedRequest().problem(trace_id=trace_id)).encode()
        headers = {
            **HEADERS,
            **SECURITY_HEADERS,
            "X-Trace-Id": trace_id,
            "Content-Length": str(len(body)),
        }
        for event in (
            h11.Response(status_code=400, headers=list(headers.items())),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
