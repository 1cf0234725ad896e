"""A real OpenID provider on the loopback interface: strict about what a client must do, and able
to give every wrong answer that a client must refuse.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID = "landbridge"
CLIENT_SECRET = "the secret of the client"


@dataclass
class OpenId:
    """The provider, and whom it signs in next.

    Attributes:
        person: claims of the person at the keyboard.
        wrong: claims that its tokens state otherwise than they should.
        algorithm: how tokens are signed: RS256, HS256 with the client secret, or another key.
        asks: whether it shows a page with a button, as providers do to people.
    """

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    signed: str = "RS256"
    asks: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """The provider's pages."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.metadata),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def metadata(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        required = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "code_challenge_method": "S256",
        }
        if any(asked.get(k) != v for k, v in required.items()) or "openid" not in asked["scope"]:
            return Response("not a proper request", 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        if self.asks:
            return HTMLResponse(f'<a href="{back.replace("&", "&amp;")}">Continue as me</a>')
        return RedirectResponse(back)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        challenge = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        encoded = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        for reason, fault in (
            ("client", request.headers.get("authorization") != f"Basic {basic}"),
            ("code", asked is None),
            ("redirect", asked is not None and form.get("redirect_uri") != asked["redirect_uri"]),
            ("verifier", asked is not None and encoded != asked["code_challenge"]),
        ):
            if fault:
                self.refused.append(reason)
                return JSONResponse({"error": "invalid_grant"}, 400)
        assert asked is not None
        return JSONResponse(
            {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}
        )

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
            **self.wrong,
        }
        claims = {k: v for k, v in claims.items() if v is not None}
        if self.signed == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET * 2))
        if self.signed == "none":
            parts = ('{"alg":"none"}', json.dumps(claims))
            return (
                ".".join(base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts)
                + "."
            )
        key = self.key
        if self.signed == "another key":
            key = RSAKey.generate_key(2048, {"kid": "one"})
        return jwt.encode({"alg": "RS256", "kid": str(key.kid)}, claims, key)


@contextmanager
def openid_provider() -> Iterator[OpenId]:
    """The provider, served on a free port."""
    provider = OpenId()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    provider.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(provider.app(), log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
