"""A command ends when its work is over, whatever a thread still hopes for."""

from __future__ import annotations

import subprocess
import sys
import time

HANGING = """
import threading
from landbridge.cli import main
main.LAST_SECONDS = 0.2
threading.Thread(target=threading.Event().wait).start()
print("done")
main.leave(3)
"""


def test_a_hanging_thread_does_not_hold_the_process() -> None:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stdout.strip()) == (3, "done")
    assert time.monotonic() - began < 20
