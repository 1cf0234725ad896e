"""Metrics of `serve` and `worker`: counted when somebody can ask for them, told at their port."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from landbridge.assembly.errors import MetricsNotInstalled
from landbridge.database.session import SessionDoor
from landbridge.kit import metrics
from landbridge.kit.ports import usable_port
from landbridge.kit.settings import Settings


@contextmanager
def counting(chosen: Settings, *, alone: bool = False) -> Iterator[None]:
    """Count what this process does, where its settings let anybody ask.

    Args:
        chosen: the settings.
        alone: of a worker without a server; a server shares its meters with its worker.

    Raises:
        MetricsNotInstalled: they are wanted, but the extra is not there.
    """
    if find_spec("prometheus_client") is None:
        if chosen.metrics_port is not None or chosen.metrics_token is not None:
            raise MetricsNotInstalled
        yield
        return
    wanted = chosen.metrics_port is not None or (chosen.metrics_token is not None and not alone)
    if metrics.shared_directory() is not None or (wanted and alone):
        metrics.start()
        yield
    elif wanted:
        with tempfile.TemporaryDirectory(prefix="landbridge-metrics-") as directory:
            metrics.start(Path(directory))
            yield
    else:
        yield


@contextmanager
def telling(chosen: Settings, door: SessionDoor | None) -> Iterator[None]:
    """Tell the metrics at their own address, until the block ends.

    Args:
        chosen: its port; without one nothing happens.
        door: of the API; None for a worker, which only tells about itself.

    Raises:
        PortInUse, AddressNotUsable: it cannot be listened on.
    """
    if chosen.metrics_port is None:
        yield
        return
    from prometheus_client import start_http_server

    from landbridge.assembly.exposition import exposition

    host, port = usable_port(chosen.metrics_host, chosen.metrics_port)
    server, thread = start_http_server(port, host, exposition(door))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
