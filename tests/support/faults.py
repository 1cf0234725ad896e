"""Faults that a phase can meet, as the real thing where it can be had: what raises them, and the
code they have to end in.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
import python_calamine
import structlog
from pydantic import BaseModel
from sqlalchemy import text

from landbridge.flows.definitions import FlowDefinition, PhaseDefinition, RetryPolicy
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType, FlowTypes
from landbridge.kit.logging import with_trace_id

PROCESSORS = (structlog.contextvars.merge_contextvars, with_trace_id)
"""What a captured log needs to tell the trace ids."""

Cause = Callable[[PhaseContext], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """Attributes:
    cause: raises the foreign exception.
    code: what the flow has to say; None when the worker gets over it by itself.
    """

    name: str
    cause: Cause
    code: str | None


@contextmanager
def saying(answer: bytes | None) -> Iterator[str]:
    """A service that reads one request and says this; for None it never answers."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                if answer is None:
                    over.wait(10)
                else:
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            over.set()


def refusing() -> str:
    """The URL of a service that nobody runs."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}/"


def answer(status: int, body: bytes = b'{"error": {"message": "canary-body"}}') -> bytes:
    """An HTTP answer."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def told_of(trace_id: str, logged: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes that the log tells under this trace id."""
    return {e["code"] for e in logged if e.get("trace_id") == trace_id and "code" in e}


def _system(number: int) -> Cause:
    def cause(_: PhaseContext) -> None:
        raise OSError(number, os.strerror(number), "/srv/canary/path")

    return cause


def _full_disk(_: PhaseContext) -> None:
    with Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


def _sql(*statements: str) -> Cause:
    def cause(context: PhaseContext) -> None:
        for statement in statements:
            context.session.execute(text(statement))

    return cause


def _cut(context: PhaseContext) -> None:
    driver = context.session.connection().connection.driver_connection
    assert driver is not None
    with socket.socket(fileno=os.dup(driver.fileno())) as connection:
        connection.shutdown(socket.SHUT_RDWR)
    context.session.execute(text("select 1"))


def _server_says(sqlstate: str) -> Cause:
    return _sql(f"do $$ begin raise exception 'canary-sql' using errcode = '{sqlstate}'; end $$")


def _model(vendor: Callable[..., openai.OpenAI | anthropic.Anthropic], said: bytes | None) -> Cause:
    def cause(_: PhaseContext) -> None:
        with (
            saying(said) as url,
            vendor(base_url=url, api_key="canary-key", max_retries=0, timeout=0.3) as client,
        ):
            client.models.list()

    return cause


def _no_model(_: PhaseContext) -> None:
    with openai.OpenAI(base_url=refusing(), api_key="canary-key", max_retries=0) as client:
        client.models.list()


def _refusal(_: PhaseContext) -> None:
    raise openai.ContentFilterFinishReasonError


def _http(said: bytes | None) -> Cause:
    def cause(_: PhaseContext) -> None:
        with saying(said) as url:
            httpx2.get(url, timeout=0.3).raise_for_status().json()

    return cause


def _too_slow(context: PhaseContext) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        context.progress(0, 1)
        time.sleep(0.05)


def _bug(_: PhaseContext) -> None:
    {}["canary-key-of-a-client"]


