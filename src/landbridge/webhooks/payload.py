"""What a message says: references and links, never a client's values."""

from __future__ import annotations

from typing import Any

from landbridge.flows.models import Flow, FlowEvent
from landbridge.kit import jsonio
from landbridge.webhooks.models import Delivery


def of_event(delivery: Delivery, flow: Flow, event: FlowEvent, base_url: str) -> bytes:
    """The body for an event of a flow; the same each time it is sent.

    Args:
        delivery: whose id is the message's id.
        flow: the flow.
        event: what happened.
        base_url: where the links lead.
    """
    place = f"{flow.client_account_id}/engagements/{flow.engagement_id}/flows/{flow.id}"
    api = f"{base_url}/api/v1/client-accounts/{place}"
    data: dict[str, Any] = {
        "client_account_id": flow.client_account_id,
        "engagement_id": flow.engagement_id,
        "flow_id": flow.id,
        "flow_type": flow.flow_type,
        "status": delivery.flow_status,
        "seq": event.seq,
        "phase": event.phase,
        "error_code": event.data.get("code"),
        "trace_id": event.trace_id or flow.trace_id,
        "links": {
            "flow": f"{base_url}/accounts/{place}",
            "api": api,
            "events": f"{api}/events",
        },
    }
    return _body(delivery, event.at, data)


def without_flow(delivery: Delivery) -> bytes:
    """The body of a message about webhooks themselves."""
    data = {"client_account_id": delivery.client_account_id, **delivery.data}
    return _body(delivery, delivery.created_at, data)


def _body(delivery: Delivery, at: Any, data: dict[str, Any]) -> bytes:
    message = {"id": delivery.id, "type": delivery.kind, "timestamp": at, "data": data}
    return jsonio.dumps(message).encode()
