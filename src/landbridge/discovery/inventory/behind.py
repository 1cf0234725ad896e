"""Writing behind: the server stores one batch while the next one is worked out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType


class Behind:
    """Does one piece of work at a time in a thread beside, in the order given.

    The work owns the session for as long as it lasts: whoever needs the session calls `wait`
    first. An error of the work is raised by the next call, at the latest at the end of the block.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="write-behind")
        self._current: Future[None] | None = None

    def __enter__(self) -> Behind:
        return self

    def do(self, work: Callable[[], None]) -> None:
        """Begin a piece of work when the one before it is done."""
        self.wait()
        self._current = self._pool.submit(copy_context().run, work)

    def wait(self) -> None:
        """Wait for what is under way."""
        current, self._current = self._current, None
        if current is not None:
            current.result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True)
        if error is None:
            self.wait()
