"""Data for a canary account, sent through the deployment's own API: files, and flows on them.

The data sets off every kind of result: two sources that disagree, relations, applications,
outdated systems, cells that cannot be read. Every name carries the account's taint.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import Any, Final

from landbridge.kit.ids import new_id
from landbridge.proving.canaries import Side
from landbridge.proving.errors import CanaryNotFilled
from landbridge.proving.lists import second_opinion, servers
from landbridge.proving.surface import BOUNDARY
from landbridge.proving.transport import Answer, Client, Request

FLOW_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.2
RESTING: Final = ("completed", "failed", "cancelled", "waiting")


def fill(client: Client, sides: Sequence[Side]) -> None:
    """Send files to every account and run two flows on them, one of which waits in the end. Ask
    for something that is not there, so that an error is on record.

    Raises:
        CanaryNotFilled: a request was refused, or a flow did not come to rest.
    """
    for side in sides:
        _send(client, side, "GET", f"flows/{new_id()}")
    for approve in ("auto", "ask"):
        started = []
        for side in sides:
            files = {f"servers-{side.taint}.csv": servers(side.taint),
                     f"list-{side.taint}.csv": second_opinion(side.taint)}  # fmt: skip
            sent = _must(client, side, "Sending files", "POST", "imports", files=files)
            body = {"import_id": sent["id"], "approve": approve}
            flow = _must(client, side, "Starting a flow", "POST", "flows", body=body)
            started.append((side, str(flow["id"])))
        for side, flow_id in started:
            _rest(client, side, flow_id)


def _rest(client: Client, side: Side, flow: str) -> None:
    pause = threading.Event()
    status = "nothing"
    for _ in range(int(FLOW_SECONDS / LOOK_SECONDS)):
        status = str(_must(client, side, "Looking at a flow", "GET", f"flows/{flow}")["status"])
        if status in RESTING:
            break
        pause.wait(LOOK_SECONDS)
    if status not in ("completed", "waiting"):
        raise CanaryNotFilled(step="A flow", found=f"the status '{status}'")


def settle(client: Client, sides: Sequence[Side]) -> None:
    """End the flows that wait, so that no worker looks for them when the accounts are gone."""
    for side in sides:
        answer = _send(client, side, "GET", "approvals")
        if answer.status != 200:
            continue
        for waiting in json.loads(answer.body)["items"]:
            decision = f"approvals/{waiting['approval']['id']}/reject"
            _send(client, side, "POST", decision, body={"reason": "The proof has ended."})


def _must(client: Client, side: Side, step: str, method: str, path: str, **more: Any) -> Any:
    answer = _send(client, side, method, path, **more)
    if answer.status not in (200, 201, 202):
        raise CanaryNotFilled(step=step, found=f"HTTP {answer.status}")
    return json.loads(answer.body)


def _send(
    client: Client,
    side: Side,
    method: str,
    path: str,
    body: Any = None,
    files: dict[str, bytes] | None = None,
) -> Answer:
    root = f"/api/v1/client-accounts/{side.account}/engagements/{side.engagement}/"
    headers = {**side.admin, "Accept": "application/json"}
    data = None
    if files is not None:
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        data = _form(files)
    elif body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    return client.send(Request(method, root + path, headers, data))


def _form(files: dict[str, bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: text/csv\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
