"""The process in which a proof's own server and worker run: `python -m` with the directory of
its database. It prints its address when it answers, and ends when its standard input does, as
it does when the proof is killed.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn

from landbridge.assembly.platform import assemble
from landbridge.cli.context import migrate_engine
from landbridge.cli.prove_scratch import scratch_settings
from landbridge.database.engine import connect
from landbridge.kit.logging import configure_logging
from landbridge.web.app import create_app
from landbridge.worker.runtime import running_worker

LOOPBACK: Final = "127.0.0.1"
LOOK_SECONDS: Final = 0.02


def main(directory: Path) -> None:
    """Serve until standard input ends."""
    configure_logging()
    chosen = scratch_settings(directory)
    databases = connect(chosen, migrate_engine=migrate_engine)
    platform = assemble(databases)
    app = create_app(databases, platform.orchestrator, chosen)
    with _serving(app) as url, running_worker(databases.worker, platform.types, chosen):
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    databases.close()


@contextmanager
def _serving(app: object) -> Iterator[str]:
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio sends at once on such alone
    listener.bind((LOOPBACK, 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)  # type: ignore[arg-type] # any ASGI application
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(LOOK_SECONDS)
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
