"""Files that a browser saves and never shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Content security of a download: whatever opens it in place all the same, runs nothing."""

_UNCERTAIN: Final = frozenset('"\\%')


def attachment(name: str) -> dict[str, str]:
    """The headers that make a browser save an answer under this name.

    The name comes twice (RFC 6266): in ASCII for old programs, and exactly (RFC 8187).
    """
    clean = name.encode("utf-8", "replace").decode("utf-8")
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in _UNCERTAIN else "_" for c in clean
    )
    exact = quote(clean, safe="")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}",
        "Content-Security-Policy": POLICY,
    }


def download(
    content: Iterator[str] | Iterator[bytes],
    name: str,
    media_type: str,
    size: int | None = None,
    *,
    after: Callable[[], None] | None = None,
) -> StreamingResponse:
    """Stream a file.

    Args:
        content: its pieces.
        name: what to save it as.
        media_type: what it is.
        size: in bytes, where that is known.
        after: called when the last piece is sent, or nobody wants any more.
    """
    headers = attachment(name)
    if size is not None:
        headers["Content-Length"] = str(size)
    response = _Download(content, media_type=media_type, headers=headers)
    response.after = after
    return response


class _Download(StreamingResponse):
    """A stream that clears up behind itself, however it ends."""

    after: Callable[[], None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.after is not None:
                self.after()
