"""A sender in a process of its own, whose lease is short enough for a test to wait for."""

from __future__ import annotations

import sys
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from threading import Event

from landbridge.database.engine import assemble
from landbridge.database.urls import parse
from landbridge.kit.settings import Settings
from landbridge.kit.vault import Vault
from landbridge.webhooks.sending import attempts
from landbridge.webhooks.sending.sender import running_sender
from tests.support.server import run_directory

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SHORT_LEASE = timedelta(seconds=2)


def loopback() -> Settings:
    """Settings under which webhooks may reach this machine."""
    return Settings(
        webhook_networks=LOOPBACK,
        public_url="https://landbridge.example.com",
        data_dir=run_directory() / "served",
    )


def vault() -> Vault:
    """Seals and opens as the served application and this sender do."""
    return Vault(loopback())


def main() -> None:
    """Send until killed: app URL, worker URL and a file to touch are the arguments."""
    app, worker = (parse(argument, "test") for argument in sys.argv[1:3])
    attempts.LEASE = SHORT_LEASE  # type: ignore[misc]
    databases = assemble(None, app, worker)
    with running_sender(databases.worker, loopback()):
        Path(sys.argv[3]).touch()
        Event().wait()


if __name__ == "__main__":
    main()
