"""The served API."""

from tests.support.http_fixtures import server

__all__ = ["server"]
