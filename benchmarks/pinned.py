"""Keeps the server processes of a comparison on one processor, and the client on another: else
the scheduler's luck with one of the two connections is measured, which is more than their
difference.
"""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import Engine, event


def together(*engines: Engine) -> bool:
    """Pin what these engines connect to from now on; False where that is not possible: a server on
    another machine, a single processor, or another operating system than Linux.
    """
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        return False
    if any(engine.url.host not in {"127.0.0.1", "localhost"} for engine in engines):
        return False
    client, server = sorted(os.sched_getaffinity(0))[:2]

    def pin(connection: Any, _record: object) -> None:
        os.sched_setaffinity(connection.info.backend_pid, {server})

    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", pin)
    os.sched_setaffinity(0, {client})
    return True
