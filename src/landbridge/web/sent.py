"""What forms send that more than one page takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Form, Request
from pydantic import BeforeValidator
from starlette.datastructures import FormData


def _moment(value: object) -> object:
    """A date and time field holds no zone: it means UTC, as its label says."""
    if value == "":
        return None
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return value
    return value if at is None or at.tzinfo else at.replace(tzinfo=UTC)


async def _whole(request: Request) -> FormData:
    return await request.form()


Moment = Annotated[datetime | None, BeforeValidator(_moment), Form()]
Reason = Annotated[str, Form(max_length=2000)]
Sent = Annotated[FormData, Depends(_whole)]
"""Everything a form sent, for forms whose fields are known only from a schema."""
