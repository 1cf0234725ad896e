"""What is going on, for whoever has to say where an error occurred.

One scene is shared by everything that a request or a command does, on whatever thread.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from landbridge.errors.catalogue import LandbridgeError

UNKNOWN_PLACE: Final = "elsewhere"


@dataclass(slots=True)
class Scene:
    """A request or a command that is under way.

    Attributes:
        place: a route's template with its method, or a command; never a value.
        credential_hash: SHA-256 of the credential that was shown, if any.
        client_account_id: the account that the database opened for it. None while there is
            none, and once there were several.
        recorded: whether the error that it ended with is recorded.
        beside: errors that a page tells beside its form instead of ending with one.
    """

    place: str
    credential_hash: bytes | None = None
    client_account_id: UUID | None = None
    recorded: bool = False
    several: bool = False
    beside: list[LandbridgeError] = field(default_factory=list)

    def opened(self, client_account_id: UUID, credential_hash: bytes) -> None:
        """Note that the database has opened an account for a credential."""
        self.credential_hash = credential_hash
        if self.several or self.client_account_id not in {None, client_account_id}:
            self.several, self.client_account_id = True, None
        else:
            self.client_account_id = client_account_id


_scene: ContextVar[Scene | None] = ContextVar("landbridge_scene", default=None)


def begin_scene(place: str) -> Scene:
    """Begin a scene in this context."""
    scene = Scene(place)
    _scene.set(scene)
    return scene


def current_scene() -> Scene | None:
    """The scene of this context, if one was begun."""
    return _scene.get()
