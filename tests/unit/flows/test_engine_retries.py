"""The engine does not try again by itself what we ask of it: its callers decide."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from dbos import _sys_db

from landbridge.errors.foreign import translated
from landbridge.flows.engine import FlowClient

ASKED: dict[str, Callable[[FlowClient], Any]] = {
    "with_jobs": lambda client: client.with_jobs([uuid4()]),
    "take_over": lambda client: client.take_over([]),
    "forget": lambda client: client.forget(timedelta(hours=1)),
    "unheard": lambda client: client.unheard("x"),
    "put_back": lambda client: client.put_back({"a": "work"}),
    "older_jobs": lambda client: client.older_jobs(),
    "cancel": lambda client: client.cancel(["a"]),
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FlowClient:
    def sleeping(_: float) -> None:
        raise AssertionError("the engine waits to try again")

    monkeypatch.setattr(_sys_db, "time", SimpleNamespace(time=lambda: 0.0, sleep=sleeping))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    engine = sa.create_engine(f"postgresql+psycopg://a:b@127.0.0.1:{port}/x")
    return FlowClient(SimpleNamespace(engine=engine))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ASKED)
def test_a_lost_connection_is_raised_at_once(name: str, client: FlowClient) -> None:
    with pytest.raises(sa.exc.OperationalError) as caught:
        ASKED[name](client)
    assert translated(caught.value).code == "DATABASE_UNAVAILABLE"
