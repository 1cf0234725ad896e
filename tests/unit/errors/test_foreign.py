"""Every foreign exception has a name of ours; where it can be had, it is a real one."""

from __future__ import annotations

import csv
import errno
import json
import os
import resource
import socket
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import anthropic
import httpx
import httpx2
import openai
import psycopg
import pytest
import python_calamine
import sqlalchemy as sa
from dbos._error import DBOSException
from sqlalchemy.orm.exc import StaleDataError

from landbridge.errors.catalogue import Category, Retry
from landbridge.errors.common import InternalError, NotFound
from landbridge.errors.foreign import BY_ERRNO, translated
from landbridge.kit import jsonio
from tests.support.faults import saying


def raised(act: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
        act()
    return caught.value


def code_of(act: Callable[[], object]) -> str:
    return translated(raised(act)).code


def nobody() -> tuple[str, int]:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()


def write_to_a_full_disk() -> None:
    with Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


def open_too_many(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = [os.open(tmp_path, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened[0] + 1, hard))
    try:
        while True:
            opened.append(os.open(tmp_path, os.O_RDONLY))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for handle in opened:
            os.close(handle)


def test_what_the_operating_system_refuses(tmp_path: Path) -> None:
    assert code_of(write_to_a_full_disk) == "DISK_FULL"
    assert code_of(lambda: open_too_many(tmp_path)) == "TOO_MANY_OPEN_FILES"
    assert code_of(lambda: Path("/proc/1/nothing").write_text("")) in {
        "FILE_ACCESS_DENIED", "INTERNAL_ERROR",
    }  # fmt: skip
    assert code_of(lambda: bytearray(1 << 60)) == "OUT_OF_MEMORY"
    for number in BY_ERRNO:
        known = translated(OSError(number, os.strerror(number), "/a/path"))
        assert known.code != "INTERNAL_ERROR"
        assert "/a/path" not in f"{known.detail}{known.advice}{known.fields}"
    assert translated(PermissionError(errno.EACCES, "no")).code == "FILE_ACCESS_DENIED"
    assert translated(FileNotFoundError(errno.ENOENT, "no")).code == "INTERNAL_ERROR"


def test_sockets() -> None:
    assert code_of(lambda: socket.create_connection(nobody(), 2)) == "SERVICE_UNREACHABLE"
    assert code_of(lambda: socket.getaddrinfo("nowhere.invalid", 1)) == "SERVICE_UNREACHABLE"
    late = [sys.executable, "-c", "import time; time.sleep(9)"]
    assert code_of(lambda: subprocess.run(late, timeout=0.05, check=True)) == "SERVICE_TIMED_OUT"
    with saying(b"not TLS at all, by no means") as url:
        port = int(url.rsplit(":", 1)[1].strip("/"))
        plain = socket.create_connection(("127.0.0.1", port))
        context = ssl.create_default_context()
        wrap = lambda: context.wrap_socket(plain, server_hostname="localhost")  # noqa: E731
        assert code_of(wrap) == "SERVICE_UNREACHABLE"
    untrusted = ssl.SSLCertVerificationError(1, "self-signed")
    assert translated(untrusted).code == "SERVICE_CERTIFICATE_REFUSED"


@pytest.mark.parametrize("client", [httpx, httpx2])
def test_http_clients(client) -> None:  # type: ignore[no-untyped-def]
    host, port = nobody()
    refused = translated(raised(lambda: client.get(f"http://{host}:{port}/")))
    assert refused.code == "SERVICE_UNREACHABLE"
    assert refused.detail == "127.0.0.1 could not be reached."
    with saying(None) as url:
        assert code_of(lambda: client.get(url, timeout=0.1)) == "SERVICE_TIMED_OUT"
    with saying(b"220 smtp\r\n") as url:
        assert code_of(lambda: client.get(url)) == "SERVICE_ANSWER_MALFORMED"
    squeezed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    with saying(squeezed) as url:
        assert code_of(lambda: client.get(url)) == "SERVICE_ANSWER_MALFORMED"
    assert code_of(lambda: client.get("gopher://x")) == "INTERNAL_ERROR"


STATUSES = {
    400: "SERVICE_REQUEST_REFUSED",
    401: "SERVICE_CREDENTIAL_REFUSED",
    402: "SERVICE_PAYMENT_REQUIRED",
    403: "SERVICE_CREDENTIAL_REFUSED",
    404: "SERVICE_REQUEST_REFUSED",
    408: "SERVICE_TIMED_OUT",
    429: "SERVICE_OVERLOADED",
    500: "SERVICE_FAILED",
    503: "SERVICE_OVERLOADED",
    504: "SERVICE_TIMED_OUT",
    529: "SERVICE_OVERLOADED",
}


@pytest.mark.parametrize("status", STATUSES)
def test_statuses_of_services(status: int) -> None:
    def answer(request):  # type: ignore[no-untyped-def]
        wait = {"retry-after": "7"} if status == 429 else {}
        return httpx2.Response(status, request=request, json={"error": {"message": "s3cret"}},
                               headers=wait)  # fmt: skip

    plain = httpx2.Client(transport=httpx2.MockTransport(answer))
    known = translated(raised(lambda: plain.get("http://a.example/").raise_for_status()))
    assert (known.code, known.fields["service"]) == (STATUSES[status], "a.example")
    assert known.fields.get("retry_after", 7) in {7, 30}
    assert (known.retry is Retry.NEVER) == (STATUSES[status] in {
        "SERVICE_REQUEST_REFUSED", "SERVICE_CREDENTIAL_REFUSED", "SERVICE_PAYMENT_REQUIRED",
    })  # fmt: skip
    assert "s3cret" not in str(known.problem())


@pytest.mark.parametrize(
    ("status", "code"), [(401, "SERVICE_CREDENTIAL_REFUSED"), (429, "SERVICE_OVERLOADED"),
                         (500, "SERVICE_FAILED"), (404, "SERVICE_REQUEST_REFUSED")],
)  # fmt: skip
def test_models(status: int, code: str) -> None:
    body = b'{"error": {"message": "s3cret", "type": "x"}}'
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nRetry-After: 9\r\n"
    whole = head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with saying(whole) as url:
        model = openai.OpenAI(base_url=url, api_key="k", max_retries=0)
        error = raised(model.models.list)
    assert translated(error).code == code
    with saying(whole) as url:
        claude = anthropic.Anthropic(base_url=url, api_key="k", max_retries=0)
        error = raised(claude.models.list)
    assert translated(error).code == code
    assert translated(error).fields.get("retry_after", 9) == 9


def test_models_that_are_away_or_late() -> None:
    host, port = nobody()
    for make in (openai.OpenAI, anthropic.Anthropic):
        away = make(base_url=f"http://{host}:{port}/", api_key="k", max_retries=0)
        assert code_of(away.models.list) == "SERVICE_UNREACHABLE"
        with saying(None) as url:
            late = make(base_url=url, api_key="k", max_retries=0, timeout=0.1)
            assert code_of(late.models.list) == "SERVICE_TIMED_OUT"
    assert translated(openai.ContentFilterFinishReasonError()).code == "MODEL_REFUSED"


def test_data(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    assert code_of(lambda: zipfile.ZipFile(bad)) == "DATA_UNREADABLE"
    assert code_of(lambda: python_calamine.CalamineWorkbook.from_path(bad)) == "DATA_UNREADABLE"
    assert code_of(lambda: json.loads("{")) == "DATA_UNREADABLE"
    assert code_of(lambda: list(csv.reader(['"a'], strict=True))) == "DATA_UNREADABLE"
    assert code_of(lambda: jsonio.loads("{")) == "INTERNAL_ERROR"


def test_the_database_and_the_engine() -> None:
    host, port = nobody()
    away = f"postgresql+psycopg://u:p@{host}:{port}/d"
    engine = sa.create_engine(away)
    assert code_of(engine.connect) == "DATABASE_UNAVAILABLE"
    assert code_of(lambda: psycopg.connect(host=host, port=port)) == "DATABASE_UNAVAILABLE"
    assert translated(psycopg.errors.DiskFull()).code == "DATABASE_DISK_FULL"
    assert translated(psycopg.errors.DeadlockDetected()).code == "CONCURRENT_CHANGE"
    assert translated(psycopg.errors.SyntaxError()).code == "INTERNAL_ERROR"
    import landbridge.flows.engine  # noqa: F401 - it names the engine's exceptions

    assert translated(DBOSException("x")).code == "ENGINE_FAILED"


def test_what_nobody_knows_is_a_defect_of_ours() -> None:
    known = translated(ZeroDivisionError("s3cret"))
    assert isinstance(known, InternalError)
    assert known.category is Category.BUG
    ours = NotFound()
    assert translated(ours) is ours


def test_a_row_that_is_gone_when_it_is_to_change() -> None:
    assert translated(StaleDataError("expected 1 row, matched 0")).code == "CONCURRENT_CHANGE"
