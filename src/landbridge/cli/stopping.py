"""How `serve` and `demo` end: asked once they finish what they do, asked twice they hurry."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class StoppableServer(uvicorn.Server):
    """A server that ends in order: SIGTERM or one Ctrl-C lets open requests finish. A second
    Ctrl-C gives them up, and what occurred is still written down.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to signals while the block runs. They are not raised again after it, so that
        whoever called the server can still end the worker beside it.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving; the application is told also when it has to be quick."""
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes.

        Raises:
            KeyboardInterrupt: there was a second Ctrl-C.
        """
        super().run(sockets)
        if self.force_exit:
            raise KeyboardInterrupt
