"""`/metrics` for Prometheus: for who has the operator's token, and nobody else."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from landbridge.api.services import services_of
from landbridge.errors.common import NotFound, SignInRequired

router = APIRouter(tags=["system"])


@router.get("/metrics", include_in_schema=False)
def tell(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
    """What this installation counts.

    Raises:
        NotFound: no token is configured.
        SignInRequired: another token was sent, or none.
    """
    from landbridge.assembly import exposition  # loaded by servers that tell, not by all

    services = services_of(request)
    token = services.settings.metrics_token
    if token is None:
        raise NotFound
    scheme, _, given = authorization.partition(" ")
    right = secrets.compare_digest(given.strip().encode(), token.get_secret_value().encode())
    if scheme.lower() != "bearer" or not right:
        raise SignInRequired
    registry = exposition.exposition(services.databases.app)
    return Response(exposition.text_of(registry), media_type=exposition.CONTENT_TYPE)
