"""Ctrl-C, as a terminal sends it to every process of the command: once, and once more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.support.command import Command, command_for

PATIENCE = 60.0


@pytest.fixture
def command(databases, tmp_path) -> Command:
    return command_for(databases, tmp_path)


@contextmanager
def begun(command: Command, *arguments: str, until: str) -> Iterator[subprocess.Popen[str]]:
    with command.start(*arguments, in_a_group=True, errors_too=True) as process:
        try:
            assert process.stdout is not None
            while until not in (line := process.stdout.readline()):
                assert process.poll() is None
            if address := re.search(r"http://[\d.:]+/", line):
                assert httpx.get(f"{address[0]}livez", timeout=PATIENCE).status_code == 200
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str], *signals: signal.Signals) -> tuple[int, str]:
    """Send these 0.1 s apart to the group of the process; its exit code, and what it said."""
    for number in signals:
        os.killpg(process.pid, number)
        time.sleep(0.1)  # as fast as a person types
    out, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, out


@pytest.mark.parametrize(
    ("signals", "exit_code", "said"),
    [
        ([signal.SIGINT], 0, ""),
        ([signal.SIGTERM], 0, ""),
        ([signal.SIGINT, signal.SIGINT], 130, "Interrupted.\n"),
    ],
)
def test_serve_ends_quietly(signals, exit_code, said, command) -> None:
    with begun(command, "serve", "--port", "0", until="Ctrl-C stops") as process:
        assert stopped(process, *signals) == (exit_code, said)


def test_demo_ends_quietly_also_in_the_middle(command) -> None:
    with begun(command, "demo", "--port", "0", until="data_import: started") as process:
        code, said = stopped(process, signal.SIGINT, signal.SIGINT)
    assert code == 130
    assert said.endswith("Interrupted.\n")
    assert "Traceback" not in said
