"""A real server on the loopback interface, as people and programs reach it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from landbridge.api.wire import Wire
from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.types import FlowTypes
from landbridge.kit.settings import Settings
from landbridge.web.app import create_app
from tests.support.server import run_directory


@contextmanager
def serving(
    databases: Databases, settings: Settings | None = None, types: FlowTypes | None = None
) -> Iterator[str]:
    """Serve the application on a free port; yields its base URL."""
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types or FlowTypes())
    app = create_app(
        databases, orchestrator, settings or Settings(data_dir=run_directory() / "served")
    )
    with serving_app(app) as url:
        yield url


@contextmanager
def serving_app(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port; yields its base URL."""
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio sends at once on such alone
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=Wire, log_config=None, server_header=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    try:
        while not server.started:
            thread.join(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
