from __future__ import annotations

from typing import Any

import pytest

from landbridge.discovery.dependencies.connections import (
    ConnectionColumns,
    End,
    Flow,
    Noise,
    read,
)
from landbridge.discovery.records import Record

NETSTAT = ConnectionColumns(
    ["Computer", "LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State"],
    ["RemotePort"],
)
HERE, THERE = End("web01", "10.0.0.1"), End("", "10.0.0.2")


def seen(
    local: int, remote: int, source: End = HERE, target: End = THERE, **custom: Any
) -> Flow | Noise:
    given = {"LocalPort": str(local), "State": "ESTABLISHED", **custom}
    record = Record(2, {"port": remote, "protocol": "TCP"}, given)
    return read(record, NETSTAT, source, target)


def flow(*args: Any, **options: Any) -> Flow:
    found = seen(*args, **options)
    assert isinstance(found, Flow)
    return found


def test_a_line_seen_on_the_client_points_to_the_server() -> None:
    found = flow(52001, 1433)
    assert (found.client, found.server, found.port, found.turned) == (HERE, THERE, 1433, False)
    assert found.protocol == "tcp"


def test_a_line_seen_on_the_server_is_turned_round() -> None:
    found = flow(1433, 52001)
    assert (found.client, found.server, found.port, found.turned) == (THERE, HERE, 1433, True)
    assert flow(12345, 52001).turned
    assert flow(1521, 61616).turned
    assert not flow(52001, 12345).turned


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (seen(52000, 53), "dns"),
        (seen(52000, 123), "time"),
        (seen(52000, 389), "directory"),
        (seen(52000, 10050), "monitoring"),
        (seen(9229, 52000, End("", "127.0.0.1")), "loopback"),
        (seen(52000, 80, HERE, End("", "239.1.1.1")), "broadcast"),
        (seen(443, 0, End("", "0.0.0.0"), End("", "0.0.0.0")), "listening"),
        (seen(443, 0, State="LISTEN"), "listening"),
        (seen(52000, 61000), "ephemeral"),
    ],
)
def test_noise_is_named_by_its_reason(found: Flow | Noise, reason: str) -> None:
    assert found == Noise(reason)


def test_the_targets_port_is_found_when_the_sources_column_won_the_mapping() -> None:
    both = ConnectionColumns(["LocalPort", "RemotePort"], ["LocalPort", "RemotePort"])
    record = Record(2, {"port": 52000}, {"RemotePort": "1521"})
    assert both.ports(record) == (52000, 1521)
    only_source = ConnectionColumns(["LocalPort"], ["LocalPort"])
    assert only_source.ports(Record(2, {"port": 443}, {})) == (443, 0)
    plain = ConnectionColumns(["Port"], ["Port"])
    assert plain.ports(Record(2, {"port": 443}, {})) == (0, 443)


def test_protocol_numbers_and_counted_observations_are_read() -> None:
    columns = ConnectionColumns(["connectionCount", "DstPort"], ["DstPort"])
    record = Record(2, {"port": 443, "protocol": "17"}, {"connectionCount": "441"})
    found = read(record, columns, HERE, THERE)
    assert isinstance(found, Flow)
    assert (found.protocol, found.seen) == ("udp", 441)
