"""The sender of a worker: claims what is due, sends it, and records how that ended."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpcore2
import psycopg
import structlog

from landbridge.database import urls
from landbridge.database.session import DeliveryAccess, SessionDoor
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.kit.clock import now
from landbridge.kit.settings import Settings, settings
from landbridge.kit.vault import Vault
from landbridge.occurrences.noting import note_background
from landbridge.webhooks import signing
from landbridge.webhooks.secrets import opened
from landbridge.webhooks.sending import attempts
from landbridge.webhooks.sending.attempts import Message
from landbridge.webhooks.sending.transport import Outcome, send
from landbridge.webhooks.targets import target_of

log = structlog.get_logger(__name__)

CHANNEL: Final = "landbridge_webhooks"
AT_ONCE: Final = 32
RECHECK_SECONDS: Final = 2.0  # a sender looks by itself this often, whatever it hears
RECONNECT_SECONDS: Final = 1.0
DRAIN_SECONDS: Final = 8.0


@contextmanager
def running_sender(door: SessionDoor, chosen: Settings | None = None) -> Iterator[None]:
    """Send webhooks from this process until the block ends.

    Args:
        door: of a worker.
        chosen: the settings; those of the process when left out.
    """
    sender = Sender(door, chosen or settings())
    thread = threading.Thread(target=sender.run, name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        sender.stop()
        thread.join(DRAIN_SECONDS + 5)


class Sender:
    """Sends up to 32 messages at a time; any number of senders share the work."""

    def __init__(self, door: SessionDoor, chosen: Settings) -> None:
        self._door = door
        self._base_url = chosen.base_url
        self._allowed = chosen.webhook_networks
        self._vault = Vault(chosen)
        self._tls = httpcore2.default_ssl_context()
        self._asked_to_stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Work until `stop` is called from another thread."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """Claim nothing more, and give what is under way a few seconds."""
        self._asked_to_stop.set()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._note_stop)

    def _note_stop(self) -> None:
        self._stopping.set()
        self._woken.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        listener = asyncio.create_task(self._listen(), name="webhook wake-ups")
        while not self._asked_to_stop.is_set():
            self._woken.clear()
            for access in await self._claim():
                task = asyncio.create_task(self._deliver(access))
                self._under_way.add(task)
                task.add_done_callback(self._ended)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), RECHECK_SECONDS)
        listener.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)
        left = [listener, *self._under_way]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()

    async def _claim(self) -> list[DeliveryAccess]:
        free = AT_ONCE - len(self._under_way)
        if free == 0:
            return []
        try:
            return await asyncio.to_thread(attempts.claim, self._door, free)
        except Exception as error:  # a sender that ended here would strand deliveries
            log.warning("webhooks_not_claimed", exc_info=True)
            note_background("webhooks_not_claimed", error)
            return []

    async def _deliver(self, access: DeliveryAccess) -> None:
        try:
            message = await asyncio.to_thread(self._begin, access)
            if message is not None:
                outcome = await self._send(message)
                await asyncio.to_thread(self._finish, access, message, outcome)
        except NotFound:
            log.info("webhook_delivery_removed", delivery_id=str(access.delivery_id))
        except Exception as error:  # its lease runs out, and it is sent again
            log.warning("webhook_not_recorded", delivery_id=str(access.delivery_id), exc_info=True)
            note_background("webhook_not_recorded", error)

    def _begin(self, access: DeliveryAccess) -> Message | None:
        with self._door.open(access) as session:
            return attempts.begin(session, access.delivery_id, self._base_url)

    async def _send(self, message: Message) -> Outcome:
        try:
            target = target_of(message.url, self._allowed)
            held = [opened(self._vault, message.webhook_id, s) for s in message.secrets]
        except LandbridgeError as error:
            return Outcome(error=error)
        signed = signing.headers(held, str(message.id), now(), message.body)
        return await send(target, signed, message.body, self._allowed, self._tls)

    def _finish(self, access: DeliveryAccess, message: Message, outcome: Outcome) -> None:
        with self._door.open(access) as session:
            attempts.finish(session, message, outcome)

    async def _listen(self) -> None:
        url = urls.text(self._door.engine.url.set(drivername="postgresql"))
        while not self._stopping.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(
                    url, autocommit=True, application_name="landbridge webhooks"
                ) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    async for _ in connection.notifies():
                        self._woken.set()
            except psycopg.OperationalError as error:
                log.warning("webhook_wakeups_reconnecting", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), RECONNECT_SECONDS)
