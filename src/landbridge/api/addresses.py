"""Where people reach this server."""

from __future__ import annotations

from fastapi import Request

from landbridge.api.services import services_of


def public_address(request: Request) -> str:
    """The address that links begin with: as configured, or that of the request."""
    configured = services_of(request).settings.public_url
    return (configured or str(request.base_url)).rstrip("/")
