"""Where people reach this server, and how an address is told to others."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from landbridge.api.services import services_of

SECRETS_OF_PATHS: Final = frozenset({"token"})


def public_address(request: Request) -> str:
    """The address that links begin with: as configured, or that of the request."""
    configured = services_of(request).settings.public_url
    return (configured or str(request.base_url)).rstrip("/")


def shown_path(request: Request) -> str:
    """The path of a request, without the secret of a link."""
    path = request.url.path
    for name, value in request.path_params.items():
        if name in SECRETS_OF_PATHS:
            path = path.replace(str(value), "…")
    return path
