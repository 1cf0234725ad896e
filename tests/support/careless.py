"""An ASGI application in front of the served one, which plants one mistake at a time."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool

from tests.support.application_mistakes import Asked, Given, House, Mistake


class Careless:
    """Passes everything on as it is, but for the mistake of the moment."""

    def __init__(self, app: Any, house: House) -> None:
        self.app, self.house = app, house
        self.mistake: Mistake | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or self.mistake is None:
            await self.app(scope, receive, send)
            return
        asked = await _asked(scope, receive)
        if self.mistake.before:
            changed = await run_in_threadpool(self.mistake.before, self.house, asked)
            if isinstance(changed, Given):
                await _give(changed, send)
                return
            asked = changed or asked
        if self.mistake.after is None:
            await self.app(_scope(scope, asked), _Body(asked.body, receive), send)
            return
        kept = _Kept()
        await self.app(_scope(scope, asked), _Body(asked.body, receive), kept)
        given = await run_in_threadpool(self.mistake.after, self.house, asked, kept.given())
        await _give(given, send)


class _Body:
    """Gives the body that was read already, then what comes after it."""

    def __init__(self, body: bytes, receive: Any) -> None:
        self.body, self.receive, self.done = body, receive, False

    async def __call__(self) -> Any:
        if self.done:
            return await self.receive()
        self.done = True
        return {"type": "http.request", "body": self.body, "more_body": False}


class _Kept:
    """Keeps an answer instead of sending it."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, {}, b""

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            self.body += message.get("body", b"")

    def given(self) -> Given:
        return Given(self.status, self.headers, self.body)


async def _asked(scope: Any, receive: Any) -> Asked:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {k.decode(): v.decode("latin-1") for k, v in scope["headers"]}
    return Asked(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)


def _scope(scope: Any, asked: Asked) -> Any:
    headers = asked.headers | {"content-length": str(len(asked.body))}
    if not asked.body:
        headers.pop("content-length")
    return {
        **scope,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
    }


async def _give(given: Given, send: Any) -> None:
    headers = {k: v for k, v in given.headers.items() if k != "content-length"}
    headers["content-length"] = str(len(given.body))
    raw = [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": given.status, "headers": raw})
    await send({"type": "http.response.body", "body": given.body})
