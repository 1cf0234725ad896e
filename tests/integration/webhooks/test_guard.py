"""No webhook reaches an internal address, however it is written or resolved."""

import asyncio
import socket

import httpcore2
import pytest

from landbridge.webhooks.errors import WebhookAddressRefused
from landbridge.webhooks.sending import transport
from landbridge.webhooks.targets import Target, target_of
from tests.support.receiver import speaking
from tests.support.sending import LOOPBACK

TLS = httpcore2.default_ssl_context()


def sent(target, allowed=()):
    return asyncio.run(transport.send(target, [], b"{}", allowed, TLS))


def code(target, allowed=()):
    outcome = sent(target, allowed)
    assert outcome.status_code is None
    return outcome.error.code


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "127.0.0.1",
        "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "169.254.169.254", "0x7f.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_internal_address_is_refused_after_resolution(receiver, host, scheme):
    port = int(receiver.url.split(":")[2].split("/")[0])
    assert code(Target(scheme, host, port, "/")) == "WEBHOOK_ADDRESS_REFUSED"
    assert receiver.received == []


@pytest.mark.parametrize("url", ["https://2130706433/", "https://127.1/", "https://localhost/"])
def test_such_an_address_may_be_written_down_but_is_not_connected_to(url):
    assert code(target_of(url)) == "WEBHOOK_ADDRESS_REFUSED"


def answering(monkeypatch, *answers):
    """A name service that gives these answers, one after the other."""
    asked = []

    async def getaddrinfo(self, host, port, **_):
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_with_one_internal_address_is_refused(monkeypatch):
    answering(monkeypatch, ["93.184.215.14", "10.0.0.7"])
    assert code(target_of("https://hooks.example.com/")) == "WEBHOOK_ADDRESS_REFUSED"


def test_a_name_is_resolved_once_and_exactly_that_address_is_connected_to(monkeypatch):
    """The second answer, an internal address, is never asked for."""
    asked = answering(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    connected = []

    async def connect_tcp(self, host, *_):
        connected.append(host)
        raise httpcore2.ConnectError from OSError(111, "Connection refused")

    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect_tcp)
    assert code(target_of("https://hooks.example.com/")) == "WEBHOOK_UNREACHABLE"
    assert (asked, connected) == (["hooks.example.com"], ["93.184.215.14"])


def test_other_failures_have_their_names(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    unreachable = sent(target_of(f"http://127.0.0.1:{port}/", LOOPBACK), LOOPBACK).error
    assert unreachable.code == "WEBHOOK_UNREACHABLE"
    assert "refused" in unreachable.detail
    with speaking(lambda c: c.recv(999) and c.sendall(b"220 smtp ready\r\n")) as url:
        assert code(target_of(url, LOOPBACK), LOOPBACK) == "WEBHOOK_ANSWER_MALFORMED"
        secure = url.replace("http:", "https:")
        assert code(target_of(secure, LOOPBACK), LOOPBACK) == "WEBHOOK_TLS_FAILED"
    with speaking(lambda c: c.close()) as url:
        assert code(target_of(url, LOOPBACK), LOOPBACK) in {
            "WEBHOOK_UNREACHABLE", "WEBHOOK_ANSWER_MALFORMED",
        }  # fmt: skip
    assert code(Target("https", "x" * 70 + ".example", 443, "/")) == "WEBHOOK_NAME_UNKNOWN"
    answering(monkeypatch, [])
    assert code(target_of("https://hooks.example.com/")) == "WEBHOOK_NAME_UNKNOWN"


def test_an_unknown_name_is_said(monkeypatch):
    async def getaddrinfo(self, host, port, **_):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    assert code(target_of("https://hooks.example.com/")) == "WEBHOOK_NAME_UNKNOWN"


def test_a_header_cannot_be_smuggled_in():
    with pytest.raises(WebhookAddressRefused):
        target_of("https://127.0.0.1/")
    target = target_of("https://example.com/%0d%0aX-Y:%20z")
    assert target.path == "/%0d%0aX-Y:%20z"
