"""A process that never says a word: `python -m tests.support.silent`."""

import signal

signal.pause()
