"""Uploads: who may send is checked before a byte is read, then files are streamed to disk.

No database transaction is open while a client sends.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import IO, Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from landbridge.api.auth import engagement_in, opened
from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.errors import (
    FieldTooLarge,
    NothingUploaded,
    TooManyFields,
    TooManyFiles,
    UnreadableBody,
    UnsupportedMediaType,
)
from landbridge.api.services import services_of
from landbridge.identity.permissions import Action

FILES_AT_ONCE: Final = 100
FIELDS_AT_ONCE: Final = 20
FIELD_BYTES: Final = 64 << 10
# How the form parser's own words begin when it gives up for one of these limits.
_GIVEN_UP: Final = (
    ("Too many files", TooManyFiles, FILES_AT_ONCE),
    ("Too many fields", TooManyFields, FIELDS_AT_ONCE),
    ("Part exceeded maximum size", FieldTooLarge, FIELD_BYTES),
)


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file of an upload, on disk when it is large, read from its beginning."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form sent: its files in order, and its other fields."""

    files: list[SentFile]
    fields: dict[str, str]

    def fingerprint(self) -> bytes:
        """A hash of everything that was sent."""
        total = hashlib.sha256(repr(sorted(self.fields.items())).encode())
        for file in self.files:
            total.update(hashlib.sha256(file.name.encode()).digest())
            own = hashlib.sha256()
            while part := file.content.read(1 << 20):
                own.update(part)
            total.update(own.digest())
            file.content.seek(0)
        return total.digest()


async def receive(
    request: Request, who: AnyCaller, client_account_id: UUID, engagement_id: UUID
) -> AsyncIterator[Upload]:
    """The upload of this request, from somebody who may import into this engagement.

    Raises:
        UnsupportedMediaType: it is not a multipart form.
        UnreadableBody: it is no form, or ended early.
        NothingUploaded, TooManyFiles, TooManyFields, FieldTooLarge: nothing was kept.
    """
    await run_in_threadpool(_check, request, who, client_account_id, engagement_id)
    accepted = "multipart/form-data"
    if not request.headers.get("content-type", "").startswith(accepted):
        raise UnsupportedMediaType(accepted=accepted)
    async with _form(request) as form:
        files: list[SentFile] = []
        fields: dict[str, str] = {}
        for name, item in form.multi_items():
            if isinstance(item, UploadFile):
                if item.filename or item.size:
                    files.append(SentFile(item.filename or "unnamed", item.file))
            else:
                fields[name] = item
        if not files:
            raise NothingUploaded
        yield Upload(files, fields)


class WholeForm(MultiPartParser):
    """A form that is only taken when it arrived to its end, the closing boundary."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            request.headers,
            self._to_the_end(request.stream()),
            max_files=FILES_AT_ONCE,
            max_fields=FIELDS_AT_ONCE,
            max_part_size=FIELD_BYTES,
        )
        self._ended = False

    def on_end(self) -> None:
        """The closing boundary was read."""
        super().on_end()
        self._ended = True

    async def _to_the_end(self, stream: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        async for piece in stream:
            yield piece
        if not self._ended:
            raise UnreadableBody


@contextlib.asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    """The form, whose files are gone afterwards."""
    try:
        form = await WholeForm(request).parse()
    except MultiPartException as error:
        for words, known, limit in _GIVEN_UP:
            if error.message.startswith(words):
                raise known(limit=limit) from None
        raise UnreadableBody from error
    try:
        yield form
    finally:
        await form.close()


def _check(request: Request, who: Caller, client_account_id: UUID, engagement_id: UUID) -> None:
    services = services_of(request)
    with opened(services, who, client_account_id, Action.IMPORT_FILES) as context:
        engagement_in(context, engagement_id)


Uploaded = Annotated[Upload, Depends(receive, scope="function")]
