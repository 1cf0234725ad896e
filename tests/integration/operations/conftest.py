"""The served API."""

from tests.support.http_fixtures import browser_of, client_of, server

__all__ = ["browser_of", "client_of", "server"]
