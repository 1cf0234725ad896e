"""Where webhooks may go."""

import re
from ipaddress import ip_address, ip_network

import pytest

from landbridge.webhooks.addresses import is_public, require_reachable
from landbridge.webhooks.errors import WebhookAddressRefused, WebhookUrlInvalid
from landbridge.webhooks.targets import URL_PATTERN, target_of

INTERNAL = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254",
    "172.16.0.1", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.9",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd12::1",
    "fe80::1", "fec0::1", "ff02::1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INTERNAL)
def test_no_internal_address_is_reached(address):
    with pytest.raises(WebhookAddressRefused):
        require_reachable(ip_address(address), "https", ())


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111"])
def test_the_public_internet_is_reached_by_https_only(address):
    assert is_public(ip_address(address))
    require_reachable(ip_address(address), "https", ())
    with pytest.raises(WebhookAddressRefused):
        require_reachable(ip_address(address), "http", (ip_network("10.0.0.0/8"),))


def test_an_allowed_network_is_reached_by_its_mapped_address_too():
    allowed = (ip_network("10.20.0.0/16"),)
    for address in ("10.20.1.1", "::ffff:10.20.1.1"):
        require_reachable(ip_address(address), "http", allowed)
    with pytest.raises(WebhookAddressRefused):
        require_reachable(ip_address("10.21.0.1"), "https", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "ftp://example.com/", "https://example.com/<x>", "//example.com/x",
        "https://user:secret@example.com/", "https://@example.com/", "https://example.com/#x",
        "https://example.com:0/", "https://example.com:99999/", "https://[::1/",
        "https://exa mple.com/",
        "https://example.com/\r\nX: y", "https://example.com\\@evil.example/", "https://bücher.example/",
        "https://example.com/" + "x" * 2000, "file:///etc/passwd", "https:///path",
    ],
)  # fmt: skip
def test_what_is_no_webhook_address_is_refused(url):
    with pytest.raises(WebhookUrlInvalid):
        target_of(url)


def test_plain_http_is_taken_only_where_networks_are_allowed():
    with pytest.raises(WebhookAddressRefused):
        target_of("http://example.com/")
    assert target_of("http://example.com/", [ip_network("10.0.0.0/8")]).port == 80


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://example.com", True), ("http://a.b-c.example:8443/x?y=%20#", False),
        ("http://a.b-c.example:8443/x?y=%20&z=1;2", True), ("https://example.com:65536/", False),
        ("https://user@example.com/", False), ("https://example.com/|", False),
        ("https://example.com*", False), ("https://my_service.:8443/", True),
    ],
)  # fmt: skip
def test_the_documented_form_of_an_address(url, fits):
    assert bool(re.fullmatch(URL_PATTERN, url)) is fits


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1:8443"])
def test_an_internal_address_is_refused_as_soon_as_it_is_written_down(host):
    with pytest.raises(WebhookAddressRefused):
        target_of(f"https://{host}/")


@pytest.mark.parametrize("host", ["example.com*", "a..example", "-a.example", "a" * 64])
def test_a_host_is_an_address_or_a_name(host):
    with pytest.raises(WebhookUrlInvalid):
        target_of(f"https://{host}/")


def test_the_parts_of_an_address():
    target = target_of("https://Hooks.Example.com:8443/a?b=c")
    assert (target.host, target.port, target.path) == ("hooks.example.com", 8443, "/a?b=c")
    assert target.authority == "hooks.example.com:8443"
    assert target_of("https://example.com").authority == "example.com"
    assert target_of("https://example.com").path == "/"
    assert target_of("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"