PHASE_FAULTS = (
    Fault("disk full while writing", _full_disk, "DISK_FULL"),
    Fault("disk quota used up", _system(errno.EDQUOT), "DISK_FULL"),
    Fault("permission on a file taken away", _system(errno.EACCES), "FILE_ACCESS_DENIED"),
    Fault("disk mounted read-only", _system(errno.EROFS), "FILE_ACCESS_DENIED"),
    Fault("disk failing", _system(errno.EIO), "STORAGE_FAILED"),
    Fault("network share gone", _system(errno.ESTALE), "STORAGE_FAILED"),
    Fault("too many open files", _system(errno.EMFILE), "TOO_MANY_OPEN_FILES"),
    Fault("memory used up", lambda _: bytearray(1 << 60), "OUT_OF_MEMORY"),
    Fault("no memory for a thread", _system(errno.EAGAIN), "OUT_OF_MEMORY"),
    Fault("network down", _system(errno.ENETUNREACH), "SERVICE_UNREACHABLE"),
    Fault("name unknown to DNS", lambda _: socket.getaddrinfo("no.invalid", 1),
          "SERVICE_UNREACHABLE"),
    Fault("service away", lambda _: httpx2.get(refusing()), "SERVICE_UNREACHABLE"),
    Fault("service silent", _http(None), "SERVICE_TIMED_OUT"),
    Fault("service speaks no HTTP", _http(b"220 smtp\r\n"), "SERVICE_ANSWER_MALFORMED"),
    Fault("service breaks off", _http(answer(200)[:-9]), "SERVICE_ANSWER_MALFORMED"),
    Fault("service fails", _http(answer(500)), "SERVICE_FAILED"),
    Fault("service behind a dead proxy", _http(answer(502)), "SERVICE_FAILED"),
    Fault("service overloaded", _http(answer(503)), "SERVICE_OVERLOADED"),
    Fault("model: key expired", _model(openai.OpenAI, answer(401)), "SERVICE_CREDENTIAL_REFUSED"),
    Fault("model: no money left", _model(anthropic.Anthropic, answer(402)),
          "SERVICE_PAYMENT_REQUIRED"),
    Fault("model: may not be used", _model(anthropic.Anthropic, answer(403)),
          "SERVICE_CREDENTIAL_REFUSED"),
    Fault("model: name unknown", _model(openai.OpenAI, answer(404)), "SERVICE_REQUEST_REFUSED"),
    Fault("model: too many requests", _model(openai.OpenAI, answer(429)), "SERVICE_OVERLOADED"),
    Fault("model: overloaded", _model(anthropic.Anthropic, answer(529)), "SERVICE_OVERLOADED"),
    Fault("model: fails", _model(openai.OpenAI, answer(500)), "SERVICE_FAILED"),
    Fault("model: silent", _model(anthropic.Anthropic, None), "SERVICE_TIMED_OUT"),
    Fault("model: away", _no_model, "SERVICE_UNREACHABLE"),
    Fault("model: answer is no JSON", _http(answer(200, b"Sure! Here is")), "DATA_UNREADABLE"),
    Fault("model: declines to answer", _refusal, "MODEL_REFUSED"),
    Fault("data: broken archive", lambda _: zipfile.ZipFile(io.BytesIO(b"PK\x03\x04")),
          "DATA_UNREADABLE"),
    Fault("data: broken workbook", lambda _: python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(b"PK\x03\x04 x")), "DATA_UNREADABLE"),
    Fault("data: broken JSON", lambda _: json.loads("{"), "DATA_UNREADABLE"),
    Fault("data: CSV that ends inside a field", lambda _: list(csv.reader(['"a'], strict=True)),
          "DATA_UNREADABLE"),
    Fault("database: connection cut", _cut, None),
    Fault("database: deadlock", _server_says("40P01"), None),
    Fault("database: serialization", _server_says("40001"), None),
    Fault("database: no memory for a lock", _server_says("53200"), "DATABASE_OVERLOADED"),
    Fault("database: disk full", _server_says("53100"), "DATABASE_DISK_FULL"),
    Fault("database: statement too slow",
          _sql("set local statement_timeout = '20ms'", "select pg_sleep(5)"), None),
    Fault("database: read-only", _sql("set transaction read only",
          "update app.flows set priority = priority"), "DATABASE_READ_ONLY"),
    Fault("database: right taken away", _sql("select * from pg_authid"),
          "DATABASE_PERMISSION_MISSING"),
    Fault("database: index corrupted", _server_says("XX002"), "DATABASE_CORRUPTED"),
    Fault("a defect of ours in SQL", _sql("select 1/0"), "INTERNAL_ERROR"),
    Fault("a defect of ours in Python", _bug, "INTERNAL_ERROR"),
    Fault("phase beyond its time", _too_slow, "PHASE_TIMED_OUT"),
)  # fmt: skip
"""What one phase meets, once; those without a code it may meet as often as it is tried."""


class FaultyInputs(BaseModel):
    """Which fault to meet."""

    fault: str


class FaultyOutput(BaseModel):
    """How often the phase was begun before it ended well."""

    tries: int


class FaultyPhase:
    """Meets its fault for as long as that lasts, then ends well."""

    key, title, unit, output = "work", "Work", "steps", FaultyOutput

    def __init__(self) -> None:
        self._faults = {fault.name: fault for fault in PHASE_FAULTS}
        self.tries: dict[str, int] = {}

    def run(self, context: PhaseContext) -> FaultyOutput:
        """Meet the fault the first time."""
        name = context.inputs["fault"]
        self.tries[name] = self.tries.get(name, 0) + 1
        if self.tries[name] == 1:
            self._faults[name].cause(context)
        return FaultyOutput(tries=self.tries[name])


def faulty_types() -> FlowTypes:
    """The flow type `faulty`, of one phase that may take a second."""
    phase = PhaseDefinition(
        key="work", title="Work", unit="steps", weight=1, timeout_seconds=1.0,
        retry=RetryPolicy(attempts=1),
    )  # fmt: skip
    definition = FlowDefinition(flow_type="faulty", title="Faulty", version=1, phases=(phase,))
    kind = FlowType(definition, FaultyInputs, {"work": FaultyPhase()}, {})
    return FlowTypes(faulty=lambda: kind)
