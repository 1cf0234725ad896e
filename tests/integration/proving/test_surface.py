"""What the prover attacks is all that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from landbridge.api.app import ROUTERS
from landbridge.assembly.platform import assemble
from landbridge.database.engine import Databases
from landbridge.kit.settings import Settings
from landbridge.proving.routes import OPENAPI
from landbridge.proving.surface import operations
from landbridge.web.app import PAGES, create_app
from landbridge.web.document import pages_document

SLOT = re.compile(r"\{\w+(:\w+)?\}")


def _served() -> Iterator[tuple[str, str]]:
    for router in (*PAGES, *ROUTERS):
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            yield from ((method, SLOT.sub("*", route.path)) for method in route.methods)


def test_every_route_that_is_served_is_attacked(databases: Databases) -> None:
    app = create_app(databases, assemble(databases).orchestrator, Settings())
    offered = operations([app.openapi(), pages_document()])
    attacked = {(o.method, SLOT.sub("*", o.path)) for o in offered}
    left = [route for route in _served() if not any(_covers(route, o) for o in attacked)]
    assert left == []
    beside = {r.path for r in app.routes if isinstance(r, Route | Mount)}
    assert beside == {OPENAPI, "/static"}


def _covers(served: tuple[str, str], attacked: tuple[str, str]) -> bool:
    """Whether this is the route, or one choice of a closed list of values in its path."""
    pattern = re.escape(served[1]).replace(r"\*", "[^/]+")
    return served[0] == attacked[0] and re.fullmatch(pattern, attacked[1]) is not None
