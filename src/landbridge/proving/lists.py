"""Lists of servers as customers send them, in which every text carries one account's taint."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def servers(taint: str) -> bytes:
    """A list of servers in which every text carries the taint."""
    head = ["Hostname", "IP Address", "Operating System", "CPU Cores", "Memory (GB)", "Environment",
            "Application", "Owner", "Serial Number", "Depends On", f"Note {taint}"]  # fmt: skip
    rows = [
        [f"web-{taint}", "10.9.0.1", "Windows Server 2008 R2", "4", "16", "Production",
         f"Shop {taint}", f"Ada {taint}", f"SN{taint}1", f"db-{taint}", f"first {taint}"],
        [f"db-{taint}", "10.9.0.2", "CentOS 6.5", "8", "64", "Production",
         f"Shop {taint}", f"Ada {taint}", f"SN{taint}2", "", f"second {taint}"],
        [f"app-{taint}", "10.9.0.3", "Ubuntu 14.04", f"many {taint}", f"bad {taint}", "Test",
         f"Books {taint}", f"Bob {taint}", f"SN{taint}3", f"db-{taint}", f"third {taint}"],
    ]  # fmt: skip
    return _csv([head, *rows])


def second_opinion(taint: str) -> bytes:
    """Another list that disagrees with the first about the same servers."""
    head = [
        "Hostname",
        "IP Address",
        "Operating System",
        "CPU Cores",
        "Memory (GB)",
        "Serial Number",
    ]
    rows = [
        [f"web-{taint}", "10.9.0.1", "Windows Server 2008 R2", "2", "8", f"SN{taint}1"],
        [f"db-{taint}", "10.9.0.2", "CentOS 6.5", "8", "32", f"SN{taint}2"],
    ]
    return _csv([head, *rows])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
