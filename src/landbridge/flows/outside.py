"""The door of a phase to an outside service: its circuit around the call, its failures named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from landbridge.database.circuits import CircuitPolicy, asking
from landbridge.flows.phases import PhaseContext


@contextmanager
def outside_service(
    context: PhaseContext, provider: str, policy: CircuitPolicy | None = None
) -> Iterator[None]:
    """Ask an outside service inside the block, as `with outside_service(context, "openai"):`.

    Ask once and let it fail: the phase's retry policy repeats, not before the service or its
    circuit wants to be asked again. What an HTTP client or an SDK raises leaves the block as the
    catalogued error that stands for it.

    Args:
        context: of the phase.
        provider: the service, in lower case; the `provider` of the phase's definition, whose
            queue limits how much of it is used.
        policy: when its circuit opens; the usual one when left out.

    Raises:
        ServiceCircuitOpen: the service keeps failing, and is not asked now.
        LandbridgeError: it failed.
    """
    with asking(context.session.get_bind().engine, provider, policy):
        yield
