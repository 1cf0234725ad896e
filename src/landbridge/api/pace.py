"""How many requests everybody may send: counted here, in the memory of this process.

Guesses at passwords are counted in the database, over all processes, where each one matters. This
limit protects the process itself, so it is counted where it costs nothing to count, in the same
way: leaky buckets that hold a minute's requests.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from fastapi import Request
from starlette.types import Scope

from landbridge.api.caller import credential
from landbridge.api.errors import TooManyRequests
from landbridge.api.measuring import ALWAYS
from landbridge.kit.origin import place_of

STATIC: Final = "/static/"
REMEMBERED: Final = 10_000
"""Credentials that are known to be valid, and buckets after which empty ones are thrown away."""
WINDOW_SECONDS: Final = 60
POLICY: Final = "RateLimit-Policy"


class Buckets:
    """For each name, when its bucket will be empty."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            per_minute: what a bucket holds, and what leaks from it in a minute.
            clock: seconds.
        """
        self.per_minute = per_minute
        self._every = WINDOW_SECONDS / per_minute
        self._clock = clock
        self._empty_at: dict[str, float] = {}
        self._most = REMEMBERED

    def take(self, name: str) -> float:
        """Put one in; if it does not fit, the seconds until one does."""
        now = self._clock()
        after = max(self._empty_at.get(name, now), now) + self._every
        wait = after - now - WINDOW_SECONDS
        if wait > self._every / 1000:
            return wait
        self._empty_at[name] = after
        if len(self._empty_at) > self._most:
            self._empty_at = {k: v for k, v in self._empty_at.items() if v > now}
            self._most = max(REMEMBERED, 2 * len(self._empty_at))
        return 0


class Pace:
    """Counts the requests of each credential, and of each address without a valid one.

    A credential counts for itself once it has opened something, until it is refused. Until then,
    its requests count for the address they come from, so that nobody gains by inventing some.
    """

    def __init__(self, per_credential: int, per_address: int) -> None:
        """
        Args:
            per_credential: requests in a minute of one API key or session.
            per_address: requests in a minute from one address without a valid credential.
        """
        self._credentials = Buckets(per_credential)
        self._addresses = Buckets(per_address)
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()
        self.policy = (
            f'"credential";q={per_credential};w={WINDOW_SECONDS}, '
            f'"address";q={per_address};w={WINDOW_SECONDS}'
        )

    def take(self, scope: Scope) -> None:
        """Count a request; the event loop alone calls this.

        Raises:
            TooManyRequests: it is one too many.
        """
        if scope["path"] in ALWAYS or scope["path"].startswith(STATIC):
            return
        sent = credential(Request(scope))
        if sent is not None and sent.credential_hash in self._known:
            scope["state"]["credential"] = sent.credential_hash
            self._count("credential", self._credentials, sent.credential_hash.hex())
        else:
            client = scope.get("client")
            self._count("address", self._addresses, place_of(client[0]) if client else "")

    def vouch(self, credential_hash: bytes) -> None:
        """Remember that a credential has opened something."""
        with self._lock:
            self._known[credential_hash] = None
            self._known.move_to_end(credential_hash)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def answered(self, scope: Scope, status: int) -> None:
        """Forget a credential that was refused."""
        refused = scope["state"].get("credential") if status == 401 else None
        if refused is not None:
            with self._lock:
                self._known.pop(refused, None)

    def _count(self, kind: str, buckets: Buckets, name: str) -> None:
        wait = buckets.take(name)
        if wait:
            seconds = math.ceil(wait)
            refusal = TooManyRequests(limit=buckets.per_minute, retry_after=seconds)
            refusal.headers = {"RateLimit": f'"{kind}";r=0;t={seconds}', POLICY: self.policy}
            raise refusal
